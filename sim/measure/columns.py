"""Columns of numbers that grow, and are read and written one at a time.

Compiled code reads typed arrays, which take 4 or 8 bytes a number. Python reads lists three times as fast as arrays, so
without a compiled ``Tally`` the same columns are lists.
"""

from array import array
from collections.abc import MutableSequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.kernel import longer as longer_array

Whole: TypeAlias = MutableSequence[int]
Real: TypeAlias = MutableSequence[float]

SMALL, LARGE, REAL = "i", "q", "d"
"""Type codes: whole numbers of 32 and of 64 bits, and real numbers of 64."""


def column(kind: str, length: int, filling: float, compiled: bool) -> Any:
    """Returns a column of a number that is repeated: a list, or where it is read by compiled code a typed array."""
    return array(kind, [filling]) * length if compiled else [filling] * length


def longer(old: Any, kind: str, length: int, filling: float) -> Any:
    """Returns a column that begins with the old numbers and goes on with a number that is repeated."""
    if isinstance(old, list):
        return old + [filling] * (length - len(old))
    return longer_array(old, length, filling, kind)


def reading(values: npt.NDArray[Any], compiled: bool) -> Any:
    """Returns what reads the numbers of an array fastest: themselves, or a list of them."""
    return values if compiled else values.tolist()


def of_column(numbers: Any, kind: type) -> npt.NDArray[Any]:
    """Returns a column as an array of its own."""
    return np.array(numbers, dtype=kind)
