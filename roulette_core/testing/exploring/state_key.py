"""Keys of states, equal for states that differ only in the names of users, so that these are counted as one.

A *portrait* holds everything that later effects can depend on: the core's state, the policy's memory, and what the
invariants remember of partners. It consists of tuples, of sorted lists whose order does not matter, of strings and
numbers; users appear by name. Two states are alike if renaming users makes their portraits equal.
"""

import marshal
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

from roulette_core.errors import BrokenPolicy
from roulette_core.events import Event, Join, User, with_users
from roulette_core.machine import Roulette
from roulette_core.policies import Policy
from roulette_core.states import State
from roulette_core.testing.built_in import facts_of
from roulette_core.testing.clocks import Clock
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Maker, Step, replayed
from roulette_core.testing.exploring.possibilities import name_of

Portrait: TypeAlias = tuple[Any, ...]

_ONESELF = "\0"
"""Stands for the user whose view a portrait is."""


def state_key(trial: CheckedRoulette, clock: Clock, directed: bool = True) -> Portrait:
    """Returns the portrait of a state, with times as far as the clock tells them apart.

    Numbers of chats are left out: all that matters of them is which chat is the present one, and that is the pair.
    ``directed`` says whether it matters who of two has blocked the other, as it does where blocks may be taken back.
    """
    roulette, policy = trial.roulette, trial.roulette.policy
    present = roulette.users()
    users = sorted(
        (user, int(roulette.state(user)), roulette.partner(user) or "", _known(roulette, user)) for user in present
    )
    blocks = policy.blocks.pairs(present) if policy.blocks.apart else []
    if not directed:
        blocks += [pair[::-1] for pair in blocks if pair[::-1] not in blocks]
    blocks.sort()
    try:
        memory = _memory(policy, policy.snapshot())
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise BrokenPolicy(f"the policy raised {error!r} in snapshot") from error
    remembered = () if trial.rule is None else trial.rule.remembered(trial.checker.ledger)
    same = remembered == memory  # as it should be: then the portrait need not hold it twice
    return users, clock.reading(trial.roulette), blocks, memory, () if same else remembered


def _known(roulette: Roulette, user: User) -> tuple[Any, ...]:
    """Returns what the policy knows of a user; in the lobby that makes no difference, since ``Start`` says it anew."""
    if roulette.state(user) is State.LOBBY:
        return ()
    attributes = roulette.attributes(user)
    return (roulette.interests(user), *_frozen(attributes)) if attributes else (roulette.interests(user),)


def _memory(policy: Policy, memory: Any) -> Any:
    facts = facts_of(policy)
    # A derived class may remember something else than the built-in policy: then nothing is known of its form.
    known = facts is not None and type(policy).snapshot is facts.policy.snapshot
    return facts.memory(memory) if facts is not None and known else _frozen(memory)


def _frozen(data: Any) -> Any:
    """Returns JSON data in the form of a portrait; order matters in a list, and does not in an object."""
    if isinstance(data, list | tuple):
        return tuple([_frozen(item) for item in data])
    if isinstance(data, dict):
        return sorted(((key, _frozen(item)) for key, item in data.items()), key=repr)
    if data is not None and not isinstance(data, str | int | float):
        raise BrokenPolicy(f"the policy remembers {data!r}, which is not plain data")
    return data


def renamed(view: Any, names: Mapping[str, str]) -> Any:
    """Returns a portrait, or part of one, with other user names."""
    kind = type(view)
    if kind is str:
        return names.get(view, view)
    if kind is tuple:
        return tuple([renamed(item, names) for item in view])
    if kind is list:
        return sorted([renamed(item, names) for item in view], key=repr)
    return view


class Canonical(NamedTuple):
    """The canonical form of a state."""

    key: bytes  # 16 bytes of BLAKE2b: equal for states that are alike, and for others with probability 2⁻¹²⁸
    order: tuple[str, ...]  # the users in canonical order


