"""Numbers and names as people like to read them: short, in ASCII, and without harm to a terminal."""

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
"""Below how many seconds which unit is used, how long it is in seconds, and how it is written."""


def duration(seconds: float) -> str:
    """A time with three digits in the unit that suits it: ``118 ms``, ``2.21 s``, ``1.5 h``."""
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
    """A number with a few significant digits, and as many more as its whole part needs: never ``1e+03``."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    return np.format_float_positional(value, precision=digits, unique=False, fractional=False, trim="-")


def percent(share: float) -> str:
    """A share as a percentage with one decimal: ``12.3 %``, and ``< 0.1 %`` for what would look like nothing."""
    if math.isnan(share):
        return UNKNOWN
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def probability(value: float) -> str:
    """A p-value, as it stands behind the letter p: ``= 0.43``, or ``< 0.0001``."""
    return f"= {value:.2g}" if value >= 0.0001 else "< 0.0001"
