"""The JSON core against the standard library's `json`."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hauberk._rust import json_dumps, json_loads
from hauberk.exceptions import InvalidInputError

text = st.text()
numbers = (
    st.integers()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(text, inner),
    max_leaves=12,
)
#: Pieces of JSON in any order: mostly nonsense, often nearly right.
PIECES = [
    *'[]{},:" \n\\-+.eE01é😀\x00\x7f',
    *['"a"', '"a":', '"b":', '"\\n"', '"\\u0061"', "\\u00e9", "\\ud83d", "\\ude00"],
    *["true", "false", "null", "NaN", "Infinity"],
    *["12", "-0", "1.5", "1e5", "1E-2", "1e999", "9" * 19],
]
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def stdlib_dumps(value: Any) -> bytes:
    """What the standard library writes in the compact form."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def reads_as_stdlib(source: str) -> bool:
    """Return whether ours accepts a text; if so, the standard library read the same."""
    try:
        ours = json_loads(source)
    except InvalidInputError:
        return False
    # repr() tells 1 from 1.0 and True, and 0.0 from -0.0.
    assert repr(ours) == repr(json.loads(source))
    return True


@given(values)
def test_values_are_written_as_the_standard_library_does(value: Any) -> None:
    """The compact text is the same, byte for byte."""
    assert json_dumps(value) == stdlib_dumps(value)


@given(values, st.sampled_from([None, 0, 1, "\t"]), st.booleans())
def test_what_the_standard_library_writes_is_read(
    value: Any,
    indent: int | str | None,
    ascii_only: bool,  # noqa: FBT001
) -> None:
    """With and without escapes and white space, the value is the same."""
    assert reads_as_stdlib(json.dumps(value, indent=indent, ensure_ascii=ascii_only))


@given(pieces)
@example('{"a":1,"b":2}')
def test_whatever_is_accepted_means_the_same_to_the_standard_library(
    source: str,
) -> None:
    """Ours accepts less, and nothing else."""
    reads_as_stdlib(source)


@given(values, st.data())
def test_a_changed_character(value: Any, data: st.DataObject) -> None:
    """A text with one character exchanged is refused or read alike."""
    source = json.dumps(value, ensure_ascii=False)
    place = data.draw(st.integers(0, max(len(source) - 1, 0)))
    character = data.draw(
        st.sampled_from('[]{}",:\\0e.- \n\x00é') | st.characters(codec="utf-8")
    )
    reads_as_stdlib(source[:place] + character + source[place + 1 :])


@given(values, st.data())
def test_a_truncated_container_is_refused(value: Any, data: st.DataObject) -> None:
    """No text in brackets is accepted before its end."""
    source = json_dumps([value])
    length = data.draw(st.integers(0, len(source) - 1))
    with pytest.raises(InvalidInputError):
        json_loads(source[:length])


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(9007199254740993.0)
@example(1e22)
@example(1e23)
@example(2.0**-44)
@example(9.999999999999999e22)
def test_floats_are_written_as_repr_does(number: float) -> None:
    """Digits and layout are Python's, and the number comes back bit for bit."""
    assert json_dumps(number) == repr(number).encode()
    assert repr(json_loads(repr(number))) == repr(number)


@given(st.integers(0, 2**64 - 1))
def test_floats_of_random_bits(bits: int) -> None:
    """Every exponent is as likely as another."""
    (number,) = struct.unpack("<d", struct.pack("<Q", bits))
    if abs(number) <= 1.7976931348623157e308:
        assert json_dumps(number) == repr(number).encode()


@given(
    st.from_regex(r"\A-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?\Z")
)
def test_numbers_are_read_as_the_standard_library_does(number: str) -> None:
    """Correctly rounded, however they are spelt; only the infinite is refused."""
    assert reads_as_stdlib(number) or abs(json.loads(number)) == float("inf")


@given(st.binary())
def test_random_bytes_are_refused_or_read(source: bytes) -> None:
    """Nothing but InvalidInputError comes of any bytes."""
    try:
        json_loads(source)
    except InvalidInputError:
        return
    reads_as_stdlib(source.decode())


@given(values)
def test_writing_and_reading_is_stable(value: Any) -> None:
    """What was read is written as it stood."""
    once = json_dumps(value)
    assert json_dumps(json_loads(once)) == once
