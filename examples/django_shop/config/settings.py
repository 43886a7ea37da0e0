"""Settings of the example shop. The lines that switch hauberk on are marked."""

from __future__ import annotations

import os
from pathlib import Path

from hauberk import Keyring, tokens

BASE_DIR = Path(__file__).resolve().parent.parent

# Everything that the shop writes is in one folder, which a deployment would mount.
VAR_DIR = Path(os.environ.get("SHOP_VAR", BASE_DIR / "var"))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def secret(name: str) -> str:
    """Read a secret from the folder, making it at the first start."""
    path = VAR_DIR / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(tokens.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = secret("secret_key")
JWT_SECRET = secret("jwt_secret")
KEYRING = VAR_DIR / "keyring.json"
if not KEYRING.exists():
    Keyring.generate().save(KEYRING)

DEBUG = os.environ.get("SHOP_DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hauberk.django",  # hauberk
    "store",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "shop.sqlite3",
    },
}

PASSWORD_HASHERS = [
    "hauberk.django.hashers.Argon2PasswordHasher",  # hauberk
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SIGNING_BACKEND = "hauberk.django.signing.TimestampSigner"  # hauberk
HAUBERK = {"KEYRINGS": {"default": KEYRING}}  # hauberk

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
