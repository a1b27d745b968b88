"""Durations on the command line: 90s, 10m, 1h30m."""

import re

from roulette_cli.errors import BadUsage

LONGEST_SECONDS = 366 * 86_400


def read_duration(typed: str, least: int = 1) -> int:
    """Reads a duration such as ``1h30m``, in seconds, of at least so many.

    Raises:
        BadUsage: it is not a duration, or longer than a year.
    """
    match = re.fullmatch(r"(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?", typed)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = 3600 * hours + 60 * minutes + seconds
    if not typed or match is None or not least <= total <= LONGEST_SECONDS:
        raise BadUsage(f"{typed!r} is not a duration from {least}s to a year", "write it like 90s, 10m, 1h or 1h30m")
    return total
