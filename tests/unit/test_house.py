"""The house keeps its order: who may import whom, and where the sharp tools lie."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
PACKAGE = ROOT / "python" / "hauberk"

RUST = sorted(SRC.rglob("*.rs"))
BINDINGS = sorted((SRC / "bindings").rglob("*.rs"))
PYTHON = sorted(PACKAGE.rglob("*.py"))

#: Domains know the foundations and not each other.
DOMAINS = {"csrf", "encryption", "html", "jwt", "passwords", "ratelimit"}
FOUNDATIONS = {
    "constant_time",
    "encoding",
    "json",
    "platform",
    "random",
    "secret",
    "signing",
    "threads",
}
UNSAFE_ALLOWED = {SRC / "encryption/gcm/x86", SRC / "passwords", SRC / "platform"}

FRAMEWORKS = {"cryptography", "django", "flask", "redis", "sqlalchemy", "werkzeug"}
#: Parts of the package that stand above the facade, and what each may import itself.
ABOVE = {
    "__main__": set[str](),
    "cli": set[str](),
    "compat": set[str](),
    "django": {"django", "redis"},
    "flask": {"flask", "redis", "werkzeug"},
    "sqlalchemy": {"sqlalchemy"},
}


def path_id(path: Path) -> str:
    """Name a test's case after its file."""
    return str(path.relative_to(ROOT))


class TestRust:
    """The rules for src/."""

    @pytest.mark.parametrize("path", RUST, ids=path_id)
    def test_pyo3_stays_in_the_bindings(self, path: Path) -> None:
        """No file outside src/bindings names pyo3."""
        assert path in BINDINGS or not re.search(r"\bpyo3\b", code(path.read_text()))

    @pytest.mark.parametrize("path", RUST, ids=path_id)
    def test_unsafe_stays_at_home(self, path: Path) -> None:
        """`unsafe` is written only where a measurement or the system put it."""
        allowed = not UNSAFE_ALLOWED.isdisjoint(path.parents)
        assert allowed or not re.search(r"\bunsafe\b", code(path.read_text()))

    @pytest.mark.parametrize("path", RUST, ids=path_id)
    def test_directions(self, path: Path) -> None:
        """A module imports only what stands below it."""
        mine = domain(path)
        used = crate_modules(code(path.read_text())) - {mine}

        assert used <= may_use(mine)

    @pytest.mark.parametrize("path", BINDINGS, ids=path_id)
    def test_every_entry_is_guarded(self, path: Path) -> None:
        """What Python calls runs inside `guard`, so that a panic ends no worker."""
        unguarded = [
            name
            for name, body in entries(code(path.read_text()))
            if not re.search(r"\bguard(::guard)?\(", body)
        ]

        assert unguarded == []

    def test_the_bindings_have_entries(self) -> None:
        """The rule above finds what it is about."""
        found = [
            name for path in BINDINGS for name, _ in entries(code(path.read_text()))
        ]

        assert "compare_digest" in found


class TestRustRulesNotice:
    """The rules above are able to fail."""

    def test_comments_and_strings_are_no_code(self) -> None:
        """What is only talked about does not count; what follows does."""
        text = """
            //! [`crate::jwt`] and unsafe
            /* pyo3 */ let c = '"'; let s = "crate::html \\" unsafe"; fn f<'a>() { g() }
        """

        assert re.findall(r"crate|unsafe|pyo3", code(text)) == []
        assert "g()" in code(text)

    def test_imports(self) -> None:
        """Plain, grouped and nested imports and paths in the code are seen."""
        text = """
            use crate::jwt::Key;
            use crate::{Error, html::{self, Policy}, random};
            fn f() -> crate::Result<()> { crate::encryption::seal() }
        """

        assert crate_modules(text) == {"jwt", "html", "random", "encryption"}

    def test_entries(self) -> None:
        """Functions and methods are found, helpers between them are not."""
        text = """
            #[pyfunction]
            #[pyo3(signature = (a, /))]
            pub(super) fn one(a: &str) -> PyResult<[u8; 4]> { guard(|| { a }) }
            fn helper() {}
            #[pymethods]
            impl Two {
                #[new]
                fn new() -> Self { if x { y } Self }
                fn method(&self) {}
            }
            impl Two { fn plain() {} }
        """

        assert [name for name, _ in entries(text)] == ["one", "new", "method"]
        assert "a }" in dict(entries(text))["one"]


