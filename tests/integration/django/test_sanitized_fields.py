"""Sanitized fields in a Django project, on each database that answers."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connections, models
from django.db.migrations.writer import MigrationWriter
from django.forms import Form, modelform_factory
from django.template import Context, Template
from django.test import override_settings
from django.test.utils import isolate_apps
from django.utils.safestring import SafeString
from tests.integration.django.reviews.models import Review

from hauberk.django import forms
from hauberk.django.checks import check_html
from hauberk.django.fields import SanitizedCharField, SanitizedHtml, SanitizedTextField
from hauberk.exceptions import ConfigurationError
from hauberk.html import Policy

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = "<h1 onclick=x()>Shoes</h1><script>steal()</script> & <b>more"
SHOWN = "<h1>Shoes</h1> &amp; <b>more</b>"

pytestmark = pytest.mark.django_db(databases=[*connections])


@pytest.fixture(params=["default", "postgres", "mysql"])
def using(request: pytest.FixtureRequest) -> str:
    """Each database; skipped where no server answers."""
    alias: str = request.param
    if alias not in connections:
        pytest.skip(f"no server answers for {alias}")
    return alias


def column(review: Review, name: str, using: str = "default") -> Any:
    """Return what the database holds."""
    rows = Review.objects.using(using).filter(pk=review.pk)
    return rows.values_list(name, flat=True).get()


class TestOutput:
    """The attribute is what the policy allows; the column keeps what was written."""

    def test_what_is_loaded_is_sanitized(self, using: str) -> None:
        """Every way to load a row gives safe HTML, and the row is as it was written."""
        made = Review.objects.using(using).create(body=WRITTEN)
        for loaded in (
            Review.objects.using(using).get(pk=made.pk),
            Review.objects.using(using).defer("body").get(pk=made.pk),
            Review.objects.using(using).only("body").get(pk=made.pk),
            next(Review.objects.using(using).filter(pk=made.pk).iterator()),
            Review.objects.using(using).raw("SELECT * FROM reviews_review")[0],
        ):
            assert isinstance(loaded.body, SanitizedHtml)
            assert isinstance(loaded.body, SafeString)
            assert (loaded.body, loaded.body.raw) == (SHOWN, WRITTEN)
        assert column(made, "body", using) == WRITTEN

    def test_what_is_assigned_is_sanitized(self) -> None:
        """An object that was never saved shows nothing else than one that was."""
        review = Review(body="<i>old</i>", headline=WRITTEN)
        review.body = WRITTEN

        assert isinstance(review.body, SafeString)
        assert review.body == SHOWN
        assert review.headline == "Shoes &amp; <b>more</b>"
        assert Review().body is None

    def test_what_another_policy_allowed_is_sanitized(self) -> None:
        """A value that one field shows as HTML is for another what was written."""
        review = Review(body=WRITTEN)
        review.headline = review.body

        assert review.body == SHOWN
        assert review.headline == "Shoes &amp; <b>more</b>"
        assert Review(headline=review.body).headline == review.headline

    def test_saving_what_was_loaded_changes_nothing(self, using: str) -> None:
        """Reading, assigning back, copying and saving keep what was written."""
        review = Review.objects.using(using).create(body=WRITTEN)
        review = Review.objects.using(using).get(pk=review.pk)
        assert review.body
        review.save()
        other = Review.objects.using(using).create(body=review.body)
        review.body = pickle.loads(pickle.dumps(review)).body
        review.full_clean(exclude=["headline", "summary"])
        review.save()
        Review.objects.using(using).bulk_update([review], ["body"])
        Review.objects.using(using).filter(pk=other.pk).update(body=review.body)

        assert column(review, "body", using) == WRITTEN
        assert column(other, "body", using) == WRITTEN
        assert Review.objects.using(using).filter(body=review.body).count() == 2

    def test_templates(self) -> None:
        """A template shows the attribute as HTML, and values of a query as text."""
        review = Review.objects.create(body=WRITTEN)
        source = "{{ review.body }}"
        context = Context({"review": review})
        assert Template(source).render(context) == SHOWN

        context = Context({"review": Review.objects.values("body").get()})
        assert "&lt;script&gt;" in Template(source).render(context)

    def test_forms_edit_what_was_written(self) -> None:
        """The form of an object shows its text, escaped once, and saves it."""
        review = Review.objects.create(body="<b>5 &lt; 6</b><script>x</script>")
        form_class = modelform_factory(Review, fields=["body"])
        shown = str(form_class(instance=review)["body"])
        assert "&lt;b&gt;5 &amp;lt; 6&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;" in shown

        form = form_class({"body": WRITTEN}, instance=review)
        form.save()
        assert column(review, "body") == WRITTEN

    def test_fixtures_hold_what_was_written(self, tmp_path: Path) -> None:
        """`dumpdata` and `loaddata` lose nothing."""
        review = Review.objects.create(body=WRITTEN)
        out = io.StringIO()
        call_command("dumpdata", "reviews", stdout=out)
        (copy,) = serializers.deserialize("json", out.getvalue())
        assert isinstance(copy.object, Review)
        assert copy.object.body == SHOWN

        fixture = tmp_path / "reviews.json"
        fixture.write_text(out.getvalue())
        Review.objects.all().delete()
        call_command("loaddata", fixture, verbosity=0)
        assert column(review, "body") == WRITTEN

    def test_one_document_takes_no_page_down(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """What is over a limit is text, and logged."""
        assert "<" not in Review(body="<i>" * 10_000).body
        assert "max_depth" in caplog.text


class TestClean:
    """With `on="clean"` the column keeps what the policy allowed."""

    def test_full_clean_sanitizes(self) -> None:
        """`full_clean` and forms do; `create` does not, and marks nothing safe."""
        review = Review(summary=WRITTEN)
        review.full_clean()
        assert review.summary == "Shoes &amp; <b>more</b>"
        form = modelform_factory(Review, fields=["summary"])({"summary": WRITTEN})
        assert form.save().summary == "Shoes &amp; <b>more</b>"

        created = Review.objects.create(summary=WRITTEN)
        assert created.summary == WRITTEN
        assert not hasattr(created.summary, "__html__")

    def test_over_a_limit(self) -> None:
        """A form says what is wrong and keeps what was typed."""
        form = modelform_factory(Review, fields=["summary"])({"summary": "<i>" * 9_000})
        assert not form.is_valid()
        assert form.errors["summary"]
        with pytest.raises(ValidationError):
            Review(summary="<i>" * 9_000).full_clean()

    @isolate_apps("tests.integration.django.reviews")
    def test_what_is_left_is_validated(self) -> None:
        """Escaping makes text longer, and of a script nothing is left."""

        class Note(models.Model):
            title = SanitizedCharField(max_length=40, null=True, on="clean")

            class Meta:
                app_label = "reviews"

            def __str__(self) -> str:
                return str(self.title)

        form_class = modelform_factory(Note, fields=["title"])
        for title in (
            "<a href=https://a.example>x</a>",
            12 * "& ",
            "<script>x</script>",
        ):
            with pytest.raises(ValidationError):
                Note(title=title).full_clean()
            assert not form_class({"title": title}).is_valid()
        Note(title="<i>x</i>").full_clean()

    @isolate_apps("tests.integration.django.reviews")
    def test_nothing_is_nothing(self) -> None:
        """A column that may be NULL gets NULL from an empty input."""

        class Note(models.Model):
            title = SanitizedCharField(max_length=40, null=True, blank=True, on="clean")

            class Meta:
                app_label = "reviews"

            def __str__(self) -> str:
                return str(self.title)

        for title in ("", "<script>x</script>"):
            form = modelform_factory(Note, fields=["title"])({"title": title})
            assert form.is_valid()
            assert form.cleaned_data == {"title": None}

    def test_what_another_field_kept_out_stays_out(self) -> None:
        """The column gets what the attribute read, also without being cleaned."""
        review = Review(body=WRITTEN)
        review.summary = review.body
        assert review.summary == SHOWN
        review.save()

        assert column(review, "summary") == SHOWN
        assert column(review, "body") == WRITTEN


class TestForms:
    """The fields of forms."""

    def test_cleaned_values_are_sanitized(self) -> None:
        """Validation sees what was sent; what comes out is what the policy allows."""

        class Comment(Form):
            text = forms.SanitizedTextField(policy="article")
            name = forms.SanitizedCharField(max_length=50, required=False)

        form = Comment({"text": WRITTEN, "name": "<i>me"})
        assert form.is_valid()
        assert form.cleaned_data == {"text": SHOWN, "name": "<i>me</i>"}
        assert "<textarea" in str(form["text"])
        assert not Comment({"text": ""}).is_valid()
        assert not Comment({"text": "<script>x</script>"}).is_valid()
        form = Comment({"text": "x", "name": 13 * "& "})
        assert form.errors["name"]


class TestDjango:
    """What Django asks of a field."""

    def test_migrations(self) -> None:
        """Migrations name the public module and what differs from the defaults."""
        field = SanitizedTextField(policy="article", on="clean")
        field.set_attributes_from_name("body")
        text, imports = MigrationWriter.serialize(field)

        expected = (
            "hauberk.django.fields.SanitizedTextField(on='clean', policy='article')"
        )
        assert text == expected
        assert imports == {"import hauberk.django.fields"}
        with pytest.raises(ConfigurationError):
            SanitizedTextField(on="input")  # type: ignore[arg-type]

    @isolate_apps("tests.integration.django.reviews")
    def test_a_policy_that_does_not_exist(self) -> None:
        """A misspelt policy is hauberk.E201, and names the right one."""

        class Misspelt(models.Model):  # noqa: DJ008 - is only checked
            body = SanitizedCharField(max_length=9, policy="artcle")

            class Meta:
                app_label = "reviews"

        (message,) = Misspelt.check()
        assert message.id == "hauberk.E201"
        assert "is it 'article'" in message.msg

    @override_settings(
        HAUBERK={
            "HTML_POLICIES": {"headline": Policy(tags={"em"}), "bold": {"tags": ["b"]}}
        }
    )
    def test_policies_of_the_settings(self) -> None:
        """Policies are made or described in the settings, and known by their names."""
        source = '{% load hauberk %}{{ x|sanitize:"headline" }} {{ x|sanitize:"bold" }}'
        shown = Template(source).render(Context({"x": "<em>a</em><b>b</b>"}))

        assert shown == "<em>a</em>b a<b>b</b>"
        assert check_html() == []

    @pytest.mark.parametrize(
        ("policy", "id_"),
        [
            (5, "hauberk.E200"),
            ({"tags": ["script"]}, "hauberk.E200"),
            ({"tags": ["b"], "attributes": {"*": ["id"]}}, "hauberk.W200"),
            ({"tags": ["form"]}, "hauberk.W200"),
            ({"tags": ["select"]}, "hauberk.W200"),
            (
                {"tags": ["a"], "attributes": {"a": ["name"]}, "id_prefix": "u-"},
                "hauberk.W200",
            ),
            (
                {"tags": ["a"], "attribute_values": {"a": {"name": ["top"]}}},
                "hauberk.W200",
            ),
            ({"tags": ["video"], "url_hosts": {"a": ["b.example"]}}, "hauberk.W200"),
            (
                {
                    "tags": ["b"],
                    "attributes": {"b": ["style"]},
                    "styles": ["position"],
                },
                "hauberk.W200",
            ),
            ({"tags": ["b"], "url_relative": {"bas": 1}}, "hauberk.E200"),
            ({"tags": ["b"], "attributes": ["href"]}, "hauberk.E200"),
            ({"tags": ["b"], "max_input": 1 << 70}, "hauberk.E200"),
        ],
    )
    def test_checks(self, policy: Any, id_: str) -> None:
        """A policy that is refused is an error, one that can do harm a warning."""
        with override_settings(HAUBERK={"HTML_POLICIES": {"mine": policy}}):
            (message,) = check_html()
        assert message.id == id_
        assert "mine" in message.msg
