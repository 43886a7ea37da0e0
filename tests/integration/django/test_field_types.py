"""Encrypted fields of every type, on each database that answers."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, connections, models, transaction
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, Lower
from django.forms import modelform_factory
from django.test import override_settings
from django.test.utils import CaptureQueriesContext, isolate_apps
from tests.integration.django.helpers import on_disk, put
from tests.integration.django.records.models import (
    Account,
    Legacy,
    Octets,
    Record,
    Sample,
)

from hauberk.django import fields
from hauberk.exceptions import DecryptionError, InvalidInputError, NotEncryptedError

pytestmark = pytest.mark.django_db(databases=[*connections])

IDENTIFIER = UUID("00112233-4455-6677-8899-aabbccddeeff")
#: What mypy's plugin would try to understand.
SAMPLES: Any = Sample.objects
RECORDS: Any = Record.objects

_SOME_TEXT: Any = When(pk__gt=0, then=F("text"))
_FIRST_TEXT: Any = fields.EncryptedSubquery(Sample.objects.values("text")[:1])

VALUES: list[tuple[str, Any]] = [
    ("text", ""),
    ("text", "größe €\0"),
    ("char", "hb1.7014e411.AAAA"),
    ("email", "a@example.org"),
    ("url", "https://example.org/?q=1"),
    ("integer", 0),
    ("integer", -2_147_483_648),
    ("big", 2**63 - 1),
    ("decimal", Decimal("0.00")),
    ("decimal", Decimal("-1234567.89")),
    ("number", 0.0),
    ("number", 0.1 + 0.2),
    ("number", float("inf")),
    ("flag", False),
    ("flag", True),
    ("day", date(1969, 12, 31)),
    ("moment", datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
    ("clock", time(23, 59, 59, 999999)),
    ("duration", timedelta(0)),
    ("duration", -timedelta(days=3, microseconds=1)),
    ("uuid", IDENTIFIER),
    ("document", []),
    ("document", {}),
    ("document", False),
    ("document", ""),
    ("document", {"n": 1, "t": True, "z": None, "l": [1.5, "x"]}),
    ("data", b""),
    ("data", bytes(range(256))),
    ("address", "2001:db8::1"),
    ("slug", "a-slug"),
    ("count", 0),
]


class TestRoundTrip:
    """A value comes back as itself, with its type."""

    @pytest.mark.parametrize(("name", "value"), VALUES, ids=repr)
    def test_values(self, using: str, name: str, value: Any) -> None:
        """What is saved is read again, equal and of the same type, and is hidden."""
        sample = Sample.objects.using(using).create(**{name: value})

        read = getattr(Sample.objects.using(using).get(pk=sample.pk), name)
        assert value == read
        assert type(value) is type(read)
        stored = on_disk(sample, name, using)
        assert stored.startswith("hb1.")
        assert str(value) not in stored or len(str(value)) < 5
        (only,) = Sample.objects.using(using).values_list(name, flat=True)
        assert value == only

    def test_null(self, using: str) -> None:
        """NULL stays NULL in every type."""
        sample = Sample.objects.using(using).create()
        read = Sample.objects.using(using).get()
        fields_of_it: Any = Sample._meta.concrete_fields[1:]
        for field in fields_of_it:
            assert getattr(read, field.attname) is None
            assert on_disk(sample, field.column, using) is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("text", ""),
            ("text", "größe"),
            ("integer", 0),
            ("uuid", IDENTIFIER),
            ("data", b"\x01" * 60),
            ("data", b""),
            ("email", "a@example.org"),
        ],
        ids=repr,
    )
    def test_columns_of_bytes(self, using: str, name: str, value: Any) -> None:
        """Columns of bytes hold the same, without its text form."""
        row = Octets.objects.using(using).create(**{name: value})

        assert value == getattr(Octets.objects.using(using).get(), name)
        stored = on_disk(row, name, using)
        assert isinstance(stored, bytes)
        assert stored.startswith(b"\x01")

    def test_moments_are_stored_in_utc(self, using: str) -> None:
        """An aware moment comes back as the same moment, in UTC."""
        moment = datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=5)))
        Sample.objects.using(using).create(moment=moment)
        read = Sample.objects.using(using).get().moment
        assert moment == read
        assert read.utcoffset() == timedelta(0)
        with override_settings(USE_TZ=False, TIME_ZONE="UTC"):
            naive = datetime(2026, 1, 1, 19)  # noqa: DTZ001 - what is asked for
            assert naive == Sample.objects.using(using).get().moment

    def test_in_bulk(self, using: str) -> None:
        """bulk_create, bulk_update and update keep every type."""
        objects = Sample.objects.using(using)
        values = dict(VALUES)
        objects.bulk_create([Sample(**values), Sample()])
        full, empty = objects.order_by("pk")
        for name, value in values.items():
            assert value == getattr(full, name)
            setattr(empty, name, value)
        objects.bulk_update([empty], list(values))
        assert objects.filter(flag__isnull=False).count() == 2
        for name, value in values.items():
            assert value == getattr(objects.get(pk=empty.pk), name)
        objects.update(**dict.fromkeys(values))
        assert objects.filter(flag=None).count() == 2
        objects.update(**values)
        assert [values] * 2 == list(objects.values(*values))

    def test_asynchronously(self, using: str) -> None:
        """The asynchronous calls do the same."""
        objects = SAMPLES.using(using)

        async def work() -> list[Any]:
            sample = await objects.acreate(integer=5)
            sample.integer = 6
            await sample.asave(update_fields=["integer"], using=using)
            read = [one.integer async for one in objects.filter(pk=sample.pk)]
            await objects.abulk_create([Sample(integer=8)])
            sample.integer = 7
            await objects.abulk_update([sample], ["integer"])
            await sample.arefresh_from_db()
            read.append(sample.integer)
            await objects.aupdate(integer=9)
            read += [one async for one in objects.values_list("integer", flat=True)]
            read.append((await objects.aget(pk=sample.pk)).integer)
            return read

        assert async_to_sync(work)() == [6, 7, 9, 9, 9]

    def test_deferred(self, using: str) -> None:
        """only() and defer() decrypt when the attribute is asked for."""
        Sample.objects.using(using).create(integer=5, text="x")
        sample = Sample.objects.using(using).only("text").get()
        assert sample.integer == 5
        sample = Sample.objects.using(using).defer("text").get()
        assert sample.text == "x"
        (sample,) = Sample.objects.using(using).raw("SELECT * FROM records_sample")
        assert sample.integer == 5


class TestWrongContent:
    """What is in the column is checked, and never shown."""

    def test_another_type(self, using: str) -> None:
        """A text under the key of a number is an error that does not show it."""
        sample = Sample.objects.using(using).create(integer=5)
        field = Sample._meta.get_field("integer")
        put(sample, "integer", field.wire.cipher.encrypt_text("secret"), using)
        with pytest.raises(DecryptionError) as caught:
            Sample.objects.using(using).get()
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None

    @pytest.mark.parametrize("name", ["uuid", "data"])
    def test_malformed_text(self, using: str, name: str) -> None:
        """Every change of a ciphertext's text is noticed, ignored bits too."""
        value = {"uuid": IDENTIFIER, "data": b"xyz"}[name]
        sample = Sample.objects.using(using).create(**{name: value})
        good = on_disk(sample, name, using)
        for position in range(len(good)):
            changed = "B" if good[position] == "A" else "A"
            put(sample, name, good[:position] + changed + good[position + 1 :], using)
            with pytest.raises((DecryptionError, NotEncryptedError)):
                Sample.objects.using(using).get()
            if using != "default" and position > 30:
                break

    @pytest.mark.parametrize("column", ["text", "data"])
    def test_text_in_a_column_of_bytes(self, column: str) -> None:
        """Plain bytes are not taken for a value."""
        row = Octets.objects.create(**{column: b"x" if column == "data" else "x"})
        put(row, column, b"plain", "default")
        with pytest.raises(NotEncryptedError):
            Octets.objects.get()

    def test_wrong_values_are_not_shown(self) -> None:
        """A value of a wrong type is refused without being repeated."""
        for name in ("integer", "decimal", "number", "uuid"):
            with pytest.raises((TypeError, ValueError, ValidationError)) as caught:
                Sample.objects.create(**{name: "s3cret"})
            if not isinstance(caught.value, ValidationError):
                assert "s3cret" not in str(caught.value)


