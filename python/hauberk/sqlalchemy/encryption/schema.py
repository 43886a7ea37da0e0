"""What a table of ciphertexts can have, and what it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnDefault,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    event,
)
from sqlalchemy.sql.elements import ClauseElement

from hauberk.exceptions import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy import Table

__all__ = ["attached", "follow_defaults"]


def attached(column: Any, table: Table) -> None:
    """Look at an encrypted column that a table has got.

    Raises:
        ConfigurationError: The database would make its values, or would have to know
            which of them are equal.
    """
    kind = column.type
    generators = (column.default, column.onupdate)
    if (
        column.server_default is not None
        or column.server_onupdate is not None
        or any(_is_sql(one) for one in generators if one is not None)
    ):
        raise ConfigurationError(
            f"{kind.context} is encrypted: no database can make its values, so that "
            "its defaults are values or functions of Python."
        )
    if column.primary_key:
        raise _primary(kind)
    if not kind.deterministic and (column.unique or column.index):
        raise _indexed(kind)
    behind = any(getattr(one.type, "source", None) == column.key for one in table.c)
    if behind and any(one is not None for one in generators):
        raise ConfigurationError(
            f"{kind.context} has a default, which its BlindIndexType column follows: "
            "put that one behind it."
        )


def follow_defaults(companion: Any, table: Table) -> None:
    """Give an index the defaults of the column that it belongs to.

    They are made while a statement is executed, when its parameters are complete.
    """
    source: Any = table.c.get(companion.type.source)
    if source is None:
        return
    for for_update, default in ((False, source.default), (True, source.onupdate)):
        if default is not None:
            computed = ColumnDefault(_from_parameters(source), for_update=for_update)
            computed._set_parent_with_dispatch(companion)  # noqa: SLF001 - as Column does


def _from_parameters(source: Any) -> Any:
    """Return what computes an index from the parameters of a statement."""

    def computed(context: Any) -> str | None:
        column = context.current_column
        if getattr(column, "_is_multiparam_column", False):
            # A row of `values([…, …])`, whose parameters are numbered.
            index, key = column.original.type, f"{source.key}_m{column.index + 1}"
        else:
            index = column.type
            key = context.compiled._within_exec_param_key_getter(source)  # noqa: SLF001 - has no public name
        value = context.current_parameters.get(key)
        found: str | None = index.computed(source.type, value)
        return found

    return computed


def _is_sql(default: Any) -> bool:
    return not hasattr(default, "arg") or isinstance(default.arg, ClauseElement)


def _indexed(kind: Any) -> ConfigurationError:
    return ConfigurationError(
        f"{kind.context} is encrypted: equal values have different ciphertexts, which "
        "no index finds and no constraint compares. Put it on a BlindIndexType column."
    )


def _primary(kind: Any) -> ConfigurationError:
    return ConfigurationError(
        f"{kind.context} is encrypted, and changes with its key: it cannot be a "
        "primary key."
    )


@event.listens_for(PrimaryKeyConstraint, "after_parent_attach")
def _identified(constraint: Any, parent: Any) -> None:
    """Refuse a primary key of ciphertexts."""
    del parent
    for column in constraint.columns:
        if hasattr(column.type, "deterministic"):
            raise _primary(column.type)


@event.listens_for(UniqueConstraint, "after_parent_attach")
@event.listens_for(Index, "after_parent_attach")
def _compared(constraint: Any, parent: Any) -> None:
    """Refuse what would compare ciphertexts that are never equal."""
    del parent
    for column in constraint.columns:
        kind: Any = column.type
        if getattr(kind, "deterministic", True) is False:
            raise _indexed(kind)
