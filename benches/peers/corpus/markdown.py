"""What Markdown renderers make of a few texts."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

TEXTS = [
    "Just one line with *emphasis*, `code` & a <https://example.org/?a=1&b=2>.",
    """# Release notes

Version **2.4** is out. It brings:

- faster start-up (about 30 %)
- a `--dry-run` flag
    - nested: see [the guide](https://example.org/guide "The guide")
- fixes for *several* crashes

> "Finally!" said somebody
> on the mailing list.

1. Download it
2. Check the checksum

       sha256sum release.tar.gz

3. Install

---

![Diagram](https://example.org/diagram.png "How it fits")
""",
    """## Table of prices

| Item | Price | Note |
|:-----|------:|:----:|
| Screw | 0.10 € | *sold in hundreds* |
| Nut & bolt | 0.25 € | `M6` |
| Anvil | 99.00 € | heavy |

```python
def total(items):
    return sum(item.price for item in items if item.price < 100)
```

Some `inline <b>code</b>` and a line  
break. Fußnoten und Umlaute: äöüß, "Anführungszeichen" — Gedankenstrich.

Term with ~~mistake~~ correction. See https://example.org/auto.
""",
    """Hello @all,

did anybody manage to build this on **Debian**? I get

    error: cannot find -lfoo

and no idea what to do. Here is what I tried:

* apt install libfoo-dev
* export LIBRARY_PATH=/usr/local/lib

Thanks!
""",
]
#: A page of documentation, some 12 KB when rendered, and an article of about 30 KB.
PAGE = "\n".join(TEXTS[1:]) * 6
ARTICLE = "\n".join(TEXTS) * 15


def _renderers() -> dict[str, Callable[[str], str]]:
    python_markdown = import_module("markdown")
    markdown_it = import_module("markdown_it")
    mistune = import_module("mistune")
    extensions = ["extra", "sane_lists", "toc"]
    table = mistune.create_markdown(plugins=["table", "strikethrough", "footnotes"])
    return {
        "python-markdown": lambda text: python_markdown.markdown(
            text, extensions=extensions
        ),
        "markdown-it-py": markdown_it.MarkdownIt("gfm-like", {"linkify": False}).render,
        "mistune": lambda text: str(table(text)),
    }


DOCUMENTS = {
    name: [render(text) for text in [*TEXTS, PAGE, ARTICLE]]
    for name, render in _renderers().items()
}
