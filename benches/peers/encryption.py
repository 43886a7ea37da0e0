"""Sealing values.

AESGCM does less than the others: it knows no key id, no rotation and no context, and
is given a random nonce of 12 bytes, which wears out after some billions of values.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benches.peers.harness import Contest, Domain, equal_outputs
from hauberk.encryption import Keyring

TEXT = "12 Example Street, 1010 Vienna, AT"  # 34 bytes


def contests() -> Iterator[Contest]:
    yield from _bytes("64 bytes", 64, 3.5)
    yield from _bytes("1 KiB", 1024)
    yield from _bytes("64 KiB", 65_536)
    yield from _text()


def _bytes(title: str, size: int, goal: float | None = None) -> Iterator[Contest]:
    data = os.urandom(size)
    cipher = Keyring.generate().cipher("benches")
    gcm = AESGCM(AESGCM.generate_key(256))

    def seal() -> bytes:
        nonce = os.urandom(12)
        return nonce + gcm.encrypt(nonce, data, None)

    yield Contest(
        work=f"seal {title}",
        contestants={
            "hauberk": lambda: cipher.encrypt(data),
            "AESGCM and os.urandom": seal,
        },
        baseline="AESGCM and os.urandom",
        goal=goal,
    )
    ours, theirs = cipher.encrypt(data), seal()
    yield Contest(
        work=f"open {title}",
        contestants={
            "hauberk": lambda: cipher.decrypt(ours),
            "AESGCM": lambda: gcm.decrypt(theirs[:12], theirs[12:], None),
        },
        baseline="AESGCM",
        check=equal_outputs,
    )


def _text() -> Iterator[Contest]:
    cipher = Keyring.generate().cipher("benches")
    fernet = Fernet(Fernet.generate_key())
    yield Contest(
        work="seal an address as text",
        contestants={
            "hauberk": lambda: cipher.encrypt_text(TEXT),
            "Fernet": lambda: fernet.encrypt(TEXT.encode()).decode(),
        },
        baseline="Fernet",
        goal=20,
    )
    ours, theirs = cipher.encrypt_text(TEXT), fernet.encrypt(TEXT.encode()).decode()
    yield Contest(
        work="open an address",
        contestants={
            "hauberk": lambda: cipher.decrypt_text(ours),
            "Fernet": lambda: fernet.decrypt(theirs).decode(),
        },
        baseline="Fernet",
        goal=20,
        check=equal_outputs,
    )


DOMAIN = Domain("Encryption of values", contests, peers=("cryptography",))
