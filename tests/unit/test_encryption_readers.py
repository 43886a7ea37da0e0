"""`hauberk.encryption.readers`: each reads what its package wrote."""

from __future__ import annotations

import base64
import copy
import pickle
import uuid
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet, MultiFernet
from hypothesis import given, settings
from hypothesis import strategies as st

from hauberk.encryption import Keyring, readers
from hauberk.exceptions import ConfigurationError, DecryptionError, InvalidInputError

texts = st.text(st.characters(exclude_categories=["Cs"]))
OLD, NEW = (base64.urlsafe_b64encode(letter * 32) for letter in (b"o", b"n"))
SECRET = "s" * 50


class TestFernet:
    """Fernet and MultiFernet."""

    @given(texts)
    def test_reads(self, text: str) -> None:
        """What Fernet or MultiFernet wrote is read, in bytes and in text."""
        reader = readers.FernetReader(NEW.decode(), OLD)
        for writer in (Fernet(OLD), MultiFernet([Fernet(NEW), Fernet(OLD)])):
            token = writer.encrypt(text.encode())
            for form in (token, token.decode()):
                assert reader.is_encrypted(form)
                assert reader.decrypt(form) == text.encode()
                assert reader.decrypt_text(form) == text

    def test_altered(self) -> None:
        """No character of a token can be changed."""
        reader = readers.FernetReader(OLD)
        token = Fernet(OLD).encrypt(b"secret")
        for position in range(len(token)):
            altered = bytearray(token)
            altered[position] ^= 1
            with pytest.raises(DecryptionError, match="could not be decrypted"):
                reader.decrypt(altered)
            with pytest.raises(DecryptionError):
                reader.decrypt(token[:position])
        with pytest.raises(DecryptionError):
            readers.FernetReader(NEW).decrypt(token)

    def test_bytes_that_are_no_text(self) -> None:
        """What was encrypted is not quoted by the error that it is no text."""
        token = Fernet(OLD).encrypt(b"secret \xff")
        with pytest.raises(InvalidInputError, match="not UTF-8") as caught:
            readers.FernetReader(OLD).decrypt_text(token)
        assert caught.value.__cause__ is None
        assert "secret" not in repr(caught.value)

    @pytest.mark.parametrize("key", ["", "short", b"x" * 32, b"A" * 48, "ä" * 43])
    def test_keys(self, key: str | bytes) -> None:
        """A key is 32 bytes as base64."""
        with pytest.raises(ConfigurationError):
            readers.FernetReader(key)
        with pytest.raises(ConfigurationError):
            readers.FernetReader()

    def test_what_is_encrypted(self) -> None:
        """Plaintext, and our own ciphertexts, are no tokens."""
        reader = readers.FernetReader(OLD)
        ours = Keyring.generate().cipher("c").encrypt_text("x" * 60)
        for value in ("", "hello", "gAAAAA", ours, b"\x80" * 100, None, 7, "\ud800"):
            assert not reader.is_encrypted(value)

    def test_it_shows_and_hands_out_nothing(self) -> None:
        """A reader cannot be pickled or copied."""
        reader = readers.FernetReader(OLD)
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="holds keys"):
                attempt(reader)
        assert repr(reader) == "<FernetReader>"


class TestDjangoFernetFields:
    """django-fernet-encrypted-fields."""

    def test_reads(self, settings: Any) -> None:
        """What its fields wrote is read, also under fall-back keys."""
        fields = pytest.importorskip("encrypted_fields.fields")
        settings.SECRET_KEY = "old" + SECRET
        settings.SALT_KEY = "salt"
        old = fields.EncryptedTextField().get_prep_value("größe")
        settings.SECRET_KEY = SECRET
        settings.SALT_KEY = ["other", "salt"]
        new = fields.EncryptedTextField().get_prep_value("größe")
        reader = readers.DjangoFernetFieldsReader(
            [SECRET, "old" + SECRET], ["other", "salt"]
        )
        for token in (old, new):
            assert reader.is_encrypted(token)
            assert reader.decrypt_text(token) == "größe"
        with pytest.raises(DecryptionError):
            readers.DjangoFernetFieldsReader(SECRET, "salt").decrypt(old)

    def test_a_value_of_another_key_is_an_error(self, settings: Any) -> None:
        """Where that package hands a token back as if it were the value, we refuse."""
        fields = pytest.importorskip("encrypted_fields.fields")
        settings.SECRET_KEY, settings.SALT_KEY = SECRET, "salt"
        token = Fernet(OLD).encrypt(b"x").decode()
        theirs = fields.EncryptedTextField().from_db_value(token, None, None)
        assert theirs == token
        with pytest.raises(DecryptionError):
            readers.DjangoFernetFieldsReader(SECRET, "salt").decrypt(token)


VALUES = [
    "größe",
    "",
    b"\x00\xff",
    0,
    False,
    None,
    1 << 70,
    0.1,
    Decimal("1.50"),
    date(2026, 11, 25),
    datetime(2026, 11, 25, 12, 30, tzinfo=UTC),
    timedelta(seconds=1, microseconds=1),
    uuid.UUID(int=7),
    {"n": [1, None, ("x",)], "s": {1}},
]


