"""Anonymity of a policy: whether the identity of users makes a difference, computed with exact probabilities.

The same history happens twice, the second time with the names of the users exchanged. At every event each outcome must
have the same probability as before, up to the names.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from time import monotonic
from typing import Any, NamedTuple

from hypothesis import strategies as st

from roulette_core.effects import Effect
from roulette_core.events import Event, Join, User, with_users
from roulette_core.testing.conformance.histories import NUMBERS, WORDS, History, event_of, histories, when
from roulette_core.testing.conformance.outcomes import Outcomes, Path
from roulette_core.testing.conformance.search import smallest
from roulette_core.testing.exploring import Maker, Step, describe_effects, name_of

_USERS = ("user", "partner", "other", "first", "second", "sender", "recipient")
"""The fields of effects that hold users."""


class Difference(NamedTuple):
    """A history whose last event has an ``outcome`` of another ``probability`` if users are ``renamed``."""

    steps: tuple[Step, ...]
    names: dict[User, User]
    outcome: str
    probability: Fraction
    renamed: Fraction


def counterexample(make: Maker, examples: int, seconds: float) -> Difference | None:
    """Returns the smallest history found in which names make a difference; None if none was found.

    Tries so many ``examples`` with user ids that are words, and as many with numbers, but stops after so many seconds.

    Raises:
        NotTheSameTwice: the policy is not deterministic.
    """
    ends = monotonic() + seconds
    for users in (WORDS, NUMBERS):
        orders = st.permutations(range(len(users))).map(tuple)
        found = smallest(
            st.tuples(histories(users), orders), lambda example: _difference(make, *example), examples, ends
        )
        if found is not None:
            return found
    return None


def _difference(make: Maker, history: History, order: Sequence[int]) -> Difference | None:
    """Plays a history twice, up to where names make a difference. Errors are reported by other checks."""
    names = {user: history.users[place] for user, place in zip(history.users, order, strict=True)}
    if all(user == name for user, name in names.items()):
        return None
    here, there = Outcomes(make), Outcomes(make)
    for move in history.moves:
        try:
            roulette = here.roulette()
            now, event = when(roulette, move), event_of(roulette, history.users, move)
            mine, theirs = here.outcomes(event, now), there.outcomes(_renamed_event(event, names), now)
        except (Exception, SystemExit):
            return None
        back = {name: user for user, name in names.items()}
        likely, otherwise = _likelihoods(mine, {}), _likelihoods(theirs, back)
        outcomes = sorted(mine, key=repr)
        chosen = outcomes[move.throw % len(outcomes)]
        here.follow(event, now, mine[chosen])
        if likely != otherwise:
            outcome = next(each for each in likely if likely[each] != otherwise.get(each, 0))
            text = next(describe_effects(effects) for effects in outcomes if _unordered(effects, {}) == outcome)
            moved = {user: name for user, name in names.items() if user in roulette}
            return Difference(here.steps(), moved, text, likely[outcome], otherwise.get(outcome, Fraction(0)))
        same = [effects for effects in theirs if _ordered(effects, back) == _ordered(chosen, {})]
        if not same:
            return None
        there.follow(_renamed_event(event, names), now, theirs[same[0]])
    return None


def _renamed_event(event: Event, names: Mapping[User, User]) -> Event:
    """Returns the same event of a user with another name."""
    renamed = with_users(event, names.__getitem__)
    return renamed._replace(name=name_of(str(renamed.user))) if isinstance(renamed, Join) else renamed


def _ordered(effects: Sequence[Effect], names: Mapping[User, User]) -> tuple[Any, ...]:
    return tuple(
        (
            effect.kind,
            *(names.get(user, user) for field in _USERS if (user := getattr(effect, field, None)) is not None),
        )
        for effect in effects
    )


def _unordered(effects: Sequence[Effect], names: Mapping[User, User]) -> tuple[Any, ...]:
    return tuple((kind, frozenset(users)) for kind, *users in _ordered(effects, names))


def _likelihoods(
    outcomes: Mapping[tuple[Effect, ...], Mapping[Path, Fraction]], names: Mapping[User, User]
) -> dict[Any, Fraction]:
    """Returns the probability of each outcome, regardless of the order in which the users of a pair are named."""
    found: dict[Any, Fraction] = defaultdict(Fraction)
    for effects, paths in outcomes.items():
        found[_unordered(effects, names)] += sum(paths.values(), Fraction(0))
    return dict(found)
