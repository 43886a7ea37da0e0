"""Column types for SQLAlchemy."""

from hauberk.sqlalchemy.html import SanitizedHtml as SanitizedHtml
from hauberk.sqlalchemy.html import SanitizedText as SanitizedText
from hauberk.sqlalchemy.passwords import HashedPassword as HashedPassword
from hauberk.sqlalchemy.passwords import PasswordHash as PasswordHash
from hauberk.sqlalchemy.wrapping import wrap_passwords as wrap_passwords

__all__ = [
    "HashedPassword",
    "PasswordHash",
    "SanitizedHtml",
    "SanitizedText",
    "wrap_passwords",
]
