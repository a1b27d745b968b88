"""The output of a driver: an effect, and exactly who is told of it."""

from typing import Literal, NamedTuple

from roulette_core.effects import Effect
from roulette_core.events import User
from roulette_core.policies import Explanation


class Waiting(NamedTuple):
    """Why a user is still waiting: told when they begin to search, and again when what they were told is stale.

    Attributes:
        user: who is waiting.
        explanation: why.
    """

    user: User
    explanation: Explanation
    kind: Literal["waiting"] = "waiting"


class Told(NamedTuple):
    """One effect, and who is told of it.

    Attributes:
        effect: what has happened, names included.
        to: who is told, each once. Empty if an announcement to the lobby has no hearers: what else a program does at an
            effect, it still does.
        lobby: whether they are told as the lobby, of what others do. A newcomer hears of ``Joined`` apart from the
            lobby, because it is put in other words.
    """

    effect: Effect | Waiting
    to: tuple[User, ...]
    lobby: bool = False
