"""Sealing values.

AESGCM does less than the others: it knows no key id, no rotation and no context, and
is given a random nonce of 12 bytes, which wears out after some billions of values.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benches.peers.harness import (
    Clock,
    Contest,
    Domain,
    Setup,
    Work,
    configure_django,
    equal_outputs,
)
from hauberk import _rust
from hauberk.encryption import Keyring

SIZES = {
    "16 bytes": 16,
    "64 bytes": 64,
    "1 KiB": 1024,
    "64 KiB": 1 << 16,
    "16 MiB": 1 << 24,
}
SEAL_GOALS = {16: 3.5, 64: 3.5, 1024: 2.0, 1 << 16: 0.95, 1 << 24: 0.95}
OPEN_GOALS = {16: 2.8, 64: 2.8, 1024: 1.5, 1 << 16: 0.95, 1 << 24: 0.95}
TEXTS = {"16 characters": "ann@example.org ", "64 characters": "12 Example Street " * 4}
MANY = 10_000


def contests() -> Iterator[Contest]:
    for title, size in SIZES.items():
        yield from _bytes(title, size)
    for title, text in TEXTS.items():
        yield from _texts(title, text[: int(title.split()[0])])
    yield from _libraries()
    yield from _batches()
    yield _index()
    yield _nonce()


def _bytes(title: str, size: int) -> Iterator[Contest]:
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
        goal=SEAL_GOALS[size],
    )
    ours, nonce = cipher.encrypt(data), os.urandom(12)
    theirs = gcm.encrypt(nonce, data, None)
    yield Contest(
        work=f"open {title}",
        contestants={
            "hauberk": lambda: cipher.decrypt(ours),
            "AESGCM": lambda: gcm.decrypt(nonce, theirs, None),
        },
        baseline="AESGCM",
        goal=OPEN_GOALS[size],
        check=equal_outputs,
    )


def _texts(title: str, text: str) -> Iterator[Contest]:
    cipher = Keyring.generate().cipher("benches")
    ours = cipher.encrypt_text(text)
    for peer, make, goal in (
        ("Fernet", _fernet, 25),
        ("django-fernet-encrypted-fields", _django_fernet_fields, 30),
        ("django-cryptography", _django_cryptography, 30),
        ("sqlalchemy-utils, Fernet", _sqlalchemy_utils("FernetEngine"), 30),
        ("sqlalchemy-utils, AesGcm", _sqlalchemy_utils("AesGcmEngine"), 30),
        ("sqlalchemy-utils, Aes", _sqlalchemy_utils("AesEngine"), 30),
    ):
        yield Contest(
            work=f"seal {title} as text, {peer}",
            contestants={
                "hauberk": lambda: cipher.encrypt_text(text),
                peer: Setup(_one(make, text, 0)),
            },
            goal=goal,
        )
        yield Contest(
            work=f"open {title} of text, {peer}",
            contestants={
                "hauberk": lambda: cipher.decrypt_text(ours),
                peer: Setup(_one(make, text, 1)),
            },
            goal=goal,
            check=equal_outputs,
        )


Pair = tuple[Work, Work]
Make = Callable[[str], Pair]


def _one(make: Make, text: str, which: int) -> Callable[[], Work]:
    return lambda: make(text)[which]


def _fernet(text: str) -> Pair:
    fernet = Fernet(Fernet.generate_key())
    token = fernet.encrypt(text.encode()).decode()
    return (
        lambda: fernet.encrypt(text.encode()).decode(),
        lambda: fernet.decrypt(token).decode(),
    )


def _django_fernet_fields(text: str) -> Pair:
    configure_django()
    from django.conf import settings
    from encrypted_fields.fields import EncryptedTextField

    settings.SALT_KEY = "salt"
    field = EncryptedTextField()
    token = field.get_prep_value(text)
    return (
        lambda: field.get_prep_value(text),
        lambda: field.from_db_value(token, None, None),
    )


def _django_cryptography(text: str) -> Pair:
    configure_django()
    from django.conf import settings

    settings.CRYPTOGRAPHY_BACKEND = None
    # Without the pickle that its field puts the value into.
    from django_cryptography.utils.crypto import FernetBytes

    fernet = FernetBytes(b"k" * 32)
    token = fernet.encrypt(text)
    return (lambda: fernet.encrypt(text), lambda: fernet.decrypt(token).decode())


def _sqlalchemy_utils(engine: str) -> Make:
    def make(text: str) -> Pair:
        from sqlalchemy import Unicode
        from sqlalchemy_utils.types.encrypted import encrypted_type

        column: Any = encrypted_type.StringEncryptedType(
            Unicode, "key", getattr(encrypted_type, engine), "pkcs5"
        )
        token = column.process_bind_param(text, None)
        return (
            lambda: column.process_bind_param(text, None),
            lambda: column.process_result_value(token, None),
        )

    return make


def _libraries() -> Iterator[Contest]:
    data = os.urandom(64)
    cipher = Keyring.generate().cipher("benches")
    ours = cipher.encrypt(data)
    for peer, make in (
        ("Tink, AES256_GCM", _tink("AES256_GCM")),
        ("Tink, XAES_256_GCM", _tink("XAES_256_GCM_192_BIT_NONCE")),
        ("PyNaCl", _nacl),
    ):
        yield Contest(
            work=f"seal 64 bytes, {peer}",
            contestants={
                "hauberk": lambda: cipher.encrypt(data),
                peer: Setup(_one_of(make, data, 0)),
            },
            goal=4,
        )
        yield Contest(
            work=f"open 64 bytes, {peer}",
            contestants={
                "hauberk": lambda: cipher.decrypt(ours),
                peer: Setup(_one_of(make, data, 1)),
            },
            goal=4,
            check=equal_outputs,
        )


def _one_of(
    make: Callable[[bytes], Pair], data: bytes, which: int
) -> Callable[[], Work]:
    return lambda: make(data)[which]


def _tink(template: str) -> Callable[[bytes], Pair]:
    def make(data: bytes) -> Pair:
        import tink
        from tink import aead

        aead.register()
        handle = tink.new_keyset_handle(getattr(aead.aead_key_templates, template))
        primitive = handle.primitive(aead.Aead)
        sealed = primitive.encrypt(data, b"")
        return (
            lambda: primitive.encrypt(data, b""),
            lambda: primitive.decrypt(sealed, b""),
        )

    return make


def _nacl(data: bytes) -> Pair:
    from nacl.secret import SecretBox

    box = SecretBox(os.urandom(32))
    sealed = bytes(box.encrypt(data))
    return (lambda: box.encrypt(data), lambda: box.decrypt(sealed))


def _batches() -> Iterator[Contest]:
    cipher = Keyring.generate().cipher("benches")
    gcm = AESGCM(AESGCM.generate_key(256))
    items = [os.urandom(32) for _ in range(MANY)]

    def loop() -> list[bytes]:
        sealed = []
        for item in items:
            nonce = os.urandom(12)
            sealed.append(nonce + gcm.encrypt(nonce, item, None))
        return sealed

    ours = cipher.encrypt_many(items)
    theirs = [(item[:12], item[12:]) for item in loop()]
    yield Contest(
        work="seal 10 000 values of 32 bytes",
        contestants={
            "hauberk": lambda: cipher.encrypt_many(items),
            "AESGCM loop": loop,
        },
        goal=10,
        calls=MANY,
        clock=Clock.PROCESS,
    )
    yield Contest(
        work="open 10 000 values of 32 bytes",
        contestants={
            "hauberk": lambda: cipher.decrypt_many(ours),
            "AESGCM loop": lambda: [
                gcm.decrypt(nonce, item, None) for nonce, item in theirs
            ],
        },
        goal=4,
        check=equal_outputs,
        calls=MANY,
        clock=Clock.PROCESS,
    )
    large = [os.urandom(1024) for _ in range(MANY)]
    sealed = cipher.encrypt_many(large)
    both: Mapping[str, Callable[[int], object]] = {
        "seal": lambda threads: cipher.encrypt_many(large, threads=threads),
        "open": lambda threads: cipher.decrypt_many(sealed, threads=threads),
    }
    for work, run in both.items():
        yield Contest(
            work=f"{work} 10 000 values of 1 KiB on two threads",
            contestants={"hauberk": _on(run, 2), "hauberk, one thread": _on(run, 1)},
            baseline="hauberk, one thread",
            goal=1.6,
            calls=MANY,
            clock=Clock.WALL,
        )


def _on(run: Callable[[int], object], threads: int) -> Work:
    return lambda: run(threads)


def _index() -> Contest:
    index = Keyring.generate().blind_index("benches")
    key, text = os.urandom(32), "ann@example.org "
    return Contest(
        work="blind index of 16 characters",
        contestants={
            "hauberk": lambda: index.compute(text),
            "hmac.digest": lambda: hmac.digest(key, text.encode(), "sha256")[:16].hex(),
        },
        goal=10,
    )


def _nonce() -> Contest:
    return Contest(
        work="nonce of 24 bytes",
        contestants={
            "hauberk": lambda: _rust.nonce(),
            "os.urandom": lambda: os.urandom(24),
        },
        baseline="os.urandom",
    )


DOMAIN = Domain(
    "Encryption of values",
    contests,
    peers=(
        "cryptography",
        "django-fernet-encrypted-fields",
        "django-cryptography-5",
        "SQLAlchemy-Utils",
        "tink",
        "PyNaCl",
    ),
)
