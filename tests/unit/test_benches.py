"""What the benchmarks write."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from benches.peers.harness import Contest, report, results
from benches.peers.harness.results import Result, Row

if TYPE_CHECKING:
    from pathlib import Path

README = "# About\n\n<!-- table -->\nold\n<!-- /table -->\n\nThe rest.\n"


def row(work: str, **settings: Any) -> Row:
    """A row in which we take 10 ns and the peer 55."""
    contest = Contest(
        work=work,
        contestants=dict.fromkeys(("hauberk", "hauberk.again", "peer"), lambda: None),
        **settings,
    )
    return Row.of(contest, [{"hauberk": 10.0, "hauberk.again": 20.0, "peer": 55.0}])


def result(title: str, *rows: Row, date: str = "2026-11-25") -> Result:
    """A domain's outcome."""
    versions = {"Python": "3.11.7", "hauberk": "0.1.0", f"peer of {title}": "1"}
    return Result(title, date, "a machine", 3, versions, list(rows))


def written(found: dict[str, Result], path: Path) -> str:
    """Let the table be written, twice, and return the text."""
    readme = path / "README.md"
    readme.write_text(README)
    for _ in range(2):
        report.write_headlines(found, readme)
    text = readme.read_text()
    assert text.startswith("# About\n\n<!-- table -->\n")
    assert text.endswith("<!-- /table -->\n\nThe rest.\n")
    assert "old" not in text
    return text


def test_marked_rows_stand_in_the_table(tmp_path: Path) -> None:
    """Marked rows, or the first two goals of a domain that has none."""
    found = {
        "tokens": result("Tokens", row("a"), row("b", goal=3, headline=True)),
        "html": result("HTML", row("c"), row("d", goal=1), row("e", goal=1)),
        "odd": result("Odd", row("f")),
    }
    text = written(found, tmp_path)
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    assert lines == [
        "| work | hauberk | its peer | times as fast |",
        "| HTML: d | 10.0 ns | peer 55.0 ns | 5.5x |",
        "| HTML: e | 10.0 ns | peer 55.0 ns | 5.5x |",
        "| Tokens: b | 10.0 ns | peer 55.0 ns | 5.5x |",
    ]


def test_every_date_and_version_is_told(tmp_path: Path) -> None:
    """One line for all that was measured on a day, with the versions of its peers."""
    found = {
        "a": result("A", row("a", goal=1)),
        "b": result("B", row("b", goal=1)),
        "c": result("C", row("c", goal=1), date="2026-11-26"),
    }
    text = written(found, tmp_path)
    ours = "Python 3.11.7, hauberk 0.1.0"
    where = "a machine; median of 3 runs"
    assert f"2026-11-25; {where}; {ours}, peer of A 1, peer of B 1.\n" in text
    assert f"2026-11-26; {where}; {ours}, peer of C 1.\n" in text


def test_what_was_not_measured_is_not_claimed(tmp_path: Path) -> None:
    """Without results there is no table, and without markers an error."""
    assert "Not measured yet." in written({}, tmp_path)
    (tmp_path / "README.md").write_text("nothing")
    with pytest.raises(ValueError, match="markers"):
        report.write_headlines({}, tmp_path / "README.md")


def test_results_of_before_headlines_are_read(tmp_path: Path) -> None:
    """A file without the newest field loads, and what is saved loads as it was."""
    path = tmp_path / "results.json"
    found = {"a": result("A", row("a", goal=1, headline=True))}
    results.save(found, path)
    assert results.load(path) == found
    del (old := asdict(found["a"].rows[0]))["headline"]
    assert Row(**old).headline is False


def test_the_readme_has_its_table() -> None:
    """The project's README has the markers, in their order."""
    text = report.PROJECT_README.read_text()
    assert 0 < text.index("<!-- table -->") < text.index("<!-- /table -->")