class Canonicaliser:
    """Computes the canonical form of portraits, with a cache; ``alike`` says whether users may be renamed at all."""

    def __init__(self, users: Sequence[str], alike: bool = True) -> None:
        self._users = tuple(users)
        self._alike = alike
        self._seen: dict[bytes, Canonical] = {}

    def __call__(self, view: Portrait) -> Canonical:
        """Returns the canonical form of a portrait."""
        digest = _digest(view)
        canonical = self._seen.get(digest)
        if canonical is None:
            order = self._order(view) if self._alike else self._users
            names = dict(zip(order, self._users, strict=True))
            canonical = self._seen[digest] = Canonical(_digest(renamed(view, names)), order)
        return canonical

    def _order(self, view: Portrait) -> tuple[str, ...]:
        """Returns an order of the users that depends on their names as little as possible.

        Users get different colours if their views of the state differ (colour refinement, as for graph isomorphism). If
        some users still share a colour, one of them gets a colour of its own and refinement goes on. Should the choice
        matter, a state is counted twice, which does no harm.
        """
        colours = self._refined(view, dict.fromkeys(self._users, ""))
        while len(set(colours.values())) < len(colours):
            borne = list(colours.values())
            first = min((user for user in self._users if borne.count(colours[user]) > 1), key=colours.__getitem__)
            colours = self._refined(view, {**colours, first: colours[first] + "!"})
        return tuple(sorted(self._users, key=colours.__getitem__))

    def _refined(self, view: Portrait, colours: dict[str, str]) -> dict[str, str]:
        """Returns colours that differ for users whose views differ, refined until nothing changes."""
        told_apart = 0
        while told_apart < len(bearers := Counter(colours.values())) < len(colours):
            told_apart = len(bearers)
            looks = {user: (colour, "") for user, colour in colours.items()}
            for user, colour in colours.items():
                if bearers[colour] > 1:
                    looks[user] = colour, repr(renamed(view, {**colours, user: _ONESELF}))
            places = {look: f"{place:03}" for place, look in enumerate(sorted(set(looks.values())))}
            colours = {user: places[look] for user, look in looks.items()}
        return colours


def _digest(view: Portrait) -> bytes:
    return blake2b(marshal.dumps(view, 2), digest_size=16).digest()  # version 2: the same bytes for equal values


def interchangeable(roulette: Roulette, view: Portrait, users: Iterable[str]) -> set[str]:
    """Returns users from which another one, not returned, differs by the name only.

    What they may do leads to the same states as what that one may do. Looked for among the absent and in the lobby: the
    pool has an order, and partners could only be exchanged two by two.
    """
    alike: set[str] = set()
    outside = [user for user in users if roulette.state(user) in (State.OUTSIDE, State.LOBBY)]
    for first, second in combinations(outside, 2):
        if second in alike or roulette.state(first) is not roulette.state(second):
            continue
        if renamed(view, {first: second, second: first}) == renamed(view, {}):
            alike.add(second)
    return alike


def mirrored(users: Sequence[str]) -> dict[str, str]:
    """Returns other names for users: the first gets the name of the last, and so on."""
    return dict(zip(users, reversed(users), strict=True))


def with_names(event: Event, names: Mapping[str, str]) -> Event:
    """Returns the same event with other user names."""
    other = with_users(event, lambda user: names[str(user)])
    called = {name_of(user): name_of(there) for user, there in names.items()}
    return other._replace(name=called.get(other.name, other.name)) if isinstance(other, Join) else other


def names_matter(
    policy: Maker, trial: CheckedRoulette, steps: Sequence[Step], names: Mapping[str, str], clock: Clock
) -> bool:
    """Returns whether a history takes another course with other user names, so that users may not be renamed.

    ``trial`` is the roulette after the history, ``clock`` says which times are told apart.
    """
    other = replayed(policy, [step._replace(event=with_names(step.event, names)) for step in steps])
    return bool(renamed(state_key(other, clock), {}) != renamed(state_key(trial, clock), names))
