"""Encrypted fields of parents, children and proxies, on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.test.utils import isolate_apps
from tests.integration.django.helpers import on_disk
from tests.integration.django.reencrypting import table

from hauberk.django import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(databases=[*connections], transaction=True)


@pytest.fixture
def family(routed: str) -> Iterator[tuple[Any, Any, Any]]:
    """A parent, its child in a table of its own, and the child's proxy."""
    with isolate_apps("tests.integration.django.records"):

        class Contact(models.Model):  # noqa: DJ008
            email = fields.EncryptedEmailField(
                index=fields.BlindIndexSpec(normalize="email", unique=True)
            )
            objects = fields.EncryptedQuerySet.as_manager()

            class Meta:
                app_label = "records"

        class Supplier(Contact):  # noqa: DJ008
            code = fields.EncryptedCharField(
                max_length=9, index=fields.BlindIndexSpec()
            )
            objects = fields.EncryptedQuerySet.as_manager()

            class Meta:
                app_label = "records"

        class Carrier(Supplier):  # noqa: DJ008
            class Meta:
                app_label = "records"
                proxy = True

    with table(Contact, routed), table(Supplier, routed):
        yield Contact, Supplier, Carrier


def check(family: tuple[Any, Any, Any], using: str, email: str, code: str) -> Any:
    """Find the only row by both values, in each model, and look at the indexes."""
    contact, supplier, carrier = (one._default_manager for one in family)
    row = supplier.get(email=email, code=code)
    assert (row.email, row.code) == (email, code)
    parent = contact.get(email=email)
    assert carrier.get(email=email, code=code).pk == parent.pk == row.pk
    assert on_disk(parent, "email_bidx", using) == parent.email_bidx
    return row


def test_every_way_of_writing(routed: str, family: tuple[Any, Any, Any]) -> None:
    """Each statement writes a field and its index into the table that has them."""
    _, supplier, carrier = (one._default_manager for one in family)
    supplier.create(email="a@x.de", code="1")
    row = check(family, routed, "a@x.de", "1")
    assert supplier.update(email="b@x.de", code="2") == 1
    row = check(family, routed, "b@x.de", "2")
    row.email, row.code = "c@x.de", "3"
    supplier.bulk_update([row], ["email", "code"])
    row = check(family, routed, "c@x.de", "3")
    row.email = "d@x.de"
    row.save(update_fields=["email"])
    check(family, routed, "d@x.de", "3")
    proxy = carrier.get()
    proxy.code = "4"
    proxy.save()
    check(family, routed, "d@x.de", "4")
    assert carrier.filter(code="4").update(email="e@x.de") == 1
    check(family, routed, "e@x.de", "4")


def test_unique_in_the_parent(family: tuple[Any, Any, Any]) -> None:
    """A child's value is taken if any row of the parent has it."""
    contact, supplier, carrier = family
    contact._default_manager.create(email="a@x.de")
    for model in (supplier, carrier):
        with pytest.raises(ValidationError) as caught:
            model(email="A@x.de", code="1").validate_unique()
        assert set(caught.value.message_dict) == {"email"}
        model(email="b@x.de", code="1").validate_unique()
