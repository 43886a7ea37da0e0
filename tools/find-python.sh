#!/bin/sh
# Prints the path of a Python that runs and is new enough: find-python.sh NAME.
# Looks on PATH first and then among pyenv's versions, newest last.
name=$1
try() {
	"$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$1" && exit 0
}
path=$(command -v "$name" 2>/dev/null) && try "$path"
for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/"$name"; do
	[ -x "$candidate" ] && try "$candidate"
done
# The default name on a machine whose python3 is too old.
if [ "$name" = python3 ]; then
	for version in 3.14 3.13 3.12 3.11; do
		path=$(command -v "python$version" 2>/dev/null) && try "$path"
	done
fi
exit 0
