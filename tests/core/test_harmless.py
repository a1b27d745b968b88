"""Nothing from a stranger moves a cursor, turns text round, or hides."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import harmless

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
    assert [hex(code) for code in dangerous if chr(code) in harmless.line(f"a{chr(code)}b")] == []


@given(st.text())
def test_a_harmless_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    shown = harmless.line(text)
    assert len(shown.splitlines()) <= 1
    assert harmless.line(shown) == shown
    shown.encode()


@pytest.mark.parametrize("text", ["hello", "Ça va, élodie ?", "日本語", "שלום", "🎲 <3 ~*{}", "a  b"])
def test_plain_text_comes_through_as_it_is(text: str) -> None:
    assert harmless.line(text) == text


def test_escape_codes_are_replaced_and_invisible_characters_removed() -> None:
    assert harmless.line("\x1b[2J\tx\u202ey\u200bz") == "\ufffd[2J xyz"


@given(st.text(), st.sampled_from(("ascii", "latin-1", "utf-8")))
def test_a_cell_is_printable_can_be_encoded_and_keeps_its_length(text: str, encoding: str) -> None:
    shown = harmless.cell(text, encoding)
    assert shown.isprintable()
    assert shown.encode(encoding).decode(encoding) == shown
    assert len(shown) == len(text)


def test_a_cell_has_question_marks_for_what_cannot_be_printed_or_encoded() -> None:
    assert harmless.cell("a\x1b[2Jé\n日", "latin-1") == "a?[2Jé??"


@given(st.text())
def test_a_message_is_printable_and_tells_what_was_typed(text: str) -> None:
    shown = harmless.message(text)
    assert shown.isprintable()
    assert text.isprintable() is (shown == text)


def test_a_message_shows_escapes() -> None:
    assert harmless.message("a\x1b[2J\n\u202eé\U000e0001") == r"a\x1b[2J\n\u202eé\U000e0001"


def test_a_key_is_cut_and_has_question_marks_for_what_cannot_be_printed() -> None:
    assert harmless.key("personas.a\x1b\n") == "personas.a??"
    assert harmless.key("é" * 81) == "é" * 80
