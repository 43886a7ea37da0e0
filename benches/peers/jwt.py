"""JSON Web Tokens with 314 bytes of claims, all of them checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jwt as pyjwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from benches.peers.harness import Contest, Domain, equal_outputs
from benches.peers.harness.material import CLAIMS
from hauberk.jwt import HmacKey, PrivateKey, PublicKey, Signer, Verifier

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

SECRET = "k" * 32


def contests() -> Iterator[Contest]:
    key = HmacKey(SECRET)
    yield from _pair("HS256", (key, key), (SECRET, SECRET), goals=(25, 25))
    rsa_key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    yield from _asymmetric("RS256", rsa_key, goals=(1.1, 5))
    yield from _asymmetric("ES256", ec.generate_private_key(ec.SECP256R1()), (3.5, 3))
    yield from _asymmetric("EdDSA", ed25519.Ed25519PrivateKey.generate(), (5, 4.5))


def _asymmetric(
    algorithm: str, key: PrivateKeyTypes, goals: tuple[float, float]
) -> Iterator[Contest]:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    ours = PrivateKey.from_pem(pem, alg=algorithm)
    # PyJWT is given keys that are parsed already, as it advises.
    yield from _pair(algorithm, (ours, ours.public()), (key, key.public_key()), goals)


def _pair(
    algorithm: str,
    ours: tuple[HmacKey | PrivateKey, HmacKey | PublicKey],
    theirs: tuple[Any, Any],
    goals: tuple[float, float],
) -> Iterator[Contest]:
    (private, public), (peer_private, peer_public) = ours, theirs
    signer = Signer(private, add_iat=False, add_jti=False)
    issuer, audience = CLAIMS["iss"], CLAIMS["aud"]
    verifier = Verifier(public, issuer=issuer, audience=audience)
    peer = pyjwt.PyJWT()
    yield Contest(
        work=f"{algorithm} sign",
        contestants={
            "hauberk": lambda: signer.sign(CLAIMS),
            "PyJWT": lambda: peer.encode(CLAIMS, peer_private, algorithm),
        },
        baseline="PyJWT",
        goal=goals[0],
    )
    token = signer.sign(CLAIMS)
    yield Contest(
        work=f"{algorithm} verify",
        contestants={
            "hauberk": lambda: verifier.claims(token),
            "PyJWT": lambda: peer.decode(
                token, peer_public, [algorithm], audience=audience, issuer=issuer
            ),
        },
        baseline="PyJWT",
        goal=goals[1],
        check=equal_outputs,
    )


DOMAIN = Domain("JSON Web Tokens", contests, peers=("PyJWT", "cryptography"))
