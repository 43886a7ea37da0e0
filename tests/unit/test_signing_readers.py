"""Readers, against what itsdangerous and Django really sign."""

from __future__ import annotations

import base64
import hashlib
import time
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import itsdangerous
import pytest
from django.core import signing as django_signing

from hauberk.exceptions import (
    BadSignatureError,
    InvalidInputError,
    SignatureExpiredError,
    SigningError,
)
from hauberk.signing import TimestampSigner
from hauberk.signing.readers import (
    DjangoReader,
    DjangoTimedReader,
    ItsdangerousReader,
    ItsdangerousTimedReader,
)

if TYPE_CHECKING:
    from hauberk.signing._formats import KeyDerivation

KEY = "secret"
UNTIL = datetime.now(UTC) + timedelta(days=1)
OBJECTS: list[Any] = [
    None,
    "größe",
    {"user": 7, "dots": "a.b.c"},
    ["long enough to be compressed"] * 20,
]
VALUES = ["", "v", "v.with.dots", "v:with:colons", "größe"]


class TestItsdangerous:
    """Tokens of itsdangerous, and no others."""

    @pytest.mark.parametrize("value", VALUES)
    def test_values(self, value: str) -> None:
        """What its signers signed is read."""
        salt = b"itsdangerous.Signer"
        signer = itsdangerous.Signer(KEY)
        timed = itsdangerous.TimestampSigner(KEY)

        reader = ItsdangerousReader(KEY, until=UNTIL, salt=salt)
        assert value == reader.unsign(signer.sign(value).decode())
        reader_timed = ItsdangerousTimedReader(KEY, until=UNTIL, salt=salt)
        token = timed.sign(value).decode()
        assert value == reader_timed.unsign(token, max_age=60)

    @pytest.mark.parametrize("obj", OBJECTS)
    def test_objects(self, obj: Any) -> None:
        """What its serializers dumped is read, compressed or not."""
        token = itsdangerous.URLSafeSerializer(KEY).dumps(obj)
        assert obj == ItsdangerousReader(KEY, until=UNTIL).loads(token)

        token = itsdangerous.URLSafeTimedSerializer(KEY).dumps(obj)
        reader = ItsdangerousTimedReader(KEY, until=UNTIL)
        assert obj == reader.loads(token, max_age=60)

    @pytest.mark.parametrize(
        "key_derivation", ["concat", "django-concat", "hmac", "none"]
    )
    def test_key_derivations(self, key_derivation: KeyDerivation) -> None:
        """Each of its key derivations is known."""
        signer = itsdangerous.Signer(
            KEY, salt=b"s", key_derivation=key_derivation, digest_method=hashlib.sha512
        )
        reader = ItsdangerousReader(
            KEY, until=UNTIL, salt="s", key_derivation=key_derivation, digest="sha512"
        )
        assert reader.unsign(signer.sign("v").decode()) == "v"

    def test_its_order_of_keys(self) -> None:
        """Itsdangerous signs with the last key; a reader takes its list as it is."""
        keys = ["oldest", "newest"]
        reader = ItsdangerousReader(keys, until=UNTIL)
        for signing_keys in (keys, keys[:1], keys[1:]):
            token = itsdangerous.URLSafeSerializer(signing_keys).dumps(1)
            assert reader.loads(token) == 1

    def test_both_expire_alike(self) -> None:
        """An old token's date is the one that itsdangerous shows."""
        token = itsdangerous.URLSafeTimedSerializer(KEY).dumps(1)
        reader = ItsdangerousTimedReader(
            KEY, until=UNTIL, clock=lambda: time.time() + 62
        )
        with pytest.raises(SignatureExpiredError) as caught:
            reader.loads(token, max_age=60)
        _, date_signed = itsdangerous.URLSafeTimedSerializer(KEY).loads(
            token, return_timestamp=True
        )
        assert date_signed == caught.value.date_signed

    def test_other_keys_and_salts(self) -> None:
        """Another key or salt reads nothing."""
        token = itsdangerous.URLSafeSerializer(KEY).dumps(1)
        for reader in (
            ItsdangerousReader("other", until=UNTIL),
            ItsdangerousReader(KEY, until=UNTIL, salt="other"),
            ItsdangerousReader(KEY, until=UNTIL, digest="sha256"),
        ):
            with pytest.raises(BadSignatureError):
                reader.loads(token)

    def test_timed_and_untimed_are_apart(self) -> None:
        """A token without a time has none, and one with a time is no payload."""
        timed = itsdangerous.URLSafeTimedSerializer(KEY).dumps(1)
        untimed = itsdangerous.URLSafeSerializer(KEY).dumps(1)
        with pytest.raises(BadSignatureError):
            ItsdangerousReader(KEY, until=UNTIL).loads(timed)
        with pytest.raises(BadSignatureError):
            ItsdangerousTimedReader(KEY, until=UNTIL).loads(untimed, max_age=None)


