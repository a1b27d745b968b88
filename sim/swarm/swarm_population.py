"""The users of a case: their personas, by name, and how they come to rest when the faults stop."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from roulette_core import Block, Event, Join, Lobby, Next, Role, Say, Start, State, Unblock
from sim.population import NEVER, Persona, PersonaPopulation, Rate, in_role
from sim.swarm.faults import Chance

ODD_TEXTS = (
    "/shrug",
    "//",
    "/say close",
    "start",
    "next please",
    '{"type":"close"}',
    "* You are in the lobby.",
    "<ada> hé, ça va ?",
    "Ж" * 40,
)
"""Lines that could be taken for commands, for requests or for the server's own."""

SOONEST = 1.0
"""Least time before a disconnected user comes back, in seconds: a user turned away at once would retry for ever."""


@dataclass(frozen=True, slots=True)
class SwarmPersona(Persona):
    """A persona that also blocks others, changes its mind while searching, and sends odd requests and lines.

    Attributes:
        block_seconds: mean time in a chat before blocking the partner.
        grudges_per_minute: blocks a minute of another user, and as many taken back, wherever the two are.
        other_interests_per_minute: how often a minute the user asks for other interests while searching.
        muddles_per_minute: requests a minute that may be illegal in the user's state.
        odd_lines_per_minute: lines a minute of ``ODD_TEXTS``.
    """

    block_seconds: float = NEVER
    grudges_per_minute: float = 0.0
    other_interests_per_minute: float = 0.0
    muddles_per_minute: float = 0.0
    odd_lines_per_minute: float = 0.0

    def rates(self, state: State) -> list[Rate]:
        """Returns what the user may do next in a state, with rates."""
        rates = Persona.rates(self, state)
        if state is State.OUTSIDE:
            return rates
        if state is State.PRIVATE:
            rates.append((1 / self.block_seconds, Block))
        if state is State.SEARCHING:
            rates.append((self.other_interests_per_minute / 60, _asks_for_less))
        rates += [(self.grudges_per_minute / 60, act) for act in (_blocks_another, _unblocks_another)]
        rates += [(self.muddles_per_minute / 60 / len(_ASKED), ask) for ask in _ASKED]
        rates += [(self.odd_lines_per_minute / 60 / len(ODD_TEXTS), _says(text)) for text in ODD_TEXTS]
        return rates


_ASKED: tuple[Callable[[int], Event], ...] = (Start, Next, Lobby, Block)


def _asks_for_less(user: int) -> Event:
    return Start(user)


def _blocks_another(user: int) -> Event:
    return Block(user, user ^ 1)  # the neighbour by number


def _unblocks_another(user: int) -> Event:
    return Unblock(user, user ^ 1)


def _says(text: str) -> Callable[[int], Event]:
    return lambda user: Say(user, text)


def _persona(name: str, chance: Random, **habits: float) -> SwarmPersona:
    """Makes a persona with ordinary habits, except those that are given."""
    interests = tuple(chance.sample(("chess", "music", "films"), chance.randint(0, 2)))
    some = SwarmPersona(
        name,
        lobby_seconds=chance.uniform(1, 20),
        chat_seconds=chance.uniform(5, 60),
        share=1.0,
        next_probability=0.7,
        lobby_lines_per_minute=1.0,
        private_lines_per_minute=4.0,
        stay_seconds=300.0,
        away_seconds=20.0,
        interests=interests,
    )
    return replace(some, **habits)  # type: ignore[arg-type]  # all that is named is a number


PERSONAS: Mapping[str, Callable[[Random], SwarmPersona]] = {
    "talker": lambda chance: _persona(
        "talker",
        chance,
        lobby_lines_per_minute=chance.uniform(5, 30),
        private_lines_per_minute=chance.uniform(10, 60),
        odd_lines_per_minute=chance.uniform(2, 10),
    ),
    "flooder": lambda chance: _persona(
        "flooder", chance, lobby_lines_per_minute=100.0, private_lines_per_minute=200.0, muddles_per_minute=4.0
    ),
    "hopper": lambda chance: _persona(
        "hopper", chance, lobby_seconds=2.0, chat_seconds=chance.uniform(0.5, 5), next_probability=0.95
    ),
    "waverer": lambda chance: _persona(
        "waverer",
        chance,
        lobby_seconds=2.0,
        patience_seconds=chance.uniform(1, 5),
        next_probability=0.2,
        other_interests_per_minute=20.0,
    ),
    "blocker": lambda chance: _persona(
        "blocker", chance, block_seconds=chance.uniform(3, 30), grudges_per_minute=chance.uniform(1, 6)
    ),
    "muddler": lambda chance: _persona("muddler", chance, muddles_per_minute=chance.uniform(10, 60)),
    "leaver": lambda chance: _persona(
        "leaver", chance, stay_seconds=chance.uniform(5, 30), away_seconds=chance.uniform(1, 10)
    ),
    "ghost": lambda chance: _persona(
        "ghost", chance, stay_seconds=chance.uniform(10, 60), unnoticed_seconds=chance.uniform(1, 60)
    ),
    "lurker": lambda chance: _persona(
        "lurker",
        chance,
        lobby_seconds=60.0,
        chat_seconds=NEVER,
        lobby_lines_per_minute=0.0,
        private_lines_per_minute=0.0,
        stay_seconds=NEVER,
    ),
}
"""Name → draws a persona."""


class SwarmPopulation(PersonaPopulation):
    """The users of a case. Where there is a cast, they search as its roles say; bytes carry interests only."""

    def __init__(self, names: Iterable[str], users: int, chance: Chance, seed: int, cast: Sequence[Role] = ()) -> None:
        self._cast = cast
        self._kinds = [PERSONAS[name](chance(name)) for name in names]
        self._restless = True
        super().__init__(self._kinds, users, 1.0, np.random.SeedSequence(seed))

    def ask(self, now: float, serial: float, what: int) -> Event | None:
        """Returns what the user who is due does; once at rest, no user joins."""
        event = super().ask(now, serial, what)
        if isinstance(event, Start) and self._cast:
            return in_role(event, self._cast)
        return None if isinstance(event, Join) and not self._restless else event

    def lost(self, now: float, user: int, seconds: float) -> None:
        """Schedules the return of a disconnected user, no sooner than ``SOONEST``."""
        super().lost(now, user, max(seconds, SOONEST))

    def come_to_rest(self, now: float) -> None:
        """Makes every user who is present want a chat, stay in it, and write nothing."""
        self._restless = False
        self.become(now, [_at_rest(kind) for kind in self._kinds])

    def go(self, now: float) -> None:
        """Makes every user leave."""
        self.become(now, [replace(_at_rest(kind), lobby_seconds=NEVER, stay_seconds=1.0) for kind in self._kinds])


def _at_rest(kind: SwarmPersona) -> SwarmPersona:
    return SwarmPersona(
        kind.name, lobby_seconds=1.0, chat_seconds=NEVER, share=1.0, away_seconds=NEVER, interests=kind.interests
    )
