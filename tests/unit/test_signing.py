"""Signers, serializers, and what they refuse."""

from __future__ import annotations

import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hauberk import signing
from hauberk.exceptions import (
    BadSignatureError,
    ConfigurationError,
    InvalidInputError,
    SignatureExpiredError,
    SigningError,
)
from hauberk.signing import Serializer, Signer, TimestampSigner

KEY = "k" * 32
OTHER_KEY = b"another key of 24 bytes."
NOW = 1_795_467_427

MiB = 1 << 20


class TestKeys:
    """One key or several, of every accepted type."""

    @pytest.mark.parametrize(
        "keys", [KEY, KEY.encode(), bytearray(KEY.encode()), [KEY], (KEY, OTHER_KEY)]
    )
    def test_the_first_key_signs(self, keys: Any) -> None:
        """The type of a key makes no difference, and only the first signs."""
        assert Signer(KEY, salt="s").sign("v") == Signer(keys, salt="s").sign("v")

    def test_all_keys_verify(self) -> None:
        """A token of a retired key is read while the key is listed."""
        token = Signer(KEY, salt="s").sign("v")

        assert Signer([OTHER_KEY, KEY], salt="s").unsign(token) == "v"
        with pytest.raises(BadSignatureError):
            Signer(OTHER_KEY, salt="s").unsign(token)

    @pytest.mark.parametrize("keys", [[], "", b"", "short", [KEY, "fifteen bytes.."]])
    @pytest.mark.parametrize("kind", [Signer, TimestampSigner, Serializer])
    def test_weak_keys_are_refused(self, keys: Any, kind: Any) -> None:
        """No key, or one below 16 bytes, is an error before anything is signed."""
        with pytest.raises(InvalidInputError):
            kind(keys, salt="s")

    @pytest.mark.parametrize("keys", [None, 3, [None], [KEY, 3], object()])
    def test_other_types_are_refused(self, keys: Any) -> None:
        """What is no text and no bytes is a TypeError that quotes nothing."""
        with pytest.raises(TypeError, match=r"^Expected "):
            Signer(keys, salt="s")

    def test_a_surrogate_in_a_key_is_not_quoted(self) -> None:
        """A key that is no UTF-8 is an error that does not show it."""
        with pytest.raises(InvalidInputError) as caught:
            Signer("\ud800secret" * 4, salt="s")
        assert "secret" not in str(caught.value)

    def test_signers_show_and_pickle_nothing(self) -> None:
        """Neither repr nor pickle gives a key away."""
        for signer in (
            Signer(KEY, salt="s"),
            TimestampSigner(KEY, salt="s"),
            Serializer(KEY, salt="s"),
        ):
            assert KEY not in repr(signer)
            with pytest.raises(TypeError):
                pickle.dumps(signer)


class TestSeparation:
    """A token is worth nothing elsewhere."""

    def test_salts(self) -> None:
        """Another salt is another key."""
        with pytest.raises(BadSignatureError):
            Signer(KEY, salt="b").unsign(Signer(KEY, salt="a").sign("v"))

    def test_kinds(self) -> None:
        """The classes do not take each other's tokens under one key and salt."""
        timed = TimestampSigner(KEY, salt="s").sign("v")
        assert TimestampSigner(KEY, salt="s").unsign(timed, max_age=60) == "v"
        with pytest.raises(BadSignatureError):
            Signer(KEY, salt="s").unsign(timed)

        dumped = Serializer(KEY, salt="s").dumps({})
        assert Serializer(KEY, salt="s").loads(dumped, max_age=60) == {}
        with pytest.raises(BadSignatureError):
            TimestampSigner(KEY, salt="s").unsign(dumped, max_age=None)

    def test_key_and_salt_do_not_run_together(self) -> None:
        """Moving a character from the salt to the key changes the signature."""
        one = Signer(KEY + "a", salt="b").sign("v")
        two = Signer(KEY, salt="ab").sign("v")
        assert one != two


