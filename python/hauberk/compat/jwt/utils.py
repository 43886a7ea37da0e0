"""Base64url, integers and the forms of signatures."""

from __future__ import annotations

import base64
import re
from typing import Any

__all__ = [
    "base64url_decode",
    "base64url_encode",
    "bytes_from_int",
    "bytes_to_number",
    "der_to_raw_signature",
    "force_bytes",
    "from_base64url_uint",
    "is_pem_format",
    "is_ssh_key",
    "number_to_bytes",
    "raw_to_der_signature",
    "to_base64url_uint",
]


def force_bytes(value: bytes | str) -> bytes:
    """Return bytes as they are and text as UTF-8."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    raise TypeError("Expected a string value")


def base64url_decode(input: bytes | str) -> bytes:
    """Return the bytes behind base64url text, with padding or without."""
    data = force_bytes(input)
    return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))


def base64url_encode(input: bytes) -> bytes:
    """Return the base64url text of bytes, without padding."""
    return base64.urlsafe_b64encode(input).rstrip(b"=")


def strict_base64url_decode(segment: bytes) -> bytes:
    """Return the bytes behind the one text that stands for them.

    Raises:
        ValueError: The text has padding, other characters, or unused bits that are set.
    """
    decoded = base64url_decode(segment)
    if base64url_encode(decoded) != segment:
        raise ValueError("not base64url without padding")
    return decoded


def to_base64url_uint(val: int, *, bit_length: int | None = None) -> bytes:
    """Return the base64url text of a number in big-endian bytes."""
    if val < 0:
        raise ValueError("Must be a positive integer")
    return base64url_encode(bytes_from_int(val, bit_length=bit_length) or b"\0")


def from_base64url_uint(val: bytes | str) -> int:
    """Return the number behind base64url text of big-endian bytes."""
    return int.from_bytes(base64url_decode(force_bytes(val)))


def number_to_bytes(num: int, num_bytes: int) -> bytes:
    """Return a number in as many big-endian bytes."""
    return num.to_bytes(num_bytes)


def bytes_to_number(string: bytes) -> int:
    """Return the number in big-endian bytes."""
    return int.from_bytes(string)


def bytes_from_int(val: int, *, bit_length: int | None = None) -> bytes:
    """Return a number in as few big-endian bytes as hold it, or as many bits."""
    bits = val.bit_length() if bit_length is None else bit_length
    return val.to_bytes((bits + 7) // 8)


def der_to_raw_signature(der_sig: bytes, curve: Any) -> bytes:
    """Return the two numbers of an ECDSA signature in DER, one behind the other."""
    from cryptography.hazmat.primitives.asymmetric import utils

    length = (curve.key_size + 7) // 8
    r, s = utils.decode_dss_signature(der_sig)
    return number_to_bytes(r, length) + number_to_bytes(s, length)


def raw_to_der_signature(raw_sig: bytes, curve: Any) -> bytes:
    """Return the DER of an ECDSA signature's two numbers.

    Raises:
        ValueError: The signature has another length.
    """
    from cryptography.hazmat.primitives.asymmetric import utils

    length = (curve.key_size + 7) // 8
    if len(raw_sig) != 2 * length:
        raise ValueError("Invalid signature")
    r, s = bytes_to_number(raw_sig[:length]), bytes_to_number(raw_sig[length:])
    return utils.encode_dss_signature(r, s)


def is_pem_format(key: bytes) -> bool:
    """Return whether there is a block of PEM."""
    return _PEM.search(key) is not None


def is_ssh_key(key: bytes) -> bool:
    """Return whether this is a public key or a certificate of OpenSSH."""
    return _SSH.match(key) is not None


_PEM = re.compile(rb"----[- ]BEGIN [^\r\n]+----[- ]?\r?\n")
_SSH = re.compile(rb"\s*(ssh-|ecdsa-sha2-|sk-|rsa-sha2-)[\w@.-]+\s")