class TestDjango:
    """Tokens of django.core.signing, and no others."""

    @pytest.mark.parametrize("value", VALUES)
    def test_values(self, value: str) -> None:
        """What its signers signed is read."""
        token = django_signing.Signer(key=KEY, salt="s").sign(value)
        assert value == DjangoReader(KEY, until=UNTIL, salt="s").unsign(token)

        token = django_signing.TimestampSigner(key=KEY, salt="s").sign(value)
        reader = DjangoTimedReader(KEY, until=UNTIL, salt="s")
        assert value == reader.unsign(token, max_age=timedelta(minutes=1))

    @pytest.mark.parametrize("compress", [False, True])
    @pytest.mark.parametrize("obj", OBJECTS)
    def test_objects(self, obj: Any, *, compress: bool) -> None:
        """What dumps() and sign_object() made is read, compressed or not."""
        token = django_signing.dumps(obj, key=KEY, compress=compress)
        reader = DjangoTimedReader([b"new", KEY], until=UNTIL)
        assert obj == reader.loads(token, max_age=60)

        signer = django_signing.Signer(key=KEY, salt="django.core.signing.Signer")
        token = signer.sign_object(obj, compress=compress)
        assert obj == DjangoReader(KEY, until=UNTIL).loads(token)

    def test_other_separators_and_digests(self) -> None:
        """The options that Django has are known."""
        signer = django_signing.TimestampSigner(
            key=KEY, sep="/", salt="s", algorithm="sha1"
        )
        reader = DjangoTimedReader(
            KEY, until=UNTIL, separator="/", salt="s", digest="sha1"
        )
        assert reader.unsign(signer.sign("v"), max_age=60) == "v"

    def test_expired(self) -> None:
        """An old token, and one of the future, are refused with their date."""
        token = django_signing.dumps(1, key=KEY)
        signed = time.time()

        def reader(seconds: float) -> DjangoTimedReader:
            return DjangoTimedReader(KEY, until=UNTIL, clock=lambda: signed + seconds)

        for seconds in (0, 55, -55):
            assert reader(seconds).loads(token, max_age=60) == 1
        for seconds, reason in ((65, "older"), (-65, "future")):
            with pytest.raises(SignatureExpiredError, match=reason) as caught:
                reader(seconds).loads(token, max_age=60)
            assert abs(caught.value.date_signed.timestamp() - signed) < 5
            assert reader(seconds).loads(token, max_age=None) == 1


READERS = [
    (ItsdangerousReader, {}),
    (ItsdangerousTimedReader, {"max_age": 60}),
    (DjangoReader, {}),
    (DjangoTimedReader, {"max_age": 60}),
]