class TestComputing:
    """Nothing is computed from ciphertexts; the error comes before any SQL."""

    @pytest.mark.parametrize(
        "query",
        [
            lambda: SAMPLES.annotate(x=F("integer") + 1),
            lambda: SAMPLES.annotate(x=F("integer") * F("big")),
            lambda: SAMPLES.annotate(x=Lower("text")),
            lambda: SAMPLES.annotate(x=Concat("text", Value("x"))),
            lambda: SAMPLES.annotate(x=Coalesce("text", Value("x"))),
            lambda: SAMPLES.order_by("text"),
            lambda: SAMPLES.order_by("-integer"),
            lambda: SAMPLES.order_by(F("text").desc()),
            lambda: SAMPLES.order_by(Lower("text")),
            lambda: SAMPLES.annotate(x=F("text")).order_by("x"),
            lambda: SAMPLES.filter(pk=F("integer")),
            lambda: SAMPLES.values("text").annotate(n=Count("pk")),
            lambda: SAMPLES.filter(document__key=1),
            # Rows that are alike do not look alike.
            lambda: SAMPLES.values("text").distinct(),
            lambda: SAMPLES.annotate(x=F("text")).values("x").distinct(),
            lambda: [SAMPLES.values("text").distinct().count()],
            lambda: SAMPLES.distinct("text"),
            lambda: [SAMPLES.aggregate(Count("text", distinct=True))],
            lambda: SAMPLES.annotate(n=Count("text", distinct=True)),
            lambda: [SAMPLES.aggregate(n=Count(Case(_SOME_TEXT), distinct=True))],
            lambda: SAMPLES.values("text").union(SAMPLES.values("text")),
            lambda: SAMPLES.values("text").intersection(SAMPLES.values("text")),
            lambda: SAMPLES.values("text").difference(SAMPLES.values("text")),
            lambda: SAMPLES.annotate(x=F("text")).values("x").annotate(n=Count("pk")),
            # What a subquery gives is compared or stored as it is.
            lambda: RECORDS.filter(label__in=SAMPLES.values("text")),
            lambda: RECORDS.values("pk").exclude(label__in=SAMPLES.values("text")),
            lambda: RECORDS.filter(label=Subquery(SAMPLES.values("text")[:1])),
            lambda: RECORDS.annotate(x=Subquery(SAMPLES.values("text")[:1])),
            lambda: [RECORDS.update(label=Subquery(SAMPLES.values("text")[:1]))],
            lambda: [RECORDS.update(label=_FIRST_TEXT)],
            lambda: RECORDS.filter(label=_FIRST_TEXT),
            lambda: RECORDS.annotate(x=Lower(_FIRST_TEXT)),
            lambda: RECORDS.annotate(x=_FIRST_TEXT).order_by("x"),
            lambda: RECORDS.annotate(x=_FIRST_TEXT).values("x").distinct(),
            lambda: RECORDS.filter(label__in=Account.objects.values("number")),
            lambda: RECORDS.filter(Exists(SAMPLES.filter(text=OuterRef("note")))),
            # What another field would hand out as it is.
            lambda: SAMPLES.annotate(x=ExpressionWrapper(F("text"), TextField())),
            lambda: SAMPLES.annotate(x=Case(_SOME_TEXT, output_field=TextField())),
            lambda: SAMPLES.annotate(x=Coalesce("text", "email")),
            lambda: SAMPLES.annotate(x=Cast("text", TextField())),
            lambda: SAMPLES.annotate(x=Window(Count("pk"), partition_by=["text"])),
            lambda: SAMPLES.dates("day", "month"),
            lambda: SAMPLES.latest("text"),
        ],
    )
    def test_refused(self, query: Any) -> None:
        """Arithmetic, functions, sorting, grouping and comparing are FieldErrors."""
        with CaptureQueriesContext(connection) as queries, pytest.raises(FieldError):
            list(query())
        assert len(queries) == 0

    @pytest.mark.parametrize("aggregate", [Max("integer"), Avg("number")], ids=str)
    def test_aggregates(self, aggregate: Any) -> None:
        """Neither are aggregates."""
        with CaptureQueriesContext(connection) as queries, pytest.raises(FieldError):
            Sample.objects.aggregate(aggregate)
        assert len(queries) == 0

    @pytest.mark.parametrize(
        "rows",
        [
            SAMPLES.all()[:2],
            SAMPLES.annotate(x=F("text"))[:2],
            SAMPLES.annotate(x=F("text"), n=Count("pk")),
            SAMPLES.annotate(x=F("text")).distinct(),
        ],
    )
    def test_aggregates_of_a_subquery(self, rows: Any) -> None:
        """Nor are those that see the rows of a subquery; counting is possible."""
        SAMPLES.create(text="a")
        SAMPLES.create(text="b")
        assert rows.count() == 2
        name = "x" if "x" in rows.query.annotations else "text"
        assert rows.aggregate(n=Count(name)) == {"n": 2}
        with pytest.raises(FieldError, match="Max"):
            rows.aggregate(Max(name))

    @pytest.mark.parametrize(
        "changes",
        [
            {"label": F("note")},
            {"label": Concat(F("note"), Value("x"))},
            {"label": Case(When(pk=1, then=F("note")), default=Value("x"))},
            {"title": F("note")},
            {"note": F("note")},
            {"note": Lower("note")},
        ],
        ids=str,
    )
    def test_copying(self, changes: Any) -> None:
        """A ciphertext is not copied onto another column."""
        Record.objects.create(label="a", note="x")
        with (
            CaptureQueriesContext(connection) as queries,
            transaction.atomic(),
            pytest.raises(FieldError),
        ):
            Record.objects.update(**changes)
        assert not [one for one in queries if "UPDATE" in one["sql"]]
        record = Record.objects.get()
        record.label = F("note")
        with pytest.raises(FieldError), transaction.atomic():
            record.save()

    def test_what_makes_sense(self, using: str) -> None:
        """Reading, counting and asking for NULL go through expressions."""
        objects = SAMPLES.using(using)
        objects.create(text="x", integer=7)
        objects.create()
        counted = objects.aggregate(
            n=Count("text"), missing=Count("pk") - Count("text")
        )
        assert counted == {"n": 1, "missing": 1}
        (one,) = objects.annotate(again=F("integer")).filter(text__isnull=False)
        assert one.again == 7
        when = When(integer__isnull=True, then=Value("no"))
        kinds = objects.annotate(kind=Case(when, default=Value("yes"))).order_by("pk")
        assert [one.kind for one in kinds] == ["yes", "no"]
        latest = objects.filter(integer__isnull=False).values("integer")[:1]
        read = objects.annotate(x=fields.EncryptedSubquery(latest))
        assert read.order_by("pk")[1].x == 7
        assert objects.filter(text=None).update(text="y") == 1
        unions = objects.values_list("text").union(
            objects.values_list("text"), all=True
        )
        assert sorted(text for (text,) in unions) == ["x", "x", "y", "y"]
        rows = objects.values_list("pk", "text")
        assert sorted(text for _, text in rows.union(rows)) == ["x", "y"]
        assert sorted(text for _, text in rows.distinct()) == ["x", "y"]
        assert len(objects.distinct()) == objects.distinct().count() == 2
        own = ExpressionWrapper(F("text"), Sample._meta.get_field("text"))
        case = Case(When(text__isnull=False, then=F("text")))
        (passed, _) = objects.annotate(own=own, case=case).order_by("pk")
        assert (passed.own, passed.case) == ("x", "x")
        assert objects.filter(Exists(objects.filter(text__isnull=False))).count() == 2
        assert objects.filter(pk__in=objects.filter(text__isnull=False)).count() == 2
        record = Record.objects.using(using).create(label="a", note="x")
        Record.objects.using(using).update(
            label=Case(When(note__isnull=False, then=Value("set")), default=F("label"))
        )
        record.refresh_from_db()
        assert record.label == "set"
        grouped = objects.annotate(n=Count("pk")).order_by("pk")
        assert [one.text for one in grouped] == ["x", "y"]

    @isolate_apps("tests.integration.django.records")
    def test_options_of_the_model(self) -> None:
        """Constraints, indexes and an ordering that use the column are check errors."""

        class Wrong(models.Model):  # noqa: DJ008
            one = fields.EncryptedTextField()
            two = fields.EncryptedTextField()
            three = models.GeneratedField(
                expression=Lower("one"),
                output_field=models.TextField(),
                db_persist=True,
            )

            class Meta:
                app_label = "records"
                ordering = ("-one",)
                unique_together = (("one", "two"),)
                indexes = (models.Index(fields=["one"], name="an_index"),)
                constraints = (
                    models.UniqueConstraint(fields=["one"], name="unique"),
                    models.UniqueConstraint(Lower("one"), name="expression"),
                    models.CheckConstraint(condition=models.Q(one="x"), name="check"),
                    models.CheckConstraint(
                        condition=models.Q(one__isnull=False), name="allowed"
                    ),
                )

        field = Wrong._meta.get_field("one")
        found = [
            message.msg.partition(" and ")[2].partition(" compares")[0]
            for message in field.check(databases=["default"])
            if message.id == "hauberk.E004"
        ]
        assert found == [
            "the constraint unique",
            "the constraint expression",
            "the constraint check",
            "the index an_index",
            "unique_together",
            "the generated field three",
            "Meta.ordering",
        ]

    @isolate_apps("tests.integration.django.records")
    def test_a_foreign_key_to_the_field(self) -> None:
        """A relation to the column would encrypt its ciphertexts again."""

        class Target(models.Model):  # noqa: DJ008
            number = fields.EncryptedTextField(deterministic=True, unique=True)

            class Meta:
                app_label = "records"

        class Pointing(models.Model):  # noqa: DJ008
            target = models.ForeignKey(
                Target, on_delete=models.CASCADE, to_field="number"
            )

            class Meta:
                app_label = "records"

        assert Pointing._meta.label == "records.Pointing"
        found = Target._meta.get_field("number").check(databases=["default"])
        assert [message.id for message in found] == ["hauberk.E004"]
        assert "Pointing.target" in found[0].msg


