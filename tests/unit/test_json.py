"""The JSON core that tokens and signatures share."""

from __future__ import annotations

import enum
import gc
import json
import sys
import threading
from collections import OrderedDict, defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from hauberk._rust import json_dumps, json_loads
from hauberk.exceptions import InvalidInputError

DEPTH = 64
DIGITS = 4300


# -- reading ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", [str, str.encode, lambda text: bytearray(text.encode())]
)
def test_text_and_bytes_are_read(form: Any) -> None:
    """A str, bytes and other bytes-like objects are the same text."""
    assert json_loads(form('{"name": "Ærø €"}')) == {"name": "Ærø €"}
    assert json_loads(memoryview(b"[1,2]")) == [1, 2]


def test_other_arguments() -> None:
    """What is neither text nor bytes is a TypeError."""
    with pytest.raises(TypeError, match="not int"):
        json_loads(1)  # type: ignore[arg-type]


def test_types() -> None:
    """Each JSON value becomes the type that the standard library makes of it."""
    value = json_loads('{"a": [null, true, false, 0, -1, 1.0, 1e2, "", {}, []]}')
    assert value == {"a": [None, True, False, 0, -1, 1.0, 100.0, "", {}, []]}
    assert [type(element) for element in value["a"]] == [
        type(None), bool, bool, int, int, float, float, str, dict, list,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "number",
    [0, 10**17, 10**18, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64, 10**100],
)
def test_integers_are_exact(number: int) -> None:
    """Integers of any size come and go unchanged."""
    assert json_loads(str(number)) == number
    assert json_dumps(number) == str(number).encode()


def test_integers_end_at_4300_digits() -> None:
    """Python's default limit holds in both directions, also for negative numbers."""
    longest = "9" * DIGITS
    assert json_loads(longest) == int(longest)
    assert json_dumps(int(f"-{longest}")) == f"-{longest}".encode()
    with pytest.raises(InvalidInputError, match="too many digits"):
        json_loads(f"{longest}9")
    with pytest.raises(InvalidInputError, match="too many digits"):
        json_dumps(10**DIGITS)


@pytest.mark.parametrize("limit", [640, 0])
def test_python_s_own_limit_on_digits(limit: int) -> None:
    """Where Python is set to fewer digits, that limit holds; ours always does."""
    number, before = 10**1000, sys.get_int_max_str_digits()
    text = str(number)
    sys.set_int_max_str_digits(limit)
    try:
        if limit:
            with pytest.raises(InvalidInputError):
                json_loads(text)
            with pytest.raises(InvalidInputError):
                json_dumps(number)
        else:
            with pytest.raises(InvalidInputError):
                json_dumps(10**DIGITS)
            with pytest.raises(InvalidInputError):
                json_loads("9" * (DIGITS + 1))
    finally:
        sys.set_int_max_str_digits(before)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "A value is missing (at byte 0)."),
        (b"\xef\xbb\xbf{}", "The text begins with a byte order mark (at byte 0)."),
        (b'"\xff"', "The text is not UTF-8 (at byte 1)."),
        ("{}".encode("utf-16-le"), "A key is missing (at byte 1)."),
        ('{"a":1,"a":1}', "An object has a key twice (at byte 13)."),
        ('{"a":1,"\\u0061":1}', "An object has a key twice (at byte 18)."),
        ("NaN", "There is no value here (at byte 0)."),
        ("[Infinity]", "There is no value here (at byte 1)."),
        ("[-Infinity]", "A number needs a digit (at byte 2)."),
        ("1e400", "A number is too large for a float (at byte 5)."),
        ('"\\ud800"', "An escape is half of a surrogate pair (at byte 1)."),
        ('"\\udc00\\ud800"', "An escape is half of a surrogate pair (at byte 1)."),
        ('"a\tb"', "A string holds a control character (at byte 2)."),
        ("[] []", "There is text after the value (at byte 3)."),
        ("[" * (DEPTH + 1), "Arrays and objects are nested too deeply (at byte 64)."),
        ("01", "A number has a leading zero (at byte 0)."),
        ("+1", "There is no value here (at byte 0)."),
        (".5", "There is no value here (at byte 0)."),
        ("1.", "A fraction needs a digit (at byte 2)."),
        ("9" * (DIGITS + 1), "An integer has too many digits (at byte 4301)."),
    ],
    ids=[
        "empty", "byte-order-mark", "not-utf-8", "utf-16", "duplicate-key",
        "duplicate-key-escaped", "nan", "infinity", "minus-infinity", "float-overflow",
        "lone-high-surrogate", "lone-low-surrogate", "control-character",
        "trailing-data", "depth", "leading-zero", "plus-sign", "no-integer-part",
        "no-fraction", "too-many-digits",
    ],
)  # fmt: skip
def test_refusals(text: str | bytes, message: str) -> None:
    """Each refusal says why and where."""
    with pytest.raises(InvalidInputError) as caught:
        json_loads(text)
    assert str(caught.value) == message


