"""What one encrypted column costs in Django, beside the plain column.

The time of the plain column is deducted from everybody's, so that what is left is what
encryption adds to a row. SQLite in memory: any other database would hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benches.peers.harness import Contest, Domain, Setup, configure_django

ROWS = 500
TEXT = "12 Example Street"  # 17 characters


def contests() -> Iterator[Contest]:
    configure_django()
    import django

    django.setup()
    # Read: what is there; write: as many again, in a transaction that is rolled back.
    for title, work in (
        ("read a row, above a plain column", _reading),
        ("bulk_create a row, above a plain column", _writing),
    ):
        yield Contest(
            work=f"{title} (at most 2 µs)",
            contestants={
                "hauberk": Setup(lambda work=work: work(_ours)),  # type: ignore[misc]
                _PEER: Setup(lambda work=work: work(_theirs)),  # type: ignore[misc]
            },
            limits={"plain": Setup(lambda work=work: work(_plain))},  # type: ignore[misc]
            deduct="plain",
            baseline=_PEER,
            goal=12,
            calls=ROWS,
        )


def _reading(field: Callable[[], Any]) -> Callable[[], object]:
    model = _model(field)
    model.objects.all().delete()
    model.objects.bulk_create([model(value=TEXT) for _ in range(ROWS)])
    assert {one.value for one in model.objects.all()} == {TEXT}
    return lambda: list(model.objects.all())


def _writing(field: Callable[[], Any]) -> Callable[[], object]:
    from django.db import transaction

    model = _model(field)

    def work() -> None:
        with transaction.atomic():
            model.objects.bulk_create([model(value=TEXT) for _ in range(ROWS)])
            transaction.set_rollback(True)

    return work


def _model(field: Callable[[], Any]) -> Any:
    """Return a model with one column, and its table."""
    from django.apps import apps
    from django.db import connection, models

    name = f"Row{field.__name__.title().replace('_', '')}"
    if name.lower() in apps.all_models["benches"]:
        return apps.all_models["benches"][name.lower()]
    meta = type("Meta", (), {"app_label": "benches"})
    model: Any = type(
        name, (models.Model,), {"__module__": __name__, "Meta": meta, "value": field()}
    )
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model


def _plain() -> Any:
    from django.db.models import TextField

    return TextField()


def _ours() -> Any:
    from hauberk.django.fields import EncryptedTextField

    return EncryptedTextField()


def _theirs() -> Any:
    from encrypted_fields.fields import EncryptedTextField

    return EncryptedTextField()


_PEER = "django-fernet-encrypted-fields"

DOMAIN = Domain(
    "Encrypted columns in Django", contests, peers=("Django", _PEER, "cryptography")
)
