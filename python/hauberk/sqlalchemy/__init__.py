"""Column types for SQLAlchemy."""

from hauberk.sqlalchemy.html import SanitizedHtml as SanitizedHtml
from hauberk.sqlalchemy.html import SanitizedText as SanitizedText
from hauberk.sqlalchemy.passwords import HashedPassword as HashedPassword
from hauberk.sqlalchemy.passwords import PasswordHash as PasswordHash

__all__ = ["HashedPassword", "PasswordHash", "SanitizedHtml", "SanitizedText"]
