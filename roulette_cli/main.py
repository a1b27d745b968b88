"""The command ``roulette``: registers the commands and turns errors into two plain lines."""

import _thread
import contextlib
import os
import signal
import sys
import threading
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from roulette_cli.admin import admin
from roulette_cli.bench import bench
from roulette_cli.chat import chat
from roulette_cli.check import check
from roulette_cli.command import ENVIRONMENT, Command, Root, environment_variable
from roulette_cli.errors import CommandError, reason
from roulette_cli.interrupts import Terminated, interrupt_status
from roulette_cli.prove import prove
from roulette_cli.serve import serve
from roulette_cli.sim import sim
from roulette_cli.swarm import swarm

app = typer.Typer(
    name="roulette",
    cls=Root,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"auto_envvar_prefix": ENVIRONMENT},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"roulette {version('roulette-chat')}")
        raise typer.Exit


@app.callback()
def roulette(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
            allow_from_autoenv=False,
        ),
    ] = False,
) -> None:
    """Text ChatRoulette: a chat server, its simulator and its tests."""


# In the order in which --help shows them. A command imports what it needs when it runs, so that --help stays quick.
for _command in (sim, serve, admin, chat, bench, check, prove, swarm):
    app.command(_command.__name__, cls=Command)(_command)


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
        code = app(arguments or ["--help"], prog_name="roulette", standalone_mode=False) or 0
        sys.stdout.flush()  # here a full disk can still be reported
        return int(code)
    except CommandError as error:
        return _tell(error)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "roulette"
        variable = environment_variable(error)
        hint = f"the value is from the environment: see {variable}" if variable else f"see {command} --help"
        return _tell(CommandError(_in_our_style(error.format_message()), hint, error.exit_code))
    except BrokenPipeError:
        return _hang_up()
    except OSError as error:
        what = reason(error) if error.filename is None else f"{error.filename}: {reason(error)}"
        return _tell(CommandError(what, "check that the file, device or address exists and may be used"))
    except (KeyboardInterrupt, typer.Abort) as error:
        return interrupt_status(error)


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


def _in_our_style(message: str) -> str:
    """Rewrites a parser's message: lower case at the beginning, no full stop, no details of the parsing."""
    message = message.partition(", unable to parse")[0].replace(": Input should be", ": it should be")
    message = message.replace(": Value error, ", ": ")
    return message[:1].lower() + message[1:].removesuffix(".")
