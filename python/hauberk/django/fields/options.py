"""System checks of encrypted fields: what cannot work is said before it is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import checks
from django.db import connections
from django.db.models import AutoField, F, Field, GeneratedField
from django.db.models.fields import NOT_PROVIDED, AutoFieldMixin

from hauberk.encryption import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Field = Field[Any, Any]
else:
    _Field = object

__all__ = ["Checked"]


class Checked(_Field):
    """The system checks of an encrypted field.

    `hauberk.E002`: an option compares ciphertexts or stores plaintext.
    `hauberk.E003`: a field is bound to a row that has no key before it is saved.
    `hauberk.E004`: a constraint, an index or the ordering of the model uses the column.
    `hauberk.E005`: options contradict each other.
    `hauberk.W001`: `allow_plaintext` is on.
    `hauberk.W002`: the index of a field of two values shows them.
    """

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Return what Django's field finds, and what is wrong with the encryption."""
        return [
            *super().check(**kwargs),
            *_check_options(self),
            *_check_contradictions(self, kwargs.get("databases") or ()),
            *_check_binding(self),
            *_check_model(self),
            *_check_warnings(self),
        ]


def _check_options(field: Any) -> Iterator[checks.CheckMessage]:
    hint = (
        "Equal values have different ciphertexts, and the database must not see the "
        "plaintext."
    )
    names = ["primary_key"]
    if not field.deterministic:
        names += ["unique", "db_index"]
    useless = [name for name in names if getattr(field, name, False)]
    useless += [
        option
        for option in ("unique_for_date", "unique_for_month", "unique_for_year")
        if getattr(field, option, None)
    ]
    if getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED:
        useless.append("db_default")
    for option in useless:
        if option in ("unique", "db_index"):
            hint = "Use index=BlindIndexSpec(unique=True), or deterministic=True."
        message = f"An encrypted field cannot have {option}."
        yield checks.Error(message, hint=hint, obj=field, id="hauberk.E002")


def _check_contradictions(field: Any, databases: Any) -> Iterator[checks.CheckMessage]:
    def error(message: str, hint: str) -> checks.CheckMessage:
        return checks.Error(message, hint=hint, obj=field, id="hauberk.E005")

    if field.deterministic and field.index:
        yield error(
            "A deterministic field needs no index.", "Remove deterministic or index."
        )
    if field.deterministic and field.bind:
        yield error(
            "A deterministic field cannot be bound to its row.",
            "Bound to its row, no value equals another's.",
        )
    if field.index and not _indexable(field):
        yield error(
            f"{type(field).__name__} cannot have an index.",
            "A value of JSON has many texts; index a part of it in a field of its own.",
        )
    if field.allow_plaintext and field.storage == "binary" and not _holds_bytes(field):
        yield error(
            "Plaintext cannot be read from a column of bytes.",
            "PostgreSQL changes backslashes when text becomes bytes: use "
            "storage='text'.",
        )
    for alias in databases:
        connection = connections[alias]
        if (
            field.deterministic
            and (field.unique or field.db_index)
            and connection.vendor == "mysql"
            and not getattr(connection, "mysql_is_mariadb", False)
        ):
            yield error(
                f"MySQL ({alias}) cannot index the text of a ciphertext.",
                "Use index=BlindIndexSpec() instead of deterministic=True.",
            )


def _check_binding(field: Any) -> Iterator[checks.CheckMessage]:
    if not field.bind or field.model._meta.abstract:  # noqa: SLF001 - public in effect
        return
    key = field.model._meta.pk  # noqa: SLF001
    generated = isinstance(key, AutoField | AutoFieldMixin) or (
        getattr(key, "db_default", NOT_PROVIDED) is not NOT_PROVIDED
    )
    if generated or not hasattr(key, "attname") or len(_key_fields(field.model)) != 1:
        yield checks.Error(
            f"bind='pk' needs a primary key that is known before the row is saved; "
            f"{type(key).__name__} is not.",
            hint="Use id = UUIDField(primary_key=True, default=uuid4).",
            obj=field,
            id="hauberk.E003",
        )


