"""JSON Web Tokens (RFC 7519), signed, in compact form.

Keys are typed and bound to one algorithm; a token's header is only compared with it.
What a token must look like follows RFC 8725, and a verifier is told whose tokens for
whom it accepts: nothing is switched off by leaving it out.

>>> key = HmacKey.generate("HS256")
>>> signer = Signer(key, issuer="shop", audience="api", lifetime=600)
>>> verifier = Verifier(key, issuer="shop", audience="api")
>>> verifier.verify(signer.sign({"sub": "ada"})).claims["sub"]
'ada'

The three classes of keys, `Signer` and `Verifier` are immutable and may be shared by
threads. A key's material is wiped when it is dropped.
"""

from hauberk._rust import SignedBytes as SignedBytes
from hauberk._rust import Token as Token
from hauberk._rust import UnverifiedToken as UnverifiedToken
from hauberk.jwt.key_sets import KeySet as KeySet
from hauberk.jwt.keys import HmacKey as HmacKey
from hauberk.jwt.keys import PrivateKey as PrivateKey
from hauberk.jwt.keys import PublicKey as PublicKey
from hauberk.jwt.remote import RemoteKeySet as RemoteKeySet
from hauberk.jwt.signatures import sign_bytes as sign_bytes
from hauberk.jwt.signatures import verify_signature as verify_signature
from hauberk.jwt.signer import Signer as Signer
from hauberk.jwt.verifier import Verifier as Verifier
from hauberk.jwt.verifier import unverified as unverified

__all__ = [
    "HmacKey",
    "KeySet",
    "PrivateKey",
    "PublicKey",
    "RemoteKeySet",
    "SignedBytes",
    "Signer",
    "Token",
    "UnverifiedToken",
    "Verifier",
    "sign_bytes",
    "unverified",
    "verify_signature",
]
