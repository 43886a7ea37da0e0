"""What is left of a secret in the memory of a process that should have wiped it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import indent

#: Pieces that are looked for: 16 bytes from every eighth on, so 24 in a row are found.
PIECES = range(0, 49, 8)

# The work is done in a thread that rests afterwards: nothing that goes as deep runs on
# its stack any more, and what the work left there stays. The secret has its full length
# from the start, since a bytearray that grows leaves most of itself behind.
_PROGRAM = """
import gc, sys, threading
masked = bytes.fromhex(sys.stdin.readline())
secret = bytearray(len(masked))
for i in range(len(masked)):
    secret[i] = masked[i] ^ 0x5A
done, scanned = threading.Lock(), threading.Lock()
done.acquire()
scanned.acquire()
failed = []
def work():
    try:
{work}
    except BaseException as error:
        failed.append(error)
    done.release()
    scanned.acquire()
thread = threading.Thread(target=work)
thread.start()
done.acquire()
for i in range(0 if {keep} else len(secret)):
    secret[i] = 0
gc.collect()
print(failed or "done", flush=True)
sys.stdin.readline()
scanned.release()
thread.join()
"""


def residue(work: str, *, keep: bool) -> list[tuple[int, str]]:
    """Run statements on a `secret` of 64 bytes in a process and search it afterwards.

    Args:
        work: Python that uses the name `secret`, and keeps nothing of it.
        keep: Leave the secret itself in place, to show that it would be found.

    Returns:
        Where in the secret each piece begins that was found, and where it lay.
    """
    secret = os.urandom(64)
    program = _PROGRAM.format(work=indent(work.strip(), " " * 8), keep=keep)
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(bytes(byte ^ 0x5A for byte in secret).hex() + "\n")
        child.stdin.flush()
        assert child.stdout.readline() == "done\n"
        return _scan(child.pid, {at: secret[at : at + 16] for at in PIECES})
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait(30)


def _scan(pid: int, pieces: dict[int, bytes]) -> list[tuple[int, str]]:
    found = []
    proc = Path("/proc") / str(pid)
    with (proc / "maps").open() as maps, (proc / "mem").open("rb") as memory:
        for line in maps:
            span, access, *_ = line.split()
            start, end = (int(number, 16) for number in span.split("-"))
            if "r" not in access or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            for at, piece in pieces.items():
                offset = content.find(piece)
                if offset >= 0:
                    found.append((at, f"{offset:#x} in {line.rstrip()}"))
    return found
