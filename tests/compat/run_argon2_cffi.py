"""Run argon2-cffi's own test-suite against `hauberk.compat.argon2`.

    python tests/compat/run_argon2_cffi.py [arguments of pytest]

The suite comes from the source distribution, whose digest is checked before anything in
it runs. In this process `argon2` is our module. A case of `DIFFERENT` has to fail in
the way that is listed and every other one has to pass, so that the list cannot grow or
go stale unnoticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import hypothesis
import pytest

from hauberk.compat import argon2
from hauberk.compat.argon2 import _legacy, _password_hasher, _utils

REQUIREMENT = (
    "argon2-cffi==25.1.0 --hash="
    "sha256:694ae5cc8a42f4c4e2bf2ca0e64e51e23a040c6a517a85074683d3959e1346c1"
)

#: Files that are not run, and why.
SKIPPED = {
    # The metadata of the installed distribution called argon2-cffi (`__version__`,
    # `__uri__` ...), which argon2-cffi itself deprecates. We are another distribution.
    "test_packaging.py",
}

WASM = "test_password_hasher.py::TestPasswordHasher::test_params_on_wasm"

#: Cases that must fail with an exception, and why.
DIFFERENT: dict[str, type[BaseException]] = {
    # `core` fills the C library's `argon2_context` through cffi. There is no C library.
    "test_low_level.py::test_core": AttributeError,
    # A TypeError is raised as there; the test wants the text of cffi's message, which
    # speaks of `ctype 'uint8_t[]'`.
    "test_low_level.py::TestVerify::test_wrong_arg_type": AssertionError,
    # Hashes salts and tags of up to 513 bytes. Ours are at most 64 and 256 bytes long,
    # because whatever a stored hash can ask for is bounded; no profile goes above 16
    # and 64. The same test within the bounds is in tests/unit/test_compat_argon2.py.
    "test_low_level.py::test_argument_ranges": argon2.exceptions.HashingError,
    # argon2-cffi refuses more than one lane on WebAssembly, which has no threads. Our
    # lanes need no threads, so there is nothing to refuse.
    f"{WASM}[wasm32]": pytest.fail.Exception,
    f"{WASM}[wasm64]": pytest.fail.Exception,
    # A private helper for guessing the length of base64. The engine decodes it.
    "test_utils.py::test_decoded_str_len": TypeError,
}

#: What the files of the suite import on top and we lack: without a stand-in, none of
#: their cases could be run.
STAND_INS: dict[str, dict[str, object]] = {
    "low_level": {
        "core": None,
        "ffi": None,
        "lib": SimpleNamespace(
            # The lowest values of RFC 9106, section 3.1.
            ARGON2_MIN_PWD_LENGTH=0,
            ARGON2_MIN_TIME=1,
            ARGON2_MIN_LANES=1,
            ARGON2_MIN_OUTLEN=4,
            ARGON2_MIN_SALT_LENGTH=8,
        ),
    },
    "_utils": {"NoneType": type(None), "_decoded_str_len": None},
}


class Differences:
    """Expect the listed cases to fail."""

    def __init__(self) -> None:
        self.unknown = set(DIFFERENT)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark them, strictly: one that passes is an error."""
        for item in items:
            name = item.nodeid.rpartition("/")[2]
            if name in DIFFERENT:
                self.unknown.discard(name)
                item.add_marker(pytest.mark.xfail(strict=True, raises=DIFFERENT[name]))


def main(arguments: list[str]) -> int:
    """Download, run, compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        suite = download(folder)
        replace_argon2()
        hypothesis.settings.register_profile("compat", deadline=None, database=None)
        hypothesis.settings.load_profile("compat")
        os.chdir(folder)
        (folder / "pytest.ini").write_text("[pytest]\n")
        differences = Differences()
        ignored = [f"--ignore={suite / file}" for file in SKIPPED]
        options = ["-rxX", "-c", "pytest.ini"]
        options += ["-p", "no:randomly", "-p", "no:django", "-p", "no:cacheprovider"]
        # Hypothesis is imported above, before pytest could rewrite its asserts.
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        code = pytest.main(
            [*options, *ignored, str(suite), *arguments], plugins=[differences]
        )
        os.chdir("/")
    if differences.unknown and not arguments:
        sys.stderr.write(f"Listed and not in the suite: {differences.unknown}\n")
        return 1
    return int(code)


def download(folder: Path) -> Path:
    """Return the tests of the source distribution, alone in their folder."""
    requirements = folder / "requirements.txt"
    requirements.write_text(REQUIREMENT)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--no-binary", "argon2-cffi", "--require-hashes"]
    pip += ["--dest", str(folder), "-r", str(requirements)]
    subprocess.run(pip, check=True)
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        files.extractall(folder / "sdist", filter="data")
    [tests] = folder.glob("sdist/*/tests")
    # Without the rest, nothing can import the peer's sources by accident.
    shutil.move(tests, folder / "tests")
    shutil.rmtree(folder / "sdist")
    return folder / "tests"


def replace_argon2() -> None:
    """Let `import argon2` and its submodules mean ours, for this process."""
    sys.modules["argon2"] = argon2
    for module in (
        argon2.exceptions,
        argon2.low_level,
        argon2.profiles,
        _legacy,
        _password_hasher,
        _utils,
    ):
        name = module.__name__.rpartition(".")[2]
        dressed = ModuleType(f"argon2.{name}")
        vars(dressed).update(STAND_INS.get(name, {}), **vars(module))
        sys.modules[f"argon2.{name}"] = dressed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
