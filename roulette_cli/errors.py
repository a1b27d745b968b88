"""What people see when something is wrong: one line saying what, one saying what to do."""

import os


class CommandError(Exception):
    """A command cannot go on.

    Attributes:
        message: what is wrong, in one line.
        hint: what to do about it, in one line.
        status: the exit status: 2 for bad usage, 1 for failure.
    """

    def __init__(self, message: str, hint: str, status: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status


class BadUsage(CommandError):
    """What was asked makes no sense: exit status 2."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint, status=2)


def reason(error: OSError) -> str:
    """Why the system said no, in its own words alone: asyncio wraps them in a sentence of its own."""
    number = error.errno or 0  # below 0 where it is about names of machines, which have words of their own
    return (os.strerror(number) if number > 0 else error.strerror or str(error)).lower()
