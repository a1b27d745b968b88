"""Figures of a run to the last digit, for comparing two."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from sim.measure import LogHistogram


def exactly(value: Any) -> Any:
    """Returns figures as plain lists, dictionaries and texts, in which floats, NaN too, are equal if their bits are."""
    if isinstance(value, LogHistogram):
        return exactly(value.counts)
    if is_dataclass(value):
        return {field.name: exactly(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return exactly(value.tolist())
    if isinstance(value, list | tuple):
        return [exactly(each) for each in value]
    return float(value).hex() if isinstance(value, float) else value
