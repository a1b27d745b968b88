"""Nothing from a stranger moves a cursor, turns text round, hides, or passes for the server."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transports.dialects.harmless import NAME_LIMIT, harmless, pseudonym

# Signs that Unicode files under "format" but that everybody can see: they stand before a number or a word.
VISIBLE_FORMATS = frozenset([*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD]) | frozenset(
    range(0x13430, 0x13460)
)


def test_no_control_format_separator_or_surrogate_character_of_unicode_survives() -> None:
    dangerous = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and code not in VISIBLE_FORMATS
    ]
    assert len(dangerous) > 2000
    assert [hex(code) for code in dangerous if chr(code) in harmless(f"a{chr(code)}b")] == []


@given(st.text())
def test_harmless_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    shown = harmless(text)
    assert len(shown.splitlines()) <= 1
    assert harmless(shown) == shown
    shown.encode()


@pytest.mark.parametrize("text", ["hello", "Ça va, élodie ?", "日本語", "שלום", "🎲 <3 ~*{}", "a  b"])
def test_plain_text_comes_through_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_escape_codes_are_shown_and_what_hides_is_gone() -> None:
    assert harmless("\x1b[2J\tx\u202ey\u200bz") == "\ufffd[2J xyz"


@pytest.mark.parametrize(
    "name", ["ada", "A", "élodie", "日本", "Mr. T", "x" * NAME_LIMIT, "_ada_", "2fast", "ada*", "a🎲"]
)
def test_a_plain_pseudonym_is_taken_as_it_is(name: str) -> None:
    assert pseudonym(name) == name


def test_spaces_around_a_pseudonym_are_ignored_and_several_inside_are_one() -> None:
    assert pseudonym("  ada \u00a0 love  ") == "ada love"


def test_the_same_name_typed_in_two_ways_is_one() -> None:
    assert pseudonym("e\u0301lodie") == pseudonym("élodie")


@pytest.mark.parametrize(
    "name",
    ["", " ", "x" * (NAME_LIMIT + 1), "*", "* ada", "**", "/start", "…", "🎲", '{"hello": 1}', "<ada>", "a>b"],
)
def test_what_could_be_taken_for_something_else_is_no_pseudonym(name: str) -> None:
    assert pseudonym(name) is None


@pytest.mark.parametrize(
    "name",
    ["a\x1b[1m", "a\tb", "ad\u200ba", "\u202eada", "a\0b", "a\ufffd", "\u3164", "a\u2028b", "ada\u00ad", "a\ud800"],
)
def test_what_could_deceive_is_no_pseudonym(name: str) -> None:
    assert pseudonym(name) is None


@given(st.text(max_size=50))
def test_whatever_is_a_pseudonym_is_one_line_that_can_be_told_from_its_brackets(line: str) -> None:
    name = pseudonym(line)
    if name is not None:
        assert harmless(name) == name == name.strip()
        assert name.isprintable()
        assert not set(name) & set("<>")
        assert pseudonym(name) == name
