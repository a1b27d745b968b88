"""The command ``roulette``: puts the commands together and turns errors into two plain lines."""

import contextlib
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from roulette_cli.admin import admin
from roulette_cli.bench import bench
from roulette_cli.chat import chat
from roulette_cli.check import check
from roulette_cli.command import ENVIRONMENT, Command, environment_variable
from roulette_cli.errors import CommandError, reason
from roulette_cli.prove import prove
from roulette_cli.serve import serve
from roulette_cli.sim import sim
from roulette_cli.swarm import swarm

app = typer.Typer(
    name="roulette",
    add_completion=False,
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
    """Text ChatRoulette: serve it, simulate it, measure it, prove it."""


# One line for each command, in the order in which --help shows them. A command imports what it needs when it
# runs, so that --help stays quick.
app.command("sim", cls=Command)(sim)
app.command("serve", cls=Command)(serve)
app.command("admin", cls=Command)(admin)
app.command("chat", cls=Command)(chat)
app.command("bench", cls=Command)(bench)
app.command("check", cls=Command)(check)
app.command("prove", cls=Command)(prove)
app.command("swarm", cls=Command)(swarm)


def run() -> None:
    """Runs the command line: exit status 0, 1 for a failure, 2 for bad usage; never a traceback for people."""
    for name in ("stdout", "stderr"):
        # A closed stream is no reason to give up, and neither is a terminal that lacks a character.
        stream = getattr(sys, name) or open(os.devnull, "w")  # noqa: SIM115 (open as long as we run)
        stream.reconfigure(errors="replace")
        setattr(sys, name, stream)
    sys.path.append(os.getcwd())  # a policy of one's own, named package.module:Class, lies where one works
    sys.exit(status(sys.argv[1:]))


def status(arguments: list[str]) -> int:
    """Runs one command and says how it went. What is a bug of ours, and no one else's fault, is raised.

    Args:
        arguments: what was typed behind ``roulette``; nothing at all asks for help.

    Returns:
        The exit status.
    """
    try:
        code = app(arguments or ["--help"], prog_name="roulette", standalone_mode=False) or 0
        sys.stdout.flush()  # here, where a full disk can still be told
        return int(code)
    except CommandError as error:
        return _tell(error)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "roulette"
        variable = environment_variable(error)
        hint = f"it comes from the environment: see {variable}" if variable else f"see {command} --help"
        return _tell(CommandError(_in_our_style(error.format_message()), hint, error.exit_code))
    except BrokenPipeError:
        return _hang_up()
    except OSError as error:
        what = reason(error) if error.filename is None else f"{error.filename}: {reason(error)}"
        return _tell(CommandError(what, "check that the file, device or address is there and may be used"))
    except (KeyboardInterrupt, typer.Abort):
        return 130


def _tell(error: CommandError) -> int:
    """Prints two lines, in which whatever a terminal would obey rather than show is escaped."""
    from roulette_core import harmless

    for word, text in (("error", error.message), ("hint", error.hint)):
        with contextlib.suppress(OSError):  # where nobody can be told, there is still the status
            print(f"{word}: {harmless.message(text)}", file=sys.stderr, flush=True)
    return error.status


def _hang_up() -> int:
    """The reader of our output has gone, as in ``roulette … | head``: no news, but not all was delivered."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush at exit complains
    return 1


def _in_our_style(message: str) -> str:
    """The parser's message with a lower-case beginning, no full stop, and without how it went about parsing."""
    message = message.partition(", unable to parse")[0].replace(": Input should be", ": it should be")
    message = message.replace(": Value error, ", ": ")
    return message[:1].lower() + message[1:].removesuffix(".")
