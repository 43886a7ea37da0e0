"""Types of columns that hold ciphertexts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

from hauberk.encryption import Cipher, Keyring
from hauberk.encryption.plaintext import count_plaintext
from hauberk.encryption.wire import Wire
from hauberk.exceptions import (
    ConfigurationError,
    DecryptionError,
    NotEncryptedError,
)
from hauberk.sqlalchemy.encryption.comparing import Comparator, DeterministicComparator
from hauberk.sqlalchemy.encryption.schema import attached
from hauberk.sqlalchemy.encryption.values import (
    canonical_of,
    comparable,
    from_plaintext,
    other_storage,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.engine import Dialect

__all__ = ["DeterministicType", "EncryptedType"]


class EncryptedType(TypeDecorator[Any]):
    """A column of ciphertexts whose values have a type of their own.

    None is NULL; every other value is encrypted and comes back with its type. Only NULL
    can be looked for, except through a `BlindIndexType` column beside it. A statement
    that computes with ciphertexts, or that gives the column an SQL expression which is
    none, is an `InvalidInputError` when it is executed; SQL in text is not looked at.
    If a statement fails, SQLAlchemy's error shows its parameters, unless the engine was
    made with `hide_parameters=True`.

    Args:
        underlying: The type of the values.
        context: What the values are, `"shop.User.email"` for instance. What is sealed
            in one context opens in no other, so never change it.
        keyring: A `Keyring`, or a function that returns one. Without it the type can
            stand in a migration, and reads and writes nothing.
        storage: Whether the column holds `"text"`, or `"binary"`, which is a quarter
            shorter. Altering the column's type does not convert what it holds.
        previous: Readers of `hauberk.encryption.readers` for what another package
            encrypted, until `reencrypt()` is done.
        allow_plaintext: Whether what does not look encrypted is read as it is, counted
            (`plaintext_reads()`) and logged, until `reencrypt()` is done.

    Raises:
        ConfigurationError: `underlying` is a type without an encrypted form, or
            `storage` is neither of the two.
    """

    impl: Any = Text
    cache_ok = True
    #: Whether equal values have equal ciphertexts.
    deterministic: ClassVar[bool] = False
    #: Whether the first argument of the constructor is the underlying type.
    names_underlying: ClassVar[bool] = True

    # Nothing is keyword-only: SQLAlchemy leaves such parameters out of the key under
    # which it caches statements, and one context's would be executed for another's.
    def __init__(
        self,
        underlying: TypeEngine[Any] | type[TypeEngine[Any]],
        context: str,
        keyring: Keyring | Callable[[], Keyring] | None = None,
        storage: Literal["text", "binary"] = "text",
        previous: Sequence[Any] = (),
        allow_plaintext: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        super().__init__()
        if storage not in ("text", "binary"):
            raise ConfigurationError("storage is 'text' or 'binary'.")
        self.underlying = underlying() if isinstance(underlying, type) else underlying
        self.context = context
        self.keyring = keyring
        self.storage = storage
        self.previous = tuple(previous)
        self.allow_plaintext = allow_plaintext
        self.canonical = canonical_of(self.underlying)
        self.impl = self._column()
        self._cached: tuple[Keyring, Wire] | None = None

    def _column(self) -> TypeEngine[Any]:
        if self.storage == "binary":
            large: TypeEngine[Any] = mysql.LONGBLOB()
            return LargeBinary().with_variant(large, "mysql", "mariadb")
        return Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")

    # -- keys --------------------------------------------------------------------------

    @property
    def current_keyring(self) -> Keyring:
        """The keyring.

        Raises:
            ConfigurationError: The type was made without one.
        """
        keyring = self.keyring
        if keyring is None:
            raise ConfigurationError(f"The type of {self.context} has no keyring.")
        return keyring if isinstance(keyring, Keyring) else keyring()

    @property
    def wire(self) -> Wire:
        """The cipher."""
        keyring = self.current_keyring
        cached = self._cached
        if cached is None or cached[0] is not keyring:
            cached = self._cached = (keyring, Wire.of(self, keyring))
        return cached[1]

    # -- values ------------------------------------------------------------------------

    def written(self, value: Any) -> Any:
        """Return the written form of a value.

        Raises:
            InvalidInputError: The value is of another type.
        """
        return written(self.canonical, value)

    def compared(self, value: Any) -> Any:
        """Return the written form in which equal values are the same.

        Raises:
            InvalidInputError: The value is of another type.
        """
        return comparable(self.canonical, self.written(value))

    def form_of(self, value: Any) -> Any:
        """Return the written form of what the column holds, whoever wrote it.

        Raises:
            DecryptionError: It does not open.
        """
        try:
            return self.wire.open(value)
        except _SEAMS as error:
            return self.written(self._otherwise(value, error))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return the ciphertext of a value."""
        del dialect
        return None if value is None else self.wire.seal(self.written(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the value of a ciphertext."""
        del dialect
        if value is None:
            return None
        try:
            form = self.wire.open(value)
        except _SEAMS as error:
            return self._otherwise(value, error)
        try:
            return self.canonical.decode(form)
        except (TypeError, ValueError, ArithmeticError):
            # The message would show the value.
            raise self._of_another_type() from None

    def _otherwise(self, value: Any, error: Exception) -> Any:
        """Read what did not open; as plaintext only what looks like nothing of ours."""
        if isinstance(error, DecryptionError) and type(error) is not NotEncryptedError:
            error.add_note(f"It is a value of {self.context}.")
            raise error
        if isinstance(error, UnicodeError):
            raise self._of_another_type() from None
        for reader in self.previous:
            if reader.is_encrypted(value):
                return self._from_plaintext(reader.decrypt(value))
        if isinstance(value, _TEXT_OR_BYTES) and other_storage(self, value):
            raise DecryptionError(
                f"A value of {self.context} is a ciphertext of the other storage. A "
                "change of storage does not convert the column."
            ) from None
        if not self.allow_plaintext:
            raise NotEncryptedError(
                f"A value of {self.context} is not encrypted. If the table is being "
                "encrypted, set allow_plaintext or previous until reencrypt() is done."
            ) from None
        count_plaintext(self.context)
        return self._from_plaintext(value)

    def _from_plaintext(self, value: Any) -> Any:
        try:
            return from_plaintext(self.canonical, value)
        except Exception:  # noqa: BLE001 - the messages show the value
            raise self._of_another_type() from None

    def _of_another_type(self) -> DecryptionError:
        return DecryptionError(
            f"A value of {self.context} is of another type than the column."
        )

    def is_alike(self, other: Any) -> bool:
        """Return whether the ciphertexts of another type are this one's as well."""
        return (
            isinstance(other, EncryptedType)
            and (other.context, other.storage) == (self.context, self.storage)
            and other.deterministic == self.deterministic
            and other.keyring == self.keyring
        )

    # -- what SQLAlchemy asks ----------------------------------------------------------

    @property
    def hashable(self) -> bool:  # type: ignore[override]
        """Whether values can be members of a set."""
        return bool(self.underlying.hashable)

    @property
    def python_type(self) -> type[Any]:
        """The type of the values."""
        return self.underlying.python_type

    def _set_parent(self, parent: Any, outer: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - SQLAlchemy's form
        super()._set_parent(parent, outer, **options)
        if outer:
            parent._on_table_attach(attached)  # noqa: SLF001 - as SQLAlchemy's own types do

    def compare_values(self, x: Any, y: Any) -> bool:
        """Return whether two values are the same."""
        return self.underlying.compare_values(x, y)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Return this type: what is compared with ciphertexts is none of another."""
        del op, value
        return self

    def __repr__(self) -> str:
        """Return the call that makes the type without its keys, for migrations."""
        arguments = [f"context={self.context!r}"]
        if self.names_underlying:
            arguments.insert(0, _named(self.underlying))
        if self.storage != "text":
            arguments.append(f"storage={self.storage!r}")
        return f"{type(self).__name__}({', '.join(arguments)})"

    comparator_factory = Comparator


class DeterministicType(EncryptedType):
    """A column in which equal values have equal ciphertexts.

    It can be compared with `==`, `!=` and `in_()`, be unique, be joined, and stand in
    GROUP BY and DISTINCT. Whoever sees the table sees which rows have the same value.
    Values are found under any active key; what compares rows with each other, a unique
    constraint or a join, holds among those of one key, until `reencrypt()` is done.
    Equal numbers are written alike: 1.50 comes back as 1.5, and -0.0 as 0.0.

    Args:
        underlying: The type of the values.
        options: Those of `EncryptedType`.
    """

    cache_ok = True
    deterministic = True

    def __init__(
        self, underlying: TypeEngine[Any] | type[TypeEngine[Any]], **options: Any
    ) -> None:
        super().__init__(underlying, **options)

    def written(self, value: Any) -> Any:
        """Return the written form that all equal values have.

        Raises:
            InvalidInputError: The value is of another type.
        """
        return comparable(self.canonical, super().written(value))

    def form_of(self, value: Any) -> Any:
        """Return the written form of what the column holds, whoever wrote it.

        Raises:
            DecryptionError: It does not open.
            InvalidInputError: It is of another type.
        """
        return comparable(self.canonical, super().form_of(value))

    def _column(self) -> TypeEngine[Any]:
        length = getattr(self.underlying, "length", None)
        if self.storage == "text" and isinstance(length, int):
            # So that MySQL can index it. A character has up to four bytes in UTF-8.
            return String(Cipher.ciphertext_length(4 * length))
        return super()._column()

    comparator_factory = DeterministicComparator


def _named(kind: TypeEngine[Any]) -> str:
    """Return a type as migrations call it."""
    module = type(kind).__module__
    prefix = "sa" if module.startswith("sqlalchemy.sql.") else module
    return f"{prefix}.{kind!r}"


#: What opening raises: TypeError if the column is not even text, UnicodeError if the
#: plaintext is none.
_SEAMS: Final = (DecryptionError, TypeError, UnicodeError)
_TEXT_OR_BYTES: Final = (str, bytes, bytearray, memoryview)
