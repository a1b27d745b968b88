"""Text from strangers, made fit to be shown: nothing in it moves a cursor, turns text round or hides."""

import re

# Control characters (ESC, NUL, the 8-bit controls U+0080–U+009F …), line and paragraph separators, surrogates.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

# Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, which holds all bidirectional controls,
# zero-width characters and fillers that look like nothing; and the interlinear annotations.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def harmless(text: str) -> str:
    """Makes text from a stranger fit for any terminal, console or log.

    Args:
        text: anything.

    Returns:
        One line of text: a tab is a space, any other control character is U+FFFD, and what cannot be seen is
        gone. Plain text comes back as it was.
    """
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", _CONTROL.sub("\ufffd", text.replace("\t", " ")))
