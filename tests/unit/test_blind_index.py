"""`Keyring.blind_index()`."""

from __future__ import annotations

import copy
import pickle
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hauberk.encryption import BlindIndex, Key, Keyring, KeyState, _normalizers
from hauberk.exceptions import (
    ConfigurationError,
    DisabledKeyError,
    InvalidInputError,
    KeyringError,
    UnknownKeyError,
)

RING = Keyring.generate()
PLAIN = RING.blind_index("auth.User.email")
NORMALIZED: dict[str, BlindIndex] = {
    name: RING.blind_index("auth.User.email", normalize=name)
    for name in ("casefold", "digits", "email")
}


def prefix(text: str) -> str:
    """Return the first three characters."""
    return text[:3]


prefix.label = "prefix/1"  # type: ignore[attr-defined]

texts = st.text(st.characters(exclude_categories=["Cs"]))


def test_each_part_takes_part() -> None:
    """Context, name and normaliser separate indexes; so does the key."""
    values = {
        index.compute("x1")
        for index in (
            PLAIN,
            RING.blind_index("auth.User.phone"),
            RING.blind_index("auth.User.email", "other"),
            *NORMALIZED.values(),
            RING.blind_index("auth.User.email", normalize=prefix),
            Keyring.generate().blind_index("auth.User.email"),
        )
    }
    assert len(values) == 8


@pytest.mark.parametrize("bits", [1, 7, 8, 9, 127, 128, 255, 256])
def test_bits(bits: int) -> None:
    """A shorter index is the front of a longer, its unused bits zero."""
    long = int(RING.blind_index("c", bits=256).compute("x"), 16)
    index = RING.blind_index("c", bits=bits)
    text = index.compute("x")
    assert len(text) == index.length == (bits + 7) // 8 * 2
    padding = len(text) * 4 - bits
    assert int(text, 16) == (long >> 256 - bits) << padding
    assert index.bits == bits


@pytest.mark.parametrize("bits", [0, 257, 1 << 40])
def test_impossible_bits(bits: int) -> None:
    """An index has as many bits as its MAC at most."""
    with pytest.raises(InvalidInputError, match="1 to 256 bits"):
        RING.blind_index("c", bits=bits)


@given(texts)
@example("İ")
@example("\x1c a\x85")
@example("Ω ά")
def test_normalisers(text: str) -> None:
    """A normalised index is the index of the normalised value, whoever normalises."""
    for name, index in NORMALIZED.items():
        normalized = getattr(_normalizers, name)(text)
        custom = RING.blind_index(
            "auth.User.email", normalize=Labelled(index.label, normalized)
        )
        assert index.compute(text) == custom.compute("whatever")
        assert getattr(_normalizers, name)(normalized) == normalized


class Labelled:
    """A normaliser with one answer."""

    def __init__(self, label: str, answer: str) -> None:
        self.label = label
        self.answer = answer

    def __call__(self, text: str) -> str:
        """Return it."""
        return self.answer


@pytest.mark.parametrize(
    ("name", "one", "two"),
    [
        ("email", " Ann@Example.org\n", "ann@example.org"),
        ("email", "GRÖSSE@example.org", "größe@example.org"),
        ("casefold", "Zoe\u0308", "zo\xeb"),
        ("casefold", "ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("digits", "+43 (1) 234-5", "4312345"),
        ("digits", "٤٢", "42"),
    ],
)
def test_what_is_made_alike(name: Any, one: str, two: str) -> None:
    """What people write differently is found."""
    index = NORMALIZED[name]
    assert index.compute(one) == index.compute(two)
    assert index.variants(one) == index.variants(two)
    assert index.compute_many([one, two]) == [index.compute(one)] * 2


@given(texts)
def test_casefold_ignores_the_form(text: str) -> None:
    """Composed and decomposed text have one index."""
    index = NORMALIZED["casefold"]
    forms = {
        index.compute(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")
    }
    assert len(forms) == 1


def test_functions() -> None:
    """A function normalises all text, and must say which it is."""
    index = RING.blind_index("c", normalize=prefix)
    assert index.compute("abcd") == index.compute("abcx")
    assert index.label == "prefix/1"
    for wrong in (str.lower, lambda text: text, "upper", 7):
        with pytest.raises(ConfigurationError):
            RING.blind_index("c", normalize=wrong)  # type: ignore[arg-type]

    def fails(text: str) -> str:
        raise LookupError(text)

    fails.label = "fails/1"  # type: ignore[attr-defined]
    with pytest.raises(LookupError):
        RING.blind_index("c", normalize=fails).compute("x")


def test_types() -> None:
    """Text and its bytes have one index; a normaliser takes text alone."""
    assert PLAIN.compute("größe") == PLAIN.compute("größe".encode())
    assert PLAIN.compute(bytearray(b"x")) == PLAIN.compute("x")
    for wrong in (None, 7):
        with pytest.raises(TypeError):
            PLAIN.compute(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        NORMALIZED["email"].compute(b"x")
    with pytest.raises(InvalidInputError):
        PLAIN.compute("\ud800")


def test_rotation() -> None:
    """Index keys rotate apart from the others, and both find while they do."""
    ring = Keyring.generate()
    index = ring.blind_index("c")
    old_id, old, key = ring.primary_id, index.compute("x"), Key.generate()
    ring.add(key)
    ring.promote(key.id)
    assert index.compute("x") == old
    new = index.compute("x", key_id=key.id)
    assert index.variants("x") == [old, new]
    assert index.compute_many(["x"], key_id=key.id) == [new]

    ring.promote_index(key.id)
    assert index.compute("x") == new
    assert index.variants("x") == [new, old]
    ring.disable(old_id)
    assert index.variants("x") == [new, old]
    ring.disable_index(old_id)
    assert index.variants("x") == [new]
    with pytest.raises(DisabledKeyError):
        index.compute("x", key_id=old_id)
    ring.enable_index(old_id)
    assert index.variants("x") == [new, old]
    assert [info.index_state for info in ring.keys] == [
        KeyState.ACTIVE,
        KeyState.PRIMARY,
    ]
    with pytest.raises(KeyringError, match="primary"):
        ring.disable_index(key.id)
    with pytest.raises(UnknownKeyError):
        index.compute("x", key_id="00000001")


def test_it_shows_and_hands_out_nothing() -> None:
    """An index's repr has no key; it cannot be pickled or copied."""
    assert repr(PLAIN) == '<BlindIndex "default" of "auth.User.email", 128 bits>'
    assert (PLAIN.context, PLAIN.name, PLAIN.label) == (
        "auth.User.email",
        "default",
        "",
    )
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="holds keys"):
            attempt(PLAIN)
