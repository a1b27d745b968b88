"""Which pseudonyms are valid, and which are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import harmless
from roulette_core.names import comparison_key
from transports.dialects.pseudonyms import NAME_LIMIT, RESERVED, pseudonym

# Text among which compatibility characters, composed letters, spaces of all kinds and forbidden signs are frequent.
TYPED = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aAéＡⓐﬁſıİßΣς ٣½²\u00a0\u3000\u2003\u0301\u0345<>*/{\ufffd\u200b\u202e\u2800\t\x1b"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    "name", ["ada", "A", "élodie", "日本", "Mr. T", "x" * NAME_LIMIT, "_ada_", "2fast", "ada*", "a🎲"]
)
def test_a_plain_pseudonym_is_accepted_unchanged(name: str) -> None:
    assert pseudonym(name) == name


def test_spaces_around_a_pseudonym_are_removed_and_several_inside_become_one() -> None:
    assert pseudonym("  ada \u00a0 love  ") == "ada love"


def test_the_same_name_typed_in_two_ways_is_one_name() -> None:
    assert pseudonym("e\u0301lodie") == pseudonym("élodie")


def test_a_pseudonym_is_shown_as_the_nickname_that_it_is() -> None:
    assert pseudonym("Richard \u2163") == "Richard IV"


def test_the_black_chess_king_of_the_rfc_is_refused_as_it_has_no_letter_or_digit() -> None:
    assert pseudonym("♚") is None


@pytest.mark.parametrize(
    "name",
    ["", " ", "x" * (NAME_LIMIT + 1), "*", "* ada", "**", "/start", "…", "🎲", '{"hello": 1}', "<ada>", "a>b"],
)
def test_names_that_look_like_something_else_are_refused(name: str) -> None:
    assert pseudonym(name) is None


@pytest.mark.parametrize("name", ["＊ada", "／start", "｛ada", "＜ada＞", "﹤ada"])
def test_characters_that_normalise_to_forbidden_ones_are_refused(name: str) -> None:
    assert pseudonym(name) is None


@pytest.mark.parametrize(
    "name",
    ["a\x1b[1m", "a\tb", "ad\u200ba", "\u202eada", "a\0b", "a\ufffd", "\u3164", "a\u2028b", "ada\u00ad", "a\ud800"],
)
def test_deceptive_names_are_refused(name: str) -> None:
    assert pseudonym(name) is None


def fullwidth(word: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in word)


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_is_refused_however_it_is_written(word: str) -> None:
    for form in (word, word.upper(), word.title(), f"  {word} ", fullwidth(word), fullwidth(word.upper())):
        assert pseudonym(form) is None
    assert pseudonym(f"{word}y") == f"{word}y"


@given(TYPED)
def test_every_valid_pseudonym_is_one_line_distinct_from_its_brackets(line: str) -> None:
    name = pseudonym(line)
    if name is not None:
        assert harmless.line(name) == name == name.strip()
        assert 1 <= len(name) <= NAME_LIMIT
        assert name.isprintable()
        assert name[0] not in "*/{"
        assert not set(name) & set("<>\ufffd")
        assert pseudonym(name) == name


@given(TYPED)
def test_no_pseudonym_is_reserved_in_any_spelling(line: str) -> None:
    name = pseudonym(line)
    if name is not None:
        assert comparison_key(name) not in RESERVED
        assert pseudonym(f" {name} ") == name
