"""`python -m benches.html_attacks`: what markup that is built to be expensive costs.

Each shape is made as long as the default `max_input` and sanitized (or searched for
links) in a process of its own, which says how much CPU time and memory that took and
what came of it. So is each in every other mode, of which the table names the slowest,
and in the drop-ins. The table is also written into README.md.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from benches.peers.harness.report import README, write_between
from benches.peers.harness.results import machine

SIZE = 1 << 20
MILLISECONDS = 50
MEBIBYTES = 32


def _fill(piece: str, *, start: str = "") -> str:
    count = (SIZE - len(start)) // len(piece.replace("#", "1234567"))
    body = (
        "".join(piece.replace("#", f"{number:07}") for number in range(count))
        if "#" in piece
        else piece * count
    )
    return start + body


def _halves(first: str, second: str, *, start: str = "") -> str:
    return (
        start
        + (_fill(first) * 2)[: SIZE // 2].rpartition("<")[0]
        + (second * (SIZE // 2 // len(second)))
    )


SHAPES: dict[str, Callable[[], str]] = {
    "formatting left open before paragraphs": lambda: _halves("<b id=#>", "<p>x"),
    "one long link before paragraphs": lambda: _fill(
        "<p>a", start=f"<a href={'A' * 10_000}>"
    ),
    "half of it one link": lambda: (
        f"<a href={'A' * (SIZE // 2)}>" + "<p>a" * (SIZE // 8 - 10)
    ),
    "nested div": lambda: _fill("<div>"),
    "div and wrong end tags": lambda: _halves("<div>", "</span>"),
    "nested lists": lambda: _fill("<ul><li>"),
    "foster parents": lambda: _fill("<b>x</b>", start="<table>"),
    "selectedcontent": lambda: _fill("<div><selectedcontent>"),
    "attributes on one tag": lambda: "<a" + _fill(" a#")[: SIZE - 3] + ">",
    "200 attributes on each tag": lambda: _fill(
        "<b" + "".join(f" a{number}" for number in range(200)) + ">x</b>"
    ),
    "references": lambda: _fill("&amp;"),
    "bare ampersands": lambda: _fill("&"),
    "ampersands and ignored tags": lambda: _fill("&</x-y>"),
    "bare less-than signs": lambda: _fill("<"),
    "unfinished tags": lambda: _fill("<a "),
    "unfinished attributes": lambda: _fill("<a b='"),
    "comments": lambda: _fill("<!--x-->"),
    "unfinished comments": lambda: _fill("<!--"),
    "raw text": lambda: _fill("<style>x</style>"),
    "unfinished raw text": lambda: _fill("<style>"),
    "unfinished ends of raw text": lambda: _fill("</style", start="<style>"),
    "nested svg": lambda: _fill("<svg><desc>"),
    "misnested b and p": lambda: _fill("<b><p></b></p>"),
    "misnested a and p": lambda: _fill("<a><p></a></p>"),
    "misnested font and p": lambda: _fill("<font><p></font></p>"),
    "a in div": lambda: _halves("<a id=#><div>", "</a>"),
    "URLs": lambda: _fill("<a href='https://a.example/:b'>x</a>"),
    "templates": lambda: _fill("<template>"),
    "buttons": lambda: _fill("<p><b id=#></b><button></p></button>"),
    "attributes of html": lambda: _fill("<html a#>"),
    "no-break spaces": lambda: _fill("«\u00a0».")[: SIZE // 2],
}


#: These are searched for links.
TEXTS: dict[str, Callable[[], str]] = {
    "names in names": lambda: _fill("a.a_"),
    "names and ports": lambda: _fill("a.a:"),
    "addresses": lambda: _fill("a@a.a_"),
    "schemes": lambda: _fill("http://_."),
}


def _works() -> dict[str, Callable[[str], object]]:
    from hauberk.compat import bleach, nh3
    from hauberk.html import Policy, Sanitizer, linkify, text, truncate

    def under(**changes: Any) -> Sanitizer:
        return Sanitizer(Policy.NH3.replace(**changes))

    return {
        "strip": under().sanitize,
        "linkify": linkify,
        "escape": under(on_disallowed="escape").sanitize,
        "drop": under(on_disallowed="drop").sanitize,
        "report": under().report,
        "styles": under(styles={"color", "background"}).sanitize,
        "on_limit": under(on_limit="text", max_depth=5).sanitize,
        "text": text,
        "truncate": lambda html: truncate(html, SIZE // 4, policy=Policy.NH3),
        "nh3.clean": lambda html: nh3.clean(html, tags={"a", "b", "div", "p"}),
        "bleach.clean": bleach.clean,
    }


#: What is measured of every shape beside stripping or, of texts, linking.
OTHERS = (
    "escape",
    "drop",
    "report",
    "styles",
    "on_limit",
    "text",
    "truncate",
    "nh3.clean",
)
DROP_IN = "bleach.clean"


def main() -> int:
    """Print the table and keep it; with a shape and a work, measure that one."""
    if len(sys.argv) > 1:
        print(_measure(*sys.argv[1:]))
        return 0
    lines = []
    for line in _table():
        print(line)
        lines.append(line)
    text = "\n".join(lines)
    write_between(README, _BEGIN, _END, f"\n{text}\n\n")
    return 0


class _Measured(NamedTuple):
    work: str
    milliseconds: float
    mebibytes: float
    outcome: str

    @property
    def is_over(self) -> bool:
        return self.milliseconds > MILLISECONDS or self.mebibytes > MEBIBYTES

    def __str__(self) -> str:
        mark = " (over)" if self.is_over else ""
        return f"{self.milliseconds:.1f} | {self.mebibytes:.1f} | {self.outcome}{mark}"


def _table() -> Iterator[str]:
    names = [*SHAPES, *TEXTS]
    width = max(map(len, names))
    columns = "CPU ms | MiB | answer"
    yield (
        f"| {'shape, 1 MiB':{width}} | {columns} | slowest mode | {columns}"
        f" | {DROP_IN} ms | MiB | answer |"
    )
    yield "|---|--:|--:|---|---|--:|--:|---|--:|--:|---|"
    over = dict.fromkeys(("strip or linkify", "other modes", DROP_IN), 0)
    for name in names:
        first = _run(name, "strip" if name in SHAPES else "linkify")
        others = [_run(name, work) for work in OTHERS]
        worst = max(others, key=lambda it: (it.is_over, it.milliseconds))
        drop_in = _run(name, DROP_IN)
        for column, measured in zip(over, ([first], others, [drop_in]), strict=True):
            over[column] += any(it.is_over for it in measured)
        yield f"| {name:{width}} | {first} | {worst.work} | {worst} | {drop_in} |"
    counts = ", ".join(f"{work} {count}" for work, count in over.items())
    yield (
        f"\nShapes over {MILLISECONDS} ms or {MEBIBYTES} MiB, of {len(names)}: "
        f"{counts}. {datetime.now(UTC).date()}; {machine()}."
    )


def _run(name: str, work: str) -> _Measured:
    command = [sys.executable, "-m", "benches.html_attacks", name, work]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    milliseconds, mebibytes, outcome = answer.stdout.strip().split("\t")
    return _Measured(work, float(milliseconds), float(mebibytes), outcome)


def _measure(name: str, kind: str) -> str:
    from hauberk.exceptions import HtmlError

    markup = {**SHAPES, **TEXTS}[name]()
    work = _works()[kind]
    # Warm, and with the text as UTF-8 that Python keeps.
    work("<b>x<svg></b>")
    markup.encode()
    before = _peak(forget=True)
    start = time.process_time_ns()
    try:
        answer = work(markup)
        outcome = f"{len(answer) / SIZE:.1f} MiB" if isinstance(answer, str) else "list"
    except HtmlError as error:
        outcome = type(error).__name__
    milliseconds = (time.process_time_ns() - start) / 1e6
    return f"{milliseconds:.1f}\t{(_peak() - before) / 1024:.1f}\t{outcome}"


def _peak(*, forget: bool = False) -> int:
    """Return the most memory there was, in KiB, since it was last forgotten.

    What making the input took must not hide what sanitizing it takes.
    """
    if not sys.platform.startswith("linux"):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if forget:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


_BEGIN = "<!-- attacks: written by `make bench-html-attacks`, do not edit -->"
_END = "<!-- end of attacks -->"

if __name__ == "__main__":
    sys.exit(main())
