"""`python -m benches.html_attacks`: what markup that is built to be expensive costs.

Each shape is made as long as the default `max_input` and sanitized (or searched for
links) in a process of its own, which says how much CPU time and memory that took and
what came of it. The table is also written into README.md.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

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


def main() -> int:
    """Print the table and keep it; with a shape's name, measure that one."""
    if len(sys.argv) > 1:
        print(_measure(sys.argv[1]))
        return 0
    lines = []
    for line in _table():
        print(line)
        lines.append(line)
    text = "\n".join(lines)
    write_between(README, _BEGIN, _END, f"\n{text}\n\n")
    return 0


def _table() -> Iterator[str]:
    names = [*SHAPES, *TEXTS]
    width = max(map(len, names))
    yield f"| {'shape, 1 MiB':{width}} | CPU ms | MiB | answer |\n|---|--:|--:|---|"
    missed = 0
    for name in names:
        command = [sys.executable, "-m", "benches.html_attacks", name]
        answer = subprocess.run(command, capture_output=True, check=True, text=True)
        milliseconds, mebibytes, outcome = answer.stdout.strip().split("\t")
        within = float(milliseconds) <= MILLISECONDS and float(mebibytes) <= MEBIBYTES
        missed += not within
        mark = "" if within else " (over)"
        yield f"| {name:{width}} | {milliseconds} | {mebibytes} | {outcome}{mark} |"
    yield (
        f"\nOver {MILLISECONDS} ms or {MEBIBYTES} MiB: {missed} of {len(names)}. "
        f"{datetime.now(UTC).date()}; {machine()}."
    )


def _measure(name: str) -> str:
    from hauberk.exceptions import HtmlError
    from hauberk.html import Policy, Sanitizer, linkify

    if name in SHAPES:
        work, markup = Sanitizer(Policy.NH3).sanitize, SHAPES[name]()
    else:
        work, markup = linkify, TEXTS[name]()
    # Warm, and with the text as UTF-8 that Python keeps.
    work("<b>x<svg></b>")
    markup.encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time_ns()
    try:
        answer = f"{len(work(markup)) / SIZE:.1f} MiB"
    except HtmlError as error:
        answer = type(error).__name__
    milliseconds = (time.process_time_ns() - start) / 1e6
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{milliseconds:.1f}\t{(after - before) / 1024:.1f}\t{answer}"


_BEGIN = "<!-- attacks: written by `make bench-html-attacks`, do not edit -->"
_END = "<!-- end of attacks -->"

if __name__ == "__main__":
    sys.exit(main())