def _check_model(field: Any) -> Iterator[checks.CheckMessage]:
    options = field.model._meta  # noqa: SLF001 - public in effect
    uses = []
    if not field.deterministic:
        uses += [
            f"the constraint {one.name}"
            for one in options.constraints
            if field.name in _names_in(one) and not _asks_only_for_null(one, field)
        ]
        uses += [
            f"the index {one.name}"
            for one in options.indexes
            if field.name in _names_in(one)
        ]
        uses += [
            "unique_together"
            for names in options.unique_together
            if field.name in names
        ]
    uses += [
        f"the generated field {one.name}"
        for one in options.local_fields
        if isinstance(one, GeneratedField)
        and field.name in _references(getattr(one, "expression"))  # noqa: B009 - unknown to the stubs
    ]
    uses += [
        f"the relation {relation.field}"
        for relation in options.related_objects
        if field in getattr(relation.field, "foreign_related_fields", ())
    ]
    if field.name in {_ordering_name(one) for one in options.ordering or ()}:
        uses.append("Meta.ordering")
    instead = f"Use {field.index_columns[0]}" if field.index_columns else "Use an index"
    for use in uses:
        yield checks.Error(
            f"{field} is encrypted, and {use} compares ciphertexts.",
            hint=f"{instead} where equality is enough; ciphertexts have no order.",
            obj=field.model,
            id="hauberk.E004",
        )


def _check_warnings(field: Any) -> Iterator[checks.CheckMessage]:
    if field.allow_plaintext:
        yield checks.Warning(
            f"{field} reads plaintext as if it had been encrypted.",
            hint="Run hauberk_reencrypt, and remove allow_plaintext.",
            obj=field,
            id="hauberk.W001",
        )
    if field.index and field.canonical is canonical.BOOLEAN:
        yield checks.Warning(
            f"The index of {field} shows which rows are alike, of two kinds.",
            hint="Remove the index.",
            obj=field,
            id="hauberk.W002",
        )


def _holds_bytes(field: Any) -> bool:
    return field.canonical is canonical.BYTES


def _indexable(field: Any) -> bool:
    return getattr(field, "indexable", True)


def _key_fields(model: Any) -> tuple[Any, ...]:
    options = model._meta  # noqa: SLF001 - public in effect
    return tuple(getattr(options, "pk_fields", (options.pk,)))


def _names_in(one: Any) -> set[str]:
    """Return the names of the fields that a constraint or an index uses."""
    names = {str(name).lstrip("-") for name in getattr(one, "fields", ())}
    names |= set(getattr(one, "include", None) or ())
    expressions: list[Any] = [getattr(one, "condition", None)]
    for expression in getattr(one, "expressions", None) or ():
        # An exclusion constraint has pairs of an expression and an operator.
        paired = isinstance(expression, tuple)
        expressions.append(expression[0] if paired else expression)
    for expression in expressions:
        names |= _references(expression)
    return names


def _references(expression: Any) -> set[str]:
    if isinstance(expression, str):
        return {expression}
    if isinstance(expression, tuple) and len(expression) == 2:  # noqa: PLR2004 - a pair
        name = str(expression[0]).split("__")[0]
        return {name} | _references(expression[1])
    if isinstance(expression, F):
        return {_name(expression).split("__")[0]}
    names = set()
    for child in getattr(expression, "children", ()):
        names |= _references(child)
    if hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            names |= _references(source)
    return names


def _asks_only_for_null(constraint: Any, field: Any) -> bool:
    """Return whether a check constraint asks for NULL and nothing else of the field."""
    condition = getattr(constraint, "condition", None)
    lookups = set(_lookups(condition, field.name))
    plain = field.name in {str(one) for one in getattr(constraint, "fields", ())}
    return bool(lookups) and lookups == {"isnull"} and not plain


def _lookups(condition: Any, name: str) -> Iterator[str]:
    for child in getattr(condition, "children", ()):
        if isinstance(child, tuple):
            field, _, lookup = str(child[0]).partition("__")
            if field == name:
                yield lookup or "exact"
        else:
            yield from _lookups(child, name)


def _name(expression: Any) -> str:
    return str(expression.name)


def _ordering_name(one: Any) -> str | None:
    one = getattr(one, "expression", one)
    one = getattr(one, "name", one)
    return one.lstrip("-+") if isinstance(one, str) else None
