"""How many values of columns that are still being encrypted are plaintext."""

from __future__ import annotations

import logging
from collections import Counter
from threading import Lock
from typing import Final

__all__ = ["count_plaintext", "plaintext_reads"]


def count_plaintext(name: str, /) -> None:
    """Count a value that was read and was not encrypted, by its context."""
    with _lock:
        _plaintext_reads[name] += 1
        count = _plaintext_reads[name]
    # The 1st, 10th, 100th …: a table of a million rows is no reason for as many lines.
    if str(count).rstrip("0") == "1":
        _log.warning(
            "%s: %d value%s read that %s not encrypted (allow_plaintext).",
            name,
            count,
            "" if count == 1 else "s",
            "is" if count == 1 else "are",
        )


def plaintext_reads() -> dict[str, int]:
    """Return how many values each column has read that were not encrypted.

    Since the process began, by the field's context. Once a table is encrypted, nothing
    is counted any more, and `allow_plaintext` can go.
    """
    with _lock:
        return dict(_plaintext_reads)


_log: Final = logging.getLogger("hauberk.encryption")
_lock: Final = Lock()
_plaintext_reads: Final = Counter[str]()
