"""`Keyring.deterministic()`."""

from __future__ import annotations

import copy
import pickle

import pytest

from hauberk.encryption import DeterministicCipher, Key, Keyring
from hauberk.exceptions import (
    DecryptionError,
    DestroyedKeyError,
    DisabledKeyError,
    NotEncryptedError,
    UnknownKeyError,
)


@pytest.fixture
def ring() -> Keyring:
    """A keyring of one key."""
    return Keyring.generate()


@pytest.fixture
def cipher(ring: Keyring) -> DeterministicCipher:
    """A cipher of that keyring."""
    return ring.deterministic("shop.Customer.tax_id")


def test_equal_values_look_equal(ring: Keyring, cipher: DeterministicCipher) -> None:
    """Equal values have equal ciphertexts in one context, with one associated data."""
    other = ring.deterministic("shop.Customer.phone")
    assert cipher.encrypt_text("x") == cipher.encrypt_text("x")
    assert cipher.encrypt(b"x") == cipher.encrypt(bytearray(b"x"))
    ciphertexts = [
        cipher.encrypt_text("x"),
        cipher.encrypt_text("y"),
        cipher.encrypt_text("x", b"row 7"),
        other.encrypt_text("x"),
    ]
    assert len(set(ciphertexts)) == 4
    with pytest.raises(DecryptionError):
        other.decrypt_text(ciphertexts[0])
    with pytest.raises(DecryptionError):
        cipher.decrypt_text(ciphertexts[2])


def test_batches(cipher: DeterministicCipher) -> None:
    """A batch is what single calls make."""
    items = [b"", b"one", b"x" * 1000]
    sealed = cipher.encrypt_many(items)
    assert sealed == [cipher.encrypt(item) for item in items]
    assert cipher.decrypt_many(sealed) == items


def test_altered(cipher: DeterministicCipher) -> None:
    """Each bit of a ciphertext takes part, and each byte of its length."""
    sealed = cipher.encrypt(b"some value of a column")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(DecryptionError):
            cipher.decrypt(altered)
        with pytest.raises(DecryptionError):
            cipher.decrypt(sealed[:position])
    text = cipher.encrypt_text("some value")
    for position in range(len(text)):
        with pytest.raises(DecryptionError):
            cipher.decrypt_text(text[:position])


def test_rotation(ring: Keyring, cipher: DeterministicCipher) -> None:
    """While a key is rotated a value looks one way under each key; rewrap moves it."""
    old = cipher.encrypt_text("x")
    key = Key.generate()
    ring.add(key)
    assert cipher.variants("x")[0] == old
    ring.promote(key.id)
    new = cipher.encrypt_text("x")
    assert cipher.variants("x") == [new, old]
    assert cipher.decrypt_text(old) == "x"
    assert cipher.rewrap(old) == new
    assert cipher.rewrap(new) is new
    assert cipher.key_id(new) == key.id
    ring.disable(cipher.key_id(old))
    assert cipher.variants("x") == [new]
    with pytest.raises(DisabledKeyError):
        cipher.decrypt_text(old)
    ring.promote_index(key.id)
    ring.destroy(cipher.key_id(old))
    with pytest.raises(DestroyedKeyError):
        cipher.rewrap(old)


def test_other_values(cipher: DeterministicCipher) -> None:
    """Plaintext, other formats and unknown keys each have their error."""
    other = Keyring.generate()
    with pytest.raises(UnknownKeyError):
        cipher.decrypt(other.deterministic("shop.Customer.tax_id").encrypt(b"x"))
    with pytest.raises(NotEncryptedError):
        cipher.decrypt_text("AT 123")
    for text in ("hb1.00000001.", "hc1.", "hp1.", "hcp1."):
        assert cipher.is_encrypted(text)
        with pytest.raises(DecryptionError) as caught:
            cipher.decrypt_text(text)
        assert not isinstance(caught.value, NotEncryptedError)
    assert not cipher.is_encrypted("hd2.")


def test_it_cannot_be_pickled_or_copied(cipher: DeterministicCipher) -> None:
    """Keys do not leave the memory that is wiped."""
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="holds keys"):
            attempt(cipher)
    assert repr(cipher) == '<DeterministicCipher for "shop.Customer.tax_id">'
