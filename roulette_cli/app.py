"""The parser of the command line: every command with its options."""

from typing import Annotated

import typer

from roulette_cli.admin import admin
from roulette_cli.bench import bench
from roulette_cli.chat import chat
from roulette_cli.check import check
from roulette_cli.command import ENVIRONMENT, Command, Root, environment_variable
from roulette_cli.errors import CommandError
from roulette_cli.interrupts import interrupt_status
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
        from importlib.metadata import version

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


# In the order in which --help shows them. A command imports what it needs when it runs, so that parsing stays quick.
for _command in (sim, serve, admin, chat, bench, check, prove, swarm):
    app.command(_command.__name__, cls=Command)(_command)


def call(arguments: list[str]) -> int:
    """Parses the words after ``roulette`` and runs the command that they name. Returns its exit status.

    Raises:
        CommandError: the words cannot be parsed, or the command failed.
    """
    try:
        return int(app(arguments, prog_name="roulette", standalone_mode=False) or 0)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "roulette"
        variable = environment_variable(error)
        hint = f"the value is from the environment: see {variable}" if variable else f"see {command} --help"
        raise CommandError(_in_our_style(error.format_message()), hint, error.exit_code) from error
    except typer.Abort as error:
        return interrupt_status(error)


def _in_our_style(message: str) -> str:
    """Rewrites a parser's message: lower case at the beginning, no full stop, no details of the parsing."""
    message = message.partition(", unable to parse")[0].replace(": Input should be", ": it should be")
    message = message.replace(": Value error, ", ": ")
    return message[:1].lower() + message[1:].removesuffix(".")
