"""Encrypted fields in the admin."""

from __future__ import annotations

from django.contrib import admin
from tests.integration.django.records.models import Person, Record

from hauberk.django.admin import EncryptedModelAdmin


@admin.register(Person)
class PersonAdmin(EncryptedModelAdmin):
    """Fields in rows, a list with encrypted columns, and a search by the index."""

    list_display = ("name", "email", "phone")
    search_fields = ("email__exact",)
    fieldsets = ((None, {"fields": ("name", ("email", "phone"))}),)


@admin.register(Record)
class RecordAdmin(EncryptedModelAdmin):
    """What Django shows by itself."""


#: The same models, with fields that are edited in the list.
listed = admin.AdminSite(name="listed")


@admin.register(Person, site=listed)
class ListedPersonAdmin(EncryptedModelAdmin):
    """Fields that are edited in the list, one of them encrypted."""

    list_display = ("id", "name", "phone")
    list_editable = ("name", "phone")
