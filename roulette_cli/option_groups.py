"""Options of one concern are the fields of one dataclass; a command takes such groups beside its other parameters."""

import functools
import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import Field, field, fields, is_dataclass
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import typer

Status = TypeVar("Status", int, None)
"""What a command returns."""

T = TypeVar("T")


def option(
    default: T,
    help_text: str,
    metavar: str | None = None,
    *,
    name: str | None = None,
    least: float | None = None,
    most: float | None = None,
) -> T:
    """Declares a field of a group as an option, named like the field unless ``name`` says otherwise."""
    about = {"help": help_text, "metavar": metavar, "name": name, "min": least, "max": most}
    return field(default=default, metadata=about)


def grouped(command: Callable[..., Status]) -> Callable[..., Status]:
    """Returns a command with one parameter for each option, as typer needs it.

    Args:
        command: a command. A parameter that is annotated ``Annotated[Group, "Title"]``, where ``Group`` is a dataclass,
            stands for the fields of the group that have metadata (see ``option``), in a section of that title.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type] = {}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        group, *titles = get_args(hints[name]) or (hints[name],)
        if isinstance(group, type) and is_dataclass(group):
            groups[name] = group
            parameters += _parameters(group, *titles)
        else:
            parameters.append(parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY))

    @functools.wraps(command)
    def flat(**values: Any) -> Status:
        filled = {name: _take(values, group) for name, group in groups.items()}
        return command(**filled, **values)

    vars(flat)["__signature__"] = inspect.Signature(parameters)
    flat.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return flat


def _take(values: dict[str, Any], group: type) -> Any:
    """Moves the values of a group's options into the group; an option that was not given leaves the field's default."""
    taken = {}
    for part in fields(group):
        if part.metadata and (value := values.pop(part.name)) is not None:
            read = part.metadata.get("read")
            taken[part.name] = read(value) if read else value
    return group(**taken)


def _parameters(group: type, title: str) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(group)
    for part in fields(group):
        if part.metadata:
            annotation, default = hints[part.name], part.default
            if part.metadata.get("read"):  # repeatable: typed as texts, and its default is not shown as a text
                annotation, default = list[str] | None, None
            yield inspect.Parameter(
                part.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[annotation, _typer_option(part, annotation, title)],
            )


def _typer_option(part: Field[Any], annotation: Any, title: str) -> Any:
    about, read = part.metadata, part.metadata.get("read")
    return typer.Option(
        about.get("name") or f"--{part.name.replace('_', '-')}",  # named, a flag has no --no-… beside it
        help=about["help"],
        metavar=about["metavar"],
        min=None if read else about["min"],
        max=about["max"],
        callback=_finite if annotation is float else _checked(read),
        rich_help_panel=title,
    )


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not finite.")
    return value


def _checked(read: Callable[[Sequence[str]], object] | None) -> Callable[[Any], Any] | None:
    """Returns a callback that refuses texts which cannot be read; None if they need no reading."""
    if read is None:
        return None

    def callback(texts: list[str] | None) -> list[str] | None:
        try:
            read(texts or [])
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        return texts  # not what was read: typer takes an empty sequence for an option that was not given

    return callback
