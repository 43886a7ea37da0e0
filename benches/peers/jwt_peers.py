"""How the libraries on PyPI sign and verify what `jwt.py` compares them with.

Every library is given keys that are parsed already, and checks signature, `exp`, `nbf`,
`iss` and `aud`, as far as it can. Those that are not installed, or do not know an
algorithm, are left out of a row.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benches.peers.harness import Setup
from benches.peers.harness.contest import Work
from benches.peers.harness.material import CLAIMS

ISSUER, AUDIENCE = CLAIMS["iss"], CLAIMS["aud"]


@dataclass(frozen=True)
class Material:
    """One algorithm's key in the forms that libraries want, and a token to verify."""

    algorithm: str
    #: PEM, or the secret.
    private: bytes
    public: bytes
    token: str

    @property
    def is_secret(self) -> bool:
        """Whether the key is a shared secret."""
        return self.algorithm.startswith("HS")


Pair = tuple[Work, Work]


def peers(material: Material) -> Iterator[tuple[str, Setup, Setup]]:
    """Yield each library's name and how it signs and verifies."""
    for name, make in MAKERS.items():
        if name == "python-jose" and material.algorithm in {"PS256", "EdDSA"}:
            continue
        yield name, Setup(_part(make, material, 0)), Setup(_part(make, material, 1))


def _part(
    make: Callable[[Material], Pair], material: Material, index: int
) -> Callable[[], Work]:
    def prepare() -> Work:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Authlib's that joserfc follows it
            return make(material)[index]

    return prepare


def _joserfc(material: Material) -> Pair:
    from joserfc import jwk, jwt

    kind = jwk.OctKey if material.is_secret else _joserfc_kind(jwk, material.algorithm)
    private = kind.import_key(material.private)
    public = kind.import_key(material.public)
    header = {"alg": material.algorithm, "typ": "JWT"}
    algorithms = [material.algorithm]
    registry = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        exp={"essential": True},
    )

    def decode() -> object:
        token = jwt.decode(material.token, public, algorithms=algorithms)
        registry.validate(token.claims)
        return token.claims

    return (
        lambda: jwt.encode(header, CLAIMS, private, algorithms=algorithms),
        decode,
    )


def _joserfc_kind(jwk: Any, algorithm: str) -> Any:
    if algorithm.startswith("ES"):
        return jwk.ECKey
    return jwk.OKPKey if algorithm == "EdDSA" else jwk.RSAKey


def _authlib(material: Material) -> Pair:
    from authlib.jose import (
        ECKey,
        JsonWebToken,
        OctKey,
        OKPKey,
        RSAKey,
    )

    kinds = {"HS": OctKey, "ES": ECKey, "Ed": OKPKey}
    kind = kinds.get(material.algorithm[:2], RSAKey)
    private = kind.import_key(material.private)
    public = kind.import_key(material.public)
    jwt = JsonWebToken([material.algorithm])
    header = {"alg": material.algorithm, "typ": "JWT"}
    options = {
        "iss": {"essential": True, "value": ISSUER},
        "aud": {"essential": True, "value": AUDIENCE},
        "exp": {"essential": True},
    }

    def decode() -> object:
        claims = jwt.decode(material.token, public, claims_options=options)
        claims.validate()
        return dict(claims)

    return lambda: jwt.encode(header, CLAIMS, private), decode


def _python_jose(material: Material) -> Pair:
    from jose import jwk, jwt

    algorithm = material.algorithm
    private = jwk.construct(material.private.decode(), algorithm)
    public = jwk.construct(material.public.decode(), algorithm)
    algorithms = [algorithm]
    return (
        lambda: jwt.encode(CLAIMS, private, algorithm),
        lambda: jwt.decode(
            material.token, public, algorithms, audience=AUDIENCE, issuer=ISSUER
        ),
    )


def _jwcrypto(material: Material) -> Pair:
    from jwcrypto import jwk, jwt
    from jwcrypto.common import base64url_encode

    if material.is_secret:
        private = public = jwk.JWK(kty="oct", k=base64url_encode(material.private))
    else:
        private = jwk.JWK.from_pem(material.private)
        public = jwk.JWK.from_pem(material.public)
    header = {"alg": material.algorithm, "typ": "JWT"}
    checks = {"iss": ISSUER, "aud": AUDIENCE, "exp": None}

    def encode() -> object:
        token = jwt.JWT(header=header, claims=CLAIMS)
        token.make_signed_token(private)
        return token.serialize()

    def decode() -> object:
        token = jwt.JWT(
            jwt=material.token,
            key=public,
            check_claims=checks,
            algs=[material.algorithm],
        )
        return json.loads(token.claims)

    return encode, decode


def _jwtoxide(material: Material) -> Pair:
    from jwtoxide import (
        DecodingKey,
        EncodingKey,
        ValidationOptions,
        decode,
        encode,
    )

    algorithm = material.algorithm
    public: Any  # its annotations take no DecodingKey
    kinds = {"ES": "from_ec_pem", "Ed": "from_ed_pem"}
    kind = kinds.get(algorithm[:2], "from_rsa_pem")
    if material.is_secret:
        private = EncodingKey.from_secret(material.private)
        public = DecodingKey.from_secret(material.public)
    else:
        private = getattr(EncodingKey, kind)(material.private.decode())
        public = getattr(DecodingKey, kind)(material.public.decode())
    options = ValidationOptions(
        aud={AUDIENCE},
        iss={ISSUER},
        required_spec_claims={"exp"},
        leeway_seconds=0,
        algorithms=[algorithm],
    )
    return (
        lambda: encode(CLAIMS, private, algorithm),
        lambda: decode(material.token, public, options),
    )


def _pyjwt_rs(material: Material) -> Pair:
    # On PyPI without wheels: whoever has Rust and OpenSSL's headers builds it.
    import jwt_rs

    algorithm, algorithms = material.algorithm, [material.algorithm]
    return (
        lambda: jwt_rs.encode(CLAIMS, material.private, algorithm),
        lambda: jwt_rs.decode(
            material.token,
            material.public,
            algorithms,
            audience=AUDIENCE,
            issuer=ISSUER,
        ),
    )


MAKERS: dict[str, Callable[[Material], Pair]] = {
    "joserfc": _joserfc,
    "Authlib": _authlib,
    "python-jose": _python_jose,
    "jwcrypto": _jwcrypto,
    "jwtoxide": _jwtoxide,
    "pyjwt-rs": _pyjwt_rs,
}