class TestAge:
    """When a token expires."""

    @pytest.mark.parametrize("max_age", [60, 60.9, timedelta(minutes=1)])
    def test_seconds_in_every_type(self, max_age: float | timedelta) -> None:
        """A token lives for max_age, and not a second more than that."""
        token = at(NOW).sign("v")

        assert at(NOW + 60.9).unsign(token, max_age=max_age) == "v"
        with pytest.raises(SignatureExpiredError) as caught:
            at(NOW + 61).unsign(token, max_age=max_age)
        assert datetime.fromtimestamp(NOW, UTC) == caught.value.date_signed
        assert timedelta(0) == caught.value.date_signed.utcoffset()

    def test_none_is_any_age(self) -> None:
        """Without a bound the time is not looked at."""
        token = at(0).sign("v")

        assert at(253_402_300_799).unsign(token, max_age=None) == "v"

    def test_max_age_must_be_written(self) -> None:
        """There is no default for the age."""
        with pytest.raises(TypeError, match="max_age"):
            at(NOW).unsign(at(NOW).sign("v"))  # type: ignore[call-arg]

    def test_tokens_of_the_future_have_expired(self) -> None:
        """A minute ahead is clocks that differ; more would outlive max_age."""
        assert at(NOW).unsign(at(NOW + 60).sign("v"), max_age=0) == "v"
        with pytest.raises(SignatureExpiredError, match="future"):
            at(NOW).unsign(at(NOW + 61).sign("v"), max_age=3600)

    def test_the_last_date_there_is(self) -> None:
        """The date of a token signed at the end of 9999 can be shown."""
        with pytest.raises(SignatureExpiredError) as caught:
            at(0).unsign(at(253_402_300_799).sign("v"), max_age=0)
        assert (
            datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) == caught.value.date_signed
        )

    @pytest.mark.parametrize(
        "max_age", [-1, -0.1, float("nan"), float("inf"), 10**400, timedelta(days=-1)]
    )
    def test_senseless_ages_are_refused(self, max_age: float | timedelta) -> None:
        """A negative or infinite age is a mistake of the caller's."""
        with pytest.raises(InvalidInputError, match="max_age"):
            at(NOW).unsign(at(NOW).sign("v"), max_age=max_age)

    @pytest.mark.parametrize("max_age", [True, "60", object()])
    def test_other_types_are_refused(self, max_age: Any) -> None:
        """An age is a number or a timedelta."""
        with pytest.raises(TypeError, match="max_age"):
            at(NOW).unsign(at(NOW).sign("v"), max_age=max_age)

    def test_a_forged_token_has_no_age(self) -> None:
        """Whether a token has expired is said only after its signature."""
        value, seconds, signature = at(NOW).sign("v").split(".")
        forged = f"{value}.{int(seconds) - 10_000}.{signature}"
        with pytest.raises(SigningError) as caught:
            at(NOW).unsign(forged, max_age=60)
        assert type(caught.value) is BadSignatureError
        # As old, and really signed then.
        with pytest.raises(SigningError) as caught:
            at(NOW).unsign(at(NOW - 10_000).sign("v"), max_age=60)
        assert type(caught.value) is SignatureExpiredError

    def test_without_a_clock_it_is_now(self) -> None:
        """The system's clock is the default."""
        before = int(time.time())
        seconds = int(TimestampSigner(KEY, salt="s").sign("v").split(".")[1])
        assert before <= seconds <= time.time()

    @pytest.mark.parametrize("now", [-1, float("nan"), 253_402_300_800])
    def test_senseless_clocks_are_refused(self, now: float) -> None:
        """A clock before 1970 or after 9999 signs nothing."""
        with pytest.raises(ConfigurationError, match="clock"):
            at(now).sign("v")

    def test_expired_errors_can_be_pickled(self) -> None:
        """The exception goes to another process and keeps its date."""
        with pytest.raises(SignatureExpiredError) as caught:
            at(NOW + 1).unsign(at(NOW).sign("v"), max_age=0)
        copy = pickle.loads(pickle.dumps(caught.value))
        assert caught.value.date_signed == copy.date_signed
        assert str(caught.value) == str(copy)


