"""`hauberk.compare_digest`."""

from __future__ import annotations

import hmac
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hauberk import compare_digest
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: list[Callable[[str], str | bytes | bytearray | memoryview]] = [
    str,
    str.encode,
    lambda text: bytearray(text.encode()),
    lambda text: memoryview(text.encode()),
]


@pytest.mark.parametrize(("left", "right"), list(product(FORMS, FORMS)))
def test_any_two_types_compare(
    left: Callable[[str], str | bytes], right: Callable[[str], str | bytes]
) -> None:
    """Text is its UTF-8, so every mix of types compares."""
    assert compare_digest(left("schlüssel 🗝"), right("schlüssel 🗝"))
    assert not compare_digest(left("schlüssel 🗝"), right("schlüssel 🗞"))


def test_memoryview_with_steps() -> None:
    """A view that is not contiguous is compared by its items."""
    assert compare_digest(memoryview(b"s.e.c.r.e.t")[::2], "secret")


def test_length_is_not_padded() -> None:
    """A prefix is not equal, nor is a value followed by NUL."""
    assert not compare_digest(b"secret", b"secre")
    assert not compare_digest(b"secret", b"secret\0")
    assert compare_digest(b"", "")


def test_lone_surrogate_is_a_value_error_without_the_text() -> None:
    """Text that has no UTF-8 form is refused, and the error does not carry it."""
    with pytest.raises(ValueError, match="lone surrogate") as caught:
        compare_digest("hunter2\ud800", b"x")
    assert isinstance(caught.value, InvalidInputError)
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("wrong", [None, 7, 1.5, ["a"], object()])
def test_other_types_are_named(wrong: object) -> None:
    """The TypeError says what is accepted, on either side."""
    for arguments in ((wrong, b""), (b"", wrong)):
        with pytest.raises(TypeError, match="str, bytes, bytearray or memoryview"):
            compare_digest(*arguments)


def test_memoryview_of_something_else() -> None:
    """Numbers of four bytes have an order that nobody wrote down."""
    with pytest.raises(TypeError, match="format is 'B'"):
        compare_digest(memoryview(b"abcd").cast("I"), b"abcd")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_agrees_with_the_standard_library(left: bytes, right: bytes) -> None:
    """The answer is `hmac.compare_digest`'s."""
    assert hmac.compare_digest(left, right) == compare_digest(left, right)
    assert compare_digest(left, bytearray(left))


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_flipped_bit_is_unequal(value: bytes, data: st.DataObject) -> None:
    """A single flipped bit at any position is noticed."""
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    other = bytearray(value)
    other[bit // 8] ^= 1 << bit % 8
    assert not compare_digest(value, other)
