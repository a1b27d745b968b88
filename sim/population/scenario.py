"""Scenario files: who lives in a simulation, as TOML with units in the names of the keys. See ``docs/scenarios.md``."""

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from roulette_core import harmless
from sim.population import at_rest
from sim.population.closed import ClosedModel
from sim.population.persona_population import PersonaPopulation
from sim.population.personas import Persona

MOST_USERS = 10_000_000
_MOST_BYTES = 1 << 20
MIXED = Path(__file__).with_name("mixed.toml")
"""The default scenario, which is also an example of a file."""

_HINT = "docs/scenarios.md lists every key, and shows a file to start from"

# Times below 0.1 s would only keep the simulator busy.
_RANGES = {
    "share": (0, 1e6),
    "arrivals_per_minute": (0, 1e6),
    "lobby_seconds": (0.1, math.inf),
    "chat_seconds": (0.1, math.inf),
    "patience_seconds": (0.1, math.inf),
    "block_probability": (0, 1),
    "next_probability": (0, 1),
    "lobby_lines_per_minute": (0, 600),
    "private_lines_per_minute": (0, 600),
    "stay_seconds": (0.1, math.inf),
    "away_seconds": (0.1, math.inf),
    "unnoticed_seconds": (0, math.inf),
}
"""Least and largest value of each number of a persona."""


class ScenarioError(Exception):
    """A scenario cannot be used: what is wrong, naming the key, and what to do about it, in a line each."""

    def __init__(self, message: str, hint: str = _HINT) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Mixed:
    """Users of several kinds, some there from the beginning, some arriving later.

    Attributes:
        users: initial number of users.
        personas: the kinds of users, at least one.
        arrivals_factor: multiplies the arrival rates of the personas.
    """

    name: str
    users: int
    personas: tuple[Persona, ...]
    arrivals_factor: float = 1.0
    mean_chat_seconds: None = None

    def population(self, seed: np.random.SeedSequence) -> PersonaPopulation:
        """Returns its users, ready to run once."""
        return PersonaPopulation(self.personas, self.users, self.arrivals_factor, seed)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds of users, in the order of their numbers."""
        return tuple(persona.name for persona in self.personas)

    @property
    def warmup_seconds(self) -> float:
        """How long it takes to forget that all users begin in the lobby; see ``at_rest.warmup_seconds``."""
        return at_rest.warmup_seconds(self._living())

    @property
    def slowest_seconds(self) -> float:
        """The slowest time constant of the users: those of ``at_rest.mixing_seconds`` and ``presence_seconds``."""
        return at_rest.slowest_seconds(self._living())

    @property
    def expected_present(self) -> float:
        """The mean number of users present at rest, silent ones included; infinite if it never comes to rest."""
        return at_rest.expected_present(self.personas, self.users, self.arrivals_factor)

    @property
    def names_interests(self) -> bool:
        """Whether any user names interests."""
        return any(persona.interests for persona in self.personas)

    def _living(self) -> list[Persona]:
        """Returns the personas that have users, or will."""
        return [each for each in self.personas if each.arrivals_per_minute or (each.share and self.users)]

    def scaled(self, users: int) -> "Mixed":
        """Returns the scenario with another number of users; arrivals grow or shrink with it."""
        factor = users / self.users if self.users else 1.0
        return replace(self, users=users, arrivals_factor=self.arrivals_factor * factor)


Scenario: TypeAlias = ClosedModel | Mixed


def load(name: str, users: int | None = None) -> Scenario:
    """Returns a scenario, ``closed``, ``mixed``, or of a TOML file; by default with its own number of users.

    Raises:
        ScenarioError: there is no such scenario, or its file is wrong.
    """
    if name == "closed":
        return ClosedModel(1000 if users is None else users)
    path = MIXED if name == "mixed" else Path(name)
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1).decode("utf-8-sig")  # Windows editors put a byte order mark in front
    except UnicodeDecodeError:
        raise ScenarioError(f"{name!r} is not UTF-8 text") from None
    except (OSError, ValueError) as error:  # a ValueError if the name holds a NUL
        reason = getattr(error, "strerror", None) or "not a path"
        hint = "use closed, mixed or a TOML file"
        raise ScenarioError(f"cannot read the scenario {name!r}: {reason}", hint) from None
    if len(text) > _MOST_BYTES:
        raise ScenarioError(f"{name!r} is too large for a scenario")
    scenario = parse(text, path.stem)
    return scenario if users is None else _require_users(scenario.scaled(users))


def parse(text: str, name: str) -> Mixed:
    """Reads a scenario from TOML; its name is shown in reports.

    Raises:
        ScenarioError: something is wrong with it; the message names the key.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ScenarioError(f"this is not TOML: {error}") from None
    _require_keys(data, {"users", "personas"}, ["users", "personas"], "")
    users, tables = data["users"], data["personas"]
    if type(users) is not int or not 0 <= users <= MOST_USERS:
        raise _wrong("users", f"a whole number from 0 to {MOST_USERS:,}", users)
    if not isinstance(tables, dict) or not tables:
        raise ScenarioError("personas must be tables, at least one, such as [personas.patient]")
    personas = tuple(_persona(name, table) for name, table in tables.items())
    return _require_users(Mixed(name, users, personas))


