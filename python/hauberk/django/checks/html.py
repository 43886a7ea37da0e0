"""Checks of the policies for HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core import checks

from hauberk.django.conf import settings
from hauberk.exceptions import HauberkError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.apps import AppConfig

    from hauberk.html import Policy

__all__ = ["check_html"]


def check_html(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - Django's signature
    **_: Any,
) -> list[checks.CheckMessage]:
    """Look at the policies of the setting `HAUBERK["HTML_POLICIES"]`.

    `hauberk.E200`: one of them is refused. `hauberk.W200`: one lets through what can do
    harm although no script runs.
    """
    try:
        policies = settings().html_policies
    except HauberkError as error:
        hint = "A policy is a hauberk.html.Policy, or a dictionary of its arguments."
        return [checks.Error(str(error), hint=hint, id="hauberk.E200")]
    return [
        checks.Warning(
            f"HAUBERK['HTML_POLICIES'][{name!r}] {problem}.",
            hint=hint,
            id="hauberk.W200",
        )
        for name, policy in policies.items()
        for problem, hint in _problems(policy)
    ]


def _problems(policy: Policy) -> Iterator[tuple[str, str]]:
    names = _attribute_names(policy)
    if "id" in names and policy.id_prefix is None:
        yield (
            "allows id without an id_prefix",
            "It can take the place of a variable of the page's scripts: set id_prefix.",
        )
    if "name" in names:
        yield (
            "allows name",
            "It can take the place of a variable, and no prefix stands before it.",
        )
    if tags := sorted(policy.tags & _FORMS):
        yield (
            f"allows {', '.join(tags)}",
            "A form on your page that others wrote asks your users for passwords.",
        )
    hosts = policy.url_hosts or {}
    if "*" not in hosts and (tags := sorted(policy.tags & _EMBEDDED - set(hosts))):
        yield (
            f"allows {', '.join(tags)} from every host",
            "Set url_hosts to the hosts that may be embedded.",
        )
    if styles := sorted((policy.styles or frozenset()) & _COVERING):
        yield (
            f"allows the CSS {', '.join(styles)}",
            "Content that chooses its place covers what your page says.",
        )
    if "data" in policy.url_schemes:
        yield (
            "allows data: URLs",
            "They hold whole documents; allow http and https instead.",
        )


def _attribute_names(policy: Policy) -> set[str]:
    values = (policy.attribute_values or {}).values()
    return set().union(*policy.attributes.values(), *values)


_FORMS: Final = frozenset({"button", "form", "input", "select", "textarea"})
_EMBEDDED: Final = frozenset({"audio", "embed", "iframe", "object", "video"})
_COVERING: Final = frozenset({"inset", "position", "z-index"})
