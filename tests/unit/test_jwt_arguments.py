"""What signers, verifiers and keys refuse to be made with, and how."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hauberk import exceptions
from hauberk.exceptions import (
    InvalidClaimError,
    InvalidInputError,
    InvalidKeyError,
    MalformedTokenError,
    MissingClaimError,
    TokenSignatureError,
)
from hauberk.jwt import (
    HmacKey,
    KeySet,
    PrivateKey,
    PublicKey,
    RemoteKeySet,
    Signer,
    Verifier,
    sign_bytes,
    verify_signature,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = HmacKey(bytes(range(32)))
LONG = 10**400


def verifier(**options: Any) -> Verifier:
    """Return a verifier that expects little."""
    return Verifier(KEY, **({"issuer": None, "audience": None} | options))


class TestDurations:
    """Numbers of seconds."""

    @pytest.mark.parametrize("name", ["leeway", "max_age"])
    @pytest.mark.parametrize(
        "value", [-1, float("nan"), float("inf"), LONG, 1e308, 253_402_300_800]
    )
    def test_of_a_verifier(self, name: str, value: float) -> None:
        """None is negative, endless or longer than there are times."""
        with pytest.raises(InvalidInputError):
            verifier(**{name: value})

    @pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), LONG])
    def test_of_a_signer(self, value: float) -> None:
        """A lifetime is positive and ends."""
        with pytest.raises(InvalidInputError):
            Signer(KEY, lifetime=value)
        with pytest.raises(InvalidInputError):
            Signer(KEY).sign({}, expires_in=value)

    @pytest.mark.parametrize("value", [True, False, "5", b"5", [5]])
    def test_no_truth_values_and_no_text(self, value: Any) -> None:
        """True is no second, although Python counts it as a number."""
        makers: list[Callable[[], Any]] = [
            lambda: verifier(leeway=value),
            lambda: verifier(max_age=value),
            lambda: Signer(KEY, lifetime=value),
            lambda: Signer(KEY).sign({}, expires_in=value),
            lambda: RemoteKeySet("https://id.example/", algs=["ES256"], ttl=value),
        ]
        for make in makers:
            with pytest.raises(TypeError):
                make()

    def test_what_is_a_duration(self) -> None:
        """A timedelta, or a number of seconds, whole or not."""
        for value in (1, 0.5, timedelta(seconds=1)):
            verifier(leeway=value, max_age=value)
            Signer(KEY, lifetime=value).sign({}, expires_in=value)


class TestCounts:
    """Numbers of bytes, tokens and threads."""

    @pytest.mark.parametrize("value", [-1, -LONG, LONG, 2**64])
    def test_out_of_range(self, value: int) -> None:
        """What no number of things can be is refused as such."""
        makers: list[Callable[[], Any]] = [
            lambda: verifier(max_length=value),
            lambda: verifier(cache_size=value),
            lambda: verifier().verify_many([], threads=value),
            lambda: verify_signature("a.b.c", KEY, max_length=value),
        ]
        for make in makers:
            with pytest.raises(InvalidInputError):
                make()

    def test_other_numbers_that_are_refused(self) -> None:
        """There is room for a token, a thread to work, and no more than a million."""
        for options in ({"max_length": 0}, {"cache_size": 1_000_001}):
            with pytest.raises(InvalidInputError):
                verifier(**options)
        for threads in (0, 65):
            with pytest.raises(InvalidInputError):
                verifier().verify_many([], threads=threads)


class TestNames:
    """Names of people, keys, claims and kinds."""

    @pytest.mark.parametrize(
        "options",
        [
            {"subject": ""},
            {"issuer": ""},
            {"audience": [""]},
            {"issuer": []},
            {"issuer": "\ud800"},
            {"audience": ["a", "\ud800"]},
            {"subject": "\ud800"},
            {"require": ["\ud800"]},
            {"typ": "\ud800"},
            {"typ": ""},
            {"typ": "é"},
        ],
    )
    def test_of_a_verifier(self, options: dict[str, Any]) -> None:
        """None is empty, and each can be written."""
        with pytest.raises(InvalidInputError):
            verifier(**options)

    @pytest.mark.parametrize(
        "options",
        [{"issuer": "\ud800"}, {"audience": "\ud800"}, {"typ": "\ud800"}],
    )
    def test_of_a_signer(self, options: dict[str, Any]) -> None:
        """Each can be written."""
        with pytest.raises(InvalidInputError):
            Signer(KEY, **options)

    def test_of_a_key(self) -> None:
        """A kid can be written, and what it is made of is not in the error."""
        pair = PrivateKey.generate("ES256")
        makers: list[Callable[[], Any]] = [
            lambda: HmacKey(bytes(32), kid="\ud800"),
            lambda: HmacKey.generate(kid="\ud800"),
            lambda: PrivateKey.generate("ES256", kid="\ud800"),
            lambda: PublicKey.from_pem("x", alg="ES256", kid="\ud800"),
            lambda: HmacKey.from_jwk(pair.to_jwk() | {"kid": "\ud800"}),
        ]
        for make in makers:
            with pytest.raises(InvalidInputError):
                make()

    def test_algorithms(self) -> None:
        """A name of an algorithm is text."""
        ways: list[Callable[[Any], Any]] = [HmacKey.generate, PrivateKey.generate]
        for generate in ways:
            for alg in (5, None, b"HS256", ["HS256"]):
                with pytest.raises(TypeError):
                    generate(alg)
            for name in ("none", "", "hs256", "HS1"):
                with pytest.raises(InvalidKeyError):
                    generate(name)

    def test_the_kind_is_always_looked_at(self) -> None:
        """There is no way to switch the check of `typ` off."""
        for typ in (None, b"JWT", 5, ["JWT"]):
            with pytest.raises(TypeError):
                verifier(typ=typ)
        token = Signer(KEY, lifetime=60, typ="at+jwt").sign({})
        with pytest.raises(InvalidClaimError) as caught:
            verifier().claims(token)
        assert caught.value.claim == "typ"
        with pytest.raises(MissingClaimError):
            verifier(typ="at+jwt").claims(
                sign_bytes('{"exp": 1e11}', KEY, headers={"typ": None})
            )


class TestLengths:
    """What is signed here can be verified here."""

    def test_headers(self) -> None:
        """A header that no verifier reads is not signed."""
        for size, fits in ((3000, True), (3050, False), (5000, False)):
            headers = {"x": "a" * size}
            if fits:
                token = Signer(KEY, lifetime=60, headers=headers).sign({})
                verifier().claims(token)
                sign_bytes(b"", KEY, headers=headers)
                continue
            for sign in (
                lambda: Signer(KEY, lifetime=60, headers=headers),  # noqa: B023
                lambda: Signer(KEY, lifetime=60).sign({}, headers=headers),  # noqa: B023
                lambda: sign_bytes(b"", KEY, headers=headers),  # noqa: B023
            ):
                with pytest.raises(InvalidInputError, match="4096"):
                    sign()

    def test_payloads(self) -> None:
        """A long payload is verified by those who say how long it may be."""
        signed = sign_bytes(bytes(20_000), KEY)
        with pytest.raises(MalformedTokenError, match="longer"):
            verify_signature(signed, KEY)
        found = verify_signature(signed, KEY, max_length=len(signed))
        assert found.payload == bytes(20_000)
        with pytest.raises(MalformedTokenError, match="longer"):
            verify_signature(signed, KEY, max_length=len(signed) - 1)
        with pytest.raises(MalformedTokenError, match="longer"):
            verify_signature(signed.encode(), KEY, max_length=len(signed) - 1)


class TestRemote:
    """Where a remote key set is taken, and where not."""

    KEYS = RemoteKeySet("https://id.example/", algs=["ES256"])

    def test_no_bare_signature_is_verified_with_one(self) -> None:
        """The error says what to pass instead, and nothing is fetched."""
        with pytest.raises(TypeError, match=r"get\(\)"):
            verify_signature("a.b.c", self.KEYS)  # type: ignore[arg-type]

    def test_a_subclass_stays_one(self) -> None:
        """What a subclass of Verifier adds is there with fetched keys too."""
        pair = PrivateKey.generate("ES256", kid="1")

        class Strict(Verifier):
            """Knows who was turned away."""

            def __init__(self, *_: Any, **__: Any) -> None:
                self.refused = 0

            def claims(self, token: str | bytes, /) -> dict[str, Any]:
                try:
                    return super().claims(token)
                except TokenSignatureError:
                    self.refused += 1
                    raise

        class Published(RemoteKeySet):
            """An issuer that is a variable."""

            def get(self, kid: str | None = None) -> KeySet:
                return KeySet([pair])

        issuer = Published("https://id.example/", algs=["ES256"])
        strict = Strict(issuer, issuer=None, audience=None)
        assert isinstance(strict, Strict)
        strict.claims(Signer(pair, lifetime=60).sign({}))
        other = PrivateKey.generate("ES256", kid="2")
        with pytest.raises(TokenSignatureError):
            strict.claims(Signer(other, lifetime=60).sign({}))
        assert strict.refused == 1
        assert type(strict) is type(Strict(issuer, issuer=None, audience=None))


def every_exception() -> list[BaseException]:
    """Return one of each exception."""
    arguments = {
        "RateLimitedError": (1.5,),
        "HashingBusyError": (1.5,),
        "SignatureExpiredError": (None,),
        "InvalidClaimError": ("aud",),
        "MissingClaimError": ("aud",),
        "UnknownKeyError": ("00000001",),
        "DisabledKeyError": ("00000001",),
        "DestroyedKeyError": ("00000001",),
    }
    return [
        getattr(exceptions, name)("A message.", *arguments.get(name, ()))
        for name in exceptions.__all__
    ]


@pytest.mark.parametrize(
    "error", every_exception(), ids=lambda error: type(error).__name__
)
def test_exceptions_leave_the_process(error: BaseException) -> None:
    """A worker's exception reaches whoever waits for it, with what it carries."""
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert vars(other) == vars(error)
