"""When everything is due: a heap in which each item stands once at most, and moves when its time changes."""

import math
from array import array

from sim.kernel.growing import longer
from sim.rows.codes import NOBODY


class Agenda:
    """Items, which are numbers from 0, in the order of their times; those of one time in the order they were put in.

    A binary heap of (time, serial number), and for each item its place there. So there are no stale entries, as there
    are in a heap that only grows and shrinks at its top; the order is the same.

    Attributes:
        size: how many items there are.
    """

    def __init__(self) -> None:
        self.size = 0
        self._serial = 0
        self._times = array("d")
        self._serials = array("q")
        self._items = array("i")
        self._places = array("i")

    def make_room(self, items: int) -> None:
        """Makes room for so many items."""
        self._times = longer(self._times, items, 0, "d")
        self._serials = longer(self._serials, items, 0, "q")
        self._items = longer(self._items, items)
        self._places = longer(self._places, items)

    def time(self) -> float:
        """Returns when the first item is due; infinite if there is none."""
        return self._times[0] if self.size else math.inf

    def first(self) -> int:
        """Returns the first item, which stays; there must be one."""
        return self._items[0]

    def put(self, item: int, time: float) -> None:
        """Puts an item in at a time, or moves it there; behind all others of that time."""
        serial = self._serial
        self._serial = serial + 1
        place = self._places[item]
        if place == NOBODY:
            place = self.size
            self.size = place + 1
            self._rise(place, time, serial, item)
        elif time < self._times[place]:
            self._rise(place, time, serial, item)
        else:
            self._sink(place, time, serial, item)

    def remove(self, item: int) -> None:
        """Takes an item out, if it is there."""
        place = self._places[item]
        if place == NOBODY:
            return
        self._places[item] = NOBODY
        last = self.size - 1
        self.size = last
        if place < last:
            time = self._times[last]
            serial = self._serials[last]
            if time < self._times[place] or (time == self._times[place] and serial < self._serials[place]):
                self._rise(place, time, serial, self._items[last])
            else:
                self._sink(place, time, serial, self._items[last])

    def _rise(self, place: int, time: float, serial: int, item: int) -> None:
        """Finds the place of an item that is due no later than what stands at a place, and writes it there."""
        times = self._times
        serials = self._serials
        items = self._items
        places = self._places
        while place > 0:
            above = (place - 1) // 2
            if times[above] < time or (times[above] == time and serials[above] < serial):
                break
            times[place] = times[above]
            serials[place] = serials[above]
            items[place] = items[above]
            places[items[place]] = place
            place = above
        times[place] = time
        serials[place] = serial
        items[place] = item
        places[item] = place

    def _sink(self, place: int, time: float, serial: int, item: int) -> None:
        """Finds the place of an item that is due no sooner than what stood at a place, and writes it there."""
        times = self._times
        serials = self._serials
        items = self._items
        places = self._places
        size = self.size
        while True:
            below = 2 * place + 1
            if below >= size:
                break
            other = below + 1
            if other < size and (
                times[other] < times[below] or (times[other] == times[below] and serials[other] < serials[below])
            ):
                below = other
            if time < times[below] or (time == times[below] and serial < serials[below]):
                break
            times[place] = times[below]
            serials[place] = serials[below]
            items[place] = items[below]
            places[items[place]] = place
            place = below
        times[place] = time
        serials[place] = serial
        items[place] = item
        places[item] = place
