"""Documents as people and their programs write them, by kind.

All of it is written for this project: samples in the manner of each editor and
generators over the Markdown renderers that people use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benches.peers.corpus import editors, mail, markdown, office, people


@dataclass(frozen=True)
class Sample:
    """One document and where it comes from."""

    kind: str
    html: str


def samples() -> Iterator[Sample]:
    """Yield all documents."""
    for module in (markdown, editors, office, mail, people):
        for kind, documents in module.DOCUMENTS.items():
            for html in documents:
                yield Sample(kind, html)
