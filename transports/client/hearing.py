"""What each object from the server changes in the presence, and which lines it shows."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from transports.client.display import DisplayLine, Kind, lines
from transports.client.labels import LABELS
from transports.client.presence import GIVE_BACK, Place, Presence
from transports.client.whereabouts import Whereabouts
from transports.protocol import ServerObject

TYPING_SHOWN = 5.0
"""How long the partner is shown as typing, in seconds; the message is repeated every three."""

RETRIES = 6
"""How often the user's own pseudonym may be refused as taken after a lost connection, before another is asked for."""

Heard: TypeAlias = Callable[[Presence, ServerObject, float], list[DisplayLine]]


def hear(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """Changes the presence as an object from the server says; unknown types do nothing. Returns the lines to show."""
    handle = _HEARD.get(heard.text("type"))
    return handle(presence, heard, now) if handle else []


def _told(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    return lines(Kind.SERVER, heard.sentences())


def _turned(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    presence.typing_until = now
    return lines(Kind.TURN, heard.sentences())


def _parted(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """Handles the end of a chat: if the partner ended it, the user may be in the middle of a line."""
    if heard.text("by") == "partner":
        presence.left = Whereabouts(_chat(heard), heard.name("partner"), presence.connection)
        presence.left_until = now + GIVE_BACK
    return _turned(presence, heard, now)


def _chat(heard: ServerObject) -> int | None:
    """Returns the number of a private chat; None if there is none that a server could read back."""
    number = heard.number("chat")
    return int(number) if number else None


def _welcome(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    presence.name = heard.name("name") or presence.name
    presence.line_limit = int(heard.number("line_limit") or presence.line_limit)
    presence.met, presence.refusal, presence.retries = True, "", 0
    presence.move(Place.LOBBY, now)
    return lines(Kind.SERVER, heard.sentences())


def _refused(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """Handles a refusal: before the welcome, it is the pseudonym that is refused."""
    sentences = heard.sentences()
    if not presence.joined:
        presence.refusal = " ".join(sentences)
        if presence.met and heard.text("reason") == "name_taken" and presence.retries < RETRIES:
            presence.retries += 1
            return lines(Kind.CLIENT, [presence.labels.taken])
        presence.name, presence.retries = None, 0
    return lines(Kind.SERVER, sentences)


def _situation(presence: Presence, heard: ServerObject, now: float) -> list[DisplayLine]:
    """Handles the one object that says where the user is: it follows every change."""
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
        presence.move(Place.PRIVATE, now, heard.name("partner"), _chat(heard))
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
    "blocked": _told,
    "unblocked": _told,
    "parted": _parted,
    "typing": _typing,
    "language": _language,
    "notice": _told,
    "closing": _closing,
}
"""Type of object → handler; see docs/protocol.md. ``Conversation`` handles ``ping`` and ``said``."""
