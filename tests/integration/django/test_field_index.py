"""Finding rows by encrypted values, on each database that answers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connections, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When
from django.forms import model_to_dict, modelform_factory
from django.test.utils import CaptureQueriesContext, isolate_apps
from tests.integration.django.helpers import keyring, on_disk
from tests.integration.django.records.models import Account, Octets, Person, Record

from hauberk.django import fields
from hauberk.encryption import Key, Keyring
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(databases=[*connections])

#: What mypy's plugin would try to understand.
NAMES: Any = Person.objects.values_list("name")
PEOPLE: Any = Person.objects
ZEROS = (0.0, -0.0)


def index_of(value: str | None) -> str | None:
    """Return what stands in the companion column of an address."""
    field: Any = Person._meta.get_field("email_bidx")
    index: str | None = field.index_of(value)
    return index


class TestFinding:
    """Lookups go through the index."""

    def test_equality(self, using: str) -> None:
        """Filter, in, exclude and isnull find the rows that they should."""
        objects = PEOPLE.using(using)
        ann = objects.create(name="ann", email="Ann@Example.org", phone="+43 1 234")
        bob = objects.create(name="bob", email="bob@example.org")
        nobody = objects.create(name="nobody")

        def found(**conditions: Any) -> list[str]:
            return sorted(objects.filter(**conditions).values_list("name", flat=True))

        assert found(email="ann@example.org") == ["ann"]
        assert found(email=" ANN@example.ORG ") == ["ann"]
        assert found(email__iexact="ANN@example.ORG") == ["ann"]
        assert found(email=Value("ann@example.org")) == ["ann"]
        assert found(email="other@example.org") == []
        assert found(email__in=["bob@example.org", "x@example.org", None]) == ["bob"]
        assert found(email__in=[]) == []
        assert found(email=None) == ["nobody"]
        assert found(email__isnull=False) == ["ann", "bob"]
        assert found(phone="0043/1234") == []
        assert found(phone="4-3-1-2-3-4") == ["ann"]
        assert found(email_bidx=index_of("bob@example.org")) == ["bob"]
        assert set(objects.exclude(email="ann@example.org")) == {bob, nobody}
        either = Q(email="ann@example.org") | Q(name="bob")
        assert set(objects.filter(either)) == {ann, bob}

    def test_through_relations(self, using: str) -> None:
        """A lookup through a foreign key or inside of a subquery uses the index."""
        objects = PEOPLE.using(using)
        ann = objects.create(email="ann@example.org")
        bob = objects.create(email="bob@example.org", friend=ann)
        assert objects.get(friend__email="ann@example.org") == bob
        inner = objects.filter(email="ann@example.org")
        assert objects.get(friend__in=inner) == bob
        assert objects.annotate(mail=F("email")).get(mail="bob@example.org") == bob

    def test_in_conditions(self, using: str) -> None:
        """So does one inside of Case, a filtered aggregate or relation, or not."""
        objects = PEOPLE.using(using)
        ann = objects.create(name="ann", email="ann@example.org")
        bob = objects.create(name="bob", email="bob@example.org", friend=ann)
        is_ann = Q(email="Ann@example.org")
        marked = objects.annotate(x=Case(When(is_ann, then=Value(1)), default=Value(0)))
        assert [one.x for one in marked.order_by("pk")] == [1, 0]
        assert objects.aggregate(n=Count("pk", filter=is_ann)) == {"n": 1}
        of_ann = FilteredRelation(
            "friend", condition=Q(friend__email="ann@example.org")
        )
        assert objects.annotate(of=of_ann).filter(of__isnull=False).get() == bob
        assert objects.exclude(friend__email="ann@example.org").get() == ann
        assert objects.filter(is_ann ^ Q(name="bob")).count() == 2
        friends = objects.select_related("friend"), objects.prefetch_related("friend")
        for rows in friends:
            assert rows.get(pk=bob.pk).friend.email == "ann@example.org"
        assert objects.filter(is_ann).delete()[0] == 1
        assert objects.get().friend is None

    def test_from_one_database_to_another(self, using: str) -> None:
        """What was loaded from one database is saved to another."""
        if using == "default":
            pytest.skip("the same database")
        PEOPLE.create(email="ann@example.org", phone="12")
        PEOPLE.get().save(using=using)
        ann = PEOPLE.using(using).get(email="ann@example.org")
        assert (ann.phone, ann._state.db) == ("12", using)
        assert PEOPLE.using(using).get(phone="1-2") == ann

    def test_get_or_create(self, using: str) -> None:
        """get_or_create and update_or_create find what is there."""
        objects = PEOPLE.using(using)
        _, created = objects.get_or_create(
            email="a@example.org", defaults={"name": "x"}
        )
        assert created
        one, created = objects.get_or_create(email="A@example.org")
        assert (created, one.name) == (False, "x")
        one, created = objects.update_or_create(
            email="a@example.org", defaults={"email": "b@example.org"}
        )
        assert not created
        assert objects.get(email="b@example.org") == one
        assert not objects.filter(email="a@example.org").exists()

    @pytest.mark.django_db(databases=[*connections], transaction=True)
    def test_get_or_create_at_once(self, using: str) -> None:
        """Of two that find nothing one creates, and the other finds that."""
        if using == "default":
            pytest.skip("SQLite in memory has one connection")
        barrier, found = threading.Barrier(2), []

        def work() -> None:
            try:
                barrier.wait(10)
                one, created = PEOPLE.using(using).get_or_create(email="a@example.org")
                found.append((one.pk, created))
            finally:
                connections[using].close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(created for _, created in found) == [False, True]
        assert len({key for key, _ in found}) == PEOPLE.using(using).count() == 1

    def test_asynchronously(self, using: str) -> None:
        """The asynchronous calls write both columns and find by the index."""
        objects = PEOPLE.using(using)

        async def work() -> list[Any]:
            one, created = await objects.aget_or_create(email="a@example.org")
            one.email = "b@example.org"
            await objects.abulk_update([one], ["email"])
            second = await objects.aget(email="B@example.org")
            await objects.filter(pk=one.pk).aupdate(email="c@example.org")
            third = await objects.filter(email="c@example.org").afirst()
            assert [created, second.pk == one.pk, third.pk == one.pk] == [True] * 3
            await objects.abulk_create([Person(email="d@example.org")])
            found, made = await objects.aupdate_or_create(
                email="d@example.org", defaults={"name": "new"}
            )
            await found.arefresh_from_db()
            assert (made, found.name) == (False, "new")
            assert await objects.filter(email__in=["d@example.org"]).acount() == 1
            await objects.filter(email="d@example.org").adelete()
            return [one.email async for one in objects.aiterator()]

        assert async_to_sync(work)() == ["c@example.org"]

    def test_columns_of_bytes(self, using: str) -> None:
        """The index of a column of bytes is text, and finds."""
        Octets.objects.using(using).create(email="a@example.org")
        assert Octets.objects.using(using).get(email="a@example.org").pk
        with pytest.raises(IntegrityError), transaction.atomic(using=using):
            Octets.objects.using(using).create(email="a@example.org")

    @pytest.mark.parametrize(
        "conditions",
        [
            {"email__contains": "x"},
            {"email__gt": "x"},
            {"email": F("name")},
            {"email": Person.objects.values("name")},
            {"email__in": Person.objects.values("name")},
            {"phone__iexact": "1"},
        ],
    )
    def test_other_lookups(self, conditions: Any) -> None:
        """Other lookups, and comparing with what the database has, are FieldErrors."""
        with pytest.raises(FieldError):
            PEOPLE.filter(**conditions)

    def test_few_bits(self, using: str) -> None:
        """A short index finds more; verified() drops what only looks alike."""
        objects = PEOPLE.using(using)
        objects.bulk_create([Person(born=1900 + number) for number in range(100)])
        found = [one.born for one in objects.filter(born=1950)]
        assert 1950 in found
        assert 1 < len(found) < 100
        assert [one.born for one in objects.verified(born=1950)] == [1950]
        ann = objects.create(email="ann@example.org")
        assert objects.verified(email="ANN@example.org") == [ann]

    @isolate_apps("tests.integration.django.records")
    def test_negative_zero(self) -> None:
        """Equal numbers have one index, and are found by each other."""

        class Measured(models.Model):  # noqa: DJ008
            one = fields.EncryptedFloatField(index=fields.BlindIndexSpec())
            two = fields.EncryptedFloatField(deterministic=True)

            class Meta:
                app_label = "records"

        one: Any = Measured._meta.get_field("one")
        two: Any = Measured._meta.get_field("two")
        assert one.index_field.index_of(-0.0) == one.index_field.index_of(0.0)
        assert one.index_variants(-0.0) == one.index_variants(0.0)
        assert one.index_variants(0.0) == [one.index_field.index_of(-0.0)]
        stored = [two.get_db_prep_save(zero, connections["default"]) for zero in ZEROS]
        assert len(set(stored)) == 2
        assert set(two.variants(0.0)) == set(two.variants(-0.0)) == set(stored)
        assert len(two.variants(1.5)) == 1

    @pytest.mark.parametrize(
        "make",
        [
            lambda: fields.BlindIndexSpec(bits=0),
            lambda: fields.BlindIndexSpec(bits=257),
            lambda: fields.BlindIndexSpec(bits=64, unique=True),
        ],
    )
    def test_impossible(self, make: Callable[[], object]) -> None:
        """Too few bits to be unique are refused."""
        with pytest.raises(InvalidInputError):
            make()


class TestMessages:
    """What is wrong with a value is said without it."""

    @pytest.mark.parametrize("lookup", ["born", "born__in", "born__exact"])
    def test_a_wrong_type(self, lookup: str) -> None:
        """A lookup by a value of another type does not show it."""
        value: Any = ["s3cret"] if lookup.endswith("in") else "s3cret"
        with pytest.raises(ValueError, match="cannot hold") as caught:
            list(PEOPLE.filter(**{lookup: value}))
        assert "s3cret" not in str(caught.value)
        assert caught.value.__suppress_context__

    @isolate_apps("tests.integration.django.records")
    def test_a_normaliser_that_fails(self) -> None:
        """Neither does the error of a normaliser, whatever that raises."""

        def failing(value: str) -> str:
            raise RuntimeError(f"no {value}")

        failing.label = "failing/1"  # type: ignore[attr-defined]

        class Failing(models.Model):  # noqa: DJ008
            code = fields.EncryptedTextField(
                index=fields.BlindIndexSpec(normalize=failing)
            )

            class Meta:
                app_label = "records"

        manager: Any = Failing._default_manager
        for work in (
            lambda: manager.create(code="s3cret"),
            lambda: list(manager.filter(code="s3cret")),
        ):
            with pytest.raises(ValueError, match="normaliser") as caught:
                work()
            assert "s3cret" not in str(caught.value)
            assert caught.value.__suppress_context__


class TestWriting:
    """The index is written with the value, or the write is refused."""

    def check(self, person: Person, using: str) -> None:
        """The companion column holds the index of what the field holds."""
        again = PEOPLE.using(using).get(pk=person.pk)
        assert on_disk(person, "email_bidx", using) == index_of(again.email)

    def test_saving(self, using: str) -> None:
        """save() writes both, with update_fields and with deferred fields too."""
        objects = PEOPLE.using(using)
        person = objects.create(email="1@example.org")
        self.check(person, using)
        person.email = "2@example.org"
        person.save()
        self.check(person, using)
        person.email = "3@example.org"
        person.save(update_fields=["email"])
        self.check(person, using)
        assert on_disk(person, "email_bidx", using) == index_of("3@example.org")
        for person in (objects.only("email").get(), objects.defer("email_bidx").get()):
            person.email = f"{person.email}x"
            person.save()
            self.check(person, using)
        person = objects.defer("email").get()
        person.name = "changed"
        person.save()
        self.check(person, using)
        person.email = None
        person.save(update_fields={"email"})
        assert on_disk(person, "email_bidx", using) is None

    def test_updating(self, using: str) -> None:
        """update() and bulk_update() of the query set write both."""
        objects = PEOPLE.using(using)
        person = objects.create(email="1@example.org", name="n")
        assert objects.filter(name="n").update(email="2@example.org") == 1
        self.check(person, using)
        assert objects.update(email=None) == 1
        self.check(person, using)
        person.email = "3@example.org"
        assert objects.filter(name="n").bulk_update([person], ["email"]) == 1
        self.check(person, using)
        assert objects.get(email="3@example.org") == person
        assert objects.filter(name="other").bulk_update([person], ["email"]) == 0

    def test_a_value_in_an_expression(self, using: str) -> None:
        """A Value is the value that is in it."""
        person = PEOPLE.using(using).create(email="1@example.org")
        assert PEOPLE.using(using).update(email=Value("2@example.org")) == 1
        self.check(person, using)
        assert PEOPLE.using(using).get(email="2@example.org") == person

    def test_bulk_create(self, using: str) -> None:
        """bulk_create() writes both, where a row is updated too."""
        objects = PEOPLE.using(using)
        (person,) = objects.bulk_create([Person(email="1@example.org")])
        person = objects.get()
        self.check(person, using)
        if using == "mysql":
            objects.bulk_create(
                [Person(pk=person.pk, email="2@example.org")],
                update_conflicts=True,
                update_fields=["email"],
            )
        else:
            objects.bulk_create(
                [Person(pk=person.pk, email="2@example.org")],
                update_conflicts=True,
                update_fields=["email"],
                unique_fields=["pk"],
            )
        self.check(person, using)
        assert objects.get().email == "2@example.org"

    @pytest.mark.parametrize("deferred", [["email"], ["email_bidx"], ["name", "email"]])
    def test_a_deferred_field_was_changed_meanwhile(
        self, using: str, deferred: list[str]
    ) -> None:
        """Saving what is loaded of a row never saves an index without its field."""
        objects = PEOPLE.using(using)
        objects.create(email="1@example.org", born=1)
        person = objects.defer(*deferred).get()
        objects.update(email="2@example.org")
        person.phone = "5"
        person.save()
        self.check(person, using)
        expected = "1@example.org" if "email" not in deferred else "2@example.org"
        assert objects.get(email=expected).phone == "5"

    def test_an_index_is_not_written_alone(self, using: str) -> None:
        """Whoever names an index and not its field is told so, and nothing changes."""
        objects, plain = PEOPLE.using(using), Person.plain.using(using)
        person = objects.create(email="1@example.org")
        person.email, person.email_bidx = "2@example.org", "00" * 16
        loaded = objects.only("email_bidx").get()
        upsert: dict[str, Any] = {"update_conflicts": True}
        upsert["update_fields"] = ["email_bidx"]
        if using != "mysql":
            upsert["unique_fields"] = ["pk"]
        writes: list[Callable[[], Any]] = [
            lambda: person.save(update_fields=["email_bidx"]),
            loaded.save,
            lambda: loaded.save(update_fields=["email_bidx"]),
            lambda: objects.update(email_bidx="00" * 16),
            lambda: objects.update(email_bidx=None),
            lambda: plain.update(email_bidx="00" * 16),
            lambda: objects.bulk_update([person], ["email_bidx"]),
            lambda: plain.bulk_update([person], ["email_bidx"]),
            lambda: plain.bulk_create([person], **upsert),
        ]
        for write in writes:
            with (
                pytest.raises(FieldError, match="email"),
                transaction.atomic(using=using),
            ):
                write()
        person.name = "new"
        person.save(update_fields=["email_bidx", "name"])
        self.check(person, using)
        again = objects.get(email="1@example.org")
        assert (again.name, again.email_bidx) == ("new", index_of("1@example.org"))

    def test_an_instance_shows_the_index_of_its_value(self, using: str) -> None:
        """The attribute follows what was assigned, updated, refreshed or deferred."""
        objects = PEOPLE.using(using)
        person = objects.create(email="1@example.org")
        person.email = "2@example.org"
        assert person.email_bidx == index_of("2@example.org")
        objects.bulk_update([person], ["email"])
        assert person.email_bidx == on_disk(person, "email_bidx", using)
        objects.update(email="3@example.org")
        person.refresh_from_db(fields=["email"])
        assert person.email_bidx == index_of("3@example.org")
        late = objects.defer("email").get()
        assert late.email_bidx == index_of("3@example.org")
        objects.update(email="4@example.org")
        assert (late.email, late.email_bidx) == (
            "4@example.org",
            index_of("4@example.org"),
        )

    def test_a_plain_manager_refuses(self, using: str) -> None:
        """A manager that knows nothing of indexes cannot leave one behind."""
        person = PEOPLE.using(using).create(email="1@example.org")
        plain: Any = Person.plain.using(using)
        person.email = "2@example.org"
        arguments = {"update_conflicts": True, "update_fields": ["email"]}
        if using != "mysql":
            arguments["unique_fields"] = ["pk"]
        writes: list[Callable[[], Any]] = [
            lambda: plain.update(email="2@example.org"),
            lambda: plain.update(email=None),
            lambda: plain.bulk_update([person], ["email"]),
            lambda: plain.bulk_create([person], **arguments),
        ]
        for write in writes:
            with (
                pytest.raises(FieldError, match="EncryptedQuerySet"),
                transaction.atomic(using=using),
            ):
                write()
        assert plain.get().email == "1@example.org"
        assert plain.update(name="x") == 1

    @pytest.mark.parametrize(
        "value",
        [
            F("name"),
            F("phone"),
            Case(When(name="", then=Value("x"))),
        ],
        ids=str,
    )
    def test_expressions_are_refused(self, value: Any) -> None:
        """No expression is written to an indexed field."""
        person = PEOPLE.create(email="1@example.org")
        with pytest.raises(FieldError), transaction.atomic():
            PEOPLE.update(email=value)
        person.email = value
        with pytest.raises(FieldError), transaction.atomic():
            person.save()
        assert PEOPLE.get().email == "1@example.org"


class TestCombined:
    """Where a first query has a plain column, no other has an encrypted one."""

    @pytest.mark.parametrize(
        "combine",
        [
            lambda: NAMES.union(PEOPLE.values_list("email"), all=True),
            lambda: NAMES.union(PEOPLE.values_list("email")),
            lambda: NAMES.union(NAMES, PEOPLE.values_list("email")),
            lambda: NAMES.union(Record.objects.values_list("note"), all=True),
            lambda: NAMES.union(PEOPLE.annotate(x=F("email")).values_list("x")),
            lambda: NAMES.intersection(PEOPLE.values_list("email")),
            lambda: NAMES.difference(Account.objects.values_list("number")),
            lambda: PEOPLE.values_list("email", "name").union(
                PEOPLE.values_list("name", "email"), all=True
            ),
            lambda: PEOPLE.none().union(NAMES, PEOPLE.values_list("email")),
        ],
    )
    def test_ciphertexts_are_no_values(self, combine: Any) -> None:
        """It is a FieldError before any SQL."""
        with (
            CaptureQueriesContext(connections["default"]) as queries,
            pytest.raises(FieldError, match="encrypted"),
        ):
            list(combine())
        assert len(queries) == 0

    def test_what_is_alike(self, using: str) -> None:
        """Queries whose columns are alike are combined as before."""
        objects = PEOPLE.using(using)
        objects.create(name="ann", email="ann@example.org")
        names, mails = objects.values_list("name"), objects.values_list("email")
        assert sorted(names.union(names, all=True)) == [("ann",), ("ann",)]
        assert list(mails.union(mails, all=True)) == [("ann@example.org",)] * 2
        nobody = objects.none().values_list("email")
        assert list(mails.union(nobody, all=True)) == [("ann@example.org",)]
        whole = objects.filter(name="ann")
        assert [one.email for one in whole.union(whole)] == ["ann@example.org"]
        assert list(names.union(objects.all())) == [("ann",)]
        absent = objects.annotate(x=Value(None, models.TextField())).values_list("x")
        assert set(mails.union(absent, all=True)) == {("ann@example.org",), (None,)}


@pytest.mark.usefixtures("routed")
class TestForms:
    """A form of all fields has the field, and nothing of its index."""

    def test_all_fields(self) -> None:
        """The index is neither shown nor taken from what somebody sends."""
        form_class = modelform_factory(Person, fields="__all__")
        assert list(form_class.base_fields) == [
            "name",
            "email",
            "phone",
            "born",
            "friend",
        ]
        sent = {"name": "x", "email": "a@example.org", "born": 1, "email_bidx": "00"}
        form = modelform_factory(Person, fields="__all__", exclude=["friend"])(sent)
        assert form.is_valid(), form.errors
        saved: Any = form.save()
        assert saved.email_bidx == index_of("a@example.org")
        assert not {"email_bidx", "phone_bidx"} & model_to_dict(PEOPLE.get()).keys()

    def test_naming_it(self) -> None:
        """Who asks for the index by its name is told that nobody edits it."""
        with pytest.raises(FieldError, match="non-editable"):
            modelform_factory(Person, fields=["email", "email_bidx"])


class TestUnique:
    """No two rows have the same value."""

    def test_the_database_refuses(self, using: str) -> None:
        """A second row of the same address is an IntegrityError; of NULL it is not."""
        objects = PEOPLE.using(using)
        objects.create(email="a@example.org")
        with pytest.raises(IntegrityError), transaction.atomic(using=using):
            objects.create(email="A@example.org")
        objects.create(email=None)
        objects.create(email=None)

    def test_one_query(self, using: str) -> None:
        """Whatever finds a row by its value takes one query."""
        objects = PEOPLE.using(using)
        ann = objects.create(email="a@example.org")
        with CaptureQueriesContext(connections[using]) as queries:
            assert objects.get(email="A@example.org") == ann
            assert list(objects.filter(email__in=["a@example.org", "b"])) == [ann]
            assert objects.get_or_create(email="a@example.org") == (ann, False)
            assert not objects.filter(email__isnull=True).exists()
        assert len(queries) == 4

    def test_validation(self, routed: str) -> None:
        """Forms say which field is taken, after one query."""
        PEOPLE.create(email="a@example.org")
        with (
            CaptureQueriesContext(connections[routed]) as queries,
            pytest.raises(ValidationError) as caught,
        ):
            Person(email="A@example.org").validate_unique()
        assert set(caught.value.message_dict) == {"email"}
        assert len(queries) == 1

        form = modelform_factory(Person, fields=["name", "email"])
        taken = form({"name": "x", "email": "A@example.org"})
        assert taken.errors["email"] == ["Person with this Email already exists."]
        assert form({"name": "x", "email": "b@example.org"}).is_valid()
        without = modelform_factory(Person, fields=["name"])
        assert without({"name": "x"}, instance=Person(email="a@example.org")).is_valid()
        own = form({"name": "y", "email": "a@example.org"}, instance=PEOPLE.get())
        assert own.is_valid()
        own.save()

    @isolate_apps("tests.integration.django.records")
    def test_together_with_another_column(self) -> None:
        """A form says so if the pair is taken, through a constraint of the index."""

        class Member(models.Model):  # noqa: DJ008
            tenant = models.IntegerField()
            email = fields.EncryptedEmailField(index=fields.BlindIndexSpec())

            class Meta:
                app_label = "records"
                constraints = (
                    models.UniqueConstraint(
                        fields=["tenant", "email_bidx"], name="one_a_tenant"
                    ),
                )

        assert Member._meta.get_field("email").check(databases=["default"]) == []
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "CREATE TABLE records_member (id integer PRIMARY KEY, tenant integer, "
                "email text, email_bidx text, UNIQUE (tenant, email_bidx))"
            )
        Member._default_manager.create(tenant=1, email="a@example.org")
        form_class = modelform_factory(Member, fields=["tenant", "email"])
        taken = form_class({"tenant": 1, "email": "a@example.org"})
        assert not taken.is_valid()
        assert form_class({"tenant": 2, "email": "a@example.org"}).is_valid()
        assert form_class({"tenant": 1, "email": "b@example.org"}).is_valid()
        partial = modelform_factory(Member, fields=["tenant"])
        assert partial({"tenant": 1}).is_valid()

    def test_under_an_older_key(self) -> None:
        """What is indexed under an older key is taken as well, in one query."""
        ring = Keyring.generate()
        with keyring(ring):
            PEOPLE.create(email="a@example.org")
            key = Key.generate()
            ring.add(key)
            ring.promote_index(key.id)
            with CaptureQueriesContext(connections["default"]) as queries:
                assert PEOPLE.get(email="a@example.org")
                with pytest.raises(ValidationError):
                    Person(email="a@example.org").validate_unique()
            assert len(queries) == 2
            assert " IN (" in queries[0]["sql"]


class TestMigrations:
    """Companion columns are columns of the model."""

    def test_they_are_written_down(self) -> None:
        """A migration declares them; the historical model finds and writes by them."""
        state = ModelState.from_model(Person)
        assert "email_bidx" in state.fields
        text, _ = MigrationWriter.serialize(state.fields["email_bidx"])
        assert text == (
            "hauberk.django.fields.BlindIndexField(max_length=32, null=True, "
            "unique=True)"
        )
        text, _ = MigrationWriter.serialize(state.fields["email"])
        assert "BlindIndexSpec(normalize='email', unique=True)" in text
        assert "index_declared=True" in text
        project = ProjectState.from_apps(apps)
        historical: Any = project.apps.get_model("records", "Person")
        names = [one.name for one in historical._meta.local_fields]
        assert len(names) == len(set(names))
        historical.objects.create(email="a@example.org")
        assert historical.objects.get(email="A@example.org").pk
        assert PEOPLE.get(email="a@example.org").pk

    @pytest.mark.parametrize("alias", ["default", "postgres", "mysql"])
    @pytest.mark.django_db(databases=[*connections], transaction=True)
    def test_an_index_is_added(self, alias: str) -> None:
        """Adding a field with an index, and an index to a field, are migrations."""
        if alias not in connections:
            pytest.skip(f"no server answers for {alias}")
        connection = connections[alias]
        before = ModelState(
            "records", "Growing", [("id", models.BigAutoField(primary_key=True))]
        )
        state = ProjectState()
        state.add_model(before)
        with isolate_apps("tests.integration.django.records"):

            class Growing(models.Model):  # noqa: DJ008
                code = fields.EncryptedTextField(
                    default="start", index=fields.BlindIndexSpec(unique=False)
                )

                class Meta:
                    app_label = "records"

        after = ModelState.from_model(Growing)
        model = state.apps.get_model("records", "Growing")
        with connection.schema_editor() as editor:
            editor.create_model(model)
        try:
            model.objects.using(alias).create()
            for name in ("code", "code_bidx"):
                old = state.clone()
                state.add_field(
                    "records",
                    "growing",
                    name,
                    after.fields[name],
                    preserve_default=True,
                )
                with connection.schema_editor() as editor:
                    target = state.apps.get_model("records", "Growing")
                    editor.add_field(
                        old.apps.get_model("records", "Growing"),
                        target._meta.get_field(name),
                    )
            objects: Any = Growing._default_manager.using(alias)
            assert objects.get().code == "start"
            objects.create(code="other")
            assert objects.get(code="other").pk
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Growing)

    @isolate_apps("tests.integration.django.records")
    def test_inheritance(self) -> None:
        """Children of an abstract model have companions of their own."""

        class Base(models.Model):
            email = fields.EncryptedEmailField(index=fields.BlindIndexSpec())

            class Meta:
                app_label = "records"
                abstract = True

        class One(Base):  # noqa: DJ008
            pass

        class Two(Base):  # noqa: DJ008
            pass

        for model in (One, Two):
            names = [one.name for one in model._meta.local_fields]
            assert names == ["id", "email", "email_bidx"]
        one: Any = One._meta.get_field("email_bidx")
        two: Any = Two._meta.get_field("email_bidx")
        assert one.index_of("x") != two.index_of("x")


class TestDeterministic:
    """Equal values have equal ciphertexts."""

    def test_the_database_compares(self, using: str) -> None:
        """Lookups, unique and joins work on the column itself."""
        objects: Any = Account.objects.using(using)
        account = objects.create(
            number="AT61", token="00112233445566778899aabbccddeeff"
        )
        assert on_disk(account, "number", using).startswith("hd1.")
        assert objects.get(number="AT61") == account
        assert objects.get(token=objects.get().token) == account
        assert objects.filter(number__in=["AT61", "x"]).count() == 1
        assert not objects.filter(number="x").exists()
        with pytest.raises(IntegrityError), transaction.atomic(using=using):
            objects.create(number="AT61")
        with pytest.raises(FieldError):
            objects.filter(number__contains="A")
        taken = Account(number="AT61")
        if using == "default":
            with pytest.raises(ValidationError):
                taken.validate_unique()

    def test_after_a_rotation(self, using: str) -> None:
        """Rows under each live key are found, in one query."""
        ring = Keyring.generate()
        with keyring(ring):
            objects: Any = Account.objects.using(using)
            account = objects.create(number="AT61")
            key = Key.generate()
            ring.add(key)
            ring.promote(key.id)
            with CaptureQueriesContext(connections[using]) as queries:
                assert objects.get(number="AT61") == account
            assert len(queries) == 1
