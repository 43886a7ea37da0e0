"""JSON Web Tokens with 314 bytes of claims, all of them checked."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import jwt as pyjwt
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from benches.peers.harness import Clock, Contest, Domain, equal_outputs
from benches.peers.harness.material import CLAIMS
from benches.peers.jwt_peers import AUDIENCE, ISSUER, Material, peers
from hauberk import _rust
from hauberk.jwt import HmacKey, PrivateKey, Signer, Verifier

# Only in an extension that is built for tests.
_sign_bare = getattr(_rust, "jwt_sign_for_bench")  # noqa: B009
_verify_bare = getattr(_rust, "jwt_verify_for_bench")  # noqa: B009

SECRET = b"k" * 32

#: Ratios to PyJWT when signing and verifying, and to the bare primitive.
GOALS = {
    "HS256": (25, 25, None, None),
    "RS256": (1.12, 6, 1.03, 1.3),
    "PS256": (1.12, 6, 1.03, 1.3),
    "ES256": (3.5, 3, 1.25, 1.2),
    "ES384": (3, 3, None, None),
    "EdDSA": (5.5, 5, 1.4, 1.2),
}


def contests() -> Iterator[Contest]:
    for algorithm in GOALS:
        yield from _algorithm(algorithm)
    yield _remembered()
    yield _threads()


def _algorithm(algorithm: str) -> Iterator[Contest]:
    sign_goal, verify_goal, bare_sign, bare_verify = GOALS[algorithm]
    key, material = _material(algorithm)
    signer = Signer(key, add_iat=False, add_jti=False)
    public = key if isinstance(key, HmacKey) else key.public()
    verifier = Verifier(public, issuer=ISSUER, audience=AUDIENCE)
    token = material.token
    # PyJWT is given keys that are parsed already, as it advises.
    peer = pyjwt.PyJWT()
    private_key: Any = material.private
    public_key: Any = material.public
    if not material.is_secret:
        private_key = load_pem_private_key(material.private, None)
        public_key = load_pem_public_key(material.public)
    others = list(peers(material))
    message, _, text = token.encode().rpartition(b".")
    signature = urlsafe_b64decode(text + b"==")

    def sign_primitive() -> object:
        return _sign_bare(key, message)

    def verify_primitive() -> object:
        return _verify_bare(public, message, signature)

    yield Contest(
        work=f"{algorithm} sign",
        contestants={
            "hauberk": lambda: signer.sign(CLAIMS),
            "PyJWT": lambda: peer.encode(CLAIMS, private_key, algorithm),
            **{name: sign for name, sign, _ in others},
        },
        baseline="PyJWT",
        goal=sign_goal,
        limits={"the bare primitive": sign_primitive},
    )
    yield Contest(
        work=f"{algorithm} verify",
        contestants={
            "hauberk": lambda: verifier.claims(token),
            "PyJWT": lambda: peer.decode(
                token, public_key, [algorithm], audience=AUDIENCE, issuer=ISSUER
            ),
            **{name: verify for name, _, verify in others},
        },
        baseline="PyJWT",
        goal=verify_goal,
        limits={"the bare primitive": verify_primitive},
        check=equal_outputs,
    )
    if bare_sign and bare_verify:
        yield Contest(
            work=f"{algorithm} sign, of the bare primitive's speed",
            contestants={
                "hauberk": lambda: signer.sign(CLAIMS),
                "aws-lc": sign_primitive,
            },
            baseline="aws-lc",
            goal=1 / bare_sign,
        )
        yield Contest(
            work=f"{algorithm} verify, of the bare primitive's speed",
            contestants={
                "hauberk": lambda: verifier.claims(token),
                "aws-lc": verify_primitive,
            },
            baseline="aws-lc",
            goal=1 / bare_verify,
        )


def _remembered() -> Contest:
    _, material = _material("RS256")
    key = PrivateKey.from_pem(material.private, alg="RS256")
    verifier = Verifier(key, issuer=ISSUER, audience=AUDIENCE, cache_size=1000)
    public_key: Any = load_pem_public_key(material.public)
    peer = pyjwt.PyJWT()
    return Contest(
        work="RS256 verify, remembered (cache_size)",
        contestants={
            "hauberk": lambda: verifier.claims(material.token),
            "PyJWT": lambda: peer.decode(
                material.token,
                public_key,
                ["RS256"],
                audience=AUDIENCE,
                issuer=ISSUER,
            ),
        },
        baseline="PyJWT",
        goal=40,
        check=equal_outputs,
    )


def _threads() -> Contest:
    count = 1000
    key, _ = _material("RS256")
    signer = Signer(key)
    tokens = [signer.sign(CLAIMS | {"jti": str(n)}) for n in range(count)]
    verifier = Verifier(key, issuer=ISSUER, audience=AUDIENCE)
    return Contest(
        work="RS256 verify_many, two threads against one",
        contestants={
            "hauberk": lambda: verifier.verify_many(tokens, threads=2),
            "one thread": lambda: verifier.verify_many(tokens),
        },
        baseline="one thread",
        goal=1.8,
        calls=count,
        clock=Clock.WALL,
    )


def _material(algorithm: str) -> tuple[HmacKey | PrivateKey, Material]:
    if algorithm.startswith("HS"):
        key: HmacKey | PrivateKey = HmacKey(SECRET)
        private = public = SECRET
    else:
        private, public = _pem(algorithm)
        key = PrivateKey.from_pem(private, alg=algorithm)
    token = Signer(key, add_iat=False, add_jti=False).sign(CLAIMS)
    return key, Material(algorithm, private, public, token)


def _pem(algorithm: str) -> tuple[bytes, bytes]:
    from cryptography.hazmat.primitives.asymmetric import (
        ec,
        ed25519,
        rsa,
    )
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key: Any
    match algorithm:
        case "ES256":
            key = ec.generate_private_key(ec.SECP256R1())
        case "ES384":
            key = ec.generate_private_key(ec.SECP384R1())
        case "EdDSA":
            key = ed25519.Ed25519PrivateKey.generate()
        case _:
            key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


DOMAIN = Domain(
    "JSON Web Tokens",
    contests,
    peers=(
        "PyJWT",
        "cryptography",
        "joserfc",
        "Authlib",
        "python-jose",
        "jwcrypto",
        "jwtoxide",
        "pyjwt-rs",
    ),
)
