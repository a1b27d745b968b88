"""How figures are written into the cells of a report; an empty cell is nothing to show."""

import math
from collections.abc import Callable, Sequence

from sim.measure import Longest
from sim.report.formats import UNKNOWN, duration, percent, probability, significant

SIGNIFICANCE = 0.001
"""Below this p-value draws are called uneven. It is strict, because every run makes the test."""


def count(value: int) -> str:
    """``1,234``."""
    return f"{value:,}"


def four_digits(value: float) -> str:
    """``0.3349``."""
    return significant(value, 4)


def users(at_first: int, ever: int) -> str:
    """``1,000 (2,181 in all)``."""
    return f"{at_first:,}" if at_first == ever else f"{at_first:,} ({ever:,} in all)"


def world(name: str, faults: str | None, speedup: float) -> str:
    """``wire, faults: mild``; an empty cell for the core, the usual world."""
    if name == "core":
        return ""
    faster = "" if speedup == 1 else f", {significant(speedup)} times as fast"
    return f"{name}, faults: {faults}" if faults else f"{name}{faster}"


def interval(write: Callable[[float], str]) -> Callable[[Sequence[float]], str]:
    """Returns what writes both ends of an interval."""
    return lambda ends: "" if math.isnan(ends[0]) else f"{write(ends[0])} to {write(ends[1])}"


def theory(write: Callable[[float], str]) -> Callable[[float | None, bool | None], str]:
    """Returns what writes a theoretical value, and whether the measured one agrees if they can be compared."""

    def cell(expected: float | None, agrees: bool | None) -> str:
        if expected is None:
            return ""
        return write(expected) if agrees is None else f"{write(expected)} ({'agrees' if agrees else 'DIFFERS'})"

    return cell


def recent(repeats: int, opportunities: int) -> str:
    """``67 (0.4 %)``."""
    return f"{repeats:,} ({percent(repeats / opportunities)})" if opportunities else UNKNOWN


def two_durations(first: float, second: float) -> str:
    """``6.64 us / 254 ms``."""
    return f"{duration(first)} / {duration(second)}"


def longest(place: int, waits: Sequence[Longest]) -> str:
    """``1.55 s, user 268, chat``."""
    if place >= len(waits):
        return ""
    return f"{duration(waits[place].seconds)}, user {waits[place].user}, {waits[place].end}"


def without_chat(number: int, first: Sequence[int]) -> str:
    """``5 (users 0, 1, 2, ...)``."""
    if not number:
        return "0"
    named, more = ", ".join(map(str, first)), ", ..." if number > len(first) else ""
    return f"{number:,} (user{'s' if number > 1 else ''} {named}{more})"


def beside_chance(value: float, chance: float | None) -> str:
    """``0.453 (chance 0.946)``."""
    if chance is None or math.isnan(value):
        return significant(value)
    return f"{significant(value)} (chance {significant(chance)})"


def uniform(p: float | None, world: str) -> str:
    """``no (p < 0.0001)``."""
    if world == "tcp":
        return "not seen from outside"
    return "" if p is None else f"{'no' if p < SIGNIFICANCE else 'yes'} (p {probability(p)})"
