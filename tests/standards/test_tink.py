"""Keysets of Tink, read and written, against Tink itself."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.standards import independent

from hauberk.encryption import Cipher, Key, Keyring
from hauberk.exceptions import (
    DecryptionError,
    DisabledKeyError,
    KeyringError,
    UnknownKeyError,
)

tink = pytest.importorskip("tink")
aead = pytest.importorskip("tink.aead")
daead = pytest.importorskip("tink.daead")
cleartext = pytest.importorskip("tink.cleartext_keyset_handle")

CONTEXT = "shop.Order.address"


def two_keys() -> Keyring:
    """Return a keyring of two keys, the second of them primary."""
    ring, key = Keyring.generate(), Key.generate()
    ring.add(key)
    ring.promote(key.id)
    return ring


RING = two_keys()
CIPHER = RING.cipher(CONTEXT)


def handle_of(keyset: str) -> Any:
    """Return Tink's handle of a keyset."""
    return cleartext.read(tink.JsonKeysetReader(keyset))


def keyset_of(handle: Any) -> str:
    """Return the keyset of one of Tink's handles."""
    text = io.StringIO()
    cleartext.write(tink.JsonKeysetWriter(text), handle)
    return text.getvalue()


def their_aead() -> Any:
    """Return Tink's cipher of the exported keys."""
    aead.register()
    return handle_of(RING.export_tink_cleartext(CONTEXT)).primitive(aead.Aead)


THEIRS = their_aead()


def theirs_new() -> tuple[Any, str]:
    """Return a cipher that Tink made, and its keyset."""
    aead.register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.XAES_256_GCM_192_BIT_NONCE)
    return handle.primitive(aead.Aead), keyset_of(handle)


@settings(deadline=None)
@given(st.binary(), st.binary())
def test_tink_reads_ours_and_we_read_theirs(
    data: bytes, associated_data: bytes
) -> None:
    """Under exported keys each opens what the other sealed."""
    assert (
        THEIRS.decrypt(CIPHER.encrypt(data, associated_data), associated_data) == data
    )
    assert (
        CIPHER.decrypt(THEIRS.encrypt(data, associated_data), associated_data) == data
    )
    (one,) = CIPHER.encrypt_many([data], associated_data)
    assert THEIRS.decrypt(one, associated_data) == data


@settings(deadline=None)
@given(st.binary(), st.binary())
def test_deterministic(data: bytes, associated_data: bytes) -> None:
    """Tink's deterministic ciphertexts are ours, byte for byte."""
    daead.register()
    keyset = RING.export_tink_cleartext(CONTEXT, deterministic=True)
    theirs = handle_of(keyset).primitive(daead.DeterministicAead)
    ours = RING.deterministic(CONTEXT)
    sealed = ours.encrypt(data, associated_data)
    assert theirs.encrypt_deterministically(data, associated_data) == sealed
    assert theirs.decrypt_deterministically(sealed, associated_data) == data


@settings(deadline=None)
@given(st.binary(), st.binary())
def test_a_keyset_of_theirs(data: bytes, associated_data: bytes) -> None:
    """A keyset that Tink made is imported as a cipher of its ciphertexts."""
    theirs, keyset = theirs_new()
    ours = Keyring.import_tink(keyset)
    assert ours.decrypt(theirs.encrypt(data, associated_data), associated_data) == data
    assert theirs.decrypt(ours.encrypt(data, associated_data), associated_data) == data
    assert ours.decrypt_text(ours.encrypt_text("text")) == "text"


def test_export_and_import_are_inverse() -> None:
    """What is exported for a context imports as the cipher of that context."""
    again = Keyring.import_tink(RING.export_tink_cleartext(CONTEXT))
    assert again.decrypt(CIPHER.encrypt(b"x")) == b"x"
    assert CIPHER.decrypt(again.encrypt(b"x")) == b"x"
    assert Cipher.key_id(again.encrypt(b"x")) == RING.primary_id
    with pytest.raises(DecryptionError):
        again.decrypt(RING.cipher("another").encrypt(b"x"))


def test_only_keys_in_use_are_exported() -> None:
    """A disabled or destroyed key stays at home."""
    ring = two_keys()
    ring.disable(ring.keys[0].id)
    keyset = json.loads(ring.export_tink_cleartext("c"))
    assert [key["keyId"] for key in keyset["key"]] == [int(ring.primary_id, 16)]
    assert keyset["primaryKeyId"] == int(ring.primary_id, 16)


def test_disabled_keys() -> None:
    """A key that Tink disabled is disabled here."""
    aead.register()
    template = aead.aead_key_templates.XAES_256_GCM_192_BIT_NONCE
    keyset = json.loads(keyset_of(tink.new_keyset_handle(template)))
    other = json.loads(keyset_of(tink.new_keyset_handle(template)))
    keyset["key"].append({**other["key"][0], "status": "DISABLED"})
    cipher = Keyring.import_tink(json.dumps(keyset))
    sealed = Keyring.import_tink(json.dumps(other)).encrypt(b"x")
    with pytest.raises(DisabledKeyError):
        cipher.decrypt(sealed)
    with pytest.raises(UnknownKeyError):
        cipher.decrypt(CIPHER.encrypt(b"x"))


def test_other_keysets() -> None:
    """What is no cleartext keyset of this algorithm is refused and not quoted."""
    aead.register()
    good = json.loads(theirs_new()[1])
    (key,) = good["key"]
    secret = key["keyData"]["value"]

    def alter(**members: object) -> str:
        return json.dumps({**good, "key": [{**key, **members}]})

    def data(**members: object) -> str:
        return alter(keyData={**key["keyData"], **members})

    gcm = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    for keyset in (
        "",
        "[]",
        "{}",
        keyset_of(gcm),
        json.dumps({**good, "primaryKeyId": 1}),
        json.dumps({**good, "key": []}),
        json.dumps({**good, "key": [key, key]}),
        json.dumps({"encryptedKeyset": secret}),
        alter(outputPrefixType="RAW"),
        alter(status="DISABLED"),
        alter(status="UNKNOWN_STATUS"),
        alter(keyId=0),
        alter(keyId=1 << 32),
        data(keyMaterialType="REMOTE"),
        data(value=secret[:-4]),
        data(value="!" + secret[1:]),
        data(value="AAAA" + secret[4:]),
    ):
        with pytest.raises(KeyringError) as caught:
            Keyring.import_tink(keyset)
        assert secret[8:] not in str(caught.value)


def test_the_oracle_agrees() -> None:
    """The independent implementation opens what Tink sealed under exported keys."""
    key = bytes(range(32))
    ring = Keyring.from_dict(independent.keyring_document(key, "7014e411"))
    aead.register()
    theirs = handle_of(ring.export_tink_cleartext(CONTEXT)).primitive(aead.Aead)
    sealed = theirs.encrypt(b"x", b"row")
    assert independent.open_bytes(key, "7014e411", CONTEXT, sealed, b"row") == b"x"