@pytest.mark.parametrize(("reader", "age"), READERS)
class TestEnd:
    """Every reader ends."""

    def test_after_the_end_nothing_is_read(
        self, reader: type[Any], age: dict[str, Any]
    ) -> None:
        """The end is a clear error, and no bad signature."""
        end = datetime(2026, 1, 1, 12, tzinfo=UTC)
        old = reader(KEY, until=end, clock=lambda: end.timestamp() + 1)
        with pytest.raises(SigningError, match="2026-01-01") as caught:
            old.loads("token", **age)
        assert not isinstance(caught.value, BadSignatureError)

    def test_a_date_means_its_whole_day(
        self, reader: type[Any], age: dict[str, Any]
    ) -> None:
        """On the last day tokens are still read."""
        last = datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC).timestamp()
        with pytest.raises(BadSignatureError):
            reader(KEY, until=date(2026, 1, 1), clock=lambda: last).loads("t", **age)
        with pytest.raises(SigningError, match="passed"):
            reader(KEY, until=date(2026, 1, 1), clock=lambda: last + 2).loads(
                "t", **age
            )

    def test_no_time_is_before_the_end(
        self, reader: type[Any], age: dict[str, Any]
    ) -> None:
        """A clock that says no number does not keep a reader alive."""
        end = datetime(2026, 1, 1, 12, tzinfo=UTC)
        broken = reader(KEY, until=end, clock=lambda: float("nan"))
        with pytest.raises(SigningError, match="passed"):
            broken.loads("token", **age)

    def test_keys_are_not_quoted(self, reader: type[Any], age: dict[str, Any]) -> None:
        """A key that is no UTF-8, or no text at all, is an error that hides it."""
        with pytest.raises(InvalidInputError) as caught:
            reader("secret\ud800", until=UNTIL)
        assert caught.value.__suppress_context__
        assert "secret" not in str(caught.value)
        for keys in (bytearray(b"secret"), [None], 7):
            with pytest.raises((TypeError, InvalidInputError)):
                reader(keys, until=UNTIL)

    def test_a_naive_end_is_refused(
        self, reader: type[Any], age: dict[str, Any]
    ) -> None:
        """An end without a time zone is a different moment on each machine."""
        with pytest.raises(InvalidInputError):
            reader(KEY, until=datetime(2026, 1, 1))  # noqa: DTZ001

    @pytest.mark.parametrize("end", ["2026-01-01", 1_767_225_600, None])
    def test_an_end_that_is_none_is_refused(
        self, reader: type[Any], age: dict[str, Any], end: Any
    ) -> None:
        """The error names what is accepted."""
        with pytest.raises(TypeError, match="until as a date or an aware datetime"):
            reader(KEY, until=end)

    def test_the_last_day_of_all(self, reader: type[Any], age: dict[str, Any]) -> None:
        """A date that has no day after it is an end like another."""
        with pytest.raises(BadSignatureError):
            reader(KEY, until=date.max).loads("token", **age)

    def test_unknown_digests(self, reader: type[Any], age: dict[str, Any]) -> None:
        """The error names those that are known."""
        with pytest.raises(InvalidInputError, match="sha1, sha224, sha256"):
            reader(KEY, until=UNTIL, digest="md5")

    def test_there_is_no_default_end(
        self, reader: type[Any], age: dict[str, Any]
    ) -> None:
        """The end must be written."""
        with pytest.raises(TypeError, match="until"):
            reader(KEY)

    @pytest.mark.parametrize("keys", ["", [], [KEY, ""]])
    def test_empty_keys_are_refused(
        self, reader: type[Any], age: dict[str, Any], keys: Any
    ) -> None:
        """An empty key would verify what anybody signs."""
        with pytest.raises(InvalidInputError):
            reader(keys, until=UNTIL)

    @pytest.mark.parametrize(
        "token", ["", ".", ":", "a.b.c", "a:b:c", "\ud800.x", "é.é", "x" * (2 << 20)]
    )
    def test_bad_input(
        self, reader: type[Any], age: dict[str, Any], token: str
    ) -> None:
        """Whatever a request brings is a bad signature."""
        with pytest.raises(BadSignatureError, match="signature does not match"):
            reader(KEY, until=UNTIL).loads(token, **age)

    @pytest.mark.parametrize("token", [None, b"token", 3])
    def test_other_types(
        self, reader: type[Any], age: dict[str, Any], token: Any
    ) -> None:
        """A token is text."""
        with pytest.raises(TypeError, match="Expected str"):
            reader(KEY, until=UNTIL).loads(token, **age)


