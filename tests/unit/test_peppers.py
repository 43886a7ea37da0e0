"""Peppers, and passwords that are normalized."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import argon2
import pytest

from hauberk import passwords
from hauberk.exceptions import (
    InvalidInputError,
    UnknownPepperError,
    VerifyMismatchError,
)
from hauberk.passwords import CHEAPEST, PasswordHasher

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = b"the old pepper, of more than 16 bytes"
NEW = "the new pepper, which is text"


def hasher(**options: Any) -> PasswordHasher:
    """Return a hasher as cheap as argon2 gets."""
    return PasswordHasher.from_parameters(CHEAPEST, **options)


PLAIN = hasher()
ONLY_OLD = hasher(peppers={"2024": OLD})
RING = hasher(peppers={"2025": NEW, "2024": OLD})


def update(one: PasswordHasher, stored: str, password: str) -> str | None:
    """Verify and update, first synchronously, then not, with the same outcome."""
    updated = one.verify_and_update(stored, password)
    awaited = asyncio.run(one.averify_and_update(stored, password))
    assert (updated is None) == (awaited is None)
    return updated


class TestRing:
    """A ring of named secrets."""

    def test_the_current_pepper_is_named(self) -> None:
        """A new hash names the first pepper and verifies only with it."""
        stored = RING.hash("password")

        assert ",p=1,keyid=MjAyNQ$" in stored
        assert passwords.pepper_id(stored) == "2025"
        assert RING.verify(stored, "password")
        assert asyncio.run(RING.averify(stored, "password"))
        assert not RING.check_needs_rehash(stored)
        assert update(RING, stored, "password") is None
        with pytest.raises(VerifyMismatchError):
            RING.verify(stored, "Password")
        assert passwords.pepper_id(asyncio.run(RING.ahash("password"))) == "2025"
        # The parameters are argon2's alone.
        assert passwords.extract_parameters(stored) == CHEAPEST

    @pytest.mark.parametrize("before", [PLAIN, ONLY_OLD], ids=["none", "older"])
    def test_hashes_from_before_are_updated(self, before: PasswordHasher) -> None:
        """No pepper or an older one verifies, and asks for a rehash."""
        stored = before.hash("password")

        assert RING.verify(stored, "password")
        assert RING.check_needs_rehash(stored)
        updated = update(RING, stored, "password")
        assert updated is not None
        assert passwords.pepper_id(updated) == "2025"
        for call in (RING.verify, RING.verify_and_update):
            with pytest.raises(VerifyMismatchError):
                call(stored, "another")

    @pytest.mark.parametrize("one", [PLAIN, hasher(peppers={"2025": NEW})])
    def test_an_unknown_pepper_is_no_wrong_password(self, one: PasswordHasher) -> None:
        """A pepper that is not configured is an error of its own, on every path."""
        stored = ONLY_OLD.hash("password")
        calls: tuple[Callable[[], object], ...] = (
            lambda: one.verify(stored, "password"),
            lambda: one.verify(stored, "another"),
            lambda: one.check_needs_rehash(stored),
            lambda: one.verify_and_update(stored, "password"),
            lambda: one.dummy_verify("password", cost_like=stored),
            lambda: asyncio.run(one.averify(stored, "password")),
            lambda: asyncio.run(one.averify_and_update(stored, "password")),
        )

        for call in calls:
            with pytest.raises(UnknownPepperError):
                call()

    def test_an_unknown_pepper_is_logged(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The function for frameworks says False, and logs no hash."""
        with caplog.at_level(logging.ERROR, "hauberk.passwords"):
            assert not passwords.verify_password(ONLY_OLD.hash("hunter2"), "hunter2")

        assert "pepper" in caplog.text
        assert "argon2id" not in caplog.text
        assert "hunter2" not in caplog.text

    def test_another_secret_under_the_same_id(self) -> None:
        """A secret that was changed under its id makes every password wrong."""
        other = hasher(peppers={"2024": OLD + b"!"})
        with pytest.raises(VerifyMismatchError):
            other.verify(ONLY_OLD.hash("password"), "password")

    def test_the_id_is_part_of_nothing_but_the_name(self) -> None:
        """Without its id a hash is no hash of the password."""
        stored = RING.hash("password").replace(",keyid=MjAyNQ", "")
        for one in (PLAIN, RING):
            with pytest.raises(VerifyMismatchError):
                one.verify(stored, "password")

    def test_giving_peppers_up(self) -> None:
        """With `pepper_new_hashes=False` peppered hashes verify and lose the pepper."""
        back = hasher(peppers={"2024": OLD}, pepper_new_hashes=False)
        stored = ONLY_OLD.hash("password")

        updated = update(back, stored, "password")
        assert updated is not None
        assert passwords.pepper_id(updated) is None
        assert argon2.PasswordHasher().verify(updated, "password")
        assert not back.check_needs_rehash(updated)

    def test_dummies_cost_the_same(self) -> None:
        """The hash for a user who does not exist looks like one of a user who does."""
        dummy = RING.dummy_hash()

        assert passwords.pepper_id(dummy) == "2025"
        assert len(RING.hash("password")) == len(dummy)
        assert not RING.dummy_verify("password")
        assert not asyncio.run(RING.adummy_verify("password"))

    @pytest.mark.parametrize(
        "peppers",
        [
            {"": OLD},
            {"123456789": OLD},
            {"é": OLD},
            {"a": b"fifteen bytes.."},
            {"a": ""},
            {"a": OLD, "b": b""},
        ],
    )
    def test_what_is_no_pepper(self, peppers: Any) -> None:
        """Ids and secrets out of bounds are refused, and the secret is not quoted."""
        with pytest.raises(InvalidInputError, match="pepper") as caught:
            PasswordHasher(peppers=peppers)
        assert "fifteen" not in str(caught.value)

    @pytest.mark.parametrize("secret", [None, 1, ["a"]])
    def test_other_types(self, secret: Any) -> None:
        """A secret is text or bytes."""
        with pytest.raises(TypeError):
            PasswordHasher(peppers={"a": secret})

    def test_kinds_of_secrets(self) -> None:
        """Text is its UTF-8, and every kind of bytes is the same."""
        stored = hasher(peppers={"a": "a secret with ümlauts"}).hash("password")
        secret = "a secret with ümlauts".encode()
        for same in (secret, bytearray(secret), memoryview(secret)):
            assert hasher(peppers={"a": same}).verify(stored, "password")

    def test_secrets_are_not_shown(self) -> None:
        """The hasher does not print what it was given."""
        assert "pepper," not in repr(RING)
        assert "pepper," not in repr(vars(type(RING)))
        assert not hasattr(RING, "peppers")


