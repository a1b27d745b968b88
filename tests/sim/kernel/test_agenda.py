"""The agenda on seats is in the order of the core's heap, without its stale entries; with planted bugs."""

import math
from heapq import heappop, heappush
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel.agenda import Agenda
from tests.sim.kernel.builds import pure_only

ITEMS = 12
times = st.sampled_from([0.0, 1.0, 1.5, 2.0, 3.0]) | st.floats(0, 5)
steps = st.lists(st.tuples(st.integers(0, ITEMS - 1), times | st.none()), max_size=60)
"""An item, and when to put it in; None takes it out."""


class Heap:
    """What ``PersonaPopulation`` does: rescheduled entries stay in the heap, and are passed over."""

    def __init__(self):
        self.heap, self.serial, self.pending = [], count(), {}

    def put(self, item, time):
        self.pending[item] = next(self.serial)
        heappush(self.heap, (time, self.pending[item], item))

    def remove(self, item):
        self.pending.pop(item, None)

    def order(self):
        """All items in their order, with their times."""
        entries = sorted(entry for entry in self.heap if self.pending.get(entry[2]) == entry[1])
        return [(time, item) for time, _, item in entries]

    def first(self):
        while self.pending.get(self.heap[0][2]) != self.heap[0][1]:
            heappop(self.heap)
        return self.heap[0]


def emptied(agenda):
    """All items in their order, with their times, taken out one by one."""
    found = []
    for _ in range(agenda.size):
        found.append((agenda.time(), agenda.first()))
        agenda.remove(agenda.first())
    return found


def both(steps, kind=Agenda):
    """The order of an agenda after some steps, and that of the heap."""
    agenda, heap = kind(), Heap()
    agenda.make_room(5)
    agenda.make_room(ITEMS)
    for item, time in steps:
        for each in (agenda, heap):
            if time is None:
                each.remove(item)
            else:
                each.put(item, time)
        assert agenda.size == len(heap.pending)
        assert agenda.time() == (heap.first()[0] if heap.pending else math.inf)
    return emptied(agenda), heap.order()


@given(steps)
def test_items_come_in_the_order_of_the_heap(steps):
    found, expected = both(steps)
    assert found == expected


def test_an_empty_agenda_is_due_never():
    agenda = Agenda()
    assert (agenda.size, agenda.time()) == (0, math.inf)


class LastFirst(Agenda):
    """The latest of one time comes first."""

    def put(self, item, time):
        self._serial -= 2
        super().put(item, time)


class Sticky(Agenda):
    """Whoever is put in once more stays where they were if it is later."""

    def _sink(self, place, time, serial, item):
        self._times[place], self._serials[place], self._items[place], self._places[item] = time, serial, item, place


class Remembers(Agenda):
    """Takes nothing out but the last item."""

    def remove(self, item):
        if self._places[item] == self.size - 1:
            super().remove(item)


@pure_only
@pytest.mark.parametrize("kind", [LastFirst, Sticky, Remembers])
def test_a_planted_bug_is_found(kind):
    with pytest.raises((AssertionError, IndexError)):
        found, expected = both([(0, 1.0), (1, 1.0), (2, 0.5), (1, 3.0), (0, None), (3, 3.0), (2, 5.0)], kind)
        assert found == expected
