"""The command ``roulette``: its help, which needs no parser, and errors as two plain lines."""

import _thread
import contextlib
import os
import signal
import sys
import threading
from typing import NoReturn

from roulette_cli import root_help
from roulette_cli.errors import CommandError, reason
from roulette_cli.interrupts import Terminated, interrupt_status


def run() -> None:
    """Runs the command line, and exits: status 0, 1 for a failure, 2 for bad usage, 130 or 143 if it was stopped."""
    for name in ("stdout", "stderr"):
        # Neither a closed stream nor a terminal that lacks a character is a reason to fail.
        stream = getattr(sys, name) or open(os.devnull, "w")  # noqa: SIM115 (open as long as we run)
        stream.reconfigure(errors="replace")
        setattr(sys, name, stream)
    sys.path.append(os.getcwd())  # where a user's own policy, package.module:Class, is looked for
    sys.unraisablehook = _repeat_signal
    signal.signal(signal.SIGTERM, _terminate)
    # No command has work for the threads that numpy's linear algebra starts at import, which takes 50 ms.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(status(sys.argv[1:]))


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


def _repeat_signal(swallowed: "sys.UnraisableHookArgs") -> None:
    """Sends a Ctrl-C or SIGTERM again that came inside a callback, in which Python swallows whatever is raised.

    Much of a check is garbage collection, and Hypothesis has a callback at the end of each.
    """
    if isinstance(swallowed.exc_value, KeyboardInterrupt):
        number = signal.SIGTERM if isinstance(swallowed.exc_value, Terminated) else signal.SIGINT
        threading.Timer(0.01, _thread.interrupt_main, (number,)).start()
    else:
        sys.__unraisablehook__(swallowed)


def status(arguments: list[str]) -> int:
    """Runs one command, given the words after ``roulette``; without any, shows the help.

    Returns its exit status; a bug of ours is raised, with its traceback.
    """
    try:
        code = _call(arguments)
        sys.stdout.flush()  # here a full disk can still be reported
        return code
    except CommandError as error:
        return _tell(error)
    except BrokenPipeError:
        return _hang_up()
    except OSError as error:
        what = reason(error) if error.filename is None else f"{error.filename}: {reason(error)}"
        return _tell(CommandError(what, "check that the file, device or address exists and may be used"))
    except KeyboardInterrupt as error:
        return interrupt_status(error)


def _call(arguments: list[str]) -> int:
    if root_help.suffices(arguments):
        print(root_help.TEXT, end="")
        return 0
    from roulette_cli.app import call  # typer alone takes longer than all of the above

    return call(arguments or ["--help"])


def _tell(error: CommandError) -> int:
    """Prints an error and its hint on stderr, control characters escaped. Returns the exit status."""
    from roulette_core import harmless

    for word, text in (("error", error.message), ("hint", error.hint)):
        with contextlib.suppress(OSError):  # without stderr, the status has to do
            print(f"{word}: {harmless.message(text)}", file=sys.stderr, flush=True)
    return error.status


def _hang_up() -> int:
    """Ends quietly, but with status 1, when the reader of a pipe is gone, as in ``roulette … | head``."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush at exit complains
    return 1
