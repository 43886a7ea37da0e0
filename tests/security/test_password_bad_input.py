"""What a stored hash or a login form may hold costs nothing it should not."""

from __future__ import annotations

import subprocess
import sys

import argon2
import pytest

from hauberk import passwords
from hauberk.exceptions import (
    HashParametersError,
    InvalidHashError,
    VerifyMismatchError,
)
from hauberk.passwords import PasswordHasher

HASH = (
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
)
CHEAP = PasswordHasher.from_parameters(passwords.CHEAPEST)

GREEDY = {
    "4 GiB": HASH.replace("m=256", "m=4194304").replace("t=2", "t=1"),
    "4 GiB twice": HASH.replace("m=256", "m=4194304"),
    "4 TiB": HASH.replace("m=256", "m=4294967295"),
    "2^32 passes": HASH.replace("t=2", "t=4294967296"),
    "2^32 - 1 passes": HASH.replace("t=2", "t=4294967295"),
    "65 passes": HASH.replace("t=2", "t=65"),
    "8 GiB-passes and a little": HASH.replace("m=256,t=2", "m=131073,t=64"),
    "65 lanes": HASH.replace("m=256", "m=1024").replace("p=1", "p=65"),
}


@pytest.mark.parametrize("greedy", GREEDY.values(), ids=GREEDY)
def test_no_hash_gets_what_it_should_not(greedy: str) -> None:
    """A hash that asks for too much is refused before anything is computed."""
    admitted = passwords.stats().admitted

    with pytest.raises(HashParametersError):
        PasswordHasher().verify(greedy, "password")
    assert passwords.verify_password(greedy, "password") is False
    assert passwords.stats().admitted == admitted


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_refusing_takes_no_memory() -> None:
    """After refusing hashes of gigabytes, a process is as small as before."""
    program = f"""if True:
        import re
        from hauberk import passwords
        def peak():
            # Not getrusage: its figure has the peak of the parent in it.
            with open("/proc/self/status") as status:
                return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1])
        before = peak()
        for greedy in {list(GREEDY.values())!r}:
            assert not passwords.verify_password(greedy, "password")
        refused = peak() - before
        assert passwords.verify_password({HASH!r}, "password")
        PasswordHasher = passwords.PasswordHasher
        PasswordHasher(time_cost=1, memory_cost=65_536, parallelism=1).hash("x")
        print(refused < 4096, peak() - before > 60_000)
    """
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "True True\n", done.stderr


@pytest.mark.parametrize("end", range(len(HASH)))
@pytest.mark.parametrize("kind", [str, str.encode])
def test_truncated_at_every_byte(kind: type, end: int) -> None:
    """A hash that was cut off anywhere is refused or does not match."""
    cut = kind(HASH[:end])
    with pytest.raises((InvalidHashError, VerifyMismatchError)):
        PasswordHasher().verify(cut, "password")
    assert passwords.verify_password(cut, "password") is False


def test_a_megabyte_that_matches() -> None:
    """Other software took longer passwords than we do; they verify, and stay as is."""
    password = "ä" * (1 << 19)
    stored = argon2.PasswordHasher(1, 8, 1).hash(password)

    assert CHEAP.verify(stored, password)
    assert passwords.verify_password(stored, password)
    assert CHEAP.verify_and_update(stored, password) is None
    with pytest.raises(VerifyMismatchError):
        CHEAP.verify(stored, password[:-1])
    with pytest.raises(ValueError, match="max_password_bytes"):
        CHEAP.hash(password)


@pytest.mark.parametrize(
    ("password", "others"),
    [
        (b"", [b"\0", b" "]),
        (b"\0", [b"", b"\0\0"]),
        (b"a\0b", [b"a", b"a\0", b"a\0c"]),
        (b"\xff\xfe", [b"\xff", b"\xfe\xff"]),
    ],
)
def test_every_byte_counts(password: bytes, others: list[bytes]) -> None:
    """Nothing ends at a NUL, and bytes need not be UTF-8; argon2-cffi agrees."""
    stored = CHEAP.hash(password)

    assert CHEAP.verify(stored, password)
    assert argon2.PasswordHasher().verify(stored, password)
    for other in others:
        with pytest.raises(VerifyMismatchError):
            CHEAP.verify(stored, other)