class TestPython:
    """The rules for python/hauberk/."""

    @pytest.mark.parametrize("path", PYTHON, ids=path_id)
    def test_frameworks_stay_in_their_folders(self, path: Path) -> None:
        """A module imports no framework when it is loaded, save its own folder's."""
        imported = {name.partition(".")[0] for name in imports(path.read_text())}

        assert imported & FRAMEWORKS <= ABOVE.get(part(path), set())

    @pytest.mark.parametrize("path", PYTHON, ids=path_id)
    def test_nothing_imports_what_stands_above(self, path: Path) -> None:
        """The facade does not know its integrations, nor they each other."""
        names = imports(path.read_text())
        above = {name.split(".")[1] for name in names if name.startswith("hauberk.")}
        allowed = {part(path), "cli"} if part(path) == "__main__" else {part(path)}

        assert above & ABOVE.keys() <= allowed


class TestPythonRulesNotice:
    """The rules above are able to fail."""

    def test_imports(self) -> None:
        """All that runs on import is seen; functions and type checking are not."""
        text = """
import django.conf
from flask import g
from hauberk import django as integration
try:
    import redis
except ImportError:
    pass
class A:
    import sqlalchemy
def f():
    import werkzeug
if TYPE_CHECKING:
    import cryptography
"""
        assert imports(text) == {
            "django.conf",
            "flask",
            "flask.g",
            "hauberk",
            "hauberk.django",
            "redis",
            "sqlalchemy",
        }


def domain(path: Path) -> str:
    """Return the module directly under the crate that a file belongs to."""
    return path.relative_to(SRC).parts[0].removesuffix(".rs")


def may_use(module: str) -> set[str]:
    """Return what a module may import from the crate."""
    if module in DOMAINS:
        return FOUNDATIONS | {"error"}
    if module in FOUNDATIONS:
        return FOUNDATIONS | {"error"}
    if module == "bindings":
        return DOMAINS | FOUNDATIONS | {"error"}
    if module == "lib":
        return {"error"}
    assert module == "error", f"give the new module {module} its place in this file"
    return set()


def code(text: str) -> str:
    """Return Rust source without its comments, strings and characters."""
    return _NO_CODE.sub(" ", text)


_NO_CODE = re.compile(
    r"""
      //[^\n]*  |  /\*.*?\*/
    | \bb?r(?P<hashes>\#*)".*?"(?P=hashes)
    | b?"(?:\\.|[^"\\])*"
    | b?'(?:\\[^']+|\\'|[^'\\])'
    """,
    re.VERBOSE | re.DOTALL,
)


def crate_modules(text: str) -> set[str]:
    """Return the modules that a source names by `crate::…`."""
    found = set()
    for match in re.finditer(r"\bcrate::(\w+|\{)", text):
        if match[1] == "{":
            found |= _first_names(block(text, match.end() - 1))
        else:
            found.add(match[1])
    # Capital letters are types, re-exported by lib.rs from `error`.
    return {name for name in found if name.islower()}


def _first_names(group: str) -> set[str]:
    while "{" in group:
        group = re.sub(r"\{[^{}]*\}", "", group)
    return {path.strip().partition("::")[0] for path in group.split(",")}


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Return name and body of each function that Python can call."""
    for match in re.finditer(r"#\[pyfunction\b[^\]]*\]", text):
        yield next(_functions(text[match.end() :]))
    for match in re.finditer(r"#\[pymethods\]\s*impl\b[^{]*\{", text):
        yield from _functions(block(text, match.end() - 1))


def _functions(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while match := re.compile(r"\bfn (\w+)[^{]*\{").search(text, place):
        body = block(text, match.end() - 1)
        yield match[1], body
        place = match.end() + len(body)


def block(text: str, start: int) -> str:
    """Return what stands between the brace at `start` and the one that closes it."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place]
    raise AssertionError("The braces do not match.")


def part(path: Path) -> str:
    """Return the module directly under the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(text: str) -> set[str]:
    """Return what a Python source imports when it is loaded."""
    return set(_imports(ast.parse(text)))


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for statement in node.orelse:
            yield from _imports(statement)
    elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from _imports(child)
