"""What the sanitizers let through does nothing in a browser.

Each payload is sanitized under each profile and by each drop-in, put into a page by
`innerHTML`, by `document.write` and by the templates of Django and Flask, read by the
browser, acted on as a reader might, written out, read again and acted on again. The raw
payloads go the same way, as control.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("selenium", reason="`make test-browser` installs it")

from django.template import Context, Template
from flask import Flask, render_template_string
from tests.browser.chromium import PATH, browser, notices
from tests.browser.payloads import PAYLOADS
from tests.browser.sanitizers import NAMED, SANITIZERS
from tests.browser.server import by_inner_html, by_write, head, tail

from hauberk.flask import Hauberk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium import webdriver

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PATH is None, reason="no Chromium here"),
]

INSERTIONS = {"innerHTML": by_inner_html, "document.write": by_write}


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """A browser for all tests of this module."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def app() -> Flask:
    """A Flask application with hauberk's filters."""
    made = Flask(__name__)
    Hauberk(made)
    return made


def by_django(html: str, policy: str) -> str:
    """Render a page whose Django template sanitizes the value that it shows."""
    show = (
        "{{ html|safe }}" if policy == "raw" else f'{{{{ html|sanitize:"{policy}" }}}}'
    )
    source = f"{{% load hauberk %}}{head()}{show}{tail()}"
    return Template(source).render(Context({"html": html}))


def by_flask(app: Flask, html: str, policy: str) -> str:
    """Render a page whose Jinja template sanitizes the value that it shows."""
    show = (
        "{{ html|safe }}" if policy == "raw" else f'{{{{ html|sanitize("{policy}") }}}}'
    )
    with app.test_request_context():
        return render_template_string(f"{head()}{show}{tail()}", html=html)


def test_there_are_many_payloads() -> None:
    """No two payloads are the same."""
    assert len({payload.html for payload in PAYLOADS}) == len(PAYLOADS) >= 500


@pytest.mark.usefixtures("app")
def test_raw_payloads_fire(driver: webdriver.Chrome, app: Flask) -> None:
    """The hooks notice each payload that a browser acts on, and no harmless text."""
    routes: list[Callable[[str], str]] = [
        *INSERTIONS.values(),
        lambda html: by_django(html, "raw"),
        lambda html: by_flask(app, html, "raw"),
    ]
    fired: set[str] = set()
    for route in routes:
        found = notices(driver, [route(payload.raw) for payload in PAYLOADS])
        fired |= {
            payload.name
            for payload, what in zip(PAYLOADS, found, strict=True)
            if what - {"broke out"}
        }
    quiet = [route("<p>Fine <b>shop</b> &lt;script&gt;") for route in routes]

    assert {payload.name for payload in PAYLOADS if payload.fires} == fired
    assert notices(driver, quiet) == [set()] * len(quiet)


@pytest.mark.parametrize("insertion", INSERTIONS)
@pytest.mark.parametrize("sanitizer", SANITIZERS)
def test_sanitized_payloads_do_nothing(
    driver: webdriver.Chrome, sanitizer: str, insertion: str
) -> None:
    """No script runs, nothing is fetched or clobbered, and nobody is sent elsewhere."""
    clean = SANITIZERS[sanitizer]
    pages = {clean(payload.html): payload.name for payload in PAYLOADS}
    found = notices(driver, [INSERTIONS[insertion](html) for html in pages])

    assert not {
        name: (html, what)
        for (html, name), what in zip(pages.items(), found, strict=True)
        if what
    }


@pytest.mark.parametrize("framework", ["Django", "Flask"])
@pytest.mark.parametrize("policy", NAMED)
def test_templates_show_payloads_that_do_nothing(
    driver: webdriver.Chrome, app: Flask, policy: str, framework: str
) -> None:
    """The filters of the templates are as safe as the functions."""
    pages = {
        by_django(payload.html, policy)
        if framework == "Django"
        else by_flask(app, payload.html, policy): payload
        for payload in PAYLOADS
    }
    found = notices(driver, list(pages))

    assert not {
        payload.name: (payload.html, what)
        for payload, what in zip(pages.values(), found, strict=True)
        if what
    }
