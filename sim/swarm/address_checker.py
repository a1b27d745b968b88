"""Checks at the server that every line arrives with the chat that its sender meant."""

from collections.abc import Callable
from typing import NamedTuple

from roulette_core import BulkLeave, Effect, Event, Left, Parted, Say, Tick, User
from sim.worlds import ClientVisit
from transports.gateway import GatewayObserver

VisitOf = Callable[[User], ClientVisit | None]


class _Ended(NamedTuple):
    """A chat that a user's partner has ended: its number, when, and who the partner was."""

    chat: int
    at: float
    partner: User


class AddressChecker(GatewayObserver):
    """Checks what the gateway makes of the lines that clients send, whether or not they cross the end of a chat.

    Args:
        visit_of: returns the client of a connection; None if it is not a simulated user.
        give_back: how long lines that name no chat belong to the one that the partner has ended, in seconds.

    Attributes:
        violations: a sentence for each line that the core was given for another chat than the client meant.
        refused: how many lines were refused that named no chat.
    """

    def __init__(self, visit_of: VisitOf, give_back: float) -> None:
        self.violations: list[str] = []
        self.refused = 0
        self._visit_of = visit_of
        self._give_back = give_back
        self._ended: dict[User, _Ended] = {}

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Compares a line with what its client sent, and notes which chats have ended."""
        if isinstance(event, Say):
            visit = self._visit_of(event.user)
            if visit is not None and event.text in visit.sent:
                self._check(now, event, visit)
        elif not isinstance(event, Tick | BulkLeave):
            self._ended.pop(event.user, None)  # after a command, a user knows where they are
        for effect in effects:
            if isinstance(effect, Parted):
                self._ended.pop(effect.user, None)
                self._ended[effect.partner] = _Ended(effect.chat, now, effect.user)
            elif isinstance(effect, Left):
                # A block of a user who is gone is a command, too, and does not get to the core.
                self._ended = {user: each for user, each in self._ended.items() if effect.user not in (user, each[2])}

    def _check(self, now: float, event: Say, visit: ClientVisit) -> None:
        meant, ended = visit.sent[event.text], self._ended.get(event.user)
        if visit.chat is None and ended is not None and now < ended.at + self._give_back:
            if visit.says_by_command(event.text):
                del self._ended[event.user]
            else:
                meant = ended.chat
        elif visit.chat is None:
            return  # held back by the rate limit or not, it may belong to a chat that is over
        self.refused += visit.chat is None and event.chat is not None
        if event.chat != meant:
            self.violations.append(
                f"{visit.account.name} said {event.text!r} for {_place(meant)}, and not for {_place(event.chat)}"
            )


def _place(chat: int | None) -> str:
    return "no chat" if chat is None else "the lobby" if chat == 0 else f"chat {chat}"
