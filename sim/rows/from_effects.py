"""Writes what happens on the core as rows."""

from collections.abc import Callable
from typing import Any

from roulette_core import (
    Blocked,
    Effect,
    Event,
    Joined,
    Left,
    LobbyLine,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Returned,
    Searching,
    Unblocked,
)
from sim.rows import codes
from sim.rows.block import Rows

_OF_ONE: dict[type, int] = {
    Refused: codes.REFUSED,
    Returned: codes.RETURNED,
    Searching: codes.SEARCHING,
    Left: codes.LEFT,
    LobbyLine: codes.LOBBY_LINE,
}
_OF_TWO: dict[type, int] = {
    PrivateLine: codes.PRIVATE_LINE,
    Blocked: codes.BLOCKED,
    Unblocked: codes.UNBLOCKED,
    Paired: codes.PAIRED,
}
_PARTED = {(cause, place): codes.parted(cause, place) for cause in codes.CAUSES for place in codes.PLACES}


class EffectRows:
    """Observes a run of ``sim.engine``, whose users are whole numbers, and writes its rows.

    Args:
        rows: where they go.
        kind_of: returns a user's kind.
    """

    def __init__(self, rows: Rows, kind_of: Callable[[int], int] = lambda user: 0) -> None:
        self._rows = rows
        self._kind_of = kind_of

    def observe(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Writes one row for each effect of one event."""
        add = self._rows.add
        effect: Any  # users of any kind; here they are numbers
        for effect in effects:
            kind = type(effect)
            if kind in _OF_TWO:
                add(now, _OF_TWO[kind], effect[0], effect[1])
            elif kind in _OF_ONE:
                add(now, _OF_ONE[kind], effect[0], codes.NOBODY)
            elif kind is Parted:
                add(now, _PARTED[effect.cause, effect.left_behind], effect[0], effect[1])
            elif kind is Joined:
                add(now, codes.JOINED, effect[0], self._kind_of(effect[0]))
        self._rows.end(now)
