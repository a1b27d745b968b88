"""A roulette's whole state as plain JSON data, and back.

Format 2: users with name, state and interests in the order in which they joined; pairs of users; the pool as user
and waiting since, in the policy's own order; who is kept apart, each pair once; the policy's memory and the random
state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roulette_core._directory import Member
from roulette_core.errors import BadSnapshot, RouletteError
from roulette_core.events import Tick, User
from roulette_core.policies import NEVER, Policy
from roulette_core.states import State

if TYPE_CHECKING:
    from roulette_core.machine import Roulette

FORMAT = 2


def take(roulette: Roulette) -> dict[str, Any]:
    """The whole state of a roulette as plain data."""
    policy = roulette._policy
    version, generator, gauss = roulette._random.getstate()
    return {
        "format": FORMAT,
        "policy": policy.specification,
        "memory": policy.snapshot(),
        "now": roulette._now,
        "deadline": roulette.next_deadline(),
        "random": [version, list(generator), gauss],
        "users": [
            [member.user, member.name, member.state.name, list(member.interests)]
            for member in roulette._members.values()
        ],
        "pairs": [list(pair) for pair in roulette.pairs()],
        "pool": [[user, since] for user, since in policy.pool.items()],
        "blocks": _blocks(roulette),
    }


def _blocks(roulette: Roulette) -> list[list[User]]:
    """All pairs of users who are kept apart, in an order that does not depend on what happened before."""
    order = {user: number for number, user in enumerate(roulette._members)}
    return [
        [user, other]
        for user, number in order.items()
        for other in sorted(roulette._blocks.apart.get(user, ()), key=order.__getitem__)
        if order[other] > number
    ]


def restore(kind: type[Roulette], data: dict[str, Any], policy: Policy | None) -> Roulette:
    """Makes a roulette from what ``take`` gave.

    Raises:
        BadSnapshot: the data is not a snapshot of this format, or not one of this policy.
    """
    try:
        if data["format"] != FORMAT:
            raise BadSnapshot(f"the snapshot has format {data['format']!r}; this version reads {FORMAT}")
        roulette = kind(policy or data["policy"])
        if roulette._policy.specification != data["policy"]:
            raise BadSnapshot(f"the snapshot is of {data['policy']}, not of {roulette._policy.specification}")
        _fill(roulette, data)
    except BadSnapshot:
        raise
    except (ArithmeticError, AttributeError, LookupError, RouletteError, TypeError, ValueError) as error:
        raise BadSnapshot(f"this is not a snapshot: {error!r}") from error
    return roulette


def _fill(roulette: Roulette, data: dict[str, Any]) -> None:
    version, generator, gauss = data["random"]
    roulette._random.setstate((version, tuple(generator), gauss))
    roulette.handle(Tick(), data["now"])
    roulette._deadline = NEVER if data["deadline"] is None else data["deadline"]
    if not roulette._deadline > roulette.now:
        raise BadSnapshot(f"the deadline {roulette._deadline!r} has passed")
    for row in data["users"]:
        member = _member(*row)
        roulette._members[member.user] = roulette._names[member.name] = member
    for first_user, second_user in data["pairs"]:
        first, second = roulette._members[first_user], roulette._members[second_user]
        first.partner, second.partner = second, first
    roulette._chats = len(data["pairs"])
    for first_user, second_user in data["blocks"]:
        roulette._blocks.add(roulette._members[first_user].user, roulette._members[second_user].user)
    roulette._policy.restore(data["memory"])
    for user, since in data["pool"]:
        member = roulette._members[user]
        if not 0 <= since <= roulette.now:
            raise BadSnapshot(f"user {user!r} cannot be waiting since {since!r}")
        roulette._policy.enter(member.user, since, member.interests)
    _check(roulette, data)


def _member(user: User, name: str, state: str, interests: list[str]) -> Member:
    if type(user) not in (str, int) or type(name) is not str:
        raise BadSnapshot(f"{user!r} cannot be a user, or {name!r} not a name")
    if not isinstance(interests, list) or any(type(interest) is not str for interest in interests):
        raise BadSnapshot(f"{interests!r} are not interests")
    member = Member(user, name)
    member.state, member.interests = State[state], tuple(dict.fromkeys(interests))
    if member.state is State.OUTSIDE:
        raise BadSnapshot(f"user {user!r} is there and outside at once")
    return member


def _check(roulette: Roulette, data: dict[str, Any]) -> None:
    """Refuses data that no roulette could have given: states that contradict pairs or pool."""
    paired = {user for pair in roulette.pairs() for user in pair}
    searching = set(roulette._policy.pool)
    for user, member in roulette._members.items():
        in_private, in_pool = member.state is State.PRIVATE, member.state is State.SEARCHING
        if in_private != (user in paired) or in_pool != (user in searching):
            raise BadSnapshot(f"user {user!r} is {member.state.name}, which pairs and pool contradict")
    twice = len(paired) != 2 * len(data["pairs"]) or len(searching) != len(data["pool"])
    if twice or not len(roulette._names) == len(roulette) == len(data["users"]):
        raise BadSnapshot("a user or a name appears twice")
    if data["blocks"] != _blocks(roulette) or any(roulette._blocks.between(*pair) for pair in roulette.pairs()):
        raise BadSnapshot("the blocks are not such as a roulette keeps")
