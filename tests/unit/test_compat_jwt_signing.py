"""What the drop-in signs and refuses, beside PyJWT itself."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import tracemalloc
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import jwt as pyjwt
import pytest
from packaging.version import Version

from hauberk import exceptions as hauberk_exceptions
from hauberk.compat import jwt
from hauberk.compat.jwt import exceptions
from hauberk.jwt import KeySet, PrivateKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

SECRET = base64.urlsafe_b64encode(bytes(range(64))).rstrip(b"=").decode()
OCT = {"kty": "oct", "k": SECRET, "alg": "HS256", "kid": "1"}
RSA = PrivateKey.generate("RS256", kid="1").to_jwk(private=True)
EC = PrivateKey.generate("ES256", kid="1").to_jwk(private=True)
ED = PrivateKey.generate("EdDSA", kid="1").to_jwk(private=True)


@pytest.fixture(autouse=True)
def _short_keys_may_be_warned_of() -> Iterator[None]:
    """The length of a secret is no subject here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def outcome(call: Callable[[ModuleType], Any], library: ModuleType) -> Any:
    """Return what a library answers: a value, or the name of an exception."""
    try:
        return call(library)
    except (TypeError, ValueError, library.InvalidKeyError):
        # Of keys of another kind PyJWT says now this and now that.
        return "a key of another kind"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        return type(error).__name__


def header(token: str) -> dict[str, Any]:
    """Return a token's header."""
    text = token.partition(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=="))
    return found


@pytest.mark.parametrize("jwk", [OCT, RSA, EC, ED], ids=lambda jwk: jwk["kty"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"algorithm": None},
        *(
            {"algorithm": name}
            for name in ("HS256", "HS512", "RS256", "PS256", "ES256", "EdDSA", "none")
        ),
        {"algorithm": "X"},
        {"headers": {"alg": "none"}},
        {"headers": {"alg": "HS512"}},
        {"headers": {"alg": "PS384"}},
    ],
    ids=str,
)
def test_a_jwk_signs_with_the_algorithm_that_the_header_names(
    jwk: dict[str, Any], options: dict[str, Any]
) -> None:
    """Header and signature are PyJWT's, or the exception is."""

    def call(library: ModuleType) -> Any:
        key = library.PyJWK(jwk)
        token = library.encode({"a": 1}, key, **options)
        # The other library verifies, with what the header says.
        name = header(token)["alg"]
        public = {n: v for n, v in jwk.items() if n not in _PRIVATE}
        verifying = pyjwt.PyJWK(public | {"alg": name}).key
        return header(token), pyjwt.decode(token, verifying, algorithms=[name])

    assert outcome(call, pyjwt) == outcome(call, jwt)


_PRIVATE = ("d", "p", "q", "dp", "dq", "qi")


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {"b64": False},
        {"b64": True},
        {"b64": False, "crit": "b64"},
        {"b64": False, "crit": None},
        {"b64": False, "crit": []},
        {"b64": False, "crit": ["b64"]},
        {"crit": "b64"},
        {"kid": 5},
        {"zzz": 1, "aaa": 2},
        {"typ": None},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "options", [{}, {"sort_headers": True}, {"sort_headers": False}]
)
def test_headers_are_written_as_by_pyjwt(
    headers: dict[str, Any] | None, options: dict[str, Any]
) -> None:
    """The same token, byte for byte, or the same exception."""

    def call(library: ModuleType) -> Any:
        return library.PyJWS().encode(
            b"payload", bytes(64), algorithm="HS256", headers=headers, **options
        )

    assert outcome(call, pyjwt) == outcome(call, jwt)


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": ["oct"], "k": SECRET},
        {"kty": 5},
        {"kty": "EC", "crv": ["P-256"], "x": "AA", "y": "AA"},
        {"kty": "oct", "k": SECRET, "alg": ["HS256"]},
        {"kty": "oct", "k": 5},
        {"kty": "OKP", "crv": "Ed25519", "x": ["AA"]},
    ],
    ids=str,
)
def test_jwks_of_other_types_are_refused(jwk: dict[str, Any]) -> None:
    """A member of the wrong type is an error about a key."""
    with pytest.raises(jwt.PyJWTError):
        jwt.PyJWK(jwk)


