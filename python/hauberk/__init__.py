"""Fast, misuse-resistant security primitives for Django and Flask, with a Rust core.

Importing this package loads one extension and no framework. What an application needs
first is here; everything else is in the module of its domain.
"""

from hauberk import encryption as encryption
from hauberk import exceptions as exceptions
from hauberk import html as html
from hauberk import jwt as jwt
from hauberk import passwords as passwords
from hauberk import signing as signing
from hauberk import tokens as tokens
from hauberk._rust import compare_digest as compare_digest
from hauberk.encryption import Keyring as Keyring
from hauberk.exceptions import HauberkError as HauberkError
from hauberk.html import Policy as Policy
from hauberk.html import Sanitizer as Sanitizer
from hauberk.html import sanitize as sanitize
from hauberk.passwords import PasswordHasher as PasswordHasher

__version__ = "0.1.0"

__all__ = [
    "HauberkError",
    "Keyring",
    "PasswordHasher",
    "Policy",
    "Sanitizer",
    "__version__",
    "compare_digest",
    "encryption",
    "exceptions",
    "html",
    "jwt",
    "passwords",
    "sanitize",
    "signing",
    "tokens",
]
