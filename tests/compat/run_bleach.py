"""Run bleach's own test-suite against `hauberk.compat.bleach`.

    python -m tests.compat.run_bleach [arguments of pytest]

In this process `bleach` is our package.
"""

from __future__ import annotations

import sys
from types import ModuleType

from tests.compat import suite

from hauberk.compat import bleach
from hauberk.compat.bleach import (
    callbacks,
    css_sanitizer,
    html5lib_shim,
    linkifier,
    sanitizer,
)

REQUIREMENT = (
    "bleach==6.4.0 --hash="
    "sha256:4202482733d85cedd04e59fcb2f89f4e4c7c385a78d3c3c23c30446843a37452"
)

#: The other files, test_html5lib_shim.py and test_parse_shim.py, test what bleach has
#: vendored: html5lib's tokenizer and a copy of `urllib.parse`.
FILES = [
    "test_clean.py",
    "test_linkify.py",
    "test_callbacks.py",
    "test_css.py",
    "test_unicode.py",
]

#: Cases that must fail, and why. There are none.
DIFFERENT: dict[str, type[BaseException]] = {}

#: What the suite takes from the html5lib inside bleach: the elements whose content is
#: raw text.
RAW = ["iframe", "noembed", "noframes", "noscript", "script", "style", "xmp"]


def replace_bleach() -> None:
    """Let `import bleach` and its submodules mean ours, for this process."""
    sys.modules["bleach"] = bleach
    for module in (callbacks, css_sanitizer, html5lib_shim, linkifier, sanitizer):
        name = module.__name__.rpartition(".")[2]
        sys.modules[f"bleach.{name}"] = module
    constants = ModuleType("bleach._vendor.html5lib.constants")
    vars(constants)["rcdataElements"] = frozenset(RAW)
    for name in ("bleach._vendor", "bleach._vendor.html5lib"):
        sys.modules[name] = ModuleType(name)
    sys.modules[constants.__name__] = constants
    # test_css.py is skipped without; ours needs no other CSS parser.
    sys.modules.setdefault("tinycss2", ModuleType("tinycss2"))


if __name__ == "__main__":
    replace_bleach()
    sys.exit(suite.run(REQUIREMENT, FILES, DIFFERENT, sys.argv[1:]))
