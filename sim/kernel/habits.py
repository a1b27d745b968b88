"""What users of each kind do next in each stage, as tables of numbers."""

from array import array
from collections.abc import Sequence
from itertools import accumulate

from roulette_core import Block, Event, Join, Leave, Lobby, Next, Say, Start
from sim.kernel.stages import BLOCK, JOIN, LEAVE, NEXT, RETURN, SAY, START
from sim.population import Persona, next_actions

MOST_TOPICS = 64
"""Topics of a scenario that the kernel can tell apart: one bit each."""

_ACTS: dict[type[Event], int] = {
    Join: JOIN,
    Say: SAY,
    Start: START,
    Next: NEXT,
    Block: BLOCK,
    Lobby: RETURN,
    Leave: LEAVE,
}

_CERTAIN = 2.0
"""A threshold above every lot."""


class UnknownHabit(Exception):
    """A persona does something that the kernel cannot do; the message says what."""


class Habits:
    """The tables of some personas. A habit is a kind in a stage: number kind · ``STAGES`` + stage.

    Attributes:
        means: mean time until the next act of each habit, in seconds; negative if there is none.
        vanishes: for each kind, whether users fall silent instead of leaving.
        topics: for each kind, what users want to talk about, one bit for each topic.

    Raises:
        UnknownHabit: a persona's act is not one of the kernel's, or there are too many topics.
    """

    def __init__(self, personas: Sequence[Persona]) -> None:
        actions = [action for persona in personas for action in next_actions(persona)]
        begins = accumulate((len(action.acts) if action else 0 for action in actions), initial=0)
        known = [action for action in actions if action is not None]
        self.means = array("d", [-1.0 if action is None else action.mean_seconds for action in actions])
        self.vanishes = array("b", [bool(persona.unnoticed_seconds) for persona in personas])
        self.topics = array("Q", _topics(personas))
        self._begins = array("i", begins)
        self._thresholds = array("d", [each for action in known for each in (*action.thresholds, _CERTAIN)])
        self._acts = array("b", [_act(act(0)) for action in known for act in action.acts])

    def act(self, habit: int, lot: float) -> int:
        """Returns what a user does, by a lot from 0 ≤ lot < 1."""
        place = self._begins[habit]
        while self._thresholds[place] <= lot:
            place += 1
        return self._acts[place]


def _act(event: Event) -> int:
    """Returns the number of an act that makes such events."""
    kind = type(event)
    if kind not in _ACTS or (isinstance(event, Block) and event.other is not None):
        raise UnknownHabit(f"a persona asks for {event.kind!r}")
    if isinstance(event, Start) and event.attributes is not None:
        raise UnknownHabit("a persona has attributes")
    return _ACTS[kind]


def _topics(personas: Sequence[Persona]) -> list[int]:
    """Returns each persona's topics as bits."""
    numbers: dict[str, int] = {}
    topics = [
        sum(1 << numbers.setdefault(interest, len(numbers)) for interest in dict.fromkeys(persona.interests))
        for persona in personas
    ]
    if len(numbers) > MOST_TOPICS:
        raise UnknownHabit(f"there are {len(numbers)} interests, more than {MOST_TOPICS}")
    return topics