def test_a_lone_surrogate_in_the_text_itself() -> None:
    """A str that is no Unicode text is refused before it is read."""
    with pytest.raises(InvalidInputError, match="lone surrogate"):
        json_loads('"\ud800"')


@pytest.mark.parametrize(
    "text", ['["s3cret', '{"s3cret": 1, "s3cret": 2}', "s3cret", '"\\s3cret"']
)
def test_messages_quote_nothing(text: str) -> None:
    """The text may hold secrets, so no message repeats a piece of it."""
    with pytest.raises(InvalidInputError) as caught:
        json_loads(text)
    assert "s3cret" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert "s3cret" not in repr(caught.value.__context__)


def test_deepest() -> None:
    """As many arrays and objects as allowed are read and written."""
    text = "[" * DEPTH + "]" * DEPTH
    assert json_dumps(json_loads(text)) == text.encode()


@pytest.mark.parametrize("length", [*range(20), 32, 33])
def test_keys_of_every_length_are_told_apart(length: int) -> None:
    """The cache of keys returns the key that stands in the text, and no similar one."""
    for position in range(length):
        key = "".join("x" if index == position else "-" for index in range(length))
        for again in range(2):
            assert json_loads(json.dumps({key: again})) == {key: again}
    assert json_loads(json.dumps({"-" * length: 1})) == {"-" * length: 1}


def test_keys_are_shared() -> None:
    """A key that was seen before is the same object, which saves memory and time."""
    (first,) = json_loads('{"preferred": 1}')
    (second,) = json_loads('{"preferred": 2}')
    assert first is second


def test_a_finalizer_reads_in_the_middle_of_reading() -> None:
    """Collecting garbage while a text is read may read another text."""

    class Reads:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            seen.append(json_loads('{"inner": [1, 2], "key": "value"}'))

    seen: list[Any] = []
    text = json.dumps([{"key": index, "other": [index]} for index in range(300)])
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(10):
            Reads()
            assert json_loads(text) == json.loads(text)
    finally:
        gc.set_threshold(*before)
    assert all(value == {"inner": [1, 2], "key": "value"} for value in seen)


def test_threads() -> None:
    """Threads read and write at the same time."""
    value = {
        f"key{index}": [index, str(index), {"nested": index}] for index in range(50)
    }
    text = json.dumps(value)
    right: list[bool] = []

    def work() -> None:
        right.append(
            all(
                json_loads(text) == value and json_loads(json_dumps(value)) == value
                for _ in range(200)
            )
        )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 4


# -- writing ---------------------------------------------------------------------------


class Level(enum.IntEnum):
    """An int with a name."""

    HIGH = 2
    BEYOND = 2**70


class Colour(enum.StrEnum):
    """A str with a name."""

    RED = "red"


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    y: int


@pytest.mark.parametrize(
    "value",
    [
        Level.HIGH,
        Level.BEYOND,
        Colour.RED,
        {Colour.RED: Level.HIGH},
        Point(1, 2),
        (),
        (1, "a"),
        defaultdict(int, a=1),
        type("Text", (str,), {})("a\n"),
        type("Float", (float,), {})(1.5),
        type("List", (list,), {})([1]),
    ],
)
def test_subclasses_are_written_as_their_value(value: Any) -> None:
    """Instances of subclasses are written as the standard library writes them."""
    assert json_dumps(value) == json.dumps(value, separators=(",", ":")).encode()


def test_a_dict_with_an_order_of_its_own() -> None:
    """A subclass of dict is asked for its items."""
    ordered = OrderedDict(a=1, b=2, c=3)
    ordered.move_to_end("a")
    assert json_dumps(ordered) == b'{"b":2,"c":3,"a":1}'


def test_a_float_s_own_repr_is_not_used() -> None:
    """Numbers are written by their value, whatever a subclass calls itself."""

    class Shouting(float):
        def __repr__(self) -> str:
            return "LOUD"

    class Whispering(int):
        __str__ = __repr__ = lambda _: "quiet"

    assert json_dumps([Shouting(0.5), Whispering(3), Whispering(2**80)]) == (
        b"[0.5,3,1208925819614629174706176]"
    )


@pytest.mark.parametrize("value", [b"s3cret", {1}, Decimal("9.99"), object(), 1j, int])
def test_other_types_are_refused_by_name(value: object) -> None:
    """The message names the type and never the value."""
    with pytest.raises(TypeError) as caught:
        json_dumps({"a": [value]})
    name = type(value).__name__
    assert str(caught.value) == f"JSON has no value for an object of type {name}."


