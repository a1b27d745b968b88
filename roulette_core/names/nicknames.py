"""Nicknames as in RFC 8266: a profile of the PRECIS framework (RFC 8264), which ``precis_i18n`` implements.

The standard library alone is not enough: where a zero-width joiner may stand depends on how letters join, and
``unicodedata`` does not know it.
"""

import functools
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from precis_i18n import get_profile

RULES: Mapping[str, str] = MappingProxyType(
    {
        "empty": "it has no character but spaces",
        "not_idempotent": "it changes however often it is prepared",
        "unassigned": f"Unicode {unicodedata.unidata_version} has no such character",
        "controls": "it is a control character",
        "precis_ignorable_properties": "it is invisible",
        "old_hangul_jamo": "it is a part of an old Hangul syllable",
        "exceptions": "it is one of ten characters that RFC 5892 excludes",
        "other": "it is no letter, digit, mark, symbol, punctuation or space",
        "zero_width_nonjoiner": "it may stand only after a virama, or where it separates letters that join",
        "zero_width_joiner": "it may stand only after a virama",
        "middle_dot": "it may stand only between two l",
        "greek_keraia": "it may stand only before a Greek character",
        "hebrew_punctuation": "it may stand only after a Hebrew character",
        "katakana_middle_dot": "it may stand only in a name with Hiragana, Katakana or Han characters",
        "arabic_indic": "it cannot be mixed with extended Arabic-Indic digits",
        "extended_arabic_indic": "it cannot be mixed with Arabic-Indic digits",
    }
)
"""Rule → what it says of a name (the first two) or of a character in it.

The rules about one character are named as in RFC 8264, section 9; those about its neighbours are in RFC 5892, appendix
A, in the order from ``zero_width_nonjoiner``.
"""

_ROUNDS = 4
"""How often a profile is applied until it changes nothing: once, and up to three times more (RFC 8264, section 7)."""

_preserved: Callable[[str], str] = get_profile("NicknameCasePreserved").enforce
_mapped: Callable[[str], str] = get_profile("NicknameCaseMapped").enforce


class BadName(ValueError):
    """RFC 8266 does not allow a name. The message is one line in plain ASCII, fit to be shown to the user.

    Attributes:
        rule: which rule, a key of ``RULES``.
        character: the character at fault, after compatibility characters were replaced; empty if it is the name as a
            whole.
    """

    def __init__(self, rule: str, character: str = "") -> None:
        super().__init__(rule, character)
        self.rule = rule
        self.character = character

    def __str__(self) -> str:
        reason = RULES.get(self.rule, self.rule)
        if not self.character:
            return f"this cannot be a name: {reason}"
        code, name = f"U+{ord(self.character):04X}", unicodedata.name(self.character, "")
        return f"{f'{code} {name}'.rstrip()} cannot be part of this name: {reason}"


class Nickname(NamedTuple):
    """A name in its two forms. To prepare either form again gives the same nickname's form."""

    shown: str
    """The form that people read: spaces at the ends removed, several in a row made one, compatibility characters
    replaced (NFKC), upper and lower case kept."""
    key: str
    """The form that is compared, in lower case: two names are the same to people if their keys are equal."""


@functools.lru_cache(1024)  # who joins is compared next, as a rule in the form just prepared: 7 µs for each pass
def nickname(typed: str) -> Nickname:
    """Returns both forms of a name.

    The RFC sets no limit to the length, and allows punctuation and symbols alone. Refuse before what is too long, and
    afterwards what would look like a part of your screen, such as ``<`` or a reserved word.

    Args:
        typed: the name as the user typed it.

    Raises:
        BadName: the name is empty, or has a character that cannot stand in a name, or not there.
    """
    shown = _settled(_preserved, typed)
    return Nickname(shown, _settled(_mapped, shown))


@functools.lru_cache(1024)
def comparison_key(name: str) -> str:
    """Returns the key of a name, for looking up a user by what was typed.

    A name that cannot be one is its own key, which no nickname has: it never raises.
    """
    try:
        return nickname(name).key
    except BadName:
        return name


def _settled(enforce: Callable[[str], str], text: str) -> str:
    """Returns the text that a profile leaves as it is, reached by applying the profile a few times."""
    for _ in range(_ROUNDS):
        try:
            before, text = text, enforce(text)
        except UnicodeEncodeError as error:
            # The whole text is at fault where the profile names all of it; one character has its place.
            rule = error.reason.removeprefix("DISALLOWED/")
            whole = rule in ("empty", "not_idempotent")
            raise BadName(rule, "" if whole else error.object[error.start]) from None
        if text == before:
            return text
    raise BadName("not_idempotent")
