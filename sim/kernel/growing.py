"""Typed arrays that grow: seats index them, and how many there will be is not known beforehand."""

from array import array
from typing import Any

from sim.rows.codes import NOBODY


def longer(old: "array[Any]", length: int, filling: float = NOBODY, kind: str = "i") -> "array[Any]":
    """Returns an array that begins with the old numbers.

    Args:
        old: the array so far.
        length: of the new one, at least that of the old.
        filling: what the further numbers are.
        kind: the type code of ``array``.
    """
    new: array[Any] = array(kind)
    new.frombytes(bytes(old))  # compiled, ``old`` is a view of an array
    new.extend(array(kind, [filling]) * (length - len(new)))
    return new
