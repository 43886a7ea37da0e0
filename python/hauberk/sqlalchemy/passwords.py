"""A column of password hashes.

```python
class User(Base):
    password: Mapped[HashedPassword] = mapped_column(PasswordHash())

user.password = "correct horse"            # hashed at once, never kept
user.password == "correct horse"           # True
if user.password.needs_rehash:
    user.password = typed
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import String, event
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import ClauseElement, operators
from sqlalchemy.types import TypeDecorator

from hauberk import compare_digest
from hauberk.exceptions import InvalidInputError, VerifyMismatchError
from hauberk.passwords import PasswordHasher
from hauberk.passwords.refusals import REFUSED, report

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.elements import ColumnElement

__all__ = ["HashedPassword", "PasswordHash"]


class HashedPassword:
    """A hash that knows how to verify passwords, and shows itself to nobody.

    `==` with a password is its verification; with another `HashedPassword` it asks
    whether the hashes are the same text.

    Args:
        encoded: The hash. What a user typed never belongs here: assign it to the column
            instead.
        hasher: What verifies, by default a `PasswordHasher` as it comes.

    >>> stored = HashedPassword(PasswordHasher().hash("correct horse"))
    >>> stored == "correct horse", stored == "wrong horse"
    (True, False)
    >>> stored
    <HashedPassword>
    """

    __slots__ = ("_encoded", "_hasher")

    def __init__(self, encoded: str, /, hasher: PasswordHasher | None = None) -> None:
        self._encoded = encoded
        self._hasher = hasher or _DEFAULT

    @property
    def encoded(self) -> str:
        """The hash as it is stored."""
        return self._encoded

    @property
    def needs_rehash(self) -> bool:
        """Whether new hashes have other parameters, another pepper or another scheme.

        Also True for a hash that cannot be read: the next right password replaces it.
        """
        try:
            return self._hasher.check_needs_rehash(self._encoded)
        except REFUSED:
            return True

    def verify(self, password: str | bytes) -> Literal[True]:
        """Return True, or raise as `PasswordHasher.verify` does.

        Raises:
            VerifyMismatchError: The password is another; and the others of
                `PasswordHasher.verify`.
        """
        return self._hasher.verify(self._encoded, password)

    async def averify(self, password: str | bytes) -> Literal[True]:
        """Do as `verify`, off the event loop."""
        return await self._hasher.averify(self._encoded, password)

    def verify_and_update(self, password: str | bytes) -> HashedPassword | None:
        """Return what to assign instead, or None if the hash is up to date.

        Raises:
            VerifyMismatchError: The password is another; and the others of `verify`.
        """
        updated = self._hasher.verify_and_update(self._encoded, password)
        return None if updated is None else HashedPassword(updated, self._hasher)

    async def averify_and_update(self, password: str | bytes) -> HashedPassword | None:
        """Do as `verify_and_update`, off the event loop."""
        updated = await self._hasher.averify_and_update(self._encoded, password)
        return None if updated is None else HashedPassword(updated, self._hasher)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, HashedPassword):
            return compare_digest(self._encoded, other._encoded)
        if not isinstance(other, (str, bytes)):
            return NotImplemented
        try:
            return self.verify(other)
        except (VerifyMismatchError, InvalidInputError):
            return False
        except REFUSED as error:
            report(error)
        return False

    def __hash__(self) -> int:
        return hash(self._encoded)

    def __repr__(self) -> str:
        return "<HashedPassword>"


class PasswordHash(TypeDecorator[HashedPassword]):
    """A column of password hashes.

    A `str` or `bytes` that is assigned to the mapped attribute is a password, is hashed
    there and then, and is not kept: even a text that looks like a hash. A hash that
    exists already, such as `await hasher.ahash(password)`, is assigned as
    `HashedPassword(...)`. What is loaded is a `HashedPassword`.

    Passwords in the values of an `insert()` or `update()` are hashed when the statement
    is executed. Should that fail, SQLAlchemy's error shows the parameters, unless the
    engine was made with `hide_parameters=True`.

    Columns cannot be compared with a password: every hash has its own salt.

    Args:
        hasher: Hashes and verifies, by default a `PasswordHasher` as it comes.
        length: Of the column, in characters.
    """

    impl = String
    cache_ok = True

    def __init__(
        self, hasher: PasswordHasher | None = None, *, length: int = 255
    ) -> None:
        super().__init__(length)
        self.hasher = hasher or _DEFAULT
        self.length = length

    def coerce(self, value: str | bytes | HashedPassword | None) -> Any:
        """Return what a value becomes when it is assigned."""
        if value is None or isinstance(value, HashedPassword):
            return value
        return HashedPassword(self.hasher.hash(value), self.hasher)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the hash to store."""
        del dialect
        hashed = self.coerce(value)
        return None if hashed is None else hashed.encoded

    def process_result_value(
        self, value: Any, dialect: Dialect
    ) -> HashedPassword | None:
        """Return the stored hash."""
        del dialect
        return None if value is None else HashedPassword(value, self.hasher)

    def compare_values(self, x: Any, y: Any) -> bool:
        """Return whether two values are the same hash; none is verified."""
        if isinstance(x, HashedPassword) and isinstance(y, HashedPassword):
            return x == y
        return x is y

    def copy(self, **_: Any) -> PasswordHash:
        """Return the same type for another column."""
        return PasswordHash(self.hasher, length=self.length)

    class Comparator(TypeDecorator.Comparator[HashedPassword]):
        """Only NULL is looked for in a column of hashes."""

        def operate(
            self, op: Callable[..., Any], *other: Any, **kwargs: Any
        ) -> ColumnElement[Any]:
            """Return the expression, or say that there is none."""
            if other and op in _COMPARISONS and not _may_compare(self.expr, other[0]):
                message = (
                    "Every hash has its own salt: load the row and compare its value "
                    "with the password."
                )
                raise InvalidInputError(message)
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator


def _may_compare(column: Any, other: Any) -> bool:
    """Return whether the other is NULL, or the column itself.

    Dictionaries of columns, which SQLAlchemy has, ask the latter by `==`.
    """
    if other is None:
        return True
    return isinstance(other, ClauseElement) and hash(other) == hash(column)


_COMPARISONS = {operators.eq, operators.ne, operators.in_op, operators.not_in_op}
_DEFAULT = PasswordHasher()


@event.listens_for(Mapper, "mapper_configured")
def _hash_on_assignment(mapper: Mapper[Any], class_: type) -> None:
    """Hash what is assigned to an attribute of this type."""
    for attribute in mapper.column_attrs:
        kind = attribute.columns[0].type
        if isinstance(kind, PasswordHash):
            _listen(getattr(class_, attribute.key), kind)


def _listen(attribute: Any, kind: PasswordHash) -> None:
    def assigned(target: object, value: Any, old: object, initiator: object) -> Any:
        del target, old, initiator
        return kind.coerce(value)

    event.listen(attribute, "set", assigned, retval=True, propagate=True)
