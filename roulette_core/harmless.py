"""Text from strangers, made fit to be shown: nothing in it moves a cursor, turns text round or hides.

The core passes names and lines on as they came, so the code that shows them must make them harmless. This module is
here because every package shows some, and all of them may import the core. There are four places to show text, and each
has its function:

- ``line`` for a line of chat, of a console or of a log;
- ``cell`` for a cell of a report, in the encoding of the terminal;
- ``message`` for an error message, from which one must still be able to tell what was typed;
- ``key`` for the name of an entry in a file, within an error message.
"""

import re

__all__ = ["cell", "key", "line", "message"]

KEY_LIMIT = 80
"""Length to which ``key`` cuts, in characters: one row of a terminal."""

# Control characters (ESC, NUL, the 8-bit controls U+0080–U+009F …), line and paragraph separators, surrogates.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, which holds all bidirectional controls,
# zero-width characters and fillers that look like nothing; and the interlinear annotations.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def line(text: str) -> str:
    """Returns one line of text, for any terminal, console or log.

    A tab becomes a space and any other control character U+FFFD; invisible characters are removed. Plain text is
    returned unchanged.
    """
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", _CONTROL.sub("\ufffd", text.replace("\t", " ")))


def cell(text: str, encoding: str) -> str:
    """Returns text of the same length, with ``?`` for all that is unprintable or that ``encoding`` does not have."""
    return _printable(text).encode(encoding, errors="replace").decode(encoding)


def message(text: str) -> str:
    """Returns the text with every unprintable character escaped, as in a Python string literal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def key(path: str) -> str:
    """Returns at most ``KEY_LIMIT`` characters of the text, with ``?`` for the unprintable ones."""
    return _printable(path)[:KEY_LIMIT]


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
