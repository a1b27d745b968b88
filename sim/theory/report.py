"""Exact values of the closed model: in lines for people, and as data for programs."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sim.theory.exact import ExactValues, Partners

FORMAT = 1

_BACK = ("the latest one", "the last but one", "the last but two")


def exact_data(found: ExactValues, met: Partners | None) -> dict[str, Any]:
    """Returns all of it as one object, format 1. Fractions are texts; what never happens is null."""
    return {
        "format": FORMAT,
        "policy": found.policy,
        "users": found.users,
        "states": found.states,
        "repair": _text(found.repair),
        "searching": _text(found.searching),
        "wait": _text(found.wait),
        "partners": met
        and {"states": met.states, "again": list(map(str, met.again)), "distinct": list(map(str, met.distinct))},
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def exact_lines(found: ExactValues, met: Partners | None) -> Iterator[str]:
    """Yields all of it."""
    yield f"{found.policy}, {found.users} user{'s' if found.users > 1 else ''}, always chatting or searching"
    yield ""
    yield f"  {'states':<26} {found.states:,}"
    yield _row("re-pair probability", found.repair, "no pairings in the long run")
    yield _row("users searching, mean", found.searching)
    yield _row("mean wait, in mean chats", found.wait, "for ever")
    if met is None:
        return
    yield ""
    yield "  A new partner is"
    yield from (_row(f"  {label}", value) for label, value in zip(_BACK, met.again, strict=True))
    yield _row("  none of these", 1 - sum(met.again, Fraction(0)))
    yield f"  A user's last {len(met.distinct)} partners are"
    for count, value in enumerate(met.distinct, start=1):
        yield _row(f"  {count} different user{'s' if count > 1 else ''}", value)


def _row(label: str, value: Fraction | None, otherwise: str = "") -> str:
    if value is None:
        return f"  {label:<26} {otherwise}"
    number = f"{value.numerator}" if value.denominator == 1 else f"{value}, about {float(value):.4g}"
    return f"  {label:<26} {number}"
