"""A column of HTML that users wrote.

```python
class Review(Base):
    body: Mapped[str] = mapped_column(SanitizedText("comment"))
```

The column keeps what was written. What is loaded is a `SanitizedHtml`: a `str` of what
the policy allows, which Jinja and Django show as HTML, and whose `raw` is what was
written. A value that was assigned and not yet loaded again is a plain `str`, which
templates escape, also where a `SanitizedHtml` of another column was assigned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Text, event
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator

from hauberk.exceptions import ConfigurationError
from hauberk.html.named import PROFILES
from hauberk.html.output import for_output

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from hauberk.html.policy import Policy

__all__ = ["SanitizedHtml", "SanitizedText"]


class SanitizedHtml(str):
    """HTML that a policy allowed, and what it was made from.

    >>> SanitizedHtml("<b>x</b>", "<b onclick=y()>x</b>").__html__()
    '<b>x</b>'
    """

    __slots__ = ("raw",)

    #: What was written, which is not safe to show.
    raw: str

    def __new__(cls, shown: str, raw: str) -> Self:
        """Return `shown` as HTML that remembers `raw`."""
        made = super().__new__(cls, shown)
        made.raw = raw
        return made

    def __html__(self) -> str:
        """Return the HTML, for template engines."""
        return str.__str__(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return SanitizedHtml, (str.__str__(self), self.raw)


class SanitizedText(TypeDecorator[str]):
    """A text column of untrusted HTML: see the module.

    Args:
        policy: A `Policy`, or the name of one of hauberk's profiles: `"text_only"`,
            `"comment"`, `"article"`, `"nh3"`, `"bleach"`.

    Raises:
        ConfigurationError: There is no profile of that name.
    """

    impl = Text
    cache_ok = True

    def __init__(self, policy: Policy | str = "comment") -> None:
        super().__init__()
        if isinstance(policy, str):
            if policy not in PROFILES:
                known = ", ".join(sorted(PROFILES))
                message = f"There is no HTML policy {policy!r}; there are {known}."
                raise ConfigurationError(message)
            self.policy: Policy | str = policy
            self._policy = PROFILES[policy]
        else:
            self.policy = self._policy = policy

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is stored: what was written."""
        del dialect
        written: str | None = _written(value)
        return written

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> SanitizedHtml | None:
        """Return what the policy allows of what was written."""
        del dialect
        if value is None:
            return None
        return SanitizedHtml(for_output(value, self._policy), value)


def _written(value: Any) -> Any:
    return value.raw if isinstance(value, SanitizedHtml) else value


@event.listens_for(Mapper, "mapper_configured")
def _unwrap_on_assignment(mapper: Mapper[Any], class_: type) -> None:
    """Let no column show what the policy of another one allowed."""
    for attribute in mapper.column_attrs:
        if isinstance(attribute.columns[0].type, SanitizedText):
            event.listen(
                getattr(class_, attribute.key),
                "set",
                _assigned,
                retval=True,
                propagate=True,
            )


def _assigned(target: object, value: Any, old: object, initiator: object) -> Any:
    del target, old, initiator
    return _written(value)
