"""The server's sentences read backwards: from a line of the text dialect to what it says, and about whom."""

import re
from collections import defaultdict
from collections.abc import Mapping

from transports.dialects.wording import LANGUAGES, Message

_NUMBER = re.compile("[0-9]+")


def understood(sentence: str) -> tuple[Message | None, str]:
    """Understands a sentence in any language of the server's.

    Args:
        sentence: one line without the ``* `` before it, or several of which the first belongs to a message.

    Returns:
        The message, and the name that the sentence uses, if it uses one. None for what is no message, as a reason for
        waiting is none. Of messages that are told in the same words, the first in the order of ``Message``: leaving by
        ``next`` or by ``lobby`` is ``YOU_ASKED_NEXT``, being left or blocked is ``PARTNER_ASKED_NEXT``.
    """
    frame, name = _framed(sentence)
    return _MESSAGES.get(frame), name


def _framed(sentence: str) -> tuple[str, str]:
    """A sentence without the name and the figures in it, and the name: no name holds < or >, so this is exact."""
    before, opening, rest = sentence.partition("<")
    name, closing, after = rest.partition(">")
    if not closing:
        name, after = "", rest
    return _NUMBER.sub("0", before + opening + closing + after), name


def _messages() -> Mapping[str, Message]:
    """Every first line that the server's tables of sentences can give, without names and figures."""
    found: dict[str, Message] = {}
    for wording in LANGUAGES.values():
        for message in Message:
            sentence = wording.sentences[message].format_map(defaultdict(int, name=""))
            found.setdefault(_framed(sentence.partition("\n")[0])[0], message)
    return found


_MESSAGES = _messages()