def _require_users(scenario: Mixed) -> Mixed:
    """Refuses a scenario without users, or with users of no kind."""
    if scenario.users and not any(persona.share for persona in scenario.personas):
        raise ScenarioError("there are users, but no persona has a share above 0")
    arriving = any(persona.arrivals_per_minute * scenario.arrivals_factor for persona in scenario.personas)
    if not scenario.users and not arriving:
        raise ScenarioError("there are no users and no arrivals_per_minute, so the simulation would stay empty")
    for persona in scenario.personas:
        present = at_rest.newcomers_at_rest(persona, scenario.arrivals_factor)
        if MOST_USERS < present < math.inf:
            raise ScenarioError(
                f"{harmless.key(f'personas.{persona.name}')} has more than {MOST_USERS:,} newcomers at rest",
                "lower arrivals_per_minute or stay_seconds; if they never leave, say stay_seconds = inf",
            )
    return scenario


def _persona(name: str, table: Any) -> Persona:
    """Makes a persona from a table, whose keys are the persona's attributes."""
    where = f"personas.{name}"
    if not isinstance(table, dict):
        raise _wrong(where, "a table", table)
    attributes = [field for field in fields(Persona) if field.name != "name"]
    required = [field.name for field in attributes if field.default is MISSING]
    _require_keys(table, {field.name for field in attributes}, required, where)
    if not {"share", "arrivals_per_minute"} & table.keys():
        raise ScenarioError(f"{harmless.key(where)} needs a share or arrivals_per_minute; otherwise it has no users")
    interests = table.get("interests", [])
    if not isinstance(interests, list) or not all(isinstance(interest, str) for interest in interests):
        raise _wrong(f"{where}.interests", "a list of strings", interests)
    numbers = {key: _number(value, *_RANGES[key], f"{where}.{key}") for key, value in table.items() if key in _RANGES}
    return Persona(name=name, interests=tuple(interests), **numbers)


def _number(value: Any, low: float, high: float, where: str) -> float:
    try:
        number = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:  # a whole number too large for a float
        number = math.nan
    if not low <= number <= high:
        raise _wrong(where, f"a number from {low:,.10g} to {high:,.10g}", value)
    return number


def _require_keys(table: Mapping[str, Any], known: Collection[str], required: list[str], where: str) -> None:
    for key in table:
        if key not in known:
            owner = harmless.key(where) or "a scenario"
            raise ScenarioError(f"{owner} has no key {_shown(key)}; it takes {', '.join(sorted(known))}")
    for key in required:
        if key not in table:
            raise ScenarioError(f"{harmless.key(f'{where}.{key}' if where else key)} is missing")


def _wrong(where: str, must_be: str, value: Any) -> ScenarioError:
    return ScenarioError(f"{harmless.key(where)} must be {must_be}, not {_shown(value)}")


def _shown(value: Any) -> str:
    """Returns a value in a few words."""
    try:
        shown = repr(value)
    except ValueError:  # Python does not print whole numbers of thousands of digits
        shown = "so large a number"
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
