"""Columns by which encrypted ones are searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, event, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeDecorator

from hauberk.encryption import canonical
from hauberk.exceptions import ConfigurationError, InvalidInputError
from hauberk.sqlalchemy.encryption.schema import follow_defaults
from hauberk.sqlalchemy.encryption.types import DeterministicType, EncryptedType

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import FromClause
    from sqlalchemy.sql.elements import ColumnElement

    from hauberk.encryption import BlindIndex, Keyring
    from hauberk.encryption._normalizers import Normalizer

__all__ = ["BlindIndexType", "searched"]


class BlindIndexType(TypeDecorator[str]):
    """A column beside an encrypted one, by which its values are found.

    It is written whenever the other is: by the session, by `insert()` and `update()` of
    the ORM and of Core, one row or many. A statement that gives the other a SQL
    expression has to give this one as well. Comparing the other with `==`, `!=` and
    `in_()` asks this one, under every active index key, also in an `aliased()` class.

    Whoever sees the table sees which rows have the same value.

    Args:
        source: The key of the encrypted column, in the same table.
        name: The index's name among those of its column.
        bits: The length of an index, 1 to 256. Below 128 a search finds rows of other
            values as well, which the caller sorts out, and `!=` is refused.
        normalize: What makes values alike: see `Keyring.blind_index`.

    Raises:
        InvalidInputError: `bits` is out of range.
    """

    impl = String
    cache_ok = True

    # Nothing is keyword-only, as in EncryptedType.
    def __init__(
        self,
        source: str,
        name: str = "default",
        bits: int = 128,
        normalize: Normalizer | None = None,
    ) -> None:
        if not 1 <= bits <= _MOST_BITS:
            raise InvalidInputError(f"bits is 1 to {_MOST_BITS}.")
        super().__init__(-(-bits // 8) * 2)
        self.source = source
        self.name = name
        self.bits = bits
        self.normalize = normalize
        self._cached: tuple[Keyring, str, BlindIndex] | None = None

    def _set_parent(self, parent: Any, outer: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - SQLAlchemy's form
        super()._set_parent(parent, outer, **options)
        if outer:
            parent._on_table_attach(follow_defaults)  # noqa: SLF001 - as SQLAlchemy's own types do

    def index_of(self, kind: EncryptedType) -> BlindIndex:
        """Return what computes the index of a type's values.

        Raises:
            ConfigurationError: The type has no keyring.
        """
        keyring = kind.current_keyring
        cached = self._cached
        if cached is None or cached[0] is not keyring or cached[1] != kind.context:
            index = keyring.blind_index(
                kind.context, self.name, bits=self.bits, normalize=self.normalize
            )
            cached = self._cached = (keyring, kind.context, index)
        return cached[2]

    def computed(self, kind: EncryptedType, value: Any) -> str | None:
        """Return what stands beside a value of a type."""
        if value is None:
            return None
        return self.index_of(kind).compute(kind.compared(value))

    def source_in(self, table: FromClause) -> Any:
        """Return the encrypted column in a table.

        Raises:
            ConfigurationError: There is none of that key.
        """
        found = table.c.get(self.source)
        kind = None if found is None else found.type
        if not isinstance(kind, EncryptedType) or isinstance(kind, DeterministicType):
            raise ConfigurationError(
                f"A BlindIndexType is of {self.source!r}, which is no column of random "
                "ciphertexts of its table."
            )
        if not _has_one_form(kind):
            raise ConfigurationError(
                f"{self.source!r} cannot have an index: a value of JSON has many texts."
            )
        return found

    def __repr__(self) -> str:
        """Return the call that makes the type, for migrations."""
        # What normalizes changes no column, and may be a function.
        name = "" if self.name == "default" else f", name={self.name!r}"
        return f"BlindIndexType({self.source!r}{name}, bits={self.bits})"


def searched(
    expression: Any, kind: EncryptedType, op: Callable[..., Any], other: Any
) -> ColumnElement[Any] | None:
    """Return a comparison of the index beside a column; None if it has none.

    Raises:
        InvalidInputError: What is compared with is no value, or the index is too short
            to say that something is not there.
    """
    table: Any = getattr(expression, "table", None)
    for companion in () if table is None else table.c:
        index: Any = companion.type
        if isinstance(index, BlindIndexType) and index.source == expression.key:
            break
    else:
        return None
    if isinstance(other, ClauseElement):
        raise InvalidInputError(
            f"{kind.context} is encrypted: its index finds values, and no SQL "
            "expression."
        )
    index.source_in(table)
    values = other if op in (operators.in_op, operators.not_in_op) else [other]
    variants = [
        variant
        for value in values
        if value is not None
        for variant in index.index_of(kind).variants(kind.compared(value))
    ]
    column: ColumnElement[Any] = companion
    if op in (operators.eq, operators.in_op):
        return column.in_(variants)
    if index.bits < _ONE_VALUE:
        raise InvalidInputError(
            f"An index of {index.bits} bits stands for several values, and cannot say "
            "that a row has another."
        )
    return column.not_in(variants)


def _has_one_form(kind: EncryptedType) -> bool:
    return kind.canonical in _WITH_ONE_FORM


@event.listens_for(Mapper, "mapper_configured")
def _index_on_assignment(mapper: Mapper[Any], class_: type) -> None:
    """Keep the index in step with what is assigned to the encrypted attribute."""
    for attribute in mapper.column_attrs:
        column: Any = attribute.columns[0]
        if isinstance(column.type, BlindIndexType):
            source = column.type.source_in(column.table)
            encrypted = mapper.get_property_by_column(source)
            _listen(
                getattr(class_, encrypted.key), attribute.key, column.type, source.type
            )
            _follow(class_, encrypted.key, attribute.key, column.type, source.type)


def _follow(
    class_: type, source: str, companion: str, index: BlindIndexType, kind: Any
) -> None:
    """Keep the index in step with what a statement or a refresh has brought."""

    def refreshed(target: Any, context: object, names: Any) -> None:
        del context
        state: Any = inspect(target)
        if names is None or source not in names or companion in names:
            return
        if source in state.dict and companion in state.dict:
            value = index.computed(kind, state.dict[source])
            set_committed_value(target, companion, value)

    event.listen(class_, "refresh", refreshed, propagate=True)


def _listen(
    attribute: Any, companion: str, index: BlindIndexType, kind: EncryptedType
) -> None:
    def assigned(target: object, value: Any, old: object, initiator: object) -> None:
        del old, initiator
        if not isinstance(value, ClauseElement):
            setattr(target, companion, index.computed(kind, value))

    event.listen(attribute, "set", assigned, propagate=True)


_MOST_BITS: Final = 256
#: From this on an index stands for one value.
_ONE_VALUE: Final = 128
_WITH_ONE_FORM: Final = (
    canonical.BOOLEAN,
    canonical.BYTES,
    canonical.DATE,
    canonical.DATETIME,
    canonical.DECIMAL,
    canonical.DURATION,
    canonical.FLOAT,
    canonical.INTEGER,
    canonical.TEXT,
    canonical.TIME,
    canonical.UUID,
)
