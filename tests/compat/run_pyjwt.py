"""Run PyJWT's own test-suite against `hauberk.compat.jwt`.

    python -m tests.compat.run_pyjwt [arguments of pytest]

In this process `jwt` is our package.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import pytest
from tests.compat import suite

from hauberk.compat import jwt

REQUIREMENT = (
    "PyJWT==2.15.0 --hash="
    "sha256:b11c5f9791d7bf51c2b39a81ed669f6b2dbbd669df2942f6c60167e9e3d1abe4"
)

#: What is not run: test_algorithms.py looks inside the algorithms, whose prepared keys
#: are cryptography's objects there and hauberk's here. What it finds out about secrets
#: that are keys of another kind is in tests/unit/test_compat_jwt.py.
FILES = [
    "test_advisory.py",
    "test_api_jwk.py",
    "test_api_jws.py",
    "test_api_jwt.py",
    "test_compressed_jwt.py",
    "test_exceptions.py",
    "test_jwks_client.py",
    "test_jwt.py",
    "test_utils.py",
]

CLAIM = (
    "test_api_jwt.py::TestJWT::"
    "test_decode_raises_clean_error_if_claim_is_non_numeric_type"
)

#: Cases that must fail with an exception, and why.
DIFFERENT: dict[str, type[BaseException]] = {
    # `Infinity` is no JSON (RFC 8259, section 6): we refuse to write such a token,
    # where the test expects that only reading it is an error.
    f"{CLAIM}[inf-exp]": ValueError,
    f"{CLAIM}[inf-nbf]": ValueError,
    f"{CLAIM}[inf-iat]": ValueError,
    # They put a RecursionError into the standard library's reader of JSON, which reads
    # nothing here. tests/unit/test_json.py shows that depth is bounded.
    "test_api_jwt.py::TestJWT::"
    "test_decode_payload_recursion_error_throws_decode_error": pytest.fail.Exception,
    "test_jwks_client.py::TestPyJWKClient::"
    "test_get_signing_key_from_jwt_rejects_payload_recursion_error": (
        jwt.PyJWKClientError
    ),
}


def main(arguments: list[str]) -> int:
    """Put ours in the place of PyJWT and run."""
    sys.modules["jwt"] = jwt
    for module in pkgutil.iter_modules(jwt.__path__):
        ours = importlib.import_module(f"{jwt.__name__}.{module.name}")
        sys.modules[f"jwt.{module.name}"] = ours
    return suite.run(REQUIREMENT, FILES, DIFFERENT, ["-W", "ignore", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
