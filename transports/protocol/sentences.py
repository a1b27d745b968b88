"""Reads the server's sentences back: from a line of the text dialect to its message and the name in it."""

import re
from collections import defaultdict
from collections.abc import Mapping

from transports.dialects import LANGUAGES, Message

_NUMBER = re.compile("[0-9]+")


def read_sentence(sentence: str) -> tuple[Message | None, str]:
    """Recognises a sentence in any of the server's languages.

    Args:
        sentence: the first line of a message, without the ``* `` before it.

    Returns:
        The message, and the name in the sentence, or "". The message is None for other lines, such as an explanation
        of the wait. Two pairs of messages have the same words, and the first of each is returned: leaving by ``next``
        or by ``lobby`` is ``YOU_ASKED_NEXT``, being left or blocked is ``PARTNER_ASKED_NEXT``.
    """
    frame, name = _split(sentence)
    message = _MESSAGES.get(frame)
    if message is None:
        message = next((given for begun, given in _BEGINNINGS if frame.startswith(begun)), None)
    return message, name


def given_back(sentence: str) -> str:
    """Returns the user's own line in a sentence that is ``GIVEN_BACK``: what follows the first colon after the name."""
    return sentence.partition(">")[2].partition(": ")[2]


def _split(sentence: str) -> tuple[str, str]:
    """Separates a sentence from the name in it, and sets its figures to 0. Exact, as no name holds < or >."""
    before, opening, rest = sentence.partition("<")
    name, closing, after = rest.partition(">")
    if not closing:
        name, after = "", rest
    return _NUMBER.sub("0", before + opening + closing + after), name


def _messages() -> Mapping[str, Message]:
    """Returns the message of every first line in the server's tables, names and figures removed."""
    found: dict[str, Message] = {}
    for wording in LANGUAGES.values():
        for message in Message:
            sentence = wording.sentences[message].format_map(defaultdict(int, name=""))
            found.setdefault(_split(sentence.partition("\n")[0])[0], message)
    return found


_MESSAGES = _messages()

_BEGINNINGS = [
    (_split(wording.sentences[message].partition("{text}")[0].format(name=""))[0], message)
    for wording in LANGUAGES.values()
    for message in (Message.GIVEN_BACK,)
]
"""The beginnings of the sentences that end in a user's own text."""