@pytest.mark.parametrize("key", [1, None, 1.5, True, b"s3cret", ("a",)])
def test_keys_are_text(key: object) -> None:
    """A key of another type is refused: as text, 1 and "1" would become one."""
    with pytest.raises(TypeError) as caught:
        json_dumps({key: 1})
    name = type(key).__name__
    assert (
        str(caught.value)
        == f"A key of a JSON object is a str, not an object of type {name}."
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_refused(value: float) -> None:
    """JSON has no text for it."""
    with pytest.raises(InvalidInputError, match="NaN"):
        json_dumps([value])


@pytest.mark.parametrize(
    "value", ["a\ud800", {"a\udfff": 1}, type("Text", (str,), {})("\ud800")]
)
def test_lone_surrogates_are_refused(value: object) -> None:
    """What has no UTF-8 cannot be written, and the message does not quote it."""
    with pytest.raises(InvalidInputError, match=r"^The text has a lone surrogate\.$"):
        json_dumps(value)


@pytest.mark.parametrize("filler", ["-", '"', "é", "\x00"])
def test_written_keys_of_every_length_are_told_apart(filler: str) -> None:
    """The cache of written keys never mixes keys up, whatever is escaped in them."""
    keys = [filler * length + str(last) for length in range(30) for last in range(100)]
    for value in range(2):
        for key in keys:
            text = json.dumps(key, ensure_ascii=False)
            assert json_dumps({key: value}) == f"{{{text}:{value}}}".encode()


def test_cycles_end() -> None:
    """An object that holds itself is nested too deeply."""
    circle: list[Any] = []
    circle.append({"a": (circle,)})
    with pytest.raises(InvalidInputError, match="too deeply"):
        json_dumps(circle)


@pytest.mark.parametrize(
    "wrap",
    [lambda x: [x], lambda x: (x,), lambda x: {"a": x}, lambda x: OrderedDict(a=x)],
)
def test_depth_when_writing(wrap: Any) -> None:
    """What is written can be read: the depth is the same in both directions."""
    value: Any = 1
    for _ in range(DEPTH):
        value = wrap(value)
    json_loads(json_dumps(value))
    with pytest.raises(InvalidInputError, match="too deeply"):
        json_dumps(wrap(value))


def test_a_dict_that_changes_while_it_is_written() -> None:
    """Code that runs in between finds its changes ignored, and nothing breaks."""

    class Meddling(dict[str, Any]):
        def items(self) -> Any:
            outer.clear()
            outer.update((str(index), index) for index in range(1000))
            return [("x", 1)]

    outer: dict[str, Any] = {"a": Meddling(), "b": 2}
    assert json_dumps(outer) == b'{"a":{"x":1},"b":2}'


@pytest.mark.parametrize("items", [[1], [("a",)], [("a", 1, 2)], None])
def test_a_mapping_with_broken_items(items: Any) -> None:
    """A subclass of dict whose items are no pairs is an error of its own."""
    broken = type("Broken", (dict,), {"items": lambda _: items})
    with pytest.raises((TypeError, ValueError)):
        json_dumps(broken())


def test_no_object_is_written_that_the_reader_refuses() -> None:
    """A subclass of dict that lists a key twice is refused, and so are twin keys."""

    class Twice(dict[str, Any]):
        def items(self) -> Any:
            return [("a", 1), ("b", 2), ("a", 3)]

    class Twin(str):
        __slots__ = ()
        __hash__ = object.__hash__

        def __eq__(self, other: object) -> bool:
            return self is other

    for twins in (Twice(), {Twin("a"): 1, Twin("a"): 2}, {"a": 1, Twin("a"): 2}):
        with pytest.raises(InvalidInputError, match="two members"):
            json_dumps([twins])
    assert json_dumps({Twin("a"): 1, "b": {"a": 1}}) == b'{"a":1,"b":{"a":1}}'


def test_an_error_of_the_mapping_is_passed_on() -> None:
    """What a subclass of dict raises is raised."""

    class Failing(dict[str, Any]):
        def items(self) -> Any:
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        json_dumps([Failing()])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"), (-0.0, "-0.0"), (100.0, "100.0"), (1.5, "1.5"), (0.1, "0.1"),
        (0.0001, "0.0001"), (1e-05, "1e-05"), (1.25e-05, "1.25e-05"),
        (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1.5e-7, "1.5e-07"),
        (2e23, "2e+23"), (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
    ],
)  # fmt: skip
def test_floats_are_written_as_python_writes_them(number: float, text: str) -> None:
    """The layout of a float is that of repr()."""
    assert json_dumps(number) == text.encode() == repr(number).encode()
