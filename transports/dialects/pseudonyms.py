"""Pseudonyms: which nicknames the server accepts."""

from roulette_core import harmless
from roulette_core.names import BadName, nickname
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


def pseudonym(typed: str) -> str | None:
    """Returns a pseudonym in the form in which it is shown, or None if it is invalid.

    Beyond RFC 8266 it is 1 to 32 visible characters, at least one of them a letter or digit; it does not begin with
    ``*``, ``/`` or ``{`` and holds no ``<`` or ``>``, so that ``<name>`` can be told from everything else on a screen.

    Args:
        typed: as it was typed, not made harmless: a name is refused rather than changed.
    """
    if len(typed) > 8 * NAME_LIMIT or harmless.line(typed) != typed:
        return None
    try:
        name, key = nickname(typed)
    except BadName:
        return None
    if key in RESERVED or len(name) > NAME_LIMIT or not name.isprintable() or harmless.line(name) != name:
        return None
    if name[0] in "*/{" or any(character in "<>\ufffd\u2800" for character in name):
        return None
    return name if any(character.isalnum() for character in name) else None
