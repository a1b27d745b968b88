"""Memory leaks of a policy: what it keeps of users who have left."""

import pickle
from itertools import islice, permutations

from roulette_core.events import Join, Leave, Next, Start, Tick
from roulette_core.machine import Roulette
from roulette_core.testing.exploring import Maker, made, roles_of

GENERATIONS = 60
TOGETHER = 5
BYTES_PER_USER = 1.0
"""What a policy may keep of each user who has left, in bytes: less than keeping anything takes."""


class CannotBeWeighed(Exception):
    """The policy cannot be pickled, so its size is unknown."""


def bytes_per_departed_user(make: Maker) -> float:
    """Returns the number of bytes that a policy keeps of each user who has left.

    Generations of users join, meet and leave. The pickled size of the empty policy after the first half of them is
    compared with its size at the end, so that constant overhead does not count.

    Raises:
        CannotBeWeighed: it cannot be pickled.
    """
    roulette = Roulette(made(make))
    for number in range(GENERATIONS):
        _generation(roulette, number)
    before = _size(roulette)
    for number in range(GENERATIONS, 2 * GENERATIONS):
        _generation(roulette, number)
    return (_size(roulette) - before) / (GENERATIONS * TOGETHER)


def _generation(roulette: Roulette, number: int) -> None:
    users = [f"guest {number * TOGETHER + place:06}" for place in range(TOGETHER)]
    now, roles = roulette.now, roles_of(roulette.policy)
    for user in users:
        roulette.handle(Join(user, user), now)
        roulette.handle(Start(user, *roles[int(user[-1]) % len(roles)]), now)
    for asking, _ in islice(permutations(users, 2), 2 * TOGETHER):
        now = roulette.next_deadline() or now + 1.0
        roulette.handle(Tick(), now)
        roulette.handle(Next(asking), now)
    for user in users:
        roulette.handle(Leave(user), now)


def _size(roulette: Roulette) -> int:
    try:
        return len(pickle.dumps(roulette.policy, pickle.HIGHEST_PROTOCOL))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise CannotBeWeighed(str(error)) from error
