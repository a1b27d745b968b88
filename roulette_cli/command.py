"""What all commands share: help in sections, and options that can be set in the environment."""

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from roulette_cli.errors import BadUsage
from roulette_cli.interrupts import interrupt_status

ENVIRONMENT = "ROULETTE"
"""Prefix of environment variables: ``--port`` of ``roulette serve`` is ROULETTE_SERVE_PORT."""


class Root(TyperGroup):
    """The command ``roulette``, whose own options are typed, and not set in the environment."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Returns its options; those of completion are added by typer."""
        params = super().get_params(ctx)
        for option in params:
            if isinstance(option, TyperOption):
                option.allow_from_autoenv = option.show_envvar = False
        return list(params)


class Command(TyperCommand):
    """A command whose help has a section for each ``rich_help_panel``, without colour."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **settings)
        self._options = [option for option in self.params if isinstance(option, TyperOption)]
        for option in self._options:
            option.show_envvar = False  # the epilog says it once
            if option.envvar is None and option.allow_from_autoenv:  # named after the option, not the parameter
                option.envvar = _variable(name or "", option)
        if self._options:
            example = self._options[0]
            variable = _variable(name or "", example)
            self.epilog = f"Every option can be set in the environment instead: {example.opts[0]} as {variable}."

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the command line. Refuses an option with one value that is typed twice: one of the two is a mistake."""
        _, _, typed = self.make_parser(ctx).parse_args(args=list(args))
        for option in self._options:
            if typed.count(option) > 1 and not option.multiple and not option.is_flag and not ctx.resilient_parsing:
                raise BadUsage(f"{option.opts[0]} is given {typed.count(option)} times", f"give {option.opts[0]} once")
        return list(super().parse_args(ctx, args))

    def invoke(self, ctx: Any) -> Any:
        """Runs the command. Ctrl-C and SIGTERM become its exit status here: typer takes both for Ctrl-C."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise typer.Exit(interrupt_status(error)) from error

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes arguments and options under the titles of their sections."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            title = "Options" if isinstance(parameter, TyperOption) else "Arguments"
            record = parameter.get_help_record(ctx)
            if record is not None:
                shown = (record[0].partition(" <")[0], _in_words(record[1]))  # without the type of an argument
                groups.setdefault(getattr(parameter, "rich_help_panel", None) or title, []).append(shown)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def _in_words(text: str) -> str:
    """Writes the range and default of a number as people do: ``0<=x<=9`` is "0 to 9", 60.0 is 60."""
    for pattern, words in _IN_WORDS:
        text = re.sub(pattern, words, text)
    return text


_IN_WORDS = (
    (r"(default: \d+)\.0\b(?=[];])", r"\1"),
    (r"(\d+)<=x<=(\d+)\]$", r"\1 to \2]"),
    (r"; x>=0\]$", "]"),  # that a number is not negative goes without saying
    (r"  \[x>=0\]$", ""),
    (r"x>=(\d+)\]$", r"at least \1]"),
)


def _variable(command: str, option: TyperOption) -> str:
    typed = max(option.opts, key=len).removeprefix("--").replace("-", "_")
    return f"{ENVIRONMENT}_{command}_{typed}".upper()


def environment_variable(error: Exception) -> str | None:
    """Returns the environment variable that a refused value is from; None if it was typed."""
    context: Any = getattr(error, "ctx", None)
    option: Any = getattr(error, "param", None)
    source = context.get_parameter_source(option.name) if context and option else None
    if source is None or source.name != "ENVIRONMENT":
        return None
    return str(option.envvar)
