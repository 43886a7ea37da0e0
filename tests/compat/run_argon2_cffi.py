"""Run argon2-cffi's own test-suite against `hauberk.compat.argon2`.

    python -m tests.compat.run_argon2_cffi [arguments of pytest]

In this process `argon2` is our module.
"""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import hypothesis
import pytest
from tests.compat import suite

from hauberk.compat import argon2
from hauberk.compat.argon2 import _legacy, _password_hasher, _utils

REQUIREMENT = (
    "argon2-cffi==25.1.0 --hash="
    "sha256:694ae5cc8a42f4c4e2bf2ca0e64e51e23a040c6a517a85074683d3959e1346c1"
)

#: test_packaging.py asks for the metadata of the installed distribution called
#: argon2-cffi (`__version__`, `__uri__` ...), which argon2-cffi itself deprecates. We
#: are another distribution.
FILES = [
    "test_legacy.py",
    "test_low_level.py",
    "test_password_hasher.py",
    "test_utils.py",
]

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
    replace_argon2()
    hypothesis.settings.register_profile("compat", deadline=None, database=None)
    hypothesis.settings.load_profile("compat")
    # Hypothesis is imported above, before pytest could rewrite its asserts.
    options = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    sys.exit(suite.run(REQUIREMENT, FILES, DIFFERENT, sys.argv[1:], options=options))
