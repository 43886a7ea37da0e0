"""`hauberk.encryption`."""

from __future__ import annotations

import base64
import copy
import json
import os
import pickle
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest

import hauberk
from hauberk import _rust
from hauberk.encryption import Cipher, Key, Keyring, KeyState, set_nonce_source
from hauberk.exceptions import (
    ConfigurationError,
    DecryptionError,
    DestroyedKeyError,
    DisabledKeyError,
    InvalidInputError,
    KeyringError,
    NotEncryptedError,
    UnknownKeyError,
)

if TYPE_CHECKING:
    from pathlib import Path

NONCE_SOURCES: tuple[Literal["os", "generator"], ...] = ("os", "generator")


@pytest.fixture
def ring() -> Keyring:
    """A keyring of one key."""
    return Keyring.generate()


@pytest.fixture
def cipher(ring: Keyring) -> Cipher:
    """A cipher of that keyring."""
    return ring.cipher("shop.Order.address")


def document_of(ring: Keyring, directory: Path) -> dict[str, Any]:
    """Return a keyring's document."""
    path = directory / "document.json"
    ring.save(path)
    document: dict[str, Any] = json.loads(path.read_bytes())
    path.unlink()
    return document


class TestCipher:
    """Values that are sealed and opened."""

    @pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
    def test_bytes_like(self, cipher: Cipher, kind: Any) -> None:
        """Any bytes-like object is accepted, as value and as associated data."""
        sealed = cipher.encrypt(kind(b"secret"), kind(b"row"))
        assert cipher.decrypt(kind(sealed), kind(b"row")) == b"secret"
        assert Cipher.is_encrypted(kind(sealed))
        assert len(Cipher.key_id(kind(sealed))) == 8

    def test_text_is_not_bytes(self, cipher: Cipher) -> None:
        """Text goes through the text methods and bytes through the others."""
        with pytest.raises(TypeError, match="not str"):
            cipher.encrypt("text")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="not str"):
            cipher.encrypt_text("text", "row")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="not bytes"):
            cipher.encrypt_text(b"bytes")  # type: ignore[arg-type]
        for none in (None, 7):
            # Text is no associated data, and is not offered as such.
            with pytest.raises(TypeError, match=r"^Expected bytes, bytearray or"):
                cipher.encrypt(b"a", none)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="not NoneType"):
            cipher.encrypt(None)  # type: ignore[arg-type]

    def test_a_lone_surrogate(self, cipher: Cipher) -> None:
        """Text that UTF-8 cannot hold is refused without being quoted."""
        with pytest.raises(InvalidInputError) as caught:
            cipher.encrypt_text("secret \ud800")
        assert "secret" not in str(caught.value)

    def test_a_lone_surrogate_in_a_ciphertext(self, cipher: Cipher) -> None:
        """Ciphertexts come from anywhere: such text is not encrypted, as any other."""
        for text in ("\ud800", cipher.encrypt_text("secret") + "\udfff"):
            with pytest.raises(NotEncryptedError):
                cipher.decrypt_text(text)
            with pytest.raises(NotEncryptedError):
                Cipher.key_id(text)

    @pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 4095, 16_384, 1_000_000])
    def test_sizes(self, cipher: Cipher, size: int) -> None:
        """Values of every size come back, with and without the GIL."""
        data = os.urandom(size)
        sealed = cipher.encrypt(data)
        assert cipher.decrypt(sealed) == data
        assert len(sealed) == Cipher.ciphertext_length(size, text=False)
        text = "ä" * (size // 2)
        sealed_text = cipher.encrypt_text(text)
        assert cipher.decrypt_text(sealed_text) == text
        assert len(sealed_text) == Cipher.ciphertext_length(size // 2 * 2)

    def test_what_looks_encrypted_is_encrypted(self, cipher: Cipher) -> None:
        """Encrypting never looks at the value."""
        once = cipher.encrypt_text("hb1.")
        assert cipher.decrypt_text(once) == "hb1."
        assert cipher.decrypt_text(cipher.encrypt_text(once)) == once

    def test_equal_values_look_different(self, cipher: Cipher) -> None:
        """Each call takes a nonce of its own."""
        assert len({cipher.encrypt(b"same") for _ in range(1000)}) == 1000

    @pytest.mark.parametrize("text", ["", "hello", "hb1", "hb2.00000001.AAAA", "HB1."])
    def test_not_encrypted(self, cipher: Cipher, text: str) -> None:
        """Plaintext is told from a ciphertext that does not open."""
        assert not Cipher.is_encrypted(text)
        with pytest.raises(NotEncryptedError):
            cipher.decrypt_text(text)
        with pytest.raises(NotEncryptedError):
            cipher.decrypt(text.encode())

    @pytest.mark.parametrize("prefix", ["hc1.", "hp1.", "hcp1."])
    def test_reserved_text(self, cipher: Cipher, prefix: str) -> None:
        """Formats to come are refused as such, and are not taken for plaintext."""
        text = prefix + cipher.encrypt_text("x").removeprefix("hb1.")
        assert Cipher.is_encrypted(text)
        with pytest.raises(DecryptionError, match="does not read") as caught:
            cipher.decrypt_text(text)
        assert not isinstance(caught.value, NotEncryptedError)

    def test_reserved_bytes(self, cipher: Cipher) -> None:
        """The committing format's first byte is refused as such."""
        sealed = b"\x02" + cipher.encrypt(b"x")[1:]
        assert Cipher.is_encrypted(sealed)
        with pytest.raises(DecryptionError, match="does not read"):
            cipher.decrypt(sealed)

    def test_the_text_form_has_one_spelling(self, cipher: Cipher) -> None:
        """Padding, white space, upper-case ids and the other alphabet are refused."""
        text = cipher.encrypt_text("secret, and " + "x" * 60)
        head, key_id, body = text.split(".")
        for altered in (
            text + "=",
            text + "\n",
            " " + text,
            f"{head}.{key_id.upper()}x.{body}",
            f"{head}.{key_id}.{body[:30]} {body[30:]}",
            f"{head}.{key_id}{body}",
            f"{head}.{key_id}.{body}.",
        ):
            with pytest.raises(DecryptionError):
                cipher.decrypt_text(altered)

    def test_bytes_sealed_as_text(self, ring: Keyring, cipher: Cipher) -> None:
        """What is authentic and no text is an error of its own."""
        sealed = cipher.encrypt(b"\xff")
        text = f"hb1.{ring.primary_id}." + base64.urlsafe_b64encode(
            sealed[5:]
        ).decode().rstrip("=")
        with pytest.raises(InvalidInputError, match="not UTF-8"):
            cipher.decrypt_text(text)

    def test_key_id(self, ring: Keyring, cipher: Cipher) -> None:
        """The id can be read without any key."""
        assert Cipher.key_id(cipher.encrypt(b"x")) == ring.primary_id
        assert Cipher.key_id(cipher.encrypt_text("x")) == ring.primary_id
        assert cipher.encrypt_text("x").startswith(f"hb1.{ring.primary_id}.")
        with pytest.raises(NotEncryptedError):
            Cipher.key_id("x")

    @pytest.mark.parametrize("value", [None, 1, 1.5, [], object()])
    def test_other_types_are_not_encrypted(self, value: object) -> None:
        """is_encrypted may be asked of whatever a column gives."""
        assert not Cipher.is_encrypted(value)

    def test_it_cannot_be_made_pickled_or_copied(self, cipher: Cipher) -> None:
        """Keys do not leave the memory that is wiped."""
        with pytest.raises(TypeError):
            Cipher()
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="holds keys"):
                attempt(cipher)
        assert repr(cipher) == '<Cipher for "shop.Order.address">'
        assert cipher.context == "shop.Order.address"

    def test_threads(self, ring: Keyring, cipher: Cipher) -> None:
        """Threads seal and open while the keyring changes under them."""
        failures: list[Exception] = []
        stop = threading.Event()

        def work() -> None:
            try:
                while not stop.is_set():
                    assert (
                        cipher.decrypt(cipher.encrypt(b"x" * 20_000)) == b"x" * 20_000
                    )
            except Exception as error:  # noqa: BLE001 - told to the main thread
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(50):
            key = Key.generate()
            ring.add(key)
            ring.promote(key.id)
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []


class TestMany:
    """Batches."""

    def test_round_trip(self, cipher: Cipher) -> None:
        """A batch is what single calls make, in order."""
        items: list[bytes | bytearray] = [b"", b"one", bytearray(b"two")]
        sealed = cipher.encrypt_many(items)
        assert [cipher.decrypt(one) for one in sealed] == items
        assert cipher.decrypt_many(iter(sealed)) == items
        assert cipher.encrypt_many([]) == []

    def test_associated_data(self, cipher: Cipher) -> None:
        """Associated data is one for all, or one for each."""
        sealed = cipher.encrypt_many([b"one", b"two"], [b"1", b"2"])
        assert cipher.decrypt_many(sealed, [b"1", b"2"]) == [b"one", b"two"]
        with pytest.raises(DecryptionError):
            cipher.decrypt_many(sealed, [b"2", b"1"])
        sealed = cipher.encrypt_many([b"one", b"two"], b"all")
        assert cipher.decrypt_many(sealed, b"all") == [b"one", b"two"]
        for uneven in ([b"1"], [b"1", b"2", b"3"]):
            with pytest.raises(ValueError, match="not one associated data"):
                cipher.encrypt_many([b"one", b"two"], uneven)

    def test_on_error(self, cipher: Cipher) -> None:
        """A value that fails is raised, or is answered by its exception."""
        batch = [cipher.encrypt(b"one"), b"plain", b"\x01", cipher.encrypt(b"two")]
        with pytest.raises(NotEncryptedError):
            cipher.decrypt_many(batch)
        one, plain, short, two = cipher.decrypt_many(batch, on_error="return")
        assert (one, two) == (b"one", b"two")
        assert isinstance(plain, NotEncryptedError)
        assert isinstance(short, DecryptionError)
        with pytest.raises(ValueError, match="on_error"):
            cipher.decrypt_many(batch, on_error="ignore")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="at least one thread"):
            cipher.decrypt_many(batch, threads=0)

    def test_text(self, cipher: Cipher) -> None:
        """Text stays text, bytes stay bytes, in one batch."""
        items: list[str | bytes] = ["größe", b"bytes", "", "x" * 5000]
        sealed = cipher.encrypt_many(items, b"row")
        assert [type(item) for item in sealed] == [type(item) for item in items]
        assert cipher.decrypt_many(sealed, b"row") == items
        assert cipher.decrypt_text(sealed[0], b"row") == "größe"
        assert len(sealed[3]) == Cipher.ciphertext_length(5000)
        assert cipher.decrypt_many(
            [cipher.encrypt_text("a"), cipher.encrypt(b"b")]
        ) == ["a", b"b"]
        lone, plain = cipher.decrypt_many(["\ud800", "plain"], on_error="return")
        assert isinstance(lone, NotEncryptedError)
        assert isinstance(plain, NotEncryptedError)
        with pytest.raises(InvalidInputError):
            cipher.encrypt_many(["\ud800"])

    @pytest.mark.parametrize("threads", [1, 2, 5])
    @pytest.mark.parametrize("size", [0, 32, 3000, 100_000])
    def test_threads(self, cipher: Cipher, threads: int, size: int) -> None:
        """However many threads work, each result is at its value's place."""
        count = 3000 if size < 100_000 else 20
        items: list[bytes | str] = [
            number.to_bytes(4) + bytes(size) if number % 3 else f"{number}" + "x" * size
            for number in range(count)
        ]
        each = [str(number).encode() for number in range(count)]
        sealed = cipher.encrypt_many(items, each, threads=threads)
        assert cipher.decrypt_many(sealed, each, threads=threads) == items
        sealed[count // 2] = b"plain"
        with pytest.raises(NotEncryptedError):
            cipher.decrypt_many(sealed, each, threads=threads)
        opened = cipher.decrypt_many(sealed, each, threads=threads, on_error="return")
        assert isinstance(opened.pop(count // 2), NotEncryptedError)
        assert opened == items[: count // 2] + items[count // 2 + 1 :]

    def test_no_nonce_repeats(self, cipher: Cipher) -> None:
        """The values of a batch share half a nonce and not the other half."""
        sealed = cipher.encrypt_many([b""] * 5000, threads=2)
        nonces = {one[5:29] for one in sealed}
        assert len(nonces) == 5000
        assert len({nonce[12:] for nonce in nonces}) == 5000
        assert 1 < len({nonce[:12] for nonce in nonces}) < 50

    def test_rewrap(self, ring: Keyring, cipher: Cipher) -> None:
        """What is under another key is sealed anew; the rest is left as it is."""
        old = cipher.encrypt_many([b"one", "two"], [b"1", b"2"])
        key = Key.generate()
        ring.add(key)
        ring.promote(key.id)
        new = cipher.encrypt(b"three", b"3")
        batch = [*old, new]
        rewrapped, changed = cipher.rewrap_many(batch, [b"1", b"2", b"3"])
        assert changed == 2
        assert rewrapped[2] is new
        assert {Cipher.key_id(item) for item in rewrapped} == {key.id}
        opened = cipher.decrypt_many(rewrapped, [b"1", b"2", b"3"])
        assert opened == [b"one", "two", b"three"]
        assert rewrapped[0] != cipher.rewrap(old[0], b"1")
        assert cipher.decrypt(cipher.rewrap(old[0], b"1"), b"1") == b"one"
        assert cipher.decrypt_text(cipher.rewrap(old[1], b"2"), b"2") == "two"
        assert cipher.rewrap(new) is new
        with pytest.raises(DecryptionError):
            cipher.rewrap_many(batch)
        results, changed = cipher.rewrap_many(
            [*batch, "plain"], [b"1", b"x", b"3", b""], on_error="return"
        )
        assert changed == 1
        assert isinstance(results[1], DecryptionError)
        assert isinstance(results[3], NotEncryptedError)


class TestStates:
    """The life of a key."""

    def test_rotation(self, ring: Keyring, cipher: Cipher) -> None:
        """add, promote, disable, enable, destroy: a cipher follows each step."""
        old = ring.primary_id
        sealed = cipher.encrypt_text("secret")
        key = Key.generate()

        ring.add(key)
        assert ring.primary_id == old
        assert Cipher.key_id(cipher.encrypt(b"")) == old
        ring.promote(key.id)
        assert ring.primary_id == key.id
        assert Cipher.key_id(cipher.encrypt(b"")) == key.id
        assert cipher.decrypt_text(sealed) == "secret"

        ring.disable(old)
        with pytest.raises(DisabledKeyError) as disabled:
            cipher.decrypt_text(sealed)
        assert disabled.value.key_id == old
        ring.enable(old)
        assert cipher.decrypt_text(sealed) == "secret"

        ring.promote_index(key.id)
        ring.destroy(old)
        with pytest.raises(DestroyedKeyError) as destroyed:
            cipher.decrypt_text(sealed)
        assert destroyed.value.key_id == old
        assert [(info.id, info.state, info.index_state) for info in ring.keys] == [
            (old, KeyState.DESTROYED, KeyState.DESTROYED),
            (key.id, KeyState.PRIMARY, KeyState.PRIMARY),
        ]
        assert cipher.decrypt(cipher.encrypt(b"x")) == b"x"

    def test_unknown_key(self, ring: Keyring, cipher: Cipher) -> None:
        """A value of another keyring names the key that is missing."""
        other = Keyring.generate()
        with pytest.raises(UnknownKeyError) as caught:
            cipher.decrypt(other.cipher("shop.Order.address").encrypt(b"x"))
        assert caught.value.key_id == other.primary_id
        for action in (ring.promote, ring.disable, ring.enable, ring.destroy):
            with pytest.raises(UnknownKeyError):
                action("00000001")
            with pytest.raises(InvalidInputError, match="hexadecimal"):
                action("1")

    def test_the_primary_key_stays(self, ring: Keyring) -> None:
        """The primary key can neither be disabled nor destroyed."""
        for action in (ring.disable, ring.destroy):
            with pytest.raises(KeyringError, match="primary"):
                action(ring.primary_id)
        ring.enable(ring.primary_id)
        ring.promote(ring.primary_id)
        assert [info.state for info in ring.keys] == [KeyState.PRIMARY]

    def test_the_primary_index_key_stays(self, ring: Keyring) -> None:
        """A key that blind indexes are written with is not destroyed by accident."""
        old, key = ring.primary_id, Key.generate()
        ring.add(key)
        ring.promote(key.id)
        with pytest.raises(KeyringError, match="promote_index"):
            ring.destroy(old)

    def test_a_destroyed_key_is_gone(self, ring: Keyring, tmp_path: Path) -> None:
        """Nothing brings a destroyed key back, and its document says null."""
        key = Key.generate()
        ring.add(key)
        ring.destroy(key.id)
        for action in (ring.promote, ring.enable, ring.disable, ring.promote_index):
            with pytest.raises(KeyringError, match="destroyed"):
                action(key.id)
        ring.destroy(key.id)
        assert document_of(ring, tmp_path)["keys"][1]["key"] is None
        with pytest.raises(KeyringError, match="already"):
            ring.add(key)

    def test_a_disabled_key_is_not_promoted(self, ring: Keyring) -> None:
        """A disabled key is enabled first."""
        key = Key.generate()
        ring.add(key)
        ring.disable(key.id)
        with pytest.raises(KeyringError, match="enable it first"):
            ring.promote(key.id)

    def test_a_key_is_added_once(self, ring: Keyring) -> None:
        """The same key cannot be there twice, but in two keyrings."""
        key = Key.generate()
        ring.add(key)
        with pytest.raises(KeyringError, match="already"):
            ring.add(key)
        Keyring.generate().add(key)


class TestKeyringFile:
    """Keyrings at rest."""

    def test_a_file_is_the_keyring(self, ring: Keyring, tmp_path: Path) -> None:
        """What is saved opens what was sealed; only its owner can read the file."""
        path = tmp_path / "keys.json"
        sealed = ring.cipher("a").encrypt(b"secret")
        ring.save(path)

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        again = Keyring.from_file(path)
        assert again.cipher("a").decrypt(sealed) == b"secret"
        assert again.keys == ring.keys
        ring.save(str(path))
        assert {entry.name for entry in tmp_path.iterdir()} == {
            "keys.json",
            ".keys.json.lock",
        }

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
    def test_others_must_not_read_it(
        self, ring: Keyring, tmp_path: Path, mode: int
    ) -> None:
        """A file that others can read is refused, and so is replacing it."""
        path = tmp_path / "keys.json"
        ring.save(path)
        path.chmod(mode)
        with pytest.raises(KeyringError, match="0600"):
            Keyring.from_file(path)
        with pytest.raises(KeyringError, match="0600"):
            ring.save(path)

    def test_no_key_is_lost(self, ring: Keyring, tmp_path: Path) -> None:
        """Two processes that add a key each do not overwrite each other."""
        path = tmp_path / "keys.json"
        ring.save(path)
        other = Keyring.from_file(path)
        other.add(Key.generate())
        other.save(path)
        ring.add(Key.generate())
        with pytest.raises(KeyringError, match="load it again"):
            ring.save(path)
        assert Keyring.from_file(path).keys == other.keys

    @pytest.mark.parametrize("action", ["destroy", "disable", "promote"])
    def test_no_change_is_undone(
        self, ring: Keyring, tmp_path: Path, action: str
    ) -> None:
        """A keyring that was loaded before another process's change is not saved."""
        path = tmp_path / "keys.json"
        key = Key.generate()
        ring.add(key)
        ring.save(path)
        other = Keyring.from_file(path)
        getattr(other, action)(key.id)
        other.save(path)
        with pytest.raises(KeyringError, match="load it again"):
            ring.save(path)
        assert Keyring.from_file(path).keys == other.keys
        other.add(Key.generate())
        other.save(path)

    def test_another_keyring_is_not_replaced(
        self, ring: Keyring, tmp_path: Path
    ) -> None:
        """A new keyring does not take the place of one that it never read."""
        path = tmp_path / "keys.json"
        ring.save(path)
        with pytest.raises(KeyringError, match="load it again"):
            Keyring.generate().save(path)
        again = Keyring.from_dict(json.loads(path.read_bytes()))
        assert again.keys == ring.keys
        again.add(Key.generate())
        again.save(path)

    @pytest.mark.parametrize("exists", [True, False])
    def test_links_are_followed(
        self,
        ring: Keyring,
        tmp_path: Path,
        exists: bool,  # noqa: FBT001 - a parameter of the test
    ) -> None:
        """Saving through a link replaces what it leads to, under that one's lock."""
        released = tmp_path / "releases"
        released.mkdir()
        path, link = released / "keys.json", tmp_path / "link.json"
        link.symlink_to("releases/keys.json")
        if exists:
            ring.save(path)
        ring.add(Key.generate())
        ring.save(link)
        assert link.is_symlink()
        assert Keyring.from_file(path).keys == ring.keys
        assert {entry.name for entry in tmp_path.iterdir()} == {"link.json", "releases"}
        assert {entry.name for entry in released.iterdir()} == {
            "keys.json",
            ".keys.json.lock",
        }
        circle = tmp_path / "circle.json"
        circle.symlink_to("circle.json")
        with pytest.raises(KeyringError):
            ring.save(circle)

    @pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
    def test_the_owner_stays(self, ring: Keyring, tmp_path: Path) -> None:
        """What an administrator saves stays readable to the server's user."""
        path, lock = tmp_path / "keys.json", tmp_path / ".keys.json.lock"
        ring.save(path)
        lock.unlink()
        os.chown(path, 33, 34)
        ring.add(Key.generate())
        ring.save(path)
        for file in (path, lock):
            found = file.stat()
            assert (found.st_uid, found.st_gid) == (33, 34)
            assert stat.S_IMODE(found.st_mode) == 0o600

    @pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
    def test_nothing_else_is_given_away(self, ring: Keyring, tmp_path: Path) -> None:
        """A lock that the server's user put there is used and keeps its owner."""
        path, theirs = tmp_path / "keys.json", tmp_path / "theirs"
        ring.save(path)
        os.chown(path, 33, 33)
        (tmp_path / ".keys.json.lock").unlink()
        theirs.touch()
        (tmp_path / ".keys.json.lock").symlink_to(theirs)
        ring.add(Key.generate())
        ring.save(path)
        assert theirs.stat().st_uid == 0

    def test_missing_file(self, ring: Keyring, tmp_path: Path) -> None:
        """The error names the file."""
        with pytest.raises(KeyringError, match=r"nowhere\.json"):
            Keyring.from_file(tmp_path / "nowhere.json")
        with pytest.raises(KeyringError, match="nowhere"):
            ring.save(tmp_path / "nowhere" / "keys.json")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
    @pytest.mark.parametrize("kind", [Key, Keyring])
    def test_slow_files_hold_nobody_up(self, kind: Any, tmp_path: Path) -> None:
        """Other threads run while a file is opened, however long that takes."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe, 0o600)
        script = f"sleep 0.5; : > '{pipe}'"
        done = threading.Event()
        ticks = 0

        def tick() -> None:
            nonlocal ticks
            while not done.wait(0.01):
                ticks += 1

        thread = threading.Thread(target=tick)
        with subprocess.Popen(["/bin/sh", "-c", script]):
            thread.start()
            with pytest.raises(KeyringError):
                kind.from_file(pipe)
        ticked = ticks
        done.set()
        thread.join()
        assert ticked >= 5

    def test_environment(
        self, ring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A variable holds the document, or its namesake the path of a file."""
        path = tmp_path / "keys.json"
        ring.save(path)
        monkeypatch.setenv("SHOP_KEYS_FILE", str(path))
        assert Keyring.from_env("SHOP_KEYS").keys == ring.keys
        monkeypatch.setenv("SHOP_KEYS", path.read_text())
        with pytest.raises(ConfigurationError, match="Both"):
            Keyring.from_env("SHOP_KEYS")
        monkeypatch.delenv("SHOP_KEYS_FILE")
        assert Keyring.from_env("SHOP_KEYS").keys == ring.keys
        monkeypatch.delenv("SHOP_KEYS")
        with pytest.raises(ConfigurationError, match="Neither"):
            Keyring.from_env("SHOP_KEYS")

    def test_document(self, ring: Keyring, tmp_path: Path) -> None:
        """The document has the members of the design and nothing else."""
        document = document_of(ring, tmp_path)
        assert document["version"] == 1
        (key,) = document["keys"]
        assert set(key) == {"id", "state", "created", "key", "index_state"}
        assert (key["id"], key["state"]) == (ring.primary_id, "PRIMARY")
        assert len(key["key"]) == 43
        created = ring.keys[0].created
        assert datetime.fromisoformat(key["created"]) == created
        assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)
        assert Keyring.from_dict(document).keys == ring.keys

    def test_malformed_documents(self, ring: Keyring, tmp_path: Path) -> None:
        """What is no keyring, or contradicts itself, is refused and not quoted."""
        good = document_of(ring, tmp_path)
        other = document_of(Keyring.generate(), tmp_path)["keys"][0]
        (key,) = good["keys"]
        secret = key["key"]

        def alter(**members: object) -> dict[str, Any]:
            return {"version": 1, "keys": [{**key, **members}]}

        def both(**members: object) -> dict[str, Any]:
            active = {**other, "state": "ACTIVE", "index_state": "ACTIVE"}
            return {"version": 1, "keys": [key, {**active, **members}]}

        Keyring.from_dict(both())
        documents: list[dict[str, Any]] = [
            {},
            {"version": 1},
            {"keys": [key]},
            {"version": 2, "keys": [key]},
            {"version": "1", "keys": [key]},
            {"version": 1, "keys": []},
            {"version": 1, "keys": {}},
            {"version": 1, "keys": [key], "more": 1},
            {"version": 1, "keys": [[key]]},
            *(
                {"version": 1, "keys": [{k: v for k, v in key.items() if k != name}]}
                for name in key
            ),
            alter(more=1),
            alter(id="00000000"),
            alter(id=key["id"].upper() + "0"),
            alter(id=7),
            alter(state="ACTIVE"),
            alter(state="primary"),
            alter(state=None),
            alter(index_state="NONE"),
            alter(created="yesterday"),
            alter(created="2026-02-30T00:00:00Z"),
            alter(key=None),
            alter(key=""),
            alter(key=secret + "="),
            alter(key=secret[:-1]),
            alter(key=secret + "AAAA"),
            both(state="PRIMARY"),
            both(index_state="PRIMARY"),
            both(id=key["id"]),
            both(key=secret),
            both(key=None),
            both(state="DESTROYED"),
            both(state="DESTROYED", key=None, index_state="ACTIVE"),
        ]
        for document in documents:
            with pytest.raises(KeyringError) as caught:
                Keyring.from_dict(document)
            assert secret not in str(caught.value)
        for text in (
            "",
            "[]",
            "x",
            json.dumps(good) + "x",
            '{"version":1,"version":1}',
        ):
            with pytest.raises(KeyringError):
                _rust.KeyringCore.from_json(text)

    def test_it_shows_and_hands_out_nothing(self, ring: Keyring) -> None:
        """A keyring's repr has no key; it cannot be pickled or copied."""
        assert repr(ring) == f"<Keyring of 1 key, primary {ring.primary_id}>"
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="Keyring holds keys"):
                attempt(ring)
        assert hauberk.Keyring is Keyring


def a_pipe_instead(path: Path) -> None:
    """Put a pipe in a file's place."""
    path.unlink()
    os.mkfifo(path, 0o600)


class TestFollowing:
    """A keyring that was read from a file follows it."""

    @pytest.fixture
    def path(self, ring: Keyring, tmp_path: Path) -> Path:
        """A file with the keys of `ring` and one more, whose id is not the primary."""
        path = tmp_path / "keys.json"
        ring.add(Key.generate())
        ring.save(path)
        return path

    def test_changes_by_the_command_line(self, path: Path) -> None:
        """What another process does is seen by the keyring and all it made."""
        ring = Keyring.from_file(path)
        old, new = (key.id for key in ring.keys)
        cipher, deterministic = ring.cipher("c"), ring.deterministic("c")
        index = ring.blind_index("c")
        sealed, text = cipher.encrypt(b"value"), cipher.encrypt_text("value")
        assert len(index.variants("value")) == 2

        keys(path, "promote", new)
        assert cipher.key_id(cipher.encrypt(b"value")) == new
        assert deterministic.key_id(deterministic.encrypt(b"value")) == new
        assert ring.primary_id == new
        assert cipher.decrypt(sealed) == b"value"

        keys(path, "disable", old)
        with pytest.raises(DisabledKeyError):
            cipher.decrypt(sealed)
        with pytest.raises(DisabledKeyError):
            cipher.decrypt_text(text)
        with pytest.raises(DisabledKeyError):
            cipher.decrypt_many([sealed])

        keys(path, "add")
        assert len(ring.keys) == 3
        assert len(index.variants("value")) == 3

    def test_another_process_sees_it_after_a_fork(self, path: Path) -> None:
        """A worker that was forked before follows as well."""
        ring = Keyring.from_file(path)
        _, new = (key.id for key in ring.keys)
        cipher = ring.cipher("c")
        cipher.encrypt(b"value")
        read, write = os.pipe()
        start, go = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(start, 1)
            os.write(write, cipher.key_id(cipher.encrypt(b"value")).encode())
            os._exit(0)
        keys(path, "promote", new)
        os.write(go, b"x")
        assert os.read(read, 100).decode() == new
        os.waitpid(child, 0)

    @pytest.mark.parametrize(
        "damage",
        [
            lambda path: path.write_bytes(path.read_bytes()[:-20]),
            lambda path: path.write_text('{"version":1,"keys":[]}'),
            lambda path: path.chmod(0o644),
            lambda path: path.unlink(),
            a_pipe_instead,
        ],
        ids=["cut", "empty", "open to others", "gone", "a pipe"],
    )
    def test_a_broken_file_changes_nothing(
        self, path: Path, caplog: pytest.LogCaptureFixture, damage: Any
    ) -> None:
        """The keys stay as they were, which is logged once; a good file counts."""
        ring = Keyring.from_file(path)
        before, cipher = ring.keys, ring.cipher("c")
        sealed = cipher.encrypt(b"value")
        _, new = (key.id for key in before)
        good = path.read_bytes()
        damage(path)
        for _ in range(2):
            a_second()
            assert cipher.decrypt(sealed) == b"value"
            assert ring.keys == before
        assert len(caplog.records) == 1
        assert "keys.json cannot be followed" in caplog.text
        assert json.loads(good)["keys"][0]["key"] not in caplog.text

        path.unlink(missing_ok=True)
        path.write_bytes(good)
        path.chmod(0o600)
        keys(path, "promote", new)
        assert ring.primary_id == new
        assert len(caplog.records) == 1

    def test_changes_of_its_own_are_not_lost(self, path: Path) -> None:
        """A keyring with unsaved changes does not follow, and cannot be saved then."""
        ring = Keyring.from_file(path)
        _, new = (key.id for key in ring.keys)
        key = Key.generate()
        ring.add(key)
        keys(path, "promote", new)
        assert ring.keys[-1].id == key.id
        assert ring.primary_id != new
        with pytest.raises(KeyringError, match="load it again"):
            ring.save(path)

    def test_it_follows_again_once_saved(self, path: Path, tmp_path: Path) -> None:
        """Saved in its place; a copy elsewhere is no reason to forget a change."""
        ring = Keyring.from_file(path)
        _, new = (key.id for key in ring.keys)
        ring.add(Key.generate())
        ring.save(tmp_path / "copy.json")
        keys(path, "promote", new)
        assert len(ring.keys) == 3
        assert ring.primary_id != new

        ring = Keyring.from_file(path)
        ring.add(Key.generate())
        ring.save(path)
        keys(path, "disable", next(k.id for k in ring.keys if k.id != new))
        assert len(ring.keys) == 3
        assert ring.keys[0].state is KeyState.DISABLED

    def test_the_working_directory_does_not_matter(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A relative path means what it meant when the keyring was read."""
        monkeypatch.chdir(path.parent)
        ring = Keyring.from_file(path.name)
        _, new = (key.id for key in ring.keys)
        monkeypatch.chdir("/")
        keys(path, "promote", new)
        assert ring.primary_id == new


def keys(path: Path, *arguments: str) -> None:
    """Run `hauberk keys` in a process of its own, and wait until it may be noticed."""
    command = [sys.executable, "-m", "hauberk", "keys", *arguments, "--file", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    a_second()


def a_second() -> None:
    """Wait for the next second of the clock by which files are looked at."""
    time.sleep(1.05)


class TestKey:
    """Single keys."""

    def test_file(self, ring: Keyring, tmp_path: Path) -> None:
        """A key's file is its text, readable by its owner alone, and never replaced."""
        key, path = Key.generate(), tmp_path / "key"
        key.save(path)
        text = path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert text.startswith(f"hbk1.{key.id}.")
        assert Key.from_file(path).id == key.id
        ring.add(Key.from_file(path))
        with pytest.raises(KeyringError, match="exists"):
            key.save(path)
        path.chmod(0o644)
        with pytest.raises(KeyringError, match="0600"):
            Key.from_file(path)

    def test_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A variable holds the key's text; a typing error is noticed."""
        key, path = Key.generate(), tmp_path / "key"
        key.save(path)
        text = path.read_text().strip()
        monkeypatch.setenv("SHOP_KEY", text)
        assert Key.from_env("SHOP_KEY").id == key.id
        swapped = text[:20] + text[21] + text[20] + text[22:]
        monkeypatch.setenv("SHOP_KEY", swapped)
        if swapped != text:
            with pytest.raises(KeyringError, match="checksum"):
                Key.from_env("SHOP_KEY")
        for wrong in ("", "hbk1.", text[:-1], text.replace("hbk1", "hbk2")):
            monkeypatch.setenv("SHOP_KEY", wrong)
            with pytest.raises(KeyringError):
                Key.from_env("SHOP_KEY")

    def test_it_shows_and_hands_out_nothing(self) -> None:
        """A key's repr has its id; it cannot be pickled or copied."""
        key = Key.generate()
        assert repr(key) == f"<Key {key.id}>"
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="Key holds keys"):
                attempt(key)


class TestNonces:
    """Where nonces come from."""

    def test_source(self, cipher: Cipher) -> None:
        """Both sources seal values; others are refused."""
        before = _rust.nonce_source()
        try:
            for source in NONCE_SOURCES:
                set_nonce_source(source)
                assert _rust.nonce_source() == source
                assert cipher.decrypt(cipher.encrypt(b"x")) == b"x"
            with pytest.raises(ConfigurationError):
                set_nonce_source("dice")  # type: ignore[arg-type]
        finally:
            _rust.set_nonce_source(before)

    @pytest.mark.fork
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
    def test_no_nonce_repeats_after_a_fork(self, cipher: Cipher) -> None:
        """Parent and child take different nonces from the moment of the fork on."""
        cipher.encrypt(b"")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, b"".join(cipher.encrypt(b"")[5:29] for _ in range(1000)))
            os._exit(0)
        os.close(writer)
        mine = [cipher.encrypt(b"")[5:29] for _ in range(1000)]
        with os.fdopen(reader, "rb") as pipe:
            theirs = pipe.read()
        assert os.waitpid(child, 0)[1] == 0
        nonces = mine + [theirs[at : at + 24] for at in range(0, len(theirs), 24)]
        assert len(theirs) == 24_000
        assert len(set(nonces)) == 2000
