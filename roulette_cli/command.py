"""What all commands share: help in groups, and options that may come from the environment."""

from typing import Any

from typer.core import TyperCommand, TyperOption

ENVIRONMENT = "ROULETTE"
"""What the names of environment variables begin with: ``--port`` of ``roulette serve`` is ROULETTE_SERVE_PORT."""


class Command(TyperCommand):
    """A command whose help shows options in groups, those of ``rich_help_panel``, without needing colour."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **settings)
        self._options = [option for option in self.params if isinstance(option, TyperOption)]
        for option in self._options:
            option.show_envvar = False  # the epilog says it once for all
            if option.envvar is None and option.allow_from_autoenv:  # as it is typed, not as a parameter is called
                option.envvar = _variable(name or "", option)
        if self._options:
            example = self._options[0]
            variable = _variable(name or "", example)
            self.epilog = f"Every option may be an environment variable instead: {example.opts[0]} is {variable}."

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes arguments and options under the titles of their groups."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            title = "Options" if isinstance(parameter, TyperOption) else "Arguments"
            record = parameter.get_help_record(ctx)
            if record is not None:
                groups.setdefault(getattr(parameter, "rich_help_panel", None) or title, []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def _variable(command: str, option: TyperOption) -> str:
    typed = max(option.opts, key=len).removeprefix("--").replace("-", "_")
    return f"{ENVIRONMENT}_{command}_{typed}".upper()


def environment_variable(error: Exception) -> str | None:
    """The environment variable that a refused value came from, if it came from one."""
    context: Any = getattr(error, "ctx", None)
    option: Any = getattr(error, "param", None)
    source = context.get_parameter_source(option.name) if context and option else None
    if source is None or source.name != "ENVIRONMENT":
        return None
    return str(option.envvar)
