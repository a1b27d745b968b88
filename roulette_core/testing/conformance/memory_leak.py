"""Whether a policy forgets those who have left: what it takes in memory when nobody is there any more."""

import pickle
from itertools import islice, permutations

from roulette_core.events import Join, Leave, Next, Start, Tick
from roulette_core.machine import Roulette
from roulette_core.testing.exploring.checked_roulette import Maker, made

GENERATIONS = 60
TOGETHER = 5
BYTES_PER_USER = 1.0
"""What a policy may keep of each who has left, in bytes: less than it takes to keep anything of them."""


class CannotBeWeighed(Exception):
    """The policy cannot be pickled, so nobody can say how much it keeps."""


def bytes_per_departed_user(make: Maker) -> float:
    """How many bytes a policy keeps of each user who has left.

    Generations of users come, meet, and leave. The size of the policy, empty and pickled, after the first of them is
    compared with its size in the end, so that what it keeps in any case does not count.

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
    now = roulette.now
    for user in users:
        roulette.handle(Join(user, user), now)
        roulette.handle(Start(user, ("music",) if user[-1] in "05" else ()), now)
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
