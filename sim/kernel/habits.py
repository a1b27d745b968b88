"""What users of each kind do next in each stage, as tables of numbers."""

from array import array
from collections.abc import Sequence
from itertools import accumulate

from roulette_core import Block, Event, Join, Leave, Lobby, Next, Say, Start
from sim.kernel.stages import BLOCK, JOIN, LEAVE, NEXT, RETURN, SAY, START
from sim.population import Persona, next_actions

MOST_TOPICS = 64
"""Topics of a scenario that the kernel can tell apart: one bit each."""

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
        owned = [(persona, action) for persona in personas for action in next_actions(persona)]
        actions = [action for _, action in owned]
        known = [(persona, action) for persona, action in owned if action is not None]
        self.means = array("d", [-1.0 if action is None else action.mean_seconds for action in actions])
        self.vanishes = array("b", [bool(persona.unnoticed_seconds) for persona in personas])
        self.topics = array("Q", _topics(personas))
        self._begins = array("i", accumulate((len(action.acts) if action else 0 for action in actions), initial=0))
        self._thresholds = array("d", [each for _, action in known for each in (*action.thresholds, _CERTAIN)])
        self._acts = array("b", [_act(act(0), persona) for persona, action in known for act in action.acts])

    def act(self, habit: int, lot: float) -> int:
        """Returns what a user does, by a lot from 0 ≤ lot < 1."""
        place = self._begins[habit]
        while self._thresholds[place] <= lot:
            place += 1
        return self._acts[place]


def _act(event: Event, persona: Persona) -> int:
    """Returns the number of an act, by the event that user 0 makes of it."""
    if event == Start(0, persona.interests):
        return START
    if event == Join(0, f"{persona.name}-0"):
        return JOIN
    if isinstance(event, Say) and event == Say(0, event.text):
        return SAY
    plain: dict[Event, int] = {Next(0): NEXT, Block(0): BLOCK, Lobby(0): RETURN, Leave(0): LEAVE}
    if event not in plain:
        raise UnknownHabit(f"a persona asks for {event}")
    return plain[event]


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
