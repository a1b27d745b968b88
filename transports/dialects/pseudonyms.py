"""Pseudonyms, which are nicknames as in RFC 8266: which are valid, and which are the same."""

import functools
from collections.abc import Callable

from precis_i18n import get_profile

from roulette_core import harmless
from transports.dialects.commands import COMMANDS

NAME_LIMIT = 32
"""The longest pseudonym, in characters."""

TITLES = {
    *("aide", "server", "serveur", "admin", "administrator", "operator", "moderator", "system", "root", "roulette"),
    *("nobody", "everybody"),
}
"""What a user could use to pass for the server, or for its operator."""

RESERVED = frozenset({command.word for command in COMMANDS.values() if command.in_text and not command.slash} | TITLES)
"""Names that are refused, by comparison: words that are commands where they stand alone on a line, and titles."""

_enforced: Callable[[str], str] = get_profile("NicknameCasePreserved").enforce
_compared: Callable[[str], str] = get_profile("NicknameCaseMapped").enforce

_ROUNDS = 4
"""How often a profile is applied until it changes nothing: once, and up to three times more (RFC 8264, section 7)."""


def pseudonym(typed: str) -> str | None:
    """Returns a pseudonym in the form in which it is shown, or None if it is invalid.

    Beyond RFC 8266 it is 1 to 32 visible characters, at least one of them a letter or digit; it does not begin with
    ``*``, ``/`` or ``{`` and holds no ``<`` or ``>``, so that ``<name>`` can be told from everything else on a screen.

    Args:
        typed: as it was typed, not made harmless: a name is refused rather than changed.
    """
    if len(typed) > 8 * NAME_LIMIT or harmless.line(typed) != typed:
        return None
    name = _settled(_enforced, typed)
    if name is None or not 1 <= len(name) <= NAME_LIMIT or not name.isprintable() or harmless.line(name) != name:
        return None
    if name[0] in "*/{" or any(character in "<>\ufffd\u2800" for character in name):
        return None
    key = _settled(_compared, name)
    if key is None or key in RESERVED:
        return None
    return name if any(character.isalnum() for character in name) else None


@functools.lru_cache(1024)
def comparison_key(name: str) -> str:
    """Returns a key that two pseudonyms share if RFC 8266 compares them as equal.

    An invalid pseudonym is its own key, which no valid one has.
    """
    return _settled(_compared, name) or name


def _settled(enforce: Callable[[str], str], text: str) -> str | None:
    """Applies a profile until it changes nothing; None if it refuses the text, or does not settle."""
    for _ in range(_ROUNDS):
        try:
            before, text = text, enforce(text)
        except UnicodeEncodeError:
            return None
        if text == before:
            return text
    return None
