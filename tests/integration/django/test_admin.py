"""Encrypted fields in Django's admin, on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.models import Permission, User
from django.db import connections
from django.test import RequestFactory
from tests.integration.django.records.models import Person, Record

from hauberk.django.admin import MASK, EncryptedModelAdmin

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [
    pytest.mark.django_db(databases=[*connections]),
    pytest.mark.usefixtures("routed"),
]

PEOPLE = "/admin/records/person/"
LISTED = "/listed/records/person/"


@pytest.fixture
def staff(client: Client) -> User:
    """Somebody who may view and change, and is logged in."""
    user = User.objects.create(username="staff", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=[
                f"{action}_{model}"
                for action in ("add", "change", "view")
                for model in ("person", "record")
            ]
        )
    )
    client.force_login(user)
    return user


def reveal(user: User) -> None:
    """Give the permission that migrate has made."""
    user.user_permissions.add(
        *Permission.objects.filter(codename__startswith="reveal_")
    )


@pytest.fixture
def person() -> Any:
    """Somebody with secrets."""
    return Person.objects.create(name="ann", email="ann@example.org", phone="12345")


def test_masked(client: Client, staff: User, person: Any) -> None:
    """Without the permission nothing encrypted is shown, in the list or the form."""
    record = Record.objects.create(label="a", note="s3cret", title="t1tle")
    pages = [
        client.get(PEOPLE),
        client.get(f"{PEOPLE}{person.pk}/change/"),
        client.get(f"/admin/records/record/{record.pk}/change/"),
    ]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert MASK in text
        for secret in ("ann@example.org", "12345", "s3cret", "t1tle"):
            assert secret not in text


def test_saving_a_masked_object(client: Client, staff: User, person: Any) -> None:
    """What is masked is neither changed nor emptied by saving the form."""
    data = {"name": "changed", "email": "evil@example.org", "phone": MASK}
    page = client.post(f"{PEOPLE}{person.pk}/change/", data)
    assert page.status_code == 302
    saved = Person.objects.get()
    assert (saved.name, saved.email, saved.phone) == (
        "changed",
        "ann@example.org",
        "12345",
    )


def test_adding(client: Client, staff: User) -> None:
    """A new object is filled in as usual."""
    data = {"name": "bob", "email": "bob@example.org", "phone": "1"}
    assert client.post(f"{PEOPLE}add/", data).status_code == 302
    assert Person.objects.get(email="bob@example.org").name == "bob"


def test_revealed(client: Client, staff: User, person: Any) -> None:
    """With the permission, values are shown and can be changed."""
    reveal(staff)
    assert "ann@example.org" in client.get(PEOPLE).content.decode()
    page = client.get(f"{PEOPLE}{person.pk}/change/")
    assert "12345" in page.content.decode()
    data = {"name": "ann", "email": "new@example.org", "phone": "1"}
    assert client.post(f"{PEOPLE}{person.pk}/change/", data).status_code == 302
    assert Person.objects.get(email="new@example.org") == person


@pytest.mark.parametrize("kind", [ModelAdmin, EncryptedModelAdmin])
def test_indexes_are_not_in_the_form(client: Client, staff: User, kind: Any) -> None:
    """An admin that says nothing of fields shows all but the indexes."""
    reveal(staff)
    request: Any = RequestFactory().get("/")
    request.user = staff
    person = Person.objects.create(email="ann@example.org")
    site = kind(Person, AdminSite())
    for one in (None, person):
        names = site.get_fields(request, one)
        assert names == ["name", "email", "phone", "born", "friend"]
        assert list(site.get_readonly_fields(request, one)) == []


def test_the_list_is_searched_and_not_sorted(
    client: Client, staff: User, person: Any
) -> None:
    """The search goes through the index; encrypted columns cannot be sorted by."""
    reveal(staff)
    found = client.get(PEOPLE, {"q": "ANN@example.org"}).content.decode()
    assert f"/person/{person.pk}/change/" in found
    assert "1 person" in found
    other = client.get(PEOPLE, {"q": "bob@example.org"}).content.decode()
    assert f"/person/{person.pk}/change/" not in other
    assert client.get(PEOPLE, {"o": "2"}).status_code == 200


def test_the_permission_is_made_once() -> None:
    """Migrate makes one permission for each model with encrypted fields."""
    names = Permission.objects.filter(codename__startswith="reveal_")
    assert names.filter(codename="reveal_person").count() == 1
    assert not names.filter(codename="reveal_user").exists()


def test_editing_in_the_list(client: Client, staff: User, person: Any) -> None:
    """What is masked is not changed in the list either; with the permission it is."""
    saved = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(person.pk),
        "form-0-phone": "666",
        "form-0-name": "new",
        "_save": "Save",
    }
    assert client.post(LISTED, saved).status_code == 302
    changed = Person.objects.get()
    assert (changed.name, changed.phone) == ("new", "12345")
    page = client.get(LISTED).content.decode()
    assert MASK in page
    assert "12345" not in page
    reveal(staff)
    client.force_login(User.objects.get(pk=staff.pk))
    assert 'name="form-0-phone"' in client.get(LISTED).content.decode()
    client.post(LISTED, saved)
    assert Person.objects.get().phone == "666"


def test_guessing_in_the_address(client: Client, staff: User, person: Any) -> None:
    """The list does not tell who lacks the permission whether a guess is right."""
    for parameter in ("email=ann@example.org", "email__exact=x", "phone__in=12345"):
        page = client.get(f"{PEOPLE}?{parameter}")
        assert page.status_code == 400
    assert client.get(f"{PEOPLE}?email_bidx={person.email_bidx}").status_code == 400
    reveal(staff)
    client.force_login(User.objects.get(pk=staff.pk))
    assert client.get(f"{PEOPLE}?email=ann@example.org").status_code == 200
