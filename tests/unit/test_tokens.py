"""`hauberk.tokens`."""

from __future__ import annotations

import base64
import string
from typing import TYPE_CHECKING

import pytest

from hauberk import tokens
from hauberk.exceptions import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable


class TestTokens:
    """The functions named as in `secrets`."""

    def test_lengths(self) -> None:
        """Lengths are in bytes, 32 by default, as in `secrets`."""
        assert len(tokens.token_bytes()) == len(tokens.token_bytes(None)) == 32
        assert len(tokens.token_bytes(nbytes=3)) == 3
        assert len(tokens.token_bytes(5)) == 5
        assert len(tokens.token_hex(5)) == 10
        assert len(tokens.token_urlsafe(5)) == 7

    def test_forms(self) -> None:
        """Hexadecimal is lower case; base64url has no padding."""
        assert set(tokens.token_hex(4096)) == set("0123456789abcdef")
        text = tokens.token_urlsafe(4096)
        assert set(text) <= set(string.ascii_letters + string.digits + "-_")
        assert len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) == 4096

    def test_no_repetition(self) -> None:
        """Ten thousand tokens are ten thousand tokens."""
        assert len({tokens.token_bytes(16) for _ in range(10_000)}) == 10_000

    @pytest.mark.parametrize(
        "function",
        [
            tokens.token_bytes,
            tokens.token_hex,
            tokens.token_urlsafe,
            tokens.random_string,
        ],
    )
    @pytest.mark.parametrize("length", [0, -1, (1 << 20) + 1, 1 << 80])
    def test_lengths_out_of_range(
        self, function: Callable[[int], object], length: int
    ) -> None:
        """A length that can only be a mistake is a ValueError."""
        with pytest.raises(ValueError, match="A length is 1 to"):
            function(length)


class TestRandomString:
    """Characters of an alphabet without bias."""

    def test_every_character_is_as_likely(self) -> None:
        """Counts stay within ten standard deviations of even."""
        alphabet = string.ascii_lowercase + "äöüß🗝"
        text = tokens.random_string(310_000, alphabet)
        assert len(text) == 310_000
        for character in alphabet:
            assert abs(text.count(character) - 10_000) < 1_000

    def test_default_alphabet(self) -> None:
        """The default is letters and digits."""
        assert set(tokens.random_string(10_000)) == set(tokens.BASE62)

    @pytest.mark.parametrize("alphabet", ["", "a", "abca"])
    def test_bad_alphabets(self, alphabet: str) -> None:
        """An alphabet of fewer than two or of repeated characters is refused."""
        with pytest.raises(InvalidInputError, match="An alphabet has"):
            tokens.random_string(8, alphabet)


class TestApiKeys:
    """Prefixed, checksummed keys."""

    def test_round_trip(self) -> None:
        """A key parses, and checks against its own stored hash only."""
        key, other = tokens.api_key("shop_live"), tokens.api_key("shop_live")
        parsed = tokens.parse_api_key(key)
        assert parsed.prefix == "shop_live"
        assert f"_{parsed.lookup_id}_" in key
        stored = tokens.hash_api_key(key)
        assert stored.startswith("sha256$")
        assert key not in stored
        assert tokens.check_api_key(key, stored)
        assert not tokens.check_api_key(other, stored)

    def test_the_secret_is_long_enough(self) -> None:
        """The secret part has at least 160 bits."""
        secret = tokens.api_key("a").split("_")[2]
        assert len(secret) * 5.954 >= 160

    @pytest.mark.parametrize("prefix", ["a", "shop", "shop_live", "a1_2b", "a" * 32])
    def test_good_prefixes(self, prefix: str) -> None:
        """Prefixes of words joined by underscores come back as they were."""
        assert tokens.parse_api_key(tokens.api_key(prefix)).prefix == prefix

    @pytest.mark.parametrize(
        "prefix", ["", "A", "1a", "_a", "a_", "a__b", "a-b", "ä", "a" * 33, "a\n"]
    )
    def test_bad_prefixes(self, prefix: str) -> None:
        """A prefix that could not be parsed back is refused."""
        with pytest.raises(InvalidInputError, match="A prefix is"):
            tokens.api_key(prefix)

    def test_typing_errors_are_noticed(self) -> None:
        """Any single wrong character fails the form or the checksum."""
        key = tokens.api_key("shop")
        stored = tokens.hash_api_key(key)
        for position, character in enumerate(key):
            wrong = "x" if character != "x" else "y"
            typo = key[:position] + wrong + key[position + 1 :]
            with pytest.raises(InvalidInputError):
                tokens.parse_api_key(typo)
            assert not tokens.check_api_key(typo, stored)

    @pytest.mark.parametrize("cut", range(1, 55))
    def test_truncated_keys(self, cut: int) -> None:
        """A key cut anywhere is no key."""
        key = tokens.api_key("shop")
        with pytest.raises(InvalidInputError):
            tokens.parse_api_key(key[:-cut])

    def test_errors_do_not_quote_the_key(self) -> None:
        """What failed to parse may be a real key with a typing error."""
        key = tokens.api_key("shop")
        wrong = key[:-1] + ("x" if key[-1] != "x" else "y")
        with pytest.raises(InvalidInputError) as caught:
            tokens.parse_api_key(wrong)
        assert key.split("_")[2] not in str(caught.value)

    @pytest.mark.parametrize("key", ["", "\0", "é" * 60, "x" * 100_000])
    def test_whatever_a_request_holds_is_false(self, key: str) -> None:
        """Checking is a yes or no for every text."""
        assert not tokens.check_api_key(key, tokens.hash_api_key(tokens.api_key("a")))

    @pytest.mark.parametrize("stored", ["", "sha256$", "plain", "sha256$" + "G" * 64])
    def test_a_stored_hash_of_another_form_is_an_error(self, stored: str) -> None:
        """A broken store is not a wrong key."""
        with pytest.raises(InvalidInputError, match="stored hash"):
            tokens.check_api_key(tokens.api_key("a"), stored)
