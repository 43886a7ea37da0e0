"""Chromium without a window, and what it noticed in each page."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from typing import TYPE_CHECKING

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from tests.browser.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PATH", "browser", "notices"]

#: Where the browser is, None without one.
PATH = shutil.which("chromium") or shutil.which("google-chrome")

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
_LANES = 24  # frames at a time
_BATCH = 200  # pages a call, each of which is waited for less than a minute


@contextlib.contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """Start Chromium with a profile of its own, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = PATH or ""
        for flag in [*_FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        service = Service(shutil.which("chromedriver"))
        driver = webdriver.Chrome(options=options, service=service)
        driver.set_script_timeout(300)
        try:
            yield driver
        finally:
            driver.quit()


def notices(driver: webdriver.Chrome, pages: list[str]) -> list[set[str]]:
    """Open each page in a frame, act on it as a reader might, and return what it did."""
    found: list[set[str]] = [set() for _ in pages]
    with Server(pages) as server:
        driver.get(server.url)
        for start in range(0, len(pages), _BATCH):
            keys = list(range(start, min(start + _BATCH, len(pages))))
            results = driver.execute_async_script(
                "const [keys, lanes, done] = arguments; runAll(keys, lanes).then(done)",
                keys,
                _LANES,
            )
            for key, what in results:
                found[key] |= set(what)
        driver.get("about:blank")
    for key, paths in server.attacked.items():
        assert key >= 0, f"requests that no page is known for: {paths}"
        found[key] |= {f"request {path}" for path in paths}
    return found
