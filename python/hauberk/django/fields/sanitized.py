"""Model fields of HTML that users wrote.

```python
class Review(models.Model):
    body = SanitizedTextField(policy="comment")
```

The column keeps what was written; the attribute is what the policy allows of it, marked
safe, so that `{{ review.body }}` shows it as HTML. A better policy thereby also serves
what was stored before, and saving an object changes nothing that was not assigned.
`review.body.raw` is what the column holds. `values()`, `values_list()` and raw SQL
return that too, as a `str` that templates escape.

With `on="clean"` the text is sanitized by `full_clean()` and forms, and the column
keeps the result. `create()`, `update()`, `bulk_create()` and `save()` do not clean, so
the attribute stays a `str`, which templates escape: filter it with `|sanitize`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from django.core import checks
from django.db.models import CharField, Field, TextField
from django.db.models.query_utils import DeferredAttribute
from django.utils.safestring import SafeString

from hauberk.django import forms
from hauberk.django.conf import settings
from hauberk.exceptions import ConfigurationError, HtmlError
from hauberk.html.output import for_output

if TYPE_CHECKING:
    from django.db.models import Model

    from hauberk.html import Policy

__all__ = [
    "SanitizedCharField",
    "SanitizedFieldMixin",
    "SanitizedHtml",
    "SanitizedTextField",
]

if TYPE_CHECKING:
    _Field: TypeAlias = Field[Any, Any]
    _CharField: TypeAlias = CharField[Any, Any]
    _TextField: TypeAlias = TextField[Any, Any]
else:
    _Field, _CharField, _TextField = Field, CharField, TextField


class SanitizedHtml(SafeString):
    """HTML that a policy allowed, and what it was made from."""

    #: What was written, which is not safe to show.
    raw: str

    def __new__(cls, shown: str, raw: str) -> Self:
        """Return `shown` as a safe string that remembers `raw`."""
        made = super().__new__(cls, shown)
        made.raw = raw
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return SanitizedHtml, (str.__str__(self), self.raw)


class _Shown(DeferredAttribute):
    """The attribute of a model: sanitizes what was loaded or assigned."""

    field: Any

    def __get__(self, instance: Model | None, cls: Any = None) -> Any:
        written = super().__get__(instance, cls)
        if instance is None or not isinstance(written, str):
            return written
        if isinstance(written, SanitizedHtml):
            return written
        shown = SanitizedHtml(for_output(written, self.field.html_policy), written)
        # Sanitized once for each object: assigning anew puts a plain text here again.
        instance.__dict__[self.field.attname] = shown
        return shown

    def __set__(self, instance: Model, value: Any) -> None:
        # Without this method the instance's own dictionary would be looked at first.
        # What another field's policy allowed is not what this one's does.
        instance.__dict__[self.field.attname] = _written(value)


class SanitizedFieldMixin(_Field):
    """What the sanitized fields have in common.

    Args:
        policy: A name in the setting `HAUBERK["HTML_POLICIES"]`, or one of hauberk's
            own: `"text_only"`, `"comment"`, `"article"`, `"nh3"`, `"bleach"`.
        on: `"output"` sanitizes the attribute whenever it is read; `"clean"` sanitizes
            what forms and `full_clean()` validate, and stores the result.
    """

    def __init__(
        self,
        *args: Any,
        policy: str = "comment",
        on: Literal["clean", "output"] = "output",
        **kwargs: Any,
    ) -> None:
        if on not in {"clean", "output"}:
            raise ConfigurationError('on is "clean" or "output".')
        self.policy = policy
        self.on = on
        super().__init__(*args, **kwargs)

    @property
    def html_policy(self) -> Policy:
        """The policy that the name stands for.

        Raises:
            ConfigurationError: There is none of that name.
        """
        return settings().html_policy(self.policy)

    def contribute_to_class(
        self,
        cls: Any,
        name: str,
        private_only: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> None:
        """Belong to a model, whose attribute sanitizes unless `on` is `"clean"`."""
        super().contribute_to_class(cls, name, private_only=private_only)
        if self.on == "output":
            setattr(cls, self.attname, _Shown(self))

    def clean(self, value: Any, model_instance: Any) -> Any:
        """Return the value that `full_clean()` leaves, sanitized with `on="clean"`.

        Raises:
            ValidationError: It is not valid, before or after, or over a limit of the
                policy.
        """
        value = super().clean(self._stored(value), model_instance)
        if self.on == "clean" and isinstance(value, str):
            value = forms.sanitize(value, self.html_policy)
            # Less may be left than the field wants, and escaping makes text longer.
            self.validate(value, model_instance)
            self.run_validators(value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Return what is stored: what was written, or what cleaning left."""
        return super().get_prep_value(self._stored(value))

    def value_from_object(self, obj: Any) -> Any:
        """Return what forms and serializers show: what is stored."""
        return self._stored(super().value_from_object(obj))

    def _stored(self, value: Any) -> Any:
        if self.on == "output":
            return _written(value)
        # From a field that sanitizes on output: nothing comes back that it kept out.
        return str.__str__(value) if isinstance(value, SanitizedHtml) else value

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return the form's field, which sanitizes with `on="clean"`."""
        if self.on == "clean":
            kwargs.setdefault("form_class", forms.SanitizedCharField)
            kwargs.setdefault("policy", self.policy)
        return super().formfield(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Report a policy that does not exist, as `hauberk.E201`."""
        return [*super().check(**kwargs), *self._check_policy()]

    def _check_policy(self) -> list[checks.CheckMessage]:
        try:
            settings().html_policy(self.policy)
        except (ConfigurationError, HtmlError) as error:
            return [checks.Error(str(error), obj=self, id="hauberk.E201")]
        return []

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return how to make the field again."""
        name, path, args, kwargs = super().deconstruct()
        if self.policy != "comment":
            kwargs["policy"] = self.policy
        if self.on != "output":
            kwargs["on"] = self.on
        # Migrations name the public module, whatever this one is called.
        path = path.replace(f"{__name__}.", f"{__package__}.")
        return name, path, list(args), kwargs


class SanitizedTextField(SanitizedFieldMixin, _TextField):
    """A `TextField` of untrusted HTML: see the module."""


class SanitizedCharField(SanitizedFieldMixin, _CharField):
    """A `CharField` of untrusted HTML: see the module.

    `max_length` bounds what is stored, markup included.
    """


def _written(value: Any) -> Any:
    return value.raw if isinstance(value, SanitizedHtml) else value
