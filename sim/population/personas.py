"""How a kind of user behaves: what they feel like doing in each state, and how often."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from roulette_core import Event, Join, Leave, Lobby, Next, Say, Start, State

Act: TypeAlias = Callable[[int], Event]
"""What a user does, as the event that it makes of the user."""

Rate: TypeAlias = tuple[float, Act]
"""How often per second a user feels like doing something, and what."""

NEVER = math.inf
_SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of user. All times are means of exponential times: what comes first is what is done.

    Attributes:
        name: what this kind is called.
        share: how common it is among the users who are there at the beginning, beside the other shares.
        arrivals_per_minute: how many newcomers of this kind arrive, as a Poisson process.
        lobby_seconds: how long they stay in the lobby before they ask for a chat.
        chat_seconds: how long they bear a chat before they end it themselves.
        patience_seconds: how long they wait for a partner before they return to the lobby.
        next_probability: how likely they end a chat by ``next``; otherwise they return to the lobby.
        lobby_lines_per_minute: how many lines they say in the lobby, waiting or not.
        private_lines_per_minute: how many lines they say in private.
        stay_seconds: how long they stay before they leave, whatever they are doing.
        away_seconds: how long they are away before they come back.
        unnoticed_seconds: for how long nobody notices that they have gone; 0 if they say goodbye. They keep silent
            meanwhile, in the lobby or at their partner's expense.
        interests: what they wish to talk about.
    """

    name: str
    lobby_seconds: float
    chat_seconds: float
    share: float = 0.0
    arrivals_per_minute: float = 0.0
    patience_seconds: float = NEVER
    next_probability: float = 1.0
    lobby_lines_per_minute: float = 0.0
    private_lines_per_minute: float = 0.0
    stay_seconds: float = NEVER
    away_seconds: float = NEVER
    unnoticed_seconds: float = 0.0
    interests: tuple[str, ...] = ()

    def urges(self, state: State) -> list[Rate]:
        """What a user of this kind may do next in a state, and how often; they leave whatever they are doing."""
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
                to_lobby = ends * (1 - self.next_probability)
                return [(ends * self.next_probability, Next), (to_lobby, Lobby), private_line, leave]

    def join(self, user: int) -> Join:
        """A user of this kind arrives, for the first time or again, always under the same name."""
        return Join(user, f"{self.name}-{user}")

    def _start(self, user: int) -> Start:
        return Start(user, self.interests)


def _speak(user: int) -> Say:
    """What is said makes no difference to anybody here."""
    return Say(user, "…")
