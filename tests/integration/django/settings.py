"""The Django project that the integration tests drive."""

import pymysql
from tests import services

from hauberk.encryption import Keyring

SECRET_KEY = "for-the-tests-only-" + "k" * 40

ALLOWED_HOSTS = ["testserver", "localhost"]
DEBUG = False
USE_TZ = True
ROOT_URLCONF = "tests.integration.django.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "hauberk.django",
    "tests.integration.django.records",
    "tests.integration.django.reviews",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
for alias, url in (("postgres", services.POSTGRES), ("mysql", services.MYSQL)):
    if services.answers(url):
        DATABASES[alias] = services.django_database(url)

# Django asks for mysqlclient and looks at its version; PyMySQL stands in for it.
pymysql.version_info = (2, 2, 7, "final", 0)
pymysql.install_as_MySQLdb()

HAUBERK = {"KEYRINGS": {"default": Keyring.generate()}}

# From Django 6.1 on a project says how it sends mail; earlier ones do not ask.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
