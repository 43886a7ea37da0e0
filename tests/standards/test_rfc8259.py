"""RFC 8259, rule by rule.

What must be accepted (y), what must be refused (n), and what is left open and refused
here so that no two readers disagree (i). The cases are ours; the three groups are those
of Nicolas Seriot's "Parsing JSON is a minefield".
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from hauberk._rust import json_dumps, json_loads
from hauberk.exceptions import InvalidInputError

ACCEPTED: dict[str, tuple[bytes, Any]] = {
    # Section 2: structure and white space.
    "y_white_space": (b" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n", [1, 2]),
    "y_no_white_space": (b'{"a":[1,{"b":null}]}', {"a": [1, {"b": None}]}),
    "y_scalar_at_the_top": (b"42", 42),
    "y_string_at_the_top": (b'"text"', "text"),
    # Section 3: literals.
    "y_literals": (b"[true,false,null]", [True, False, None]),
    # Sections 4 and 5: objects and arrays.
    "y_empty_object": (b"{}", {}),
    "y_empty_object_with_space": (b"{ }", {}),
    "y_empty_array": (b"[]", []),
    "y_empty_array_with_space": (b"[ ]", []),
    "y_empty_key": (b'{"":0}', {"": 0}),
    "y_key_with_escape": (b'{"a\\u0000b":0}', {"a\0b": 0}),
    "y_same_key_in_different_objects": (
        b'[{"a":1},{"a":{"a":2}}]',
        [{"a": 1}, {"a": {"a": 2}}],
    ),
    "y_keys_that_differ_in_case": (b'{"a":1,"A":2}', {"a": 1, "A": 2}),
    "y_mixed_array": (b'[null,1,"1",{},[[]]]', [None, 1, "1", {}, [[]]]),
    # Section 6: numbers.
    "y_zero": (b"0", 0),
    "y_minus_zero": (b"-0", 0),
    "y_minus_zero_float": (b"-0.0", -0.0),
    "y_fraction": (b"[0.5,-1.25]", [0.5, -1.25]),
    "y_exponents": (
        b"[1e2,1E2,1e+2,1E+2,1e-2,1.5e3,0e1]",
        [100.0, 100.0, 100.0, 100.0, 0.01, 1500.0, 0.0],
    ),
    "y_exponent_with_leading_zeros": (b"1e0002", 100.0),
    "y_beyond_double": (
        b"123456789012345678901234567890",
        123456789012345678901234567890,
    ),
    "y_underflow": (b"1e-400", 0.0),
    "y_largest_float": (b"1.7976931348623157e308", 1.7976931348623157e308),
    # Section 7: strings.
    "y_short_escapes": (b'"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'),
    "y_hexadecimal_of_either_case": (b'"\\u00e9\\u00E9"', "éé"),
    "y_surrogate_pair": (b'"\\ud834\\udd1e"', "𝄞"),
    "y_last_code_point": (b'"\\udbff\\udfff"', "\U0010ffff"),
    "y_escaped_noncharacter": (b'"\\uffff"', "\uffff"),
    "y_unescaped_delete": (b'"\x7f"', "\x7f"),
    "y_unescaped_line_separators": ('"\u2028\u2029"'.encode(), "\u2028\u2029"),
    "y_utf8_of_each_length": ('"a\u00e9\u20ac\U0001f600"'.encode(), "aé€😀"),
    "y_comment_in_a_string": (b'"/* no */"', "/* no */"),
    "y_long_string": (b'"' + b"x" * 100_000 + b'"', "x" * 100_000),
}

REFUSED: dict[str, bytes] = {
    "n_nothing": b"",
    "n_only_space": b" \n",
    "n_form_feed_as_space": b"[\x0c1]",
    "n_no_break_space": "[\u00a01]".encode(),
    "n_null_byte": b"\x00",
    "n_null_byte_after": b"1\x00",
    "n_two_values": b"1 2",
    "n_extra_closing_bracket": b"[1]]",
    "n_wrong_bracket": b"[1}",
    "n_unclosed_array": b"[1",
    "n_unclosed_object": b'{"a":1',
    "n_only_closing": b"]",
    "n_comma_before": b"[,1]",
    "n_comma_after": b"[1,]",
    "n_two_commas": b"[1,,2]",
    "n_no_comma": b"[1 2]",
    "n_colon_in_array": b"[1:2]",
    "n_object_comma_after": b'{"a":1,}',
    "n_object_comma_before": b'{,"a":1}',
    "n_object_no_colon": b'{"a" 1}',
    "n_object_two_colons": b'{"a"::1}',
    "n_object_no_value": b'{"a":}',
    "n_object_only_key": b'{"a"}',
    "n_object_comma_for_colon": b'{"a",1}',
    "n_object_key_without_quotes": b"{a:1}",
    "n_object_key_a_number": b"{1:1}",
    "n_object_key_single_quotes": b"{'a':1}",
    "n_literal_capital": b"True",
    "n_literal_short": b"[tru]",
    "n_literal_long": b"[nulls]",
    "n_undefined": b"undefined",
    "n_nan": b"NaN",
    "n_minus_nan": b"-NaN",
    "n_infinity": b"Infinity",
    "n_minus_infinity": b"-Infinity",
    "n_comment": b"[1/* one */]",
    "n_line_comment": b"1//",
    "n_hash_comment": b"1#",
    "n_number_plus": b"+1",
    "n_number_leading_zero": b"01",
    "n_number_leading_zero_minus": b"-01",
    "n_number_two_zeros": b"00",
    "n_number_no_integer_part": b".5",
    "n_number_minus_no_integer_part": b"-.5",
    "n_number_no_fraction": b"1.",
    "n_number_no_fraction_exponent": b"1.e5",
    "n_number_no_exponent": b"1e",
    "n_number_no_exponent_sign": b"1e+",
    "n_number_two_exponents": b"1e1e1",
    "n_number_fraction_in_exponent": b"1e1.5",
    "n_number_two_points": b"1.1.1",
    "n_number_only_minus": b"-",
    "n_number_two_minus": b"--1",
    "n_number_space_after_minus": b"- 1",
    "n_number_hexadecimal": b"0x1",
    "n_number_underscore": b"1_000",
    "n_number_comma": b"1,5",
    "n_number_fullwidth_digit": "\uff11".encode(),
    "n_number_letter_after": b"[1a]",
    "n_string_single_quotes": b"'a'",
    "n_string_unclosed": b'"a',
    "n_string_ends_in_backslash": b'"\\',
    "n_string_escaped_quote_only": b'"\\"',
    "n_string_tab": b'"\t"',
    "n_string_newline": b'"a\nb"',
    "n_string_null": b'"\x00"',
    "n_string_unit_separator": b'"1234567\x1f"',
    "n_escape_x": b'"\\x41"',
    "n_escape_a": b'"\\a"',
    "n_escape_0": b'"\\0"',
    "n_escape_capital_u": b'"\\U0041"',
    "n_escape_single_quote": b'"\\\'"',
    "n_escape_newline": b'"\\\n"',
    "n_escape_of_a_character": '"\\é"'.encode(),
    "n_escape_three_digits": b'"\\u123"',
    "n_escape_no_hexadecimal": b'"\\u12g4"',
    "n_escape_sign": b'"\\u+041"',
    "n_escape_in_braces": b'"\\u{41}"',
    "n_escape_fullwidth_digits": '"\\u\uff10\uff10\uff14\uff11"'.encode(),
    "n_utf8_lone_continuation": b'"\x80"',
    "n_utf8_truncated": b'"\xe2\x82"',
    "n_utf8_overlong": b'"\xc0\xaf"',
    "n_utf8_surrogate": b'"\xed\xa0\x80"',
    "n_utf8_beyond_unicode": b'"\xf4\x90\x80\x80"',
    "n_latin_1": b'"\xe9"',
    "n_utf16_little_endian": "[1]".encode("utf-16-le"),
    "n_utf16_with_mark": "[1]".encode("utf-16"),
    "n_utf32": "[1]".encode("utf-32-le"),
    # What the RFC leaves open.
    "i_byte_order_mark": b"\xef\xbb\xbf1",
    "i_duplicate_key": b'{"a":1,"a":2}',
    "i_duplicate_key_same_value": b'{"a":1,"a":1}',
    "i_duplicate_key_escaped": b'{"a":1,"\\u0061":2}',
    "i_duplicate_empty_key": b'{"":1,"":2}',
    "i_duplicate_key_inside": b'[{"a":{"b":1,"c":2,"b":3}}]',
    "i_duplicate_long_key": b'{"%b":1,"%b":2}' % (b"k" * 40, b"k" * 40),
    "i_lone_high_surrogate": b'"\\ud800"',
    "i_lone_low_surrogate": b'"\\udc00"',
    "i_two_high_surrogates": b'"\\ud800\\ud800"',
    "i_surrogates_in_the_wrong_order": b'"\\udc00\\ud800"',
    "i_surrogate_and_text": b'"\\ud800abcdef"',
    "i_surrogate_and_escape": b'"\\ud800\\u0041"',
    "i_surrogate_as_key": b'{"\\ud800":1}',
    "i_float_overflow": b"1e400",
    "i_float_overflow_minus": b"-1e400",
    "i_float_overflow_long": b"1" + b"0" * 400 + b".0",
    "i_depth_array": b"[" * 65 + b"]" * 65,
    "i_depth_object": b'{"a":' * 65 + b"1" + b"}" * 65,
    "i_depth_unclosed": b"[" * 1_000_000,
    "i_digits": b"1" * 4301,
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    """What the RFC requires is read, and as the standard library reads it."""
    source, expected = ACCEPTED[name]
    value = json_loads(source)
    assert repr(value) == repr(expected) == repr(json.loads(source))
    assert json_loads(json_dumps(value)) == value


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """What the RFC forbids or leaves open is refused."""
    with pytest.raises(InvalidInputError):
        json_loads(REFUSED[name])
