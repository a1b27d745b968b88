"""Options of one concern are the fields of one dataclass; a command takes such groups."""

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, TypeVar, get_args, get_type_hints

Status = TypeVar("Status", int, None)
"""What a command returns."""


def grouped(command: Callable[..., Status]) -> Callable[..., Status]:
    """Makes a command of options out of one that takes groups of them.

    Args:
        command: takes dataclasses, whose fields are annotated with ``typer.Option`` and have defaults. The first line
            of a group's docstring, without its full stop, is its title in the help.

    Returns:
        The same command, as typer wants it: with one parameter for each option.
    """
    groups = {name: kind for name, kind in get_type_hints(command).items() if name != "return"}

    @functools.wraps(command)
    def flat(**values: Any) -> Status:
        return command(**{name: _filled(kind, values) for name, kind in groups.items()})

    parameters = [parameter for kind in groups.values() for parameter in _parameters(kind)]
    vars(flat)["__signature__"] = inspect.Signature(parameters)
    flat.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return flat


def _filled(group: type, values: dict[str, Any]) -> Any:
    return group(**{part.name: values[part.name] for part in fields(group)})


def _parameters(group: type) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    title = inspect.cleandoc(group.__doc__ or "").partition("\n")[0].removesuffix(".")
    for part in fields(group):
        _, option = get_args(hints[part.name])
        option.rich_help_panel = title
        yield inspect.Parameter(
            part.name, inspect.Parameter.KEYWORD_ONLY, default=part.default, annotation=hints[part.name]
        )
