"""The caller's mistakes, and a policy's. A *user's* mistake is answered by a ``Refused`` effect instead."""

from typing import Any


class RouletteError(Exception):
    """The caller broke the contract; the roulette is as it was before the call."""


class UnknownUser(RouletteError):
    """The event or question is about a user who has not joined, or has left."""


class AlreadyJoined(RouletteError):
    """A ``Join`` for a user who is present already."""


class TimeRanBack(RouletteError):
    """``now`` lies before an earlier ``now``, before zero, or is not a finite number."""


class NotAnEvent(RouletteError):
    """What was handed to ``handle`` is not an event, or a field of it holds what cannot stand there."""


class CallsOverlap(RouletteError):
    """``handle`` was called while another call had not ended: from a second thread, or from within the policy."""


class BadOption(RouletteError):
    """The seed, or another option of a roulette, is out of range."""


class BadPolicy(RouletteError):
    """A policy's specification is invalid, its parameters are out of range, or it belongs to another roulette."""


class BrokenPolicy(RouletteError):
    """A policy raised, or broke its own contract: the one error after which a roulette must not be used.

    From then on ``handle`` and ``snapshot`` raise it. What the policy raised is its ``__cause__``.

    Attributes:
        effects: the effects of the event until then, which have happened and are to be carried out; empty where the
            roulette was broken before.
    """

    def __init__(self, message: str, effects: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.effects = effects


class BadSnapshot(RouletteError):
    """The data handed to ``restore`` is not a snapshot that this version understands."""


class BadRecording(RouletteError):
    """A line of a recording is not one that this version understands."""
