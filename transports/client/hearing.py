"""What each object from the server does to one's presence, and what is shown of it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from transports.client.display import DisplayLine, Kind, lines
from transports.client.labels import LABELS
from transports.client.presence import Place, Presence
from transports.protocol import ServerObject

TYPING_SHOWN = 5.0
"""How long a partner who said so is taken to be typing, in seconds: they say it again every three."""

RETRIES = 6
"""How often one's own name may be taken after a lost connection, which the server may not have noticed yet."""

Heard: TypeAlias = Callable[[Presence, ServerObject, float], list[DisplayLine]]


def hear(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """Takes an object from the server; of a kind that means nothing to people, nothing comes.

    Args:
        presence: is changed.
        heard: the object, of which nothing is trusted.
        now: the time.

    Returns:
        The lines to be shown.
    """
    return _HEARD.get(heard.text("type"), _ignored)(presence, heard, now)


def _ignored(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    return []


def _told(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    return lines(Kind.SERVER, heard.sentences())


def _turned(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    presence.typing_until = now
    return lines(Kind.TURN, heard.sentences())


def _welcome(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    presence.name = heard.name("name") or presence.name
    presence.line_limit = int(heard.number("line_limit") or presence.line_limit)
    presence.met, presence.refusal, presence.retries = True, "", 0
    presence.move(Place.LOBBY, now)
    return lines(Kind.SERVER, heard.sentences())


def _refused(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """Before the welcome, it is the name that is refused."""
    sentences = heard.sentences()
    if not presence.joined:
        presence.refusal = " ".join(sentences)
        if presence.met and heard.text("reason") == "name_taken" and presence.retries < RETRIES:
            presence.retries += 1
            return lines(Kind.CLIENT, [presence.labels.taken])
        presence.name, presence.retries = None, 0
    return lines(Kind.SERVER, sentences)


def _situation(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """The one object that says where one is: it follows whatever changes that."""
    state = heard.text("state")
    if state == Place.LOBBY:
        presence.move(Place.LOBBY, now)
        presence.others = int(heard.number("others") or 0)
    elif state == Place.SEARCHING:
        presence.move(Place.SEARCHING, now)
        presence.explanation = heard.text("explanation")
        waited = heard.number("waited")
        presence.since = presence.since if waited is None else now - waited
    elif state == Place.PRIVATE:
        presence.move(Place.PRIVATE, now, heard.name("partner"))
    return lines(Kind.SITUATION, heard.sentences())


def _line(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    if heard.text("to") == "private":
        presence.typing_until = now
    return [DisplayLine(Kind.PERSON, heard.text("text"), heard.name("from"))]


def _typing(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    presence.typing_until = now + TYPING_SHOWN
    return []


def _language(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    language = heard.text("lang")
    presence.language = language if language in LABELS else presence.language
    return lines(Kind.SERVER, heard.sentences())


def _closing(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    presence.closing = heard.text("reason")
    return lines(Kind.TURN, heard.sentences())


_HEARD: Mapping[str, Heard] = {
    "welcome": _welcome,
    "refused": _refused,
    "situation": _situation,
    "line": _line,
    "arrived": _told,
    "gone": _told,
    "searching": _told,
    "returned": _told,
    "paired": _turned,
    "parted": _turned,
    "typing": _typing,
    "language": _language,
    "notice": _told,
    "closing": _closing,
}
"""Type of object → what it does; see docs/protocol.md. ``ping`` is the conversation's."""