class TestMigrating:
    """Tables that are still being encrypted."""

    @pytest.mark.parametrize(
        ("column", "plain", "value"),
        [
            ("note", "plain", "plain"),
            ("note", "", ""),
            ("flag", "true", True),
            ("flag", "0", False),
            (
                "moment",
                "2026-01-02 03:04:05+00",
                datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            ),
            (
                "moment",
                "2026-01-02 03:04:05",
                datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            ),
            ("duration", "1000000", timedelta(seconds=1)),
            ("duration", "1 day 02:00:00", timedelta(days=1, hours=2)),
            ("document", '{"a": [1]}', {"a": [1]}),
        ],
    )
    def test_plaintext(self, using: str, column: str, plain: str, value: Any) -> None:
        """allow_plaintext reads what the column held before, and counts it."""
        row = Legacy.objects.using(using).create()
        put(row, column, plain, using)
        name = f"records.Legacy.{column}"
        before = fields.plaintext_reads().get(name, 0)

        read = getattr(Legacy.objects.using(using).get(), column)
        assert value == read
        assert type(value) is type(read)
        assert before + 1 == fields.plaintext_reads()[name]

    def test_it_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        """The first, tenth, hundredth … plaintext is logged, without the value."""
        row = Legacy.objects.create()
        put(row, "note", "s3cret", "default")
        with caplog.at_level(logging.WARNING, "hauberk.encryption"):
            for _ in range(1000):
                Legacy.objects.get()
        assert caplog.records
        assert "records.Legacy.note" in caplog.text
        assert "s3cret" not in caplog.text

    @pytest.mark.parametrize(
        "broken", ["hb1.", "hb1.7014e411.AAAA", "hd1.x", "hc1.x", "hp1.x", "hcp1.x"]
    )
    def test_what_looks_like_ours_is_no_plaintext(
        self, using: str, broken: str
    ) -> None:
        """What begins like a ciphertext and does not open is an error."""
        row = Legacy.objects.using(using).create()
        put(row, "note", broken, using)
        with pytest.raises(DecryptionError) as caught:
            Legacy.objects.using(using).get()
        assert not isinstance(caught.value, NotEncryptedError)

    def test_saving_encrypts(self, using: str) -> None:
        """A row that is saved is encrypted."""
        row = Legacy.objects.using(using).create()
        put(row, "note", "plain", using)
        Legacy.objects.using(using).get().save()
        assert on_disk(row, "note", using).startswith("hb1.")
        assert Legacy.objects.using(using).get().note == "plain"

    def test_the_check_warns(self) -> None:
        """allow_plaintext is a warning of the system checks."""
        field = Legacy._meta.get_field("note")
        assert "hauberk.W001" in {one.id for one in field.check(databases=["default"])}


