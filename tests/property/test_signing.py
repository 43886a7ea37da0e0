"""What holds for every value and every alteration."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hauberk.exceptions import BadSignatureError
from hauberk.signing import Serializer, Signer, TimestampSigner

KEY = "k" * 32
SIGNER = Signer(KEY, salt="s")
TIMED = TimestampSigner(KEY, salt="s")
SERIALIZER = Serializer(KEY, salt="s")

values = st.text(st.characters(exclude_categories=["Cs"]) | st.just("."))
json_objects = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | values,
    lambda inner: st.lists(inner) | st.dictionaries(values, inner),
    max_leaves=10,
)


@given(values)
def test_values_come_back(value: str) -> None:
    """unsign(sign(value)) is value, with dots and with every character."""
    assert value == SIGNER.unsign(SIGNER.sign(value))
    assert value == TIMED.unsign(TIMED.sign(value), max_age=60)


@given(json_objects)
def test_objects_come_back(obj: Any) -> None:
    """loads(dumps(obj)) is obj."""
    assert obj == SERIALIZER.loads(SERIALIZER.dumps(obj), max_age=60)


@given(values, st.data())
def test_no_other_character_verifies(value: str, data: st.DataObject) -> None:
    """A token with any one character replaced does not verify."""
    token = TIMED.sign(value)
    position = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(
        (st.sampled_from("AZaz09-_.=") | st.characters()).filter(
            lambda character: character != token[position]
        )
    )
    with pytest.raises(BadSignatureError):
        TIMED.unsign(token[:position] + character + token[position + 1 :], max_age=None)


@given(values)
def test_no_part_of_a_token_verifies(value: str) -> None:
    """A token cut short at any position, on either side, does not verify."""
    token = SIGNER.sign(value)
    for position in range(1, len(token)):
        for part in (token[:position], token[position:]):
            with pytest.raises(BadSignatureError):
                SIGNER.unsign(part)


@given(st.text())
def test_nothing_made_up_verifies(token: str) -> None:
    """Arbitrary text is a bad signature and nothing worse."""
    with pytest.raises(BadSignatureError):
        SIGNER.unsign(token)
    with pytest.raises(BadSignatureError):
        TIMED.unsign(token, max_age=None)
    with pytest.raises(BadSignatureError):
        SERIALIZER.loads(token, max_age=None)
