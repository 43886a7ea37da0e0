"""JWS without the JWT: signatures over any payload (RFC 7515)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hauberk import _rust
from hauberk.jwt._options import DEFAULT_MAX_LENGTH
from hauberk.jwt.key_sets import key_set
from hauberk.jwt.keys import check_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hauberk._rust import SignedBytes
    from hauberk.jwt.keys import HmacKey, PrivateKey
    from hauberk.jwt.verifier import Keys


def sign_bytes(
    payload: str | bytes,
    key: HmacKey | PrivateKey,
    *,
    headers: Mapping[str, Any] | None = None,
) -> str:
    """Return a compact JWS over any payload, which need not be claims.

    Guarantees authenticity and integrity of payload and header, not secrecy, and says
    nothing about time: a signature is for ever. Where claims are signed, use `Signer`.

    Args:
        payload: Bytes, or text as UTF-8.
        key: What signs.
        headers: Further header parameters. `typ` keeps kinds of messages apart; left
            out, it is `JOSE`, which no `Verifier` takes for a token. A `typ` of None
            leaves it out of the header: then nothing but the payload says that this is
            no token.

    Raises:
        InvalidKeyError: The key is a public one.
        InvalidInputError: `headers` sets what is not the caller's to set.

    >>> from hauberk.jwt import HmacKey, Verifier
    >>> key = HmacKey.generate()
    >>> verify_signature(sign_bytes(b"message", key), key).payload
    b'message'
    >>> Verifier(key, issuer=None, audience=None).claims(sign_bytes('{"exp": 1}', key))
    Traceback (most recent call last):
      ...
    hauberk.exceptions.InvalidClaimError: The claim "typ" is not acceptable.
    """
    check_key(key)
    return _rust.jwt_sign_bytes(payload, key, headers)


def verify_signature(
    token: str | bytes, keys: Keys, *, max_length: int = DEFAULT_MAX_LENGTH
) -> SignedBytes:
    """Return the payload of a compact JWS that one of the keys signed.

    Nothing but the signature is verified: no time, no issuer, no `typ`. For tokens with
    claims, use `Verifier`.

    Args:
        token: A compact JWS.
        keys: One key, several, or a `KeySet`. Of a `RemoteKeySet`, what its `get()`
            returns, to which the `kid` of a header may be given.
        max_length: How long a JWS may be, in bytes. One that `sign_bytes` made of a
            long payload takes a third more than that.

    Raises:
        MalformedTokenError: This is no JWS, or its header is not understood.
        TokenSignatureError: None of the keys signed it.
        InvalidKeyError: There is no key, or one name stands for two.
        InvalidInputError: `max_length` is negative.
        TypeError: The token is neither str nor bytes, or the keys are a `RemoteKeySet`.

    >>> from hauberk.jwt import HmacKey
    >>> key = HmacKey.generate()
    >>> long = sign_bytes(bytes(20_000), key)
    >>> len(verify_signature(long, key, max_length=30_000).payload)
    20000
    """
    return _rust.jwt_verify_signature(token, key_set(keys), max_length)