class TestNormalization:
    """`normalize="NFKC"`."""

    COMPOSED = "caf\u00e9 \u2460"
    DECOMPOSED = "cafe\u0301 1"

    def test_what_looks_the_same_is_the_same(self) -> None:
        """Both spellings verify against the hash of either."""
        one = hasher(normalize="NFKC")
        for made in (self.COMPOSED, self.DECOMPOSED):
            stored = one.hash(made)
            for typed in (self.COMPOSED, self.DECOMPOSED):
                assert one.verify(stored, typed)
                assert asyncio.run(one.averify(stored, typed))
                assert update(one, stored, typed) is None
        stored = asyncio.run(one.ahash(self.COMPOSED))
        assert PLAIN.verify(stored, "caf\u00e9 1")

    def test_old_accounts_log_in_as_they_typed(self) -> None:
        """A hash of the password as it was typed verifies and is made anew."""
        one = hasher(normalize="NFKC")
        stored = PLAIN.hash(self.DECOMPOSED)

        assert one.verify(stored, self.DECOMPOSED)
        assert asyncio.run(one.averify(stored, self.DECOMPOSED))
        updated = update(one, stored, self.DECOMPOSED)
        assert updated is not None
        assert one.verify(updated, self.COMPOSED)
        assert update(one, updated, self.DECOMPOSED) is None
        with pytest.raises(VerifyMismatchError):
            one.verify(stored, self.COMPOSED)
        with pytest.raises(VerifyMismatchError):
            asyncio.run(one.averify(stored, self.COMPOSED))

    def test_bytes_and_long_texts_are_left_alone(self) -> None:
        """Bytes are no text; a long text is hashed as it is."""
        one = hasher(normalize="NFKC", max_password_bytes=1 << 20)
        typed = self.DECOMPOSED.encode()
        assert PLAIN.verify(one.hash(typed), typed)
        long = "\u2460" * 4097
        assert PLAIN.verify(one.hash(long), long)
        assert one.verify(one.hash(long), long)

    def test_dummies(self) -> None:
        """A user who does not exist costs both tries as well."""
        before = passwords.stats().admitted
        assert not hasher(normalize="NFKC").dummy_verify(self.DECOMPOSED)
        assert passwords.stats().admitted >= before + 2

    @pytest.mark.parametrize("form", ["nfkc", "NFD", "", 1])
    def test_other_forms(self, form: Any) -> None:
        """Only NFKC is known."""
        with pytest.raises(InvalidInputError, match="NFKC"):
            PasswordHasher(normalize=form)
