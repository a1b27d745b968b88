"""The command ``roulette``: puts the commands together and turns errors into two plain lines."""

import sys

import typer

from roulette_cli.errors import BadUsage, CommandError

app = typer.Typer(
    name="roulette",
    help="Text ChatRoulette: a matching library, a server around it, a simulator that measures pairing rules.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def roulette() -> None:
    """Text ChatRoulette: serve it, simulate it, measure it."""


def run() -> None:
    """Runs the command line: exit status 0, 1 for a failure, 2 for bad usage; never a traceback for people."""
    sys.exit(status(sys.argv[1:]))


def status(arguments: list[str]) -> int:
    """Runs one command and says how it went.

    Args:
        arguments: what was typed behind ``roulette``.

    Returns:
        The exit status.
    """
    try:
        return app(arguments, prog_name="roulette", standalone_mode=False) or 0
    except CommandError as error:
        return _tell(error)
    except typer.TyperException as error:
        command = " ".join(["roulette", *arguments[:1]]) if arguments[:1] in _COMMANDS else "roulette"
        return _tell(BadUsage(error.format_message(), f"see {command} --help"))
    except (KeyboardInterrupt, typer.Abort):
        return 130


def _tell(error: CommandError) -> int:
    print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
    return error.status
