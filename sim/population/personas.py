"""How a kind of user behaves: what they do in each state, and how often."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from roulette_core import Block, Event, Join, Leave, Lobby, Next, Say, Start, State

Act: TypeAlias = Callable[[int], Event]
"""Makes the event of an action from the user's number."""

Rate: TypeAlias = tuple[float, Act]
"""How often per second a user does something on average, and what."""

NEVER = math.inf
_SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of user. All times are means of exponential times; the action whose time comes first is the one done.

    Attributes:
        name: of this kind.
        share: its weight among the initial users.
        arrivals_per_minute: rate at which newcomers of this kind arrive, as a Poisson process.
        lobby_seconds: time in the lobby before they ask for a chat.
        chat_seconds: time before they end a chat, if the partner does not.
        patience_seconds: time they wait for a partner before they return to the lobby.
        block_probability: probability that they block the partner when they end a chat, and search again.
        next_probability: probability that they end a chat by ``next`` if they do not block; otherwise they return to
            the lobby.
        lobby_lines_per_minute: lines said in the lobby, searching or not.
        private_lines_per_minute: lines said in private.
        stay_seconds: time before they leave, whatever they are doing.
        away_seconds: time before a user who has left comes back.
        unnoticed_seconds: time before the server notices that they have gone; 0 if they leave properly. Until then
            they are silent, in the lobby or at their partner's expense.
        interests: topics they ask for.
    """

    name: str
    lobby_seconds: float
    chat_seconds: float
    share: float = 0.0
    arrivals_per_minute: float = 0.0
    patience_seconds: float = NEVER
    block_probability: float = 0.0
    next_probability: float = 1.0
    lobby_lines_per_minute: float = 0.0
    private_lines_per_minute: float = 0.0
    stay_seconds: float = NEVER
    away_seconds: float = NEVER
    unnoticed_seconds: float = 0.0
    interests: tuple[str, ...] = ()

    def rates(self, state: State) -> list[Rate]:
        """Returns what a user of this kind may do next in a state, and how often; leaving is always possible."""
        lobby_line = (self.lobby_lines_per_minute / _SECONDS_PER_MINUTE, _speak)
        private_line = (self.private_lines_per_minute / _SECONDS_PER_MINUTE, _speak)
        ends = 1 / self.chat_seconds
        leave = (1 / self.stay_seconds, Leave)
        match state:
            case State.OUTSIDE:
                return [(1 / self.away_seconds, self.join)]
            case State.LOBBY:
                return [(1 / self.lobby_seconds, self._start), lobby_line, leave]
            case State.SEARCHING:
                return [(1 / self.patience_seconds, Lobby), lobby_line, leave]
            case State.PRIVATE:
                block = (ends * self.block_probability, Block)
                ends *= 1 - self.block_probability
                to_lobby = (ends * (1 - self.next_probability), Lobby)
                return [(ends * self.next_probability, Next), to_lobby, block, private_line, leave]

    def join(self, user: int) -> Join:
        """Returns the event of an arrival, for the first time or again, always under the same name."""
        return Join(user, f"{self.name}-{user}")

    def _start(self, user: int) -> Start:
        return Start(user, self.interests)


def _speak(user: int) -> Say:
    """Returns a line whose text makes no difference here."""
    return Say(user, "…")
