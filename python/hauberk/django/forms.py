"""Form fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from hauberk.django.conf import settings
from hauberk.exceptions import HtmlError, InvalidInputError
from hauberk.html import Sanitizer

if TYPE_CHECKING:
    from hauberk.html import Policy

__all__ = ["SanitizedCharField", "SanitizedTextField", "sanitize"]


class SanitizedCharField(forms.CharField):
    """A field whose cleaned value is what a policy allows of the HTML that was sent.

    Args:
        policy: A name in the setting `HAUBERK["HTML_POLICIES"]`, or one of hauberk's
            own: `"text_only"`, `"comment"`, `"article"`, `"nh3"`, `"bleach"`.

    The cleaned value is a `str`, which templates escape: it is safe to be stored and
    shown as HTML as long as nobody changes it.
    """

    def __init__(self, *args: Any, policy: str = "comment", **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the value, validated and sanitized.

        Raises:
            ValidationError: It is not valid, before or after, or over a limit of the
                policy.
            ConfigurationError: There is no policy of that name.
        """
        cleaned = super().clean(value)
        if cleaned in self.empty_values:
            return cleaned
        cleaned = sanitize(cleaned, settings().html_policy(self.policy))
        # Less may be left than the field wants, and escaping makes text longer.
        self.validate(cleaned)
        self.run_validators(cleaned)
        return cleaned or self.empty_value


class SanitizedTextField(SanitizedCharField):
    """The same in a `<textarea>`."""

    widget = forms.Textarea


def sanitize(value: str, policy: Policy) -> str:
    """Return what a policy allows of a value that a form got.

    Raises:
        ValidationError: It is over a limit of the policy.
    """
    try:
        return Sanitizer(policy).sanitize(value)
    except (HtmlError, InvalidInputError) as error:
        raise ValidationError(str(error), code="html_limit") from None