SENSELESS: list[Any] = [-1, float("nan"), float("inf"), 10**400]
UNSUITABLE: list[Any] = [True, "60", b"60", [60]]


@pytest.mark.parametrize(
    ("error", "max_age"),
    [
        *((InvalidInputError, age) for age in SENSELESS),
        *((TypeError, age) for age in UNSUITABLE),
    ],
    ids=lambda value: str(value)[:9],
)
def test_senseless_ages_are_refused(error: type[Exception], max_age: Any) -> None:
    """What is no age is a mistake of the caller's, to a reader as to a signer."""
    token = django_signing.dumps(1, key=KEY)
    with pytest.raises(error, match="max_age"):
        DjangoTimedReader(KEY, until=UNTIL).loads(token, max_age=max_age)
    with pytest.raises(error, match="max_age"):
        TimestampSigner("k" * 32, salt="s").unsign("v", max_age=max_age)


class TestPayloads:
    """What is done after the signature is bounded too."""

    def test_bombs(self) -> None:
        """A payload that inflates above 1 MiB is refused, however it was signed."""

        def read(size: int) -> Any:
            # A number and many spaces: good JSON of any size.
            packed = zlib.compress(b"7".ljust(size), 9)
            payload = b"." + base64.urlsafe_b64encode(packed).rstrip(b"=")
            assert len(payload) < 20_000
            token = itsdangerous.Signer(KEY, salt=b"itsdangerous").sign(payload)
            return ItsdangerousReader(KEY, until=UNTIL).loads(token.decode())

        assert read(1 << 20) == 7
        for size in ((1 << 20) + 1, 4 << 20):
            with pytest.raises(BadSignatureError):
                read(size)

    @pytest.mark.parametrize(
        "payload",
        ["", ".", "%%%", ".e30", "e3", "W" * 7, ". ", "_w", "WyJ4Il0A"],
    )
    def test_signed_rubbish(self, payload: str) -> None:
        """What was signed and is no object is refused like what was not signed."""
        good = django_signing.Signer(key=KEY, salt="s").sign("e30")
        assert DjangoReader(KEY, until=UNTIL, salt="s").loads(good) == {}
        token = django_signing.Signer(key=KEY, salt="s").sign(payload)
        with pytest.raises(BadSignatureError):
            DjangoReader(KEY, until=UNTIL, salt="s").loads(token)

    def test_nesting(self) -> None:
        """JSON that is nested too deep for Python is refused, and no crash."""

        def read(depth: int) -> Any:
            nested = base64.urlsafe_b64encode(b"[" * depth + b"]" * depth).decode()
            token = django_signing.Signer(key=KEY, salt="s").sign(nested.rstrip("="))
            return DjangoReader(KEY, until=UNTIL, salt="s").loads(token)

        assert read(2) == [[]]
        with pytest.raises(BadSignatureError):
            read(200_000)

    @pytest.mark.parametrize("stamp", ["", "-1", "!", "zzzzzzzzz", "zzzzzzzz"])
    def test_times(self, stamp: str) -> None:
        """A time that Django would not write is none."""
        good = django_signing.Signer(key=KEY, salt="s").sign("v:1wxyz0")
        reader = DjangoTimedReader(KEY, until=UNTIL, salt="s")
        assert reader.unsign(good, max_age=None) == "v"
        token = django_signing.Signer(key=KEY, salt="s").sign(f"v:{stamp}")
        with pytest.raises(BadSignatureError):
            DjangoTimedReader(KEY, until=UNTIL, salt="s").unsign(token, max_age=None)