class TestEncrypted:
    """encrypted() wraps any field for plain values."""

    def test_twins(self) -> None:
        """Django's own fields become the field of that name."""
        field = fields.encrypted(models.CharField(max_length=5), context="x")
        assert type(field) is fields.EncryptedCharField
        assert (field.max_length, field.context) == (5, "x")

    def test_migrations(self) -> None:
        """A wrapped field is written into migrations as it was made."""
        state = ModelState.from_model(Sample)
        text, imports = MigrationWriter.serialize(state.fields["slug"])
        assert text.startswith("hauberk.django.fields.encrypted(models.SlugField(")
        assert "context='records.Sample.slug'" in text
        assert "import hauberk.django.fields" in imports
        assert (text, imports) == MigrationWriter.serialize(
            state.fields["slug"].clone()
        )

    def test_validation_stays(self) -> None:
        """The plain field's validators and form are the wrapped one's."""
        form = modelform_factory(Sample, fields=["slug", "count", "integer"])
        bad = form({"slug": "not a slug", "count": "-1", "integer": str(2**31)})
        assert set(bad.errors) == {"slug", "count", "integer"}
        good = form({"slug": "a-slug", "count": "7", "integer": "0"})
        assert good.save().count == 7

    @pytest.mark.parametrize(
        "make",
        [
            lambda: models.BigAutoField(primary_key=True),
            lambda: models.ForeignKey(Sample, models.CASCADE),
            fields.EncryptedTextField,
        ],
    )
    def test_refused(self, make: Any) -> None:
        """Keys, relations and what is encrypted already are refused."""
        with pytest.raises(InvalidInputError):
            fields.encrypted(make())

    @isolate_apps("tests.integration.django.records")
    def test_fields_of_ones_own(self) -> None:
        """A field that makes something of its column's content still does."""

        class Tags(models.TextField):  # type: ignore[type-arg]
            def from_db_value(self, value: Any, *_: Any) -> Any:
                return None if value is None else value.split(",")

            def get_prep_value(self, value: Any) -> Any:
                return None if value is None else ",".join(value)

        class Tagged(models.Model):  # noqa: DJ008
            tags = fields.encrypted(Tags())

            class Meta:
                app_label = "records"

        field: Any = Tagged._meta.get_field("tags")
        stored = field.get_db_prep_save(["a", "b"], connection)
        assert stored.startswith("hb1.")
        assert field.from_db_value(stored, None, connection) == ["a", "b"]
        assert field.get_db_prep_save(None, connection) is None

    @isolate_apps("tests.integration.django.records")
    def test_a_field_that_changes_text(self) -> None:
        """A field that changes a text before it is saved still does."""

        class Lower(models.CharField):  # type: ignore[type-arg]
            def to_python(self, value: Any) -> Any:
                return None if value is None else str(value).lower()

        class Lowered(models.Model):  # noqa: DJ008
            name = fields.encrypted(Lower(max_length=9))

            class Meta:
                app_label = "records"

        field: Any = Lowered._meta.get_field("name")
        stored = field.get_db_prep_save("ABC", connection)
        assert field.from_db_value(stored, None, connection) == "abc"
