"""The caller's mistakes. A *user's* mistake is answered by a ``Refused`` effect instead."""


class RouletteError(Exception):
    """The caller broke the contract; the roulette is as it was before the call."""


class UnknownUser(RouletteError):
    """The event or question is about a user who has not joined, or has left."""


class AlreadyJoined(RouletteError):
    """A ``Join`` for a user who is present already."""


class TimeRanBack(RouletteError):
    """``now`` lies before an earlier ``now``, before zero, or is not a finite number."""


class NotAnEvent(RouletteError):
    """Something that is not one of the events was handed to ``handle``."""


class BadPolicy(RouletteError):
    """A policy's specification is invalid, or its parameters are out of range."""


class BrokenPolicy(RouletteError):
    """A policy broke its own contract during a draw: the one error after which a roulette must not be used."""


class BadSnapshot(RouletteError):
    """The data handed to ``restore`` is not a snapshot that this version understands."""


class BadRecording(RouletteError):
    """A line of a recording is not one that this version understands."""
