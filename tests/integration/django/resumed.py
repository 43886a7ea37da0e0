"""The project once more, for a process that is killed: Django's own costs."""

import json
import os

from tests.integration.django.settings import *  # noqa: F403

if "HAUBERK_TEST_DATABASE" in os.environ:
    DATABASES = {"default": json.loads(os.environ["HAUBERK_TEST_DATABASE"])}
PASSWORD_HASHERS = [
    "hauberk.django.hashers.Argon2PasswordHasher",
    "hauberk.django.hashers.WrappedPasswordHasher",
]