class TestDjangoCryptography:
    """django-cryptography, through its maintained fork."""

    @pytest.fixture
    def crypto(self, settings: Any) -> Any:
        """Its module, which reads the settings."""
        settings.SECRET_KEY = SECRET
        settings.CRYPTOGRAPHY_BACKEND = None
        return pytest.importorskip("django_cryptography.utils.crypto")

    @pytest.mark.parametrize("value", VALUES, ids=repr)
    def test_reads(self, crypto: Any, value: Any) -> None:
        """What its fields wrote under a key of their own is read, and typed."""
        sealed = crypto.FernetBytes(b"k" * 32).encrypt(pickle.dumps(value))
        reader = readers.DjangoCryptographyReader(SECRET, field_key=b"k" * 32)
        assert reader.is_encrypted(sealed)
        assert reader.is_encrypted(memoryview(sealed))
        opened = reader.decrypt(memoryview(sealed))
        assert (opened, type(opened)) == (value, type(value))

    def test_the_settings_key(self, crypto: Any) -> None:
        """The key of the settings is derived as that package does."""
        derived = crypto.pbkdf2("its key", "its salt", 30_000, 32)
        sealed = crypto.FernetBytes(derived).encrypt(pickle.dumps("x"))
        reader = readers.DjangoCryptographyReader(
            SECRET, key="its key", salt="its salt"
        )
        assert reader.decrypt_text(sealed) == "x"
        derived = crypto.pbkdf2(SECRET, "django-cryptography", 30_000, 32)
        sealed = crypto.FernetBytes(derived).encrypt(pickle.dumps("x"))
        assert readers.DjangoCryptographyReader(SECRET).decrypt_text(sealed) == "x"

    def test_pickles_run_no_code(self, crypto: Any) -> None:
        """A pickle of anything but plain values does not open, whoever signed it."""
        writer = crypto.FernetBytes(b"k" * 16)
        reader = readers.DjangoCryptographyReader(SECRET, field_key="k" * 16)
        for value in (OrderedDict(a=1), print, Path):
            with pytest.raises(DecryptionError, match="could not be decrypted"):
                reader.decrypt(writer.encrypt(pickle.dumps(value)))
        with pytest.raises(DecryptionError):
            reader.decrypt(writer.encrypt(b"no pickle"))
        with pytest.raises(DecryptionError):
            reader.decrypt_text(writer.encrypt(pickle.dumps(7)))

    def test_altered(self, crypto: Any) -> None:
        """No byte can be changed, and the key must be right."""
        sealed = crypto.FernetBytes(b"k" * 32).encrypt(pickle.dumps("x"))
        reader = readers.DjangoCryptographyReader(SECRET, field_key=b"k" * 32)
        for position in range(len(sealed)):
            altered = bytearray(sealed)
            altered[position] ^= 1
            with pytest.raises(DecryptionError):
                reader.decrypt(altered)
        for other in (
            readers.DjangoCryptographyReader("x" + SECRET, field_key=b"k" * 32),
            readers.DjangoCryptographyReader(SECRET, field_key=b"l" * 32),
        ):
            with pytest.raises(DecryptionError):
                other.decrypt(sealed)
        for value in ("x", "", b"\x80", b"plain", 7, None):
            assert not reader.is_encrypted(value)
        with pytest.raises(ConfigurationError):
            readers.DjangoCryptographyReader(SECRET, field_key=b"k" * 31)


class Path:
    """Something that no field holds."""


class TestSqlalchemyUtils:
    """The three engines of sqlalchemy-utils."""

    @staticmethod
    def engine(name: str, padding: str | None = None) -> Any:
        """Return one of its engines with a key."""
        module = pytest.importorskip("sqlalchemy_utils.types.encrypted.encrypted_type")
        engine = getattr(module, name)()
        if padding:
            engine._set_padding_mechanism(padding)
        engine._update_key("its key")
        return engine

    @pytest.mark.parametrize(
        ("name", "reader"),
        [
            ("FernetEngine", readers.SqlalchemyUtilsFernetReader("its key")),
            ("AesGcmEngine", readers.SqlalchemyUtilsAesGcmReader(b"its key")),
        ],
        ids=["FernetEngine", "AesGcmEngine"],
    )
    @settings(deadline=None)  # imports that package at its first example
    @given(text=texts)
    def test_authenticated(self, name: str, reader: Any, text: str) -> None:
        """What an authenticated engine wrote is read, and not if it was altered."""
        sealed = self.engine(name).encrypt(text)
        assert reader.is_encrypted(sealed)
        assert reader.decrypt_text(sealed) == text
        swapped = "B" if sealed[20] == "A" else "A"
        with pytest.raises(DecryptionError):
            reader.decrypt(sealed[:20] + swapped + sealed[21:])

    @pytest.mark.parametrize("padding", ["naive", "oneandzeroes", "pkcs5", "zeroes"])
    @settings(deadline=None)  # imports that package at its first example
    @given(text=texts)
    def test_aes(self, padding: Any, text: str) -> None:
        """What the default engine wrote is read, with each of its paddings."""
        reader = readers.SqlalchemyUtilsAesReader("its key", padding=padding)
        sealed = self.engine("AesEngine", padding).encrypt(text)
        assert reader.is_encrypted(sealed)
        assert reader.is_encrypted(sealed.encode())
        # What the naive padding takes off, it takes off there as well.
        expected = text.rstrip("*") if padding == "naive" else text
        assert reader.decrypt_text(sealed) == expected

    def test_other_values(self) -> None:
        """What is no ciphertext is told so, and an unknown padding refused."""
        for reader in (
            readers.SqlalchemyUtilsFernetReader("k"),
            readers.SqlalchemyUtilsAesGcmReader("k"),
            readers.SqlalchemyUtilsAesReader("k", padding="pkcs5"),
        ):
            for value in ("", "hello world", "=" * 24, None):
                assert not reader.is_encrypted(value)
            for value in ("", "hello", "A" * 64):
                with pytest.raises(DecryptionError):
                    reader.decrypt(value)
        with pytest.raises(ConfigurationError):
            readers.SqlalchemyUtilsAesReader("k", padding="none")  # type: ignore[arg-type]
