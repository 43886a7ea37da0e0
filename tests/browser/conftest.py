"""Without the driver of the browser there is nothing here to collect."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("selenium") else ["*.py"]
