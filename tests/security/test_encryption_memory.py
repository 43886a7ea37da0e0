"""Keys leave no copy in memory when what holds them is gone."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.standards import independent

CONTEXT = "shop.Order.address"

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
