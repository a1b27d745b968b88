"""Errors of two lines: what is wrong, and what to do about it."""

import os


class CommandError(Exception):
    """A command failed: what is wrong, and a hint what to do about it, in a line each, and the exit status."""

    def __init__(self, message: str, hint: str, status: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status


class BadUsage(CommandError):
    """The command line makes no sense: exit status 2."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint, status=2)


def reason(error: OSError) -> str:
    """Returns the system's own words for an error, without the sentence that asyncio wraps around them."""
    number = error.errno or 0  # below 0 for host names, whose errors have texts of their own
    return (os.strerror(number) if number > 0 else error.strerror or str(error)).lower()
