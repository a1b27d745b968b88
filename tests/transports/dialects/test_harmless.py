"""Nothing from a stranger moves a cursor, turns text round, or hides."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transports.dialects.harmless import harmless

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
