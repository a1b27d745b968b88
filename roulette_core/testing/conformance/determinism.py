"""Determinism of a policy: repeated here, in a process with another hash seed, and without randomness of its own."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from types import FrameType
from typing import Any, NamedTuple

from roulette_core.errors import BadPolicy
from roulette_core.policies import make_policy
from roulette_core.states import State
from roulette_core.testing.conformance.histories import History, evenings, event_of, when
from roulette_core.testing.exploring import CheckedRoulette, Dice, Maker, Step, made
from roulette_core.testing.processes import run_python

HASHES = "1"
"""PYTHONHASHSEED of the other process; in this one it is random, unless it was set."""

_PROGRAM = "from roulette_core.testing.conformance.determinism import main; main()"

_FORBIDDEN = {"time", "random", "secrets", "uuid", "datetime"}


class Divergence(NamedTuple):
    """A history that took another course the second time, and where that was."""

    where: str
    steps: tuple[Step, ...]


def divergence(make: Maker) -> Divergence | None:
    """Returns the shortest of some random histories that takes another course the second time; None if none does."""
    first = journals(make)
    again = _first_difference(make, first, journals(make))
    if again is not None:
        return Divergence("the same history again, in the same process, by a new policy of the same kind", again)
    if not can_be_named(make):
        return None
    seed = HASHES if os.environ.get("PYTHONHASHSEED") != HASHES else "2"
    elsewhere = _first_difference(make, first, _elsewhere(made(make).specification, seed))
    if elsewhere is not None:
        return Divergence(f"the same history in another process, with PYTHONHASHSEED={seed}", elsewhere)
    return None


def can_be_named(make: Maker) -> bool:
    """Returns whether another process can make the policy from its specification."""
    try:
        return type(make_policy(made(make).specification)) is type(made(make))
    except BadPolicy:
        return False


def journals(make: Maker) -> list[list[str]]:
    """Returns for each history the effects of each event, and the explanations to those searching."""
    return [[entry for _, entry in _journal(make, evening)] for evening in evenings()]


def _journal(make: Maker, evening: History) -> Iterator[tuple[Step, str]]:
    trial = CheckedRoulette(make)
    roulette = trial.roulette
    for move in evening.moves:
        now, event, dice = when(roulette, move), event_of(roulette, evening.users, move), Dice(move.throw)
        effects = trial.take(event, now, dice)
        if trial.flaw:
            return  # another check reports it
        explained = [_explained(trial, user) for user in roulette.users(State.SEARCHING)]
        yield Step(now, event, tuple(dice.chosen)), repr((effects, explained))


def _explained(trial: CheckedRoulette, user: Any) -> str:
    try:
        return repr(trial.roulette.explain(user))
    except (Exception, SystemExit) as error:
        return type(error).__name__


def _first_difference(
    make: Maker, first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]
) -> tuple[Step, ...] | None:
    for evening, one, other in zip(evenings(), first, second, strict=True):
        if one != other:
            same = next(place for place in count() if one[place : place + 1] != other[place : place + 1])
            return tuple(step for step, _ in _journal(make, evening))[: same + 1]
    return None


def _elsewhere(specification: str, seed: str) -> list[list[str]]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    found: list[list[str]] = json.loads(run_python(_PROGRAM, specification, environment=environment).splitlines()[-1])
    return found


def main() -> None:
    """Prints the journals of the policy whose specification is the only argument, as one line of JSON."""
    print(json.dumps(journals(sys.argv[1])))


def forbidden_calls(make: Maker) -> list[str]:
    """Returns the functions that a policy must not call but has called: for the time of day, or for randomness."""
    found: dict[str, None] = {}
    for evening in islice(evenings(), 0, None, 4):
        trial = CheckedRoulette(make)
        for move in evening.moves:
            event = event_of(trial.roulette, evening.users, move)
            now = when(trial.roulette, move)
            with _overheard(found):
                trial.take(event, now, Dice(move.throw))
            if trial.flaw:
                break
    return list(found)


@contextmanager
def _overheard(found: dict[str, None]) -> Iterator[None]:
    """Records every call of a function that returns the time or a random number."""

    def listen(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            name = _name_of_builtin(called)
        else:
            name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}" if event == "call" else ""
        if name.partition(".")[0] in _FORBIDDEN or name == "posix.urandom":
            found[name] = None

    before = sys.getprofile()
    sys.setprofile(listen)
    try:
        yield
    finally:
        sys.setprofile(before)


def _name_of_builtin(called: Any) -> str:
    """Returns the name of a C function with its module: of a method, that of its object's class."""
    owner = getattr(called, "__self__", None)
    kind = owner if isinstance(owner, type) else type(owner)
    module = getattr(called, "__module__", None) or kind.__module__
    name = f"{module.lstrip('_')}.{called.__name__}"
    return name if not name.startswith("datetime.") or called.__name__ in ("now", "today", "utcnow") else ""
