"""Names by RFC 8266: how each is shown, which are the same, and what is said of one that is refused."""

import copy
import pickle
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from precis_i18n import get_profile

from roulette_core.names import RULES, BadName, Nickname, comparison_key, nickname

# Compatibility characters, composed letters, spaces of all kinds, and characters that depend on their neighbours.
ODD = "aAéＡⓐﬁſıİßΣς ٣½²\u00a0\u3000\u2003\u0301\u0345\u00b7l\u0375\u05f3\u30fb\u0660\u06f0\u200c\u200d\u0640\u1100\x1b"
TYPED = st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=12)


# RFC 8266, section 3, the table of legal nicknames, with what they are for comparison.
@pytest.mark.parametrize(
    ("typed", "shown", "key"),
    [
        ("Foo", "Foo", "foo"),
        ("foo", "foo", "foo"),
        ("Foo Bar", "Foo Bar", "foo bar"),
        ("foo bar", "foo bar", "foo bar"),
        ("Σ", "Σ", "σ"),
        ("σ", "σ", "σ"),
        ("ς", "ς", "ς"),
        ("♚", "♚", "♚"),
        ("Richard \u2163", "Richard IV", "richard iv"),
    ],
)
def test_the_examples_of_the_rfc_are_shown_and_compared_as_it_says(typed: str, shown: str, key: str) -> None:
    assert nickname(typed) == Nickname(shown, key)
    assert comparison_key(typed) == key


def test_spaces_around_a_name_are_removed_and_several_inside_become_one() -> None:
    assert nickname("  Ada \u00a0 Lovelace\u3000") == Nickname("Ada Lovelace", "ada lovelace")


@pytest.mark.parametrize("typed", ["ADA", "ada ", "Ａｄａ", "ⓐda", " ada"])
def test_ways_to_write_one_name_have_one_key(typed: str) -> None:
    assert nickname(typed).key == comparison_key(typed) == "ada"


# One name for each rule, with the character at fault.
REFUSED = [
    ("", "empty", ""),
    (" \u3000", "empty", ""),
    ("a\U000e0080", "unassigned", "\U000e0080"),
    ("a\x1bb", "controls", "\x1b"),
    ("\u202eada", "precis_ignorable_properties", "\u202e"),
    ("a\u1100", "old_hangul_jamo", "\u1100"),
    ("a\u0640", "exceptions", "\u0640"),
    ("a\ud800", "other", "\ud800"),
    ("a\ue000", "other", "\ue000"),
    ("a\u200cb", "zero_width_nonjoiner", "\u200c"),
    ("a\u200db", "zero_width_joiner", "\u200d"),
    ("a·b", "middle_dot", "·"),
    ("\u0375a", "greek_keraia", "\u0375"),
    ("a\u05f3", "hebrew_punctuation", "\u05f3"),
    ("a\u30fbb", "katakana_middle_dot", "\u30fb"),
    ("\u0660\u06f0", "arabic_indic", "\u0660"),
    ("\u06f0\u0660", "extended_arabic_indic", "\u06f0"),
]


@pytest.mark.parametrize(("typed", "rule", "character"), REFUSED)
def test_a_refused_name_names_the_rule_and_the_character(typed: str, rule: str, character: str) -> None:
    with pytest.raises(BadName) as refusal:
        nickname(typed)
    assert (refusal.value.rule, refusal.value.character) == (rule, character)
    assert str(refusal.value).endswith(RULES[rule])
    assert str(refusal.value).isascii()
    assert f"U+{ord(character):04X}" in str(refusal.value) if character else "U+" not in str(refusal.value)


def test_every_rule_refuses_one_of_these_names_but_the_one_about_names_that_never_settle() -> None:
    assert {rule for _, rule, _ in REFUSED} == set(RULES) - {"not_idempotent"}


@pytest.mark.parametrize(
    "typed", ["l·l", "א׳", "\u0375α", "\u30a2\u30fba", "\u0915\u094d\u200d\u0937", "\u0645\u06cc\u200c\u062e"]
)
def test_a_character_that_depends_on_its_neighbours_is_accepted_between_the_right_ones(typed: str) -> None:
    assert nickname(typed).shown == typed


def test_messages_are_one_line_that_names_the_character() -> None:
    assert str(BadName("controls", "\x1b")) == "U+001B cannot be part of this name: it is a control character"
    assert str(BadName("empty")) == "this cannot be a name: it has no character but spaces"
    assert str(BadName("middle_dot", "·")) == (
        "U+00B7 MIDDLE DOT cannot be part of this name: it may stand only between two l"
    )
    assert str(BadName("of a later edition", "a")).endswith(
        "LATIN SMALL LETTER A cannot be part of this name: of a later edition"
    )
    assert unicodedata.unidata_version in str(BadName("unassigned", "\u0378"))


@pytest.mark.parametrize("again", [copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_refusal_can_be_copied(again) -> None:  # type: ignore[no-untyped-def]
    refusal = again(BadName("controls", "\x1b"))
    assert (refusal.rule, refusal.character) == ("controls", "\x1b")


def test_a_name_that_settles_only_after_some_rounds_is_accepted_and_one_that_never_does_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from roulette_core.names import nicknames

    monkeypatch.setattr(nicknames, "_preserved", lambda text: text.removeprefix("x"))
    assert nickname("xxxada").shown == "ada"
    with pytest.raises(BadName) as refusal:
        nickname("xxxxada")
    assert (refusal.value.rule, refusal.value.character) == ("not_idempotent", "")


def by_the_library(profile: str, text: str) -> str | None:
    try:
        return str(get_profile(profile).enforce(text))
    except UnicodeEncodeError:
        return None


def test_the_key_is_that_of_the_shown_form_where_lower_case_depends_on_neighbours() -> None:
    """U+03F9 is shown as Σ; made lower case before that, it would be the sigma at the end of a word."""
    assert nickname("x\u03f9y") == Nickname("xΣy", "xσy")
    assert comparison_key("x\u03f9y") == comparison_key("xΣy") == "xσy"


@given(TYPED)
@example("İ")
def test_both_forms_are_those_of_the_profiles_of_the_rfc(typed: str) -> None:
    try:
        name = nickname(typed)
    except BadName:
        assert by_the_library("NicknameCasePreserved", typed) is None
        assert comparison_key(typed) == typed
    else:
        assert name.shown == by_the_library("NicknameCasePreserved", name.shown)
        assert name.key == by_the_library("NicknameCaseMapped", name.key) == comparison_key(typed)
        assert by_the_library("NicknameCaseMapped", name.shown) in (None, name.key)


@given(TYPED)
def test_a_nickname_is_stable(typed: str) -> None:
    try:
        name = nickname(typed)
    except BadName:
        return
    assert nickname(name.shown) == name
    assert nickname(name.key).key == name.key == nickname(f" {name.shown} ").key
    assert name.shown.strip() == name.shown


@given(st.text(st.sampled_from("abcxyz019"), min_size=1))
def test_plain_names_that_differ_only_in_case_have_one_key(name: str) -> None:
    assert comparison_key(name.upper()) == comparison_key(name) == name


@pytest.mark.nightly
def test_each_character_of_unicode_is_shown_and_compared_as_the_profiles_say() -> None:
    preserved, mapped = get_profile("NicknameCasePreserved"), get_profile("NicknameCaseMapped")
    for character in map(chr, range(sys.maxunicode + 1)):
        try:
            name = nickname(f"x{character}x")
        except BadName:
            with pytest.raises(UnicodeEncodeError):
                preserved.enforce(f"x{character}x")
        else:
            assert name == (preserved.enforce(f"x{character}x"), mapped.enforce(name.shown))
