"""Column types for SQLAlchemy."""

from hauberk.sqlalchemy.passwords import HashedPassword as HashedPassword
from hauberk.sqlalchemy.passwords import PasswordHash as PasswordHash

__all__ = ["HashedPassword", "PasswordHash"]
