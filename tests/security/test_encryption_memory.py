"""Keys leave no copy in memory when what holds them is gone."""

from __future__ import annotations

import base64
import functools
import json
import subprocess
import sys
from operator import xor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tests.standards import independent

from hauberk.encryption import Keyring

CONTEXT = "shop.Order.address"
#: Lengths at which a message is handled in another way, and beyond.
SIZES = (5, 60, 96, 100, 300, 1000, 3000)

#: Makes a keyring and uses it; then, told so, drops everything.
CHILD = f"""
import gc, sys
from hauberk.encryption import Keyring

ring = Keyring.generate()
ring.save(sys.argv[1])
ring = Keyring.from_file(sys.argv[1])
cipher, deterministic = ring.cipher({CONTEXT!r}), ring.deterministic({CONTEXT!r})
index = ring.blind_index({CONTEXT!r})
for size in (10, 200, 5000):
    data = b"x" * size
    assert cipher.decrypt(cipher.encrypt(data)) == data
    assert deterministic.decrypt(deterministic.encrypt(data)) == data
    assert cipher.decrypt_many(cipher.encrypt_many([data] * 3, threads=2))
    index.compute(data)
print("used", flush=True)
sys.stdin.readline()
del ring, cipher, deterministic, index
gc.collect()
print("dropped", flush=True)
sys.stdin.readline()
"""


def copies(pid: int, secrets: dict[str, bytes]) -> dict[str, int]:
    """Return how often each secret stands in a process's writable memory."""
    found = dict.fromkeys(secrets, 0)
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            addresses, permissions, *_, name = [*line.split(maxsplit=5), ""]
            if "rw" not in permissions or "[vv" in name:
                continue
            start, end = (int(address, 16) for address in addresses.split("-"))
            memory.seek(start)
            try:
                content = memory.read(end - start)
            except OSError:
                continue
            for what, secret in secrets.items():
                found[what] += content.count(secret)
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_copy_of_a_key_is_left(tmp_path: Path) -> None:
    """While a keyring is there its keys are found; once it is dropped, none is."""
    path = tmp_path / "keys.json"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "used\n"
        text = json.loads(path.read_bytes())["keys"][0]["key"]
        key = base64.urlsafe_b64decode(text + "=")
        secrets = {
            "key": key,
            "key, as text": text.encode(),
            "sub-key of values": independent.sub_key(key, CONTEXT),
            "sub-key of deterministic values": independent.sub_key(
                key, CONTEXT, b"siv", length=64
            ),
            "sub-key of the index": independent.sub_key(
                key, CONTEXT, b"index", "default"
            ),
        }
        try:
            before = copies(child.pid, secrets)
        except PermissionError:
            child.kill()
            pytest.skip("may not read another process's memory")
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "dropped\n"
        after = copies(child.pid, secrets)
        child.stdin.close()
    # The control: the scan finds what is there.
    assert before["key"] >= 1
    assert before["sub-key of values"] >= 1
    assert before["sub-key of deterministic values"] >= 1
    assert after == dict.fromkeys(secrets, 0)


#: Encrypts and decrypts, each in a thread of its own that rests afterwards: nothing
#: that goes as deep runs on its stack any more, and what the work left there stays.
MESSAGES = f"""
import sys, threading
from hauberk.encryption import Keyring

ring = Keyring.from_file(sys.argv[1])
cipher = ring.cipher({CONTEXT!r})
# All of each stack is searched.
threading.stack_size(1 << 18)
scanned = threading.Event()
threads = []
def apart(work, argument):
    results, done = [], threading.Event()
    def body():
        results.append(work(argument))
        done.set()
        scanned.wait()
    threads.append(threading.Thread(target=body))
    threads[-1].start()
    done.wait()
    return results[0]
sealed = []
for size in map(int, sys.argv[2:]):
    data = bytes(range(size % 251)) * (size // (size % 251))
    sealed.append(apart(cipher.encrypt, data))
    assert apart(cipher.decrypt, sealed[-1]) == data
    many = apart(cipher.encrypt_many, [data] * 3)
    assert apart(cipher.decrypt_many, many) == [data] * 3
    sealed.append(many[0])
print(*[one[:29].hex() for one in sealed], flush=True)
sys.stdin.readline()
scanned.set()
for thread in threads:
    thread.join()
"""


def times(a: int, b: int) -> int:
    """Multiply in the field of AES (FIPS 197, section 4.2)."""
    product = 0
    for bit in range(8):
        product ^= (a << bit) * (b >> bit & 1)
    for bit in range(14, 7, -1):
        product ^= (0x11B << (bit - 8)) * (product >> bit & 1)
    return product


@functools.cache
def substituted(byte: int) -> int:
    """Return what AES puts in a byte's place (FIPS 197, section 5.1.1)."""
    inverse = next((x for x in range(256) if times(byte, x) == 1), 0)
    circle = inverse << 8 | inverse
    return functools.reduce(xor, (circle >> n for n in range(4, 9)), 99) & 255


def round_keys(key: bytes) -> list[bytes]:
    """Return the round keys of AES-256 (FIPS 197, section 5.2)."""
    words = [key[start : start + 4] for start in range(0, 32, 4)]
    constant = 1
    for number in range(8, 60):
        word = words[-1]
        if number % 8 == 0:
            word = bytes(map(substituted, word[1:] + word[:1]))
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = times(constant, 2)
        elif number % 8 == 4:
            word = bytes(map(substituted, word))
        words.append(bytes(a ^ b for a, b in zip(words[-8], word, strict=True)))
    return [b"".join(words[number : number + 4]) for number in range(0, 60, 4)]


def test_round_keys_are_those_of_the_standard() -> None:
    """FIPS 197, appendix A.3: the last words of the example."""
    key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"

    assert (
        round_keys(bytes.fromhex(key))[-1].hex() == "fe4890d1e6188d0b046df344706c631e"
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_key_of_a_message_is_left(tmp_path: Path) -> None:
    """Neither a message's key nor what is derived from it outlives the call."""
    path = tmp_path / "keys.json"
    Keyring.generate().save(path)
    text = json.loads(path.read_bytes())["keys"][0]["key"]
    key = independent.sub_key(base64.urlsafe_b64decode(text + "="), CONTEXT)
    with subprocess.Popen(
        [sys.executable, "-c", MESSAGES, path, *map(str, SIZES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        secrets = {"the control": key}
        for number, header in enumerate(child.stdout.readline().split()):
            message_key = independent.xaes_key(key, bytes.fromhex(header)[5:])
            what = f"message {number}, of {SIZES[number // 2]} bytes: "
            for position, round_key in enumerate(round_keys(message_key)):
                secrets[f"{what}round key {position}"] = round_key
            aes = Cipher(algorithms.AES256(message_key), modes.ECB()).encryptor()
            hash_key = aes.update(bytes(16))
            doubled = int.from_bytes(hash_key, "big") << 1
            if doubled >> 128:
                doubled ^= 1 << 128 | 0xC2 << 120 | 1
            secrets[f"{what}hash key"] = hash_key
            secrets[f"{what}hash key, reversed"] = hash_key[::-1]
            secrets[f"{what}hash key, doubled"] = doubled.to_bytes(16, "little")
        try:
            found = copies(child.pid, secrets)
        except PermissionError:
            child.kill()
            pytest.skip("may not read another process's memory")
        child.stdin.close()
    assert found.pop("the control") >= 1
    assert [what for what, count in found.items() if count] == []
