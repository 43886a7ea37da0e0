"""The column type for untrusted HTML, on SQLite and PostgreSQL."""

from __future__ import annotations

import pickle
import uuid
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup, escape
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from tests import services

from hauberk.exceptions import ConfigurationError
from hauberk.html import Policy
from hauberk.sqlalchemy import SanitizedHtml, SanitizedText

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = "<b onclick=x()>Shoes</b><script>steal()</script>"


class Base(DeclarativeBase):
    """The tables of these tests, which share a database with others."""


class Review(Base):
    """A text that somebody wrote."""

    __tablename__ = f"hauberk_review_{uuid.uuid4().hex[:12]}"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str | None] = mapped_column(SanitizedText())
    plain: Mapped[str | None] = mapped_column(SanitizedText(Policy.TEXT_ONLY))


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on each database; skipped where no server answers."""
    url = "sqlite://"
    if request.param == "postgresql":
        if not services.answers(services.POSTGRES):
            pytest.skip("no server answers for PostgreSQL")
        url = services.sqlalchemy_url(services.POSTGRES)
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
        opened.rollback()
    Base.metadata.drop_all(engine)
    engine.dispose()


def test_what_is_loaded_is_sanitized(session: Session) -> None:
    """The row keeps what was written; what is read is what the policies allow."""
    session.add(Review(body=WRITTEN, plain=WRITTEN))
    session.commit()
    review = session.scalars(select(Review)).one()

    assert isinstance(review.body, SanitizedHtml)
    assert (review.body, review.body.raw) == ("<b>Shoes</b>", WRITTEN)
    assert review.plain == "Shoes"
    assert escape(review.body) == Markup("<b>Shoes</b>")
    stored = session.scalar(text(f"SELECT body FROM {Review.__tablename__}"))
    assert stored == WRITTEN


def test_storing_what_was_loaded_changes_nothing(session: Session) -> None:
    """A value that was read is written as it was, also to another row."""
    session.add(Review(body=WRITTEN))
    session.commit()
    review = session.scalars(select(Review)).one()
    session.add(Review(body=pickle.loads(pickle.dumps(review.body))))
    session.commit()

    query = text(f"SELECT body FROM {Review.__tablename__}")
    assert session.scalars(query).all() == [WRITTEN, WRITTEN]
    same = select(Review).where(Review.body == review.body)
    assert len(session.scalars(same).all()) == 2


def test_null_and_new_values(session: Session) -> None:
    """NULL stays NULL, and what was only assigned is text that templates escape."""
    review = Review(body=None, plain=WRITTEN)
    session.add(review)
    assert escape(review.plain) != Markup("Shoes")
    session.commit()

    assert review.body is None
    assert review.plain == "Shoes"


def test_what_another_policy_allowed_is_text(session: Session) -> None:
    """A value that one column shows as HTML is for another what was written."""
    session.add(Review(body=WRITTEN))
    session.commit()
    review = session.scalars(select(Review)).one()
    review.plain = review.body

    assert type(review.plain) is str
    assert review.plain == WRITTEN
    assert type(Review(plain=review.body).plain) is str
    session.commit()
    assert review.plain == "Shoes"


def test_a_profile_that_does_not_exist() -> None:
    """A misspelt policy is an error when the table is described."""
    with pytest.raises(ConfigurationError, match="article"):
        SanitizedText("artcle")
