"""Signed and timestamped text, and signed objects.

itsdangerous signs with HMAC-SHA1 unless told otherwise, Django and hauberk with
HMAC-SHA256; each is measured as it comes, against the quicker of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

import itsdangerous
from django.core import signing as django_signing

from benches.peers.harness import Contest, Domain, configure_django, equal_outputs
from benches.peers.harness.material import SALT, SECRET, SMALL_DICT
from hauberk import signing

VALUE = "user:4711:reset"
HOUR = 3600


def contests() -> Iterator[Contest]:
    configure_django()
    yield from _plain()
    yield from _timestamped()
    yield from _objects()


def _plain() -> Iterator[Contest]:
    ours = signing.Signer(SECRET, salt=SALT)
    pallets = itsdangerous.Signer(SECRET, salt=SALT)
    django = django_signing.Signer(key=SECRET, salt=SALT)
    yield Contest(
        work="sign",
        contestants={
            "hauberk": lambda: ours.sign(VALUE),
            "itsdangerous": lambda: pallets.sign(VALUE),
            "Django": lambda: django.sign(VALUE),
        },
        goal=15,
    )
    token, pallets_token, django_token = (
        ours.sign(VALUE),
        pallets.sign(VALUE),
        django.sign(VALUE),
    )
    yield Contest(
        work="unsign",
        contestants={
            "hauberk": lambda: ours.unsign(token),
            "itsdangerous": lambda: pallets.unsign(pallets_token).decode(),
            "Django": lambda: django.unsign(django_token),
        },
        goal=15,
        check=equal_outputs,
    )


def _timestamped() -> Iterator[Contest]:
    ours = signing.TimestampSigner(SECRET, salt=SALT)
    pallets = itsdangerous.TimestampSigner(SECRET, salt=SALT)
    django = django_signing.TimestampSigner(key=SECRET, salt=SALT)
    yield Contest(
        work="sign with the time",
        contestants={
            "hauberk": lambda: ours.sign(VALUE),
            "itsdangerous": lambda: pallets.sign(VALUE),
            "Django": lambda: django.sign(VALUE),
        },
        goal=15,
    )
    token, pallets_token, django_token = (
        ours.sign(VALUE),
        pallets.sign(VALUE),
        django.sign(VALUE),
    )
    yield Contest(
        work="unsign, not older than an hour",
        contestants={
            "hauberk": lambda: ours.unsign(token, max_age=HOUR),
            "itsdangerous": lambda: pallets.unsign(
                pallets_token, max_age=HOUR
            ).decode(),
            "Django": lambda: django.unsign(django_token, max_age=HOUR),
        },
        goal=15,
        check=equal_outputs,
        headline=True,
    )


def _objects() -> Iterator[Contest]:
    ours = signing.Serializer(SECRET, salt=SALT)
    pallets = itsdangerous.URLSafeTimedSerializer(SECRET, salt=SALT)
    yield Contest(
        work="dumps a small dict",
        contestants={
            "hauberk": lambda: ours.dumps(SMALL_DICT),
            "hauberk.signing.dumps": lambda: signing.dumps(
                SMALL_DICT, SECRET, salt=SALT
            ),
            "itsdangerous": lambda: pallets.dumps(SMALL_DICT),
            "Django": lambda: django_signing.dumps(SMALL_DICT, key=SECRET, salt=SALT),
        },
        goal=8,
    )
    token, pallets_token, django_token = (
        ours.dumps(SMALL_DICT),
        pallets.dumps(SMALL_DICT),
        django_signing.dumps(SMALL_DICT, key=SECRET, salt=SALT),
    )
    yield Contest(
        work="loads a small dict",
        contestants={
            "hauberk": lambda: ours.loads(token, max_age=HOUR),
            "hauberk.signing.loads": lambda: signing.loads(
                token, SECRET, salt=SALT, max_age=HOUR
            ),
            "itsdangerous": lambda: pallets.loads(pallets_token, max_age=HOUR),
            "Django": lambda: django_signing.loads(
                django_token, key=SECRET, salt=SALT, max_age=HOUR
            ),
        },
        goal=8,
        check=equal_outputs,
        headline=True,
    )


DOMAIN = Domain("Signing", contests, peers=("itsdangerous", "Django"))
