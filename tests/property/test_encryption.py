"""What holds of every value that is encrypted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.standards import independent

from hauberk.encryption import Cipher, Keyring
from hauberk.exceptions import DecryptionError

KEY, KEY_ID = bytes(range(32)), "7014e411"
RING = Keyring.from_dict(independent.keyring_document(KEY, KEY_ID))
CIPHER = RING.cipher("shop.Order.address")
OTHER = RING.cipher("shop.Order.note")

#: For tests that look at each position of each example; how long they take depends on
#: what else the machine does.
exhaustive = settings(deadline=None, max_examples=20)

texts = st.text(st.characters(exclude_categories=["Cs"]))
contexts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.binary(), st.binary())
def test_bytes_come_back(data: bytes, associated_data: bytes) -> None:
    """decrypt(encrypt(x)) = x, and the length is as predicted."""
    sealed = CIPHER.encrypt(data, associated_data)
    assert CIPHER.decrypt(sealed, associated_data) == data
    assert len(sealed) == Cipher.ciphertext_length(len(data), text=False)


@given(texts, st.binary())
def test_text_comes_back(text: str, associated_data: bytes) -> None:
    """decrypt_text(encrypt_text(x)) = x, and the length is as predicted."""
    sealed = CIPHER.encrypt_text(text, associated_data)
    assert sealed.isascii()
    assert CIPHER.decrypt_text(sealed, associated_data) == text
    assert len(sealed) == Cipher.ciphertext_length(len(text.encode()))


@given(st.binary(), st.binary(), contexts)
def test_another_implementation_opens_it(
    data: bytes, associated_data: bytes, context: str
) -> None:
    """The independent implementation reads what is written here."""
    sealed = RING.cipher(context).encrypt(data, associated_data)
    assert data == independent.open_bytes(KEY, KEY_ID, context, sealed, associated_data)


@exhaustive
@given(st.binary(max_size=40))
def test_every_flipped_bit_is_noticed(data: bytes) -> None:
    """No single bit of a ciphertext can be changed."""
    sealed = CIPHER.encrypt(data)
    for position in range(len(sealed)):
        for bit in range(8):
            altered = bytearray(sealed)
            altered[position] ^= 1 << bit
            with pytest.raises(DecryptionError):
                CIPHER.decrypt(altered)


@exhaustive
@given(st.text("abcé", max_size=20))
def test_every_altered_character_is_noticed(text: str) -> None:
    """No character of a ciphertext in text can be changed."""
    sealed = CIPHER.encrypt_text(text)
    for position, character in enumerate(sealed):
        for other in "aB0-_.= é\0":
            if other != character:
                altered = sealed[:position] + other + sealed[position + 1 :]
                with pytest.raises(DecryptionError):
                    CIPHER.decrypt_text(altered)


@exhaustive
@given(st.text("abcé", max_size=20), st.binary(min_size=1, max_size=20))
def test_every_truncation_and_extension_is_noticed(text: str, more: bytes) -> None:
    """A ciphertext has neither less nor more than what was sealed."""
    sealed, sealed_text = CIPHER.encrypt(text.encode()), CIPHER.encrypt_text(text)
    for length in range(len(sealed)):
        with pytest.raises(DecryptionError):
            CIPHER.decrypt(sealed[:length])
    for length in range(len(sealed_text)):
        with pytest.raises(DecryptionError):
            CIPHER.decrypt_text(sealed_text[:length])
    with pytest.raises(DecryptionError):
        CIPHER.decrypt(sealed + more)


@given(st.binary(), st.binary(), st.binary())
def test_associated_data_must_be_the_same(data: bytes, one: bytes, two: bytes) -> None:
    """A ciphertext opens with its own associated data alone."""
    sealed = CIPHER.encrypt(data, one)
    if one == two:
        assert CIPHER.decrypt(sealed, two) == data
    else:
        with pytest.raises(DecryptionError):
            CIPHER.decrypt(sealed, two)


@given(st.binary())
def test_the_context_must_be_the_same(data: bytes) -> None:
    """A ciphertext of one column does not open in another."""
    with pytest.raises(DecryptionError):
        OTHER.decrypt(CIPHER.encrypt(data))


@given(st.binary(), st.binary())
def test_all_failures_look_alike(data: bytes, other: bytes) -> None:
    """Whatever the tag decides has one message."""
    sealed = CIPHER.encrypt(data, b"one")
    messages = set()
    for cipher, value, associated_data in (
        (OTHER, sealed, b"one"),
        (CIPHER, sealed, b"two"),
        (CIPHER, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"one"),
        (CIPHER, sealed[:5] + bytes(40) + other, b"one"),
    ):
        with pytest.raises(DecryptionError) as caught:
            cipher.decrypt(value, associated_data)
        assert type(caught.value) is DecryptionError
        messages.add(str(caught.value))
    assert messages == {"The value could not be decrypted."}


@given(st.binary() | texts)
def test_anything_may_be_asked_about(value: bytes | str) -> None:
    """No input crashes, whatever it begins with."""
    Cipher.is_encrypted(value)
    for prefix in ("", "hb1.", "hb1.7014e411.", "hd1.", "hc1."):
        text = prefix + (value if isinstance(value, str) else value.hex())
        with pytest.raises(DecryptionError):
            CIPHER.decrypt_text(text)
        with pytest.raises(DecryptionError):
            Cipher.key_id("x" + text)
    for start in (b"", b"\x01", b"\x01\x70\x14\xe4\x11", b"\x02"):
        data = start + (value if isinstance(value, bytes) else value.encode())
        with pytest.raises(DecryptionError):
            CIPHER.decrypt(data)
