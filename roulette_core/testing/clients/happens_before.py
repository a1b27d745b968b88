"""Rule 19: one history of the server fits all accounts.

What several clients take part in or hear is one *moment*: a meeting, the end of a chat, an arrival, a line. Every
account orders the moments that it knows of, and what a client says comes after what it had seen before (Lamport 1978).
If all accounts are true of one server, these orders together have no cycle.
"""

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypeAlias

from roulette_core.testing.clients.breach import EntryRef, Findings
from roulette_core.testing.clients.client_events import Arrived, Gone, Met, PartedFrom, SawClosed, SawLine, Welcomed
from roulette_core.testing.clients.run import Run, chat_of
from roulette_core.testing.clients.timeline import SaidLine, Timeline

Key: TypeAlias = SaidLine | tuple[str, object]
"""What identifies a moment: a line by itself, any other by a word and its owner."""

Link: TypeAlias = tuple[int, int, str, int]
"""One moment came before another: their numbers, and the account and the entry that say so."""


class HappensBefore:
    """The moments of a run, and which came before which.

    The run must keep rules 1 to 18, and have tightened bounds.

    Attributes:
        keys: what each moment is, by its number.
        seen: the numbers of the moments that each client saw, one for each of its sightings.
        order: the numbers of all moments in an order that fits all accounts, as far as there is one.
        cycle: moments, each before the next, that end with the first one again; empty if there is an order.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.numbers: dict[Key, int] = {}
        self.seen = {name: self._moments_of(timeline) for name, timeline in run.timelines.items()}
        self.later: defaultdict[int, set[int]] = defaultdict(set)
        for earlier, later, _, _ in self.links():
            self.later[earlier].add(later)
        self.keys = list(self.numbers)
        self.order: list[int] = []
        self.cycle: list[int] = []
        self._sort()

    def links(self) -> Iterator[Link]:
        """Yields all that accounts say about which moment came before which."""
        for name, timeline in self.run.timelines.items():
            seen = self.seen[name]
            for number, (earlier, later) in enumerate(pairwise(seen), 1):
                yield earlier, later, name, timeline.entries[number]
            yield from self._around_said_lines(timeline, seen)
            yield from self._after_the_end(timeline, seen)

    def _moments_of(self, timeline: Timeline) -> list[int]:
        numbers = self.numbers
        return [numbers.setdefault(key, len(numbers)) for key in self._keys_of(timeline)]

    def _keys_of(self, timeline: Timeline) -> Iterator[Key]:
        """Yields the key of each of a client's sightings. What no other client can have seen is known by its place."""
        name, span = timeline.name, timeline.spans[0]
        for number, (sighting, at) in enumerate(zip(timeline.sightings, timeline.span_at, strict=True)):
            before, span = span, timeline.spans[at]
            said = None
            if type(sighting) is SawLine:
                said = self.run.said_lines[sighting.sender, sighting.text]
            if said is not None and said.times == 1:
                yield said
            elif type(sighting) is Met:
                yield "met", chat_of(name, span)
            elif type(sighting) is PartedFrom:
                yield "parted", chat_of(name, before)
            elif isinstance(sighting, Welcomed | Arrived):
                yield "arrived", sighting.name
            elif isinstance(sighting, Gone):
                yield "gone", sighting.name
            else:
                yield "seen", (name, number)

    def _around_said_lines(self, timeline: Timeline, seen: list[int]) -> Iterator[Link]:
        """Yields that a line comes after the lines said before it, and between what was seen before and after it."""
        name, numbers, previous = timeline.name, self.numbers, None
        for said in timeline.said_lines:
            if said.times > 1 or not said.carried_out:
                continue
            moment = numbers.setdefault(said, len(numbers))
            if previous is not None:
                yield previous, moment, name, said.entry
            if said.earliest > 0:
                yield seen[said.earliest - 1], moment, name, said.entry
            if said.latest < len(seen):
                yield moment, seen[said.latest], name, timeline.entries[said.latest]
            previous = moment
        gone = numbers.get(("gone", name))
        if previous is not None and gone is not None:
            yield previous, gone, name, len(timeline.account.entries)

    def _after_the_end(self, timeline: Timeline, seen: list[int]) -> Iterator[Link]:
        """Yields that what others saw of a client, and it did not see itself, came after everything it saw."""
        told = len(seen) - (bool(seen) and type(timeline.sightings[-1]) is SawClosed)
        if not told:
            return
        span, latest = timeline.spans[-1], seen[told - 1]
        unseen: list[Key] = [("gone", timeline.name)]
        if span.partner is not None:
            unseen.append(("parted", chat_of(timeline.name, span)))
        unseen += [("met", chat) for chat in self.run.unseen_by.get(timeline.name, ())]
        for key in unseen:
            if key in self.numbers:
                yield latest, self.numbers[key], timeline.name, len(timeline.account.entries)

    def _sort(self) -> None:
        """Puts the moments in an order in which none comes before what it must come after."""
        sorter = TopologicalSorter[int]()
        for moment in range(len(self.keys)):
            sorter.add(moment)
        for earlier, moments in self.later.items():
            for later in moments:
                sorter.add(later, earlier)
        try:
            sorter.prepare()
        except CycleError as error:
            self.cycle = error.args[1]  # the sorter still yields everything that does not wait for the cycle
        while ready := sorter.get_ready():
            self.order += ready
            sorter.done(*ready)


def one_history_fits_all(history: HappensBefore) -> Findings:
    """19. There is an order of all moments that agrees with every account."""
    for _ in history.order:
        yield None
    if history.cycle:
        links = set(pairwise(history.cycle))
        places = {link[:2]: EntryRef(*link[2:]) for link in history.links() if link[:2] in links}
        told = " before ".join(describe_moment(history.keys[moment]) for moment in history.cycle)
        yield tuple(places.values()), f"put together, accounts tell of {told}"


def describe_moment(key: Key) -> str:
    """Describes a moment in a few words."""
    if isinstance(key, SaidLine):
        return f"{key.text!r} of {key.sender}"
    match key:
        case ("met" | "parted" as what, (first, second, number)):
            return f"{'meeting' if what == 'met' else 'parting'} {number} of {first} and {second}"
        case ("arrived" | "gone" as what, name):
            return f"{name} {'arriving' if what == 'arrived' else 'leaving'}"
        case ("seen", (name, _)):
            return f"something only {name} saw"
    raise AssertionError(key)
