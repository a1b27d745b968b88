"""How figures are written: numbers with intervals, differences, verdicts; an empty text is nothing to show."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from sim.measure import Difference, Interval
from sim.report.formats import UNKNOWN, duration, probability, significant

Write: TypeAlias = Callable[[float], str]
"""Writes one number, its unit behind it."""

UNFAIR: Final = 0.05
"""Below this p-value a policy is said to prefer some users: one fair policy in twenty is."""

BIASED: Final = 0.001
"""Below this p-value draws are said to prefer some places. It is strict: under most policies they do by design."""


def count(value: int) -> str:
    """``1,234``."""
    return f"{value:,}"


def four_digits(value: float) -> str:
    """``0.3349``."""
    return significant(value, 4)


def share(value: float) -> str:
    """``12.3 %``; of small ones more decimals, down to ``0.001 %``."""
    return f"{significant(round(100 * value, 3))} %" if math.isfinite(value) else UNKNOWN


def world(name: str, faults: str | None, speedup: float) -> str:
    """``wire, mild``; an empty text for the core, the usual world."""
    if name == "core":
        return ""
    faster = "" if speedup == 1 else f", speed {significant(speedup)}"
    return f"{name}, {faults}" if faults else f"{name}{faster}"


def between(write: Write, interval: Interval | Sequence[float] | None) -> str:
    """``75.3 to 83.6 ms``; an empty text where there is no interval."""
    if interval is None:
        return ""
    low, high = (interval.low, interval.high) if isinstance(interval, Interval) else interval
    return "" if math.isnan(low) or math.isnan(high) else " to ".join(_of_one_unit(write(low), write(high)))


def give_or_take(write: Write, interval: Interval) -> str:
    """``1.2 ± 0.3 %``; without an interval the value alone."""
    if math.isnan(interval.low) or math.isnan(interval.value):
        return write(interval.value)
    half = max(interval.high - interval.value, interval.value - interval.low)  # the longer arm of one that was cut off
    return " ± ".join(_of_one_unit(write(interval.value), write(half)))


def signed(write: Write, difference: Difference) -> str:
    """``+62.5 ± 6.1 ms``."""
    value = difference.interval.value
    if math.isnan(value):
        return ""
    sign = "" if value == 0 else "+" if value > 0 else "-"
    interval = difference.interval
    mirrored = interval if value >= 0 else Interval(-value, -interval.high, -interval.low)
    return sign + give_or_take(write, mirrored)


def _of_one_unit(first: str, second: str) -> tuple[str, str]:
    """Drops the unit of the first of two numbers if the second has the same."""
    one, other = first.partition(" "), second.partition(" ")
    return (one[0], second) if one[2] and one[2] == other[2] and "<" not in first + second else (first, second)


def theory(write: Write, expected: float | None, agrees: bool | None) -> str:
    """``0.3333 (agrees)``; the value alone where it cannot be held against the measured one."""
    if expected is None:
        return ""
    return write(expected) if agrees is None else f"{write(expected)} ({'agrees' if agrees else 'DIFFERS'})"


def p_value(p: float | None) -> str:
    """``0.43``."""
    return "" if p is None or math.isnan(p) else probability(p).removeprefix("= ")


def by_user(p: float | None) -> str:
    """Words on the test of identity. No p-value shows that a policy is fair."""
    if p is None or math.isnan(p):
        return "not asked"
    return "UNFAIR" if p < UNFAIR else "no sign of unfairness"


def by_arrival(p: float | None, world: str) -> str:
    """Words on the test of positions."""
    if world == "tcp":
        return "not seen from outside"
    if p is None or math.isnan(p):
        return "not asked"
    return "places preferred" if p < BIASED else "no sign of bias"


def longest(place: int, waits: Sequence[dict[str, Any]]) -> str:
    """``1.55 s, user 268, chat``."""
    if place >= len(waits):
        return ""
    wait = waits[place]
    return f"{duration(wait['seconds'])}, user {wait['user']}, {wait['end']}"


def without_chat(number: float, first: Sequence[int]) -> str:
    """``5 (users 0, 1, 2, ...)``."""
    if not number > 0:
        return significant(number)
    named, more = ", ".join(map(str, first)), ", ..." if number > len(first) else ""
    return f"{significant(number)} (user{'s' if len(first) > 1 else ''} {named}{more})"


def known(write: Write) -> Write:
    """Returns what writes a number, and nothing where it is not defined."""
    return lambda value: "" if value is None or math.isnan(value) else write(value)
