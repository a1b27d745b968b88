"""A few long evenings at random: people come, meet, talk, leave and vanish, and what they saw is judged."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roulette_core import Block, Event, Leave, Lobby, Next, Say, Start, User
from roulette_core.testing.clients import judge
from transports.protocol import JsonCodec, TextCodec
from transports.testing.guest import Guest
from transports.testing.hosted import Hosted
from transports.testing.house import House

EVENINGS = 8
"""How many evenings."""

ACTS = 120
"""How many acts the longest has."""

PRESENT = 6
"""How many are there at once."""

REQUESTS: Sequence[Callable[[User], Event]] = (Start, Start, Start, Next, Lobby, Block)


class Act(NamedTuple):
    """Something that somebody does.

    Attributes:
        kind: ``come``, ``ask``, ``say``, ``listen``, ``leave``, ``vanish`` or ``break off``.
        who: which of those present, counted round.
        detail: what they ask, how they speak, or where their words are cut.
    """

    kind: str
    who: int
    detail: int


KINDS = ("come", "come", *["ask"] * 8, *["say"] * 8, "listen", "listen", "leave", "vanish", "break off")

ACT = st.builds(Act, st.sampled_from(KINDS), st.integers(0, PRESENT - 1), st.integers(0, 30))


class Evening:
    """What happens at a house, act by act.

    Args:
        house: where.
        resets: whether connections can break off; otherwise those who would only vanish.
    """

    def __init__(self, house: House, resets: bool) -> None:
        self.guests: list[Guest] = []
        self._house = house
        self._resets = resets
        self._present: list[Guest] = []
        self._said = 0

    def act(self, act: Act) -> None:
        """Has somebody do something."""
        if act.kind == "come" or not self._present:
            self._come(act.detail)
            return
        guest = self._present[act.who % len(self._present)]
        name = guest.account.name
        match act.kind:
            case "ask":
                guest.ask(REQUESTS[act.detail % len(REQUESTS)](name), cut=act.detail)
            case "say":
                self._said += 1
                guest.ask(Say(name, f"word {self._said} é"), cut=act.detail)
            case "listen":
                guest.catch_up()
            case "leave":
                self._present.remove(guest)
                guest.ask(Leave(name), cut=act.detail)
                guest.say_goodbye()
            case _:
                self._present.remove(guest)
                guest.vanish(self._resets and act.kind == "break off")

    def end(self) -> None:
        """Everybody who is there is told the rest: first all is done, then all is read."""
        for _ in range(2):
            for guest in self._present:
                guest.catch_up()

    def _come(self, detail: int) -> None:
        if len(self._present) < PRESENT:
            codec = TextCodec(("en", "fr")[detail // 2 % 2]) if detail % 2 else JsonCodec()
            guest = Guest(self._house.connect(), codec, f"guest {len(self.guests)}")
            self.guests.append(guest)
            self._present.append(guest)


class Campaign(Hosted):
    """Whatever people do, in whatever order: what they saw, taken together, is what a sound server shows."""

    @settings(
        max_examples=EVENINGS,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # what goes wrong on a network is not the same the next time, and takes its time
        suppress_health_check=list(HealthCheck),
    )
    @given(
        policy=st.sampled_from(["no-repeat", "uniform", "fresh"]),
        acts=st.lists(ACT, min_size=ACTS // 2, max_size=ACTS),
    )
    def test_what_everybody_saw_at_random_evenings_agrees(self, policy: str, acts: list[Act]) -> None:
        """Judged from the accounts of all clients alone, and byte by byte as in every other test."""
        with self.house(policy) as house:
            evening = Evening(house, self.reset)
            for act in acts:
                evening.act(act)
            evening.end()
        judgement = judge(guest.account for guest in evening.guests)
        assert judgement.ok, "\n".join(f"{breach.rule}: {breach.detail}" for breach in judgement.breaches)
