"""Memory that was hashed in holds neither password nor blocks, wherever it lies now."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest

from hauberk import _rust

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

SALT = b"0123456789abcdef"
MEMORY = 8192  # KiB
LENGTH = 32

CHILD = f"""if True:
    import gc, sys
    from hauberk import _rust, passwords
    wiping, kept = sys.argv[1] == "wiping", int(sys.argv[2])
    if not wiping:
        _rust.set_hash_variant_for_bench(wiping=False)
    passwords.set_limits(retained_memory=kept, max_concurrency=2)
    masked = bytes.fromhex(sys.stdin.readline())
    secret = bytearray(len(masked))
    for i in range(len(masked)):
        secret[i] = masked[i] ^ 0x5A
    hasher = passwords.PasswordHasher(
        time_cost=1, memory_cost={MEMORY}, parallelism=2, hash_len={LENGTH}
    )
    stored = hasher.hash(secret, salt={SALT!r})
    hasher.verify(stored, secret)
    for i in range(len(secret)):
        secret[i] = 0
    gc.collect()
    print(stored, passwords.stats().retained_memory >> 20, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("kept", [0, 1 << 30], ids=["freed", "kept"])
def test_no_block_stays(kept: int) -> None:
    """Neither H0 nor a block is found in a process that has hashed."""
    found, mebibytes = search("wiping", kept)

    assert found == set()
    assert (mebibytes > 0) == (kept > 0)


@pytest.mark.skipif(
    not hasattr(_rust, "set_hash_variant_for_bench"),
    reason="the extension was built without test-hooks",
)
def test_blocks_that_stay_are_found() -> None:
    """Where the wipe is left out, the search finds the blocks in the kept memory."""
    found, _ = search("unwiped", 1 << 30)

    assert {"block 0 of lane 0", "block 1 of lane 1"} <= found


def search(variant: str, kept: int) -> tuple[set[str], int]:
    """Return what of a hash is found in the child that made it, and the MiB it kept."""
    password = os.urandom(24)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, variant, str(kept)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(bytes(byte ^ 0x5A for byte in password).hex() + "\n")
        child.stdin.flush()
        stored, mebibytes = child.stdout.readline().split()
        assert stored.startswith("$argon2id$")
        needles = secrets_of(password)
        memory = b"".join(contents(child.pid))
        found = {name for name, needle in needles.items() if needle in memory}
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait(30)
    return found, int(mebibytes)


def secrets_of(password: bytes) -> dict[str, bytes]:
    """Return what lies in memory while a password is hashed (RFC 9106, 3.2)."""

    def number(value: int) -> bytes:
        return value.to_bytes(4, "little")

    hash_0 = blake2b(
        b"".join(map(number, [2, LENGTH, MEMORY, 1, 19, 2, len(password)]))
        + password
        + number(len(SALT))
        + SALT
        + number(0)
        + number(0)
    ).digest()
    needles = {"the password": password, "H0": hash_0}
    for block in (0, 1):
        for lane in (0, 1):
            start = number(1024) + hash_0 + number(block) + number(lane)
            # The first half of V1: four words, which stand together in any order.
            value = blake2b(start).digest()
            needles[f"block {block} of lane {lane}"] = value[:32]
    return needles


def contents(pid: int) -> list[bytes]:
    """Return the readable memory of a process."""
    found = []
    proc = Path("/proc") / str(pid)
    with (proc / "maps").open() as maps, (proc / "mem").open("rb") as memory:
        for line in maps:
            span, access, *_ = line.split()
            start, end = (int(number, 16) for number in span.split("-"))
            if "r" not in access or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            with contextlib.suppress(OSError, ValueError, OverflowError):
                memory.seek(start)
                found.append(memory.read(end - start))
    return found
