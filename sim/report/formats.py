"""Writes numbers as people like to read them: short, and in ASCII."""

import math

import numpy as np

UNKNOWN = "-"

_UNITS = (
    (0.0001, 0.000001, "us"),
    (1.0, 0.001, "ms"),
    (120.0, 1.0, "s"),
    (3600.0, 60.0, "min"),
    (172_800.0, 3600.0, "h"),
)
"""Upper bound in seconds, the unit used below it, in seconds, and its symbol."""


def duration(seconds: float) -> str:
    """Returns a time with three digits in a suitable unit: ``118 ms``, ``2.21 s``, ``1.5 h``."""
    if math.isnan(seconds):
        return UNKNOWN
    if math.isinf(seconds):
        return "for ever"
    if seconds == 0:
        return "0 s"
    for below, unit, name in _UNITS:
        if seconds < below:
            return f"{significant(seconds / unit)} {name}"
    return f"{significant(seconds / 86_400.0)} days"


def significant(value: float | None, digits: int = 3) -> str:
    """Returns a number with a few significant digits, more if its whole part needs them: never ``1e+03``."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    return np.format_float_positional(value, precision=digits, unique=False, fractional=False, trim="-")


def percent(share: float) -> str:
    """Returns a share as a percentage with one decimal: ``12.3 %``; ``< 0.1 %`` for what would round to 0."""
    if math.isnan(share):
        return UNKNOWN
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def probability(value: float) -> str:
    """Returns a p-value as written after the letter p: ``= 0.43``, or ``< 0.0001``."""
    return f"= {value:.2g}" if value >= 0.0001 else "< 0.0001"
