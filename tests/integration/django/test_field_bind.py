"""Values that open in their own row alone, on each database that answers."""

from __future__ import annotations

import pickle
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection, connections, models, transaction
from django.db.models import F, Value
from django.forms import modelform_factory
from django.test.utils import CaptureQueriesContext, isolate_apps
from tests.integration.django.helpers import on_disk, put
from tests.integration.django.records.models import Letter

from hauberk.django import fields
from hauberk.django.fields.bind import Sealed, associated_data
from hauberk.exceptions import DecryptionError

pytestmark = pytest.mark.django_db(databases=[*connections])

#: What mypy's plugin would try to understand.
LETTERS: Any = Letter.objects


class TestBinding:
    """A ciphertext belongs to its row."""

    def test_values_come_back(self, using: str) -> None:
        """Values are decrypted when the attribute is read, however they were loaded."""
        objects = LETTERS.using(using)
        letter = objects.create(body="dear", weight=0)
        assert letter.body == "dear"
        assert on_disk(letter, "body", using).startswith("hb1.")
        (made,) = objects.bulk_create([Letter(body="x", name="bulk")])
        for read in (
            objects.get(pk=letter.pk),
            objects.only("name").get(pk=letter.pk),
            objects.defer("body").get(pk=letter.pk),
            pickle.loads(pickle.dumps(objects.get(pk=letter.pk))),
            *objects.raw("SELECT * FROM records_letter WHERE name <> %s", [made.name]),
        ):
            assert (read.body, read.weight) == ("dear", 0)
        assert objects.get(name="bulk").body == "x"
        letter.body = "changed"
        letter.save(update_fields=["body"])
        letter.refresh_from_db()
        assert letter.body == "changed"
        assert objects.get(name="bulk").weight is None

    @pytest.mark.parametrize("column", ["body", "weight"])
    def test_swapped_rows(self, using: str, column: str) -> None:
        """A ciphertext moved to another row of its own column does not open."""
        objects = LETTERS.using(using)
        one = objects.create(body="one", weight=1)
        two = objects.create(body="two", weight=2)
        put(one, column, on_disk(two, column, using), using)
        assert getattr(objects.get(pk=two.pk), column) in ("two", 2)
        swapped = objects.get(pk=one.pk)
        for _ in range(2):
            with pytest.raises(DecryptionError):
                getattr(swapped, column)

    def test_swapped_columns(self, using: str) -> None:
        """A ciphertext moved to another column of its own row does not open."""
        letter = LETTERS.using(using).create(body="one")
        field: Any = Letter._meta.get_field("weight")
        sealed = field.wire.seal("1", associated_data(letter.pk))
        other: Any = Letter._meta.get_field("body")
        with pytest.raises(DecryptionError):
            other.wire.cipher.decrypt(sealed, associated_data(letter.pk))

    def test_a_copy_under_a_new_key(self, using: str) -> None:
        """An instance that is saved as a new row takes its values along."""
        objects = LETTERS.using(using)
        old = objects.create(body="dear").pk
        copy = objects.get()
        copy.pk = uuid4()
        copy._state.adding = True
        copy.save()
        assert objects.get(pk=copy.pk).body == "dear"
        assert objects.get(pk=old).body == "dear"

    def test_from_one_database_to_another(self, using: str) -> None:
        """What was loaded from one database, and not read yet, is saved to another."""
        letter = LETTERS.create(body="dear", weight=3)
        LETTERS.get(pk=letter.pk).save(using=using)
        read = LETTERS.using(using).get(pk=letter.pk)
        assert (read.body, read.weight) == ("dear", 3)

    def test_every_bit_counts(self) -> None:
        """A flipped bit anywhere is noticed, and so is every truncation."""
        letter = LETTERS.create(weight=5)
        good = on_disk(letter, "weight", "default")
        broken = [good[:length] for length in range(len(good))]
        for bit in range(8 * len(good)):
            data = bytearray(good)
            data[bit // 8] ^= 1 << bit % 8
            broken.append(bytes(data))
        for data in broken:
            put(letter, "weight", data, "default")
            read = LETTERS.get()
            with pytest.raises(DecryptionError):
                _ = read.weight

    @pytest.mark.parametrize(
        "work",
        [
            lambda: LETTERS.update(body="x"),
            lambda: LETTERS.update(body=F("name")),
            lambda: LETTERS.update(name=F("body")),
            lambda: LETTERS.update(
                body=Value("x", output_field=Letter._meta.get_field("body"))
            ),
            lambda: LETTERS.bulk_update([LETTERS.get()], ["body"]),
            lambda: LETTERS.bulk_create(
                [Letter(name="x", body="x")],
                update_conflicts=True,
                update_fields=["body"],
                unique_fields=["name"],
            ),
            lambda: list(LETTERS.values("body")),
            lambda: list(LETTERS.values()),
            lambda: list(LETTERS.values_list("body", flat=True)),
            lambda: list(LETTERS.annotate(x=F("body"))),
            lambda: list(LETTERS.filter(body="x")),
            lambda: list(LETTERS.order_by("body")),
        ],
    )
    def test_what_has_no_row(self, work: Any) -> None:
        """What names no row is a FieldError, and nothing is written."""
        LETTERS.create(body="dear")
        with (
            CaptureQueriesContext(connection) as queries,
            pytest.raises(FieldError),
            transaction.atomic(),
        ):
            work()
        assert not [one for one in queries if "UPDATE" in one["sql"]]
        assert LETTERS.get().body == "dear"

    def test_an_upsert(self, using: str) -> None:
        """A conflict of the primary key is with the value's own row, and no other is.

        MySQL does not say which key it conflicts with.
        """
        objects = LETTERS.using(using)
        letter = objects.create(body="old", weight=1)
        letter.body = "new"
        arguments: dict[str, Any] = {
            "update_conflicts": True,
            "update_fields": ["body"],
        }
        if using == "mysql":
            with pytest.raises(FieldError, match="row of another"):
                objects.bulk_create([letter], **arguments)
            return
        objects.bulk_create([letter], **arguments, unique_fields=["pk"])
        assert (objects.get().body, objects.get().weight) == ("new", 1)

    def test_null_is_updated(self, using: str) -> None:
        """NULL belongs to every row."""
        LETTERS.using(using).create(body="dear")
        assert LETTERS.using(using).update(body=None) == 1
        assert LETTERS.using(using).filter(body=None).get().body is None

    @pytest.mark.django_db(databases=[*connections], transaction=True)
    def test_keys_that_are_relations(self, using: str) -> None:
        """Values of a parent, of a child and of what has a foreign key for its key."""
        with isolate_apps("tests.integration.django.records"):

            class Parent(models.Model):  # noqa: DJ008
                id = models.UUIDField(primary_key=True, default=uuid4)
                body = fields.EncryptedTextField(bind="pk")

                class Meta:
                    app_label = "records"

            class Child(Parent):  # noqa: DJ008
                more = fields.EncryptedTextField(bind="pk")

                class Meta:
                    app_label = "records"

            class Beside(models.Model):  # noqa: DJ008
                parent = models.OneToOneField(
                    Parent, primary_key=True, on_delete=models.CASCADE
                )
                text = fields.EncryptedTextField(bind="pk")

                class Meta:
                    app_label = "records"

        made = (Parent, Child, Beside)
        with connections[using].schema_editor() as editor:
            for model in made:
                editor.create_model(model)
        try:
            objects: Any = Child._default_manager.using(using)
            child = objects.create(body="one", more="two")
            Beside._default_manager.using(using).create(parent=child, text="three")
            read = objects.get(pk=child.pk)
            assert (read.body, read.more) == ("one", "two")
            parent: Any = Parent._default_manager.using(using).get()
            assert parent.body == "one"
            beside: Any = Beside._default_manager.using(using).get()
            assert beside.text == "three"
            read.body, read.more = "changed", "too"
            read.save()
            read = objects.defer("more").get()
            assert (read.body, read.more) == ("changed", "too")
        finally:
            with connections[using].schema_editor() as editor:
                for model in reversed(made):
                    editor.delete_model(model)

    @pytest.mark.usefixtures("routed")
    def test_forms(self) -> None:
        """A form shows and saves the plaintext."""
        letter = LETTERS.create(body="dear")
        form_class = modelform_factory(Letter, fields=["body"])
        form = form_class(instance=LETTERS.get())
        assert form.initial["body"] == "dear"
        form_class({"body": "new"}, instance=LETTERS.get()).save()
        assert LETTERS.get(pk=letter.pk).body == "new"

    def test_sealed_values_show_nothing(self) -> None:
        """What is not opened yet has a name and no content."""
        assert repr(Sealed("secret")) == "<Sealed>"

    @isolate_apps("tests.integration.django.records")
    def test_the_check(self) -> None:
        """A key that the database makes is hauberk.E003."""

        class Numbered(models.Model):  # noqa: DJ008
            body = fields.EncryptedTextField(bind="pk")

            class Meta:
                app_label = "records"

        field = Numbered._meta.get_field("body")
        assert "hauberk.E003" in {one.id for one in field.check(databases=[])}
        good = Letter._meta.get_field("body")
        assert good.check(databases=["default"]) == []
        with pytest.raises(FieldError, match="primary key"):
            Numbered._meta.get_field("body").pre_save(Numbered(body="x"), add=True)
