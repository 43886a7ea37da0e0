"""System checks: misconfiguration shows at start-up and not at the first request.

Ids below 100 are about settings and encryption, from 100 about passwords, from 200
about HTML, from 300 about tokens.
"""

from __future__ import annotations

from django.core import checks

from hauberk.django.checks.html import check_html as check_html
from hauberk.django.checks.keyrings import check_keyrings as check_keyrings
from hauberk.django.checks.passwords import check_passwords as check_passwords
from hauberk.django.checks.signing import check_signing as check_signing

__all__ = [
    "check_html",
    "check_keyrings",
    "check_passwords",
    "check_signing",
    "register",
]


def register() -> None:
    """Let Django run every check of hauberk."""
    for check in (check_html, check_keyrings, check_passwords, check_signing):
        checks.register(check, checks.Tags.security)
