"""Scenario files: who lives in a simulation, as TOML with units in the names of the keys. See ``docs/scenarios.md``."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from roulette_core import harmless
from sim.population.closed import ClosedModel
from sim.population.persona_population import PersonaPopulation
from sim.population.personas import Persona

MOST_USERS = 10_000_000
_MOST_BYTES = 1 << 20
MIXED = Path(__file__).with_name("mixed.toml")
"""The default scenario, which is also an example of a file."""


class ScenarioError(Exception):
    """A scenario cannot be understood.

    Attributes:
        message: what is wrong, in one line, naming the key.
        hint: what to do about it, in one line.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Mixed:
    """People of several kinds, some there from the beginning, some arriving later.

    Attributes:
        name: what reports call it.
        users: how many are there at the beginning.
        personas: the kinds of people, at least one.
        arrivals_factor: by how much to multiply the arrivals of the personas.
    """

    name: str
    users: int
    personas: tuple[Persona, ...]
    arrivals_factor: float = 1.0
    mean_chat_seconds: None = None

    def population(self, seed: np.random.SeedSequence) -> PersonaPopulation:
        """Its users, ready to run once."""
        return PersonaPopulation(self.personas, self.users, self.arrivals_factor, seed)

    def scaled(self, users: int) -> "Mixed":
        """The same for another number of users: the arrivals grow or shrink with it."""
        factor = users / self.users if self.users else 1.0
        return replace(self, users=users, arrivals_factor=self.arrivals_factor * factor)


Scenario: TypeAlias = ClosedModel | Mixed


class _Range(NamedTuple):
    """What a number may be: from ``low`` to ``high``, both included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"from {self.low:,.10g} to {self.high:,.10g}"


_TIME = _Range(0.1, math.inf)
_LINES = _Range(0, 600)
_NUMBERS = {
    "share": _Range(0, 1e6),
    "arrivals_per_minute": _Range(0, 1e6),
    "lobby_seconds": _TIME,
    "chat_seconds": _TIME,
    "patience_seconds": _TIME,
    "next_probability": _Range(0, 1),
    "lobby_lines_per_minute": _LINES,
    "private_lines_per_minute": _LINES,
    "stay_seconds": _TIME,
    "away_seconds": _TIME,
    "unnoticed_seconds": _Range(0, math.inf),
}
"""What each number of a persona may be. Shorter times would only keep the simulator busy."""

_HINT = "docs/scenarios.md lists every key, and shows a file to start from"


def load(name: str, users: int | None = None) -> Scenario:
    """Finds a scenario.

    Args:
        name: ``closed``, ``mixed``, or the path of a TOML file.
        users: how many users there are to be; by default what the scenario says.

    Raises:
        ScenarioError: there is no such scenario, or its file is wrong.
    """
    if name == "closed":
        return ClosedModel(1000 if users is None else users)
    path = MIXED if name == "mixed" else Path(name)
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1).decode()
    except UnicodeDecodeError:
        raise ScenarioError(f"{name!r} is not UTF-8 text", _HINT) from None
    except (OSError, ValueError) as error:  # a ValueError if the name holds a NUL
        reason = getattr(error, "strerror", None) or "not a path"
        raise ScenarioError(
            f"cannot read the scenario {name!r}: {reason}", "use closed, mixed or a TOML file"
        ) from None
    if len(text) > _MOST_BYTES:
        raise ScenarioError(f"{name!r} is too large for a scenario", _HINT)
    scenario = parse(text, path.stem)
    if users is None:
        return scenario
    return _habitable(scenario.scaled(users))


def parse(text: str, name: str) -> Mixed:
    """Reads a scenario from TOML.

    Args:
        text: the TOML.
        name: what reports are to call it.

    Raises:
        ScenarioError: something is wrong with it; the message names the key.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ScenarioError(f"this is not TOML: {error}", _HINT) from None
    _refuse_unknown(data, {"users", "personas"}, "")
    _require(data, ["users", "personas"], "")
    users = data["users"]
    if type(users) is not int or not 0 <= users <= MOST_USERS:
        raise ScenarioError(f"users must be a whole number from 0 to {MOST_USERS:,}, not {_shown(users)}", _HINT)
    tables = data["personas"]
    if not isinstance(tables, dict) or not tables:
        raise ScenarioError("personas must be tables, at least one, such as [personas.patient]", _HINT)
    personas = tuple(_persona(name, table) for name, table in tables.items())
    return _habitable(Mixed(name, users, personas))


def _habitable(scenario: Mixed) -> Mixed:
    """Refuses a scenario in which there would be nobody, or nobody knows of what kind."""
    if scenario.users and not any(persona.share for persona in scenario.personas):
        raise ScenarioError("no persona has a share above 0, so nobody knows of what kind the users are", _HINT)
    if not scenario.users and not any(persona.arrivals_per_minute for persona in scenario.personas):
        raise ScenarioError("there are no users and no arrivals_per_minute, so there would never be anybody", _HINT)
    return scenario


def _persona(name: str, table: Any) -> Persona:
    """Makes a persona of a table, whose keys are the persona's attributes."""
    where = f"personas.{name}"
    if not isinstance(table, dict):
        raise ScenarioError(f"{harmless.key(where)} must be a table, not {_shown(table)}", _HINT)
    attributes = [field for field in fields(Persona) if field.name != "name"]
    _refuse_unknown(table, {field.name for field in attributes}, where)
    _require(table, [field.name for field in attributes if field.default is MISSING], where)
    if not {"share", "arrivals_per_minute"} & table.keys():
        raise ScenarioError(
            f"{harmless.key(where)} needs a share or arrivals_per_minute, or there is nobody like that", _HINT
        )
    numbers = {key: _number(value, _NUMBERS[key], f"{where}.{key}") for key, value in table.items() if key in _NUMBERS}
    return Persona(name=name, interests=_interests(table.get("interests", []), where), **numbers)


def _number(value: Any, allowed: _Range, where: str) -> float:
    try:
        number = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:  # a whole number beyond all others
        number = math.nan
    if not allowed.low <= number <= allowed.high:
        raise ScenarioError(f"{harmless.key(where)} must be a number {allowed}, not {_shown(value)}", _HINT)
    return number


def _interests(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(interest, str) for interest in value):
        raise ScenarioError(f"{harmless.key(where)}.interests must be a list of strings, not {_shown(value)}", _HINT)
    return tuple(value)


def _refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in table:
        if key not in known:
            owner = harmless.key(where) if where else "a scenario"
            raise ScenarioError(f"{owner} has no key {_shown(key)}; it takes {', '.join(sorted(known))}", _HINT)


def _require(table: Mapping[str, Any], required: list[str], where: str) -> None:
    for key in required:
        if key not in table:
            raise ScenarioError(f"{harmless.key(f'{where}.{key}' if where else key)} is missing", _HINT)


def _shown(value: Any) -> str:
    """A value as it may be shown, in a few words."""
    try:
        shown = repr(value)
    except ValueError:  # Python does not print whole numbers of thousands of digits
        shown = "so large a number"
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