class TestBadInput:
    """What a request may bring."""

    @pytest.mark.parametrize(
        "token",
        [
            "",
            ".",
            "..",
            "v",
            "v.",
            "v." + "A" * 42,
            "v." + "A" * 43,
            "v.é" + "A" * 42,
            "é" * 43,
            "\ud800." + "A" * 43,
            "\0" * 100,
            "v" * (2 * MiB),
        ],
    )
    def test_one_error_with_one_message(self, token: str) -> None:
        """Whatever is no token of ours is a bad signature, and says no more."""
        calls = (
            lambda: Signer(KEY, salt="s").unsign(token),
            lambda: at(NOW).unsign(token, max_age=60),
            lambda: Serializer(KEY, salt="s").loads(token, max_age=60),
        )
        for call in calls:
            with pytest.raises(BadSignatureError) as caught:
                call()
            assert str(caught.value) == "The signature does not match."
            assert isinstance(caught.value, SigningError)

    @pytest.mark.parametrize("token", [None, 3, b"v", ["v"]])
    def test_other_types_are_refused(self, token: Any) -> None:
        """Bytes are no text."""
        with pytest.raises(TypeError, match=r"^Expected str, not "):
            Signer(KEY, salt="s").unsign(token)
        with pytest.raises(TypeError, match=r"^Expected str, not "):
            Signer(KEY, salt="s").sign(token)

    def test_padding_is_another_text(self) -> None:
        """A signature has one spelling."""
        token = Signer(KEY, salt="s").sign("v")
        for other in (token + "=", token + "\n", " " + token, token[:-1] + "\n"):
            with pytest.raises(BadSignatureError):
                Signer(KEY, salt="s").unsign(other)

    def test_what_is_too_long_is_not_signed(self) -> None:
        """A value has at most 1 MiB, and exactly that is signed and read."""
        signer = Signer(KEY, salt="s")
        assert "x" * MiB == signer.unsign(signer.sign("x" * MiB))
        with pytest.raises(InvalidInputError, match="1 MiB"):
            signer.sign("x" * (MiB + 1))
        with pytest.raises(InvalidInputError, match="1 MiB"):
            Serializer(KEY, salt="s").dumps("x" * MiB)

    def test_lone_surrogates_are_not_signed(self) -> None:
        """Text without UTF-8 is an error that does not quote it."""
        with pytest.raises(InvalidInputError) as caught:
            Signer(KEY, salt="s").sign("private \ud800")
        assert "private" not in str(caught.value)


class TestSerializer:
    """JSON in and out."""

    @pytest.mark.parametrize(
        "obj",
        [None, True, 0, -1.5, 2**70, "", "größe", [], {}, {"a": [1, {"b": None}]}],
    )
    def test_objects_come_back(self, obj: Any) -> None:
        """What JSON holds comes back as it was."""
        token = signing.dumps(obj, KEY, salt="s")

        assert obj == signing.loads(token, KEY, salt="s", max_age=60)
        assert obj == Serializer(KEY, salt="s").loads(token, max_age=60)

    @pytest.mark.parametrize("obj", [float("nan"), float("inf"), "\ud800"])
    def test_what_json_has_not_is_refused(self, obj: Any) -> None:
        """NaN, infinity and lone surrogates are in no standard JSON."""
        with pytest.raises(InvalidInputError):
            signing.dumps(obj, KEY, salt="s")

    @pytest.mark.parametrize("obj", [b"x", {1}, object(), datetime.now(UTC)])
    def test_other_types_are_refused(self, obj: Any) -> None:
        """Nothing is turned into text by guessing."""
        with pytest.raises(TypeError):
            signing.dumps(obj, KEY, salt="s")

    @pytest.mark.parametrize(
        "keys",
        [
            *(KEY, KEY.encode(), bytearray(KEY.encode()), memoryview(KEY.encode())),
            *([KEY], (KEY, OTHER_KEY), [bytearray(KEY.encode()), OTHER_KEY]),
        ],
    )
    @pytest.mark.parametrize("salt", ["s", b"s", bytearray(b"s")])
    def test_keys_of_every_type(self, keys: Any, salt: Any) -> None:
        """The functions take the keys and salts that the classes take."""
        token = signing.dumps([1], keys, salt=salt)
        assert signing.loads(token, [OTHER_KEY, KEY], salt="s", max_age=60) == [1]

    def test_a_changed_list_of_keys_is_seen(self) -> None:
        """No signer of earlier keys is used for a list that has changed."""
        keys: list[str | bytes] = [KEY]
        token = signing.dumps(1, keys, salt="s")
        keys[0] = OTHER_KEY
        with pytest.raises(BadSignatureError):
            signing.loads(token, keys, salt="s", max_age=60)

    def test_tokens_are_safe_in_addresses(self) -> None:
        """A token needs no quoting in a URL."""
        token = signing.dumps({"größe": "?&=/ +%"}, KEY, salt="s")
        assert set(token) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        )

    def test_expired(self) -> None:
        """An old token is refused with its date."""
        signed = int(time.time()) - 1000
        token = Serializer(KEY, salt="s", clock=lambda: signed).dumps(1)
        assert signing.loads(token, KEY, salt="s", max_age=2000) == 1
        with pytest.raises(SignatureExpiredError, match="older") as caught:
            signing.loads(token, KEY, salt="s", max_age=500)
        assert caught.value.date_signed.timestamp() == signed


def test_signers_are_shared_between_threads() -> None:
    """One signer signs and verifies in many threads at once."""
    signer = TimestampSigner(KEY, salt="s")

    def round_trip(number: int) -> bool:
        return str(number) == signer.unsign(signer.sign(str(number)), max_age=60)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(round_trip, range(2000)))


def at(seconds: float) -> TimestampSigner:
    """A signer whose clock stands still."""
    return TimestampSigner(KEY, salt="s", clock=lambda: seconds)