class TestUnknownKids:
    """A token's `kid` makes no more requests than PyJWT lets it."""

    @pytest.mark.parametrize("library", [pyjwt, jwt], ids=["PyJWT", "hauberk"])
    def test_where_a_subclass_fetches(self, library: ModuleType) -> None:
        """GHSA-2gx3-rcp4-g85q: one request after the first, whoever makes it."""
        jwks = KeySet([PrivateKey.generate("ES256", kid="1")]).to_jwks()
        requests = 0

        class Client(library.PyJWKClient):  # type: ignore[misc, name-defined]
            """Fetches from memory."""

            def fetch_data(self) -> Any:
                nonlocal requests
                requests += 1
                return jwks

        client = Client("https://id.example/jwks")
        for kid in "abcde":
            with pytest.raises(library.PyJWKClientError):
                client.get_signing_key(kid)
        assert requests == 2
        assert client.get_signing_key("1").key_id == "1"
        assert requests == 2


class TestLongTokens:
    """What is far too long is refused before anybody copies it."""

    @pytest.mark.parametrize(
        "token",
        ["a" * 10_000_000, "." * 10_000_000, "é" * 10_000_000, b"." * 2_000_000],
    )
    def test_nothing_of_it_is_encoded(self, token: str | bytes) -> None:
        """The length is looked at first: no copy of ten megabytes is made."""
        tracemalloc.start()
        try:
            with pytest.raises(jwt.DecodeError, match="at most"):
                jwt.decode(token, bytes(32), algorithms=["HS256"])
            with pytest.raises(jwt.DecodeError, match="at most"):
                jwt.get_unverified_header(token)
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()

    def test_full_stops_are_not_all_taken_apart(self) -> None:
        """Of a million of them, three are enough to know."""
        with pytest.raises(jwt.DecodeError, match="Invalid payload padding"):
            jwt.decode("." * 1_000_000, bytes(32), algorithms=["HS256"])

    def test_a_lone_surrogate(self) -> None:
        """Python's own error would carry the token."""
        with pytest.raises(jwt.DecodeError) as caught:
            jwt.decode("\ud800.e30.e30", bytes(32), algorithms=["HS256"])
        assert caught.value.__cause__ is None


def every_exception() -> list[BaseException]:
    """Return one of each exception of the drop-in."""
    return [
        getattr(exceptions, name)("exp" if "Claim" in name else "A message.")
        for name in exceptions.__all__
    ]


@pytest.mark.parametrize(
    "error", every_exception(), ids=lambda error: type(error).__name__
)
def test_exceptions_leave_the_process(error: BaseException) -> None:
    """A copy is the same, as PyJWT's is."""
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is type(error)
        assert str(other) == str(error)
        assert vars(other) == vars(error)


def refuse() -> None:
    """Refuse a token in another process."""
    token = jwt.encode({}, bytes(32), "HS256")
    jwt.decode(token, bytes(32), algorithms=["HS256"], options={"require": ["exp"]})


def test_a_pool_of_processes_hands_the_exception_on() -> None:
    """What a worker raises does not break the pool."""
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(jwt.MissingRequiredClaimError) as caught,
    ):
        pool.submit(refuse).result(60)
    assert caught.value.claim == "exp"
    assert isinstance(caught.value, hauberk_exceptions.MissingClaimError)


def test_the_version_is_that_of_the_interface() -> None:
    """Programs that ask which PyJWT they have get the one this follows."""
    version = Version(jwt.__version__)
    assert Version("2.15") <= version <= Version(pyjwt.__version__)
