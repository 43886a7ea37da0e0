"""`python -m benches.html_attacks`: what markup that is built to be expensive costs.

Each shape is made as long as the default `max_input` and sanitized in a process of its
own, which says how much CPU time and memory that took and what came of it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable

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


def main() -> int:
    """Print the table; with a shape's number, measure that one."""
    if len(sys.argv) > 1:
        print(_measure(list(SHAPES.values())[int(sys.argv[1])]))
        return 0
    print(f"| {'shape, 1 MiB':40} | CPU ms | MiB | answer |\n|---|--:|--:|---|")
    missed = 0
    for number, name in enumerate(SHAPES):
        command = [sys.executable, "-m", "benches.html_attacks", str(number)]
        answer = subprocess.run(command, capture_output=True, check=True, text=True)
        milliseconds, mebibytes, outcome = answer.stdout.strip().split("\t")
        within = float(milliseconds) <= MILLISECONDS and float(mebibytes) <= MEBIBYTES
        missed += not within
        mark = "" if within else " (over)"
        print(f"| {name:40} | {milliseconds} | {mebibytes} | {outcome}{mark} |")
    print(f"\nOver {MILLISECONDS} ms or {MEBIBYTES} MiB: {missed} of {len(SHAPES)}.")
    return 0


def _measure(make: Callable[[], str]) -> str:
    from hauberk.exceptions import HtmlError
    from hauberk.html import Policy, Sanitizer

    sanitizer = Sanitizer(Policy.NH3)
    markup = make()
    # Warm, and with the text as UTF-8 that Python keeps.
    sanitizer.sanitize("<b>x<svg></b>")
    markup.encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time_ns()
    try:
        answer = f"{len(sanitizer.sanitize(markup)) / SIZE:.1f} MiB"
    except HtmlError as error:
        answer = type(error).__name__
    milliseconds = (time.process_time_ns() - start) / 1e6
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{milliseconds:.1f}\t{(after - before) / 1024:.1f}\t{answer}"


if __name__ == "__main__":
    sys.exit(main())
