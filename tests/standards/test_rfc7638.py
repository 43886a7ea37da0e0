"""RFC 7638 and RFC 8037: thumbprints of keys."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from tests.standards.test_rfc7517 import EC_PUBLIC, RSA_PUBLIC

from hauberk import jwt

#: RFC 8037, appendices A.1 and A.2.
ED_PUBLIC = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
ED_D = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"


def test_the_example_of_section_3_1() -> None:
    """An RSA key has the thumbprint of the example."""
    key = jwt.PublicKey.from_jwk(RSA_PUBLIC)

    assert key.thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
def test_the_example_of_rfc_8037_a3(alg: str) -> None:
    """Both halves of an Ed25519 key have the example's thumbprint, by either name."""
    expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    private = jwt.PrivateKey.from_jwk(ED_PUBLIC | {"d": ED_D}, alg=alg)

    assert private.thumbprint() == expected
    assert private.public().thumbprint() == expected
    assert private.to_jwk() == ED_PUBLIC | {"alg": alg, "use": "sig"}
    assert private.to_jwk(private=True)["d"] == ED_D


def test_other_types_follow_section_3_2() -> None:
    """EC and oct keys hash their required members in the order of the names."""
    public = {k: v for k, v in EC_PUBLIC.items() if k != "use"}
    secret = bytes(range(32))
    oct_jwk = {
        "k": base64.urlsafe_b64encode(secret).rstrip(b"=").decode(),
        "kty": "oct",
    }
    ec_jwk = {k: EC_PUBLIC[k] for k in ("crv", "kty", "x", "y")}

    ec_key = jwt.PublicKey.from_jwk(public, alg="ES256")

    assert ec_key.thumbprint() == thumbprint(ec_jwk)
    assert jwt.HmacKey(secret).thumbprint() == thumbprint(oct_jwk)


def thumbprint(members: dict[str, str]) -> str:
    """Hash members that are in order already."""
    text = json.dumps(members, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
