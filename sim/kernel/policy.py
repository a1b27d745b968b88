"""What a pairing policy on seats is: the twin of ``roulette_core.policies.Policy``.

The roulette tells a policy who enters and leaves the pool, and after every event calls ``draw`` until it finds no pair.
"""

from roulette_core.policies import NEVER
from sim.kernel.choices import Choices
from sim.kernel.memory import Blocks
from sim.rows.codes import NOBODY


class SeatPolicy:
    """Decides which two of the pool meet.

    Args:
        choices: the only source of randomness.

    Attributes:
        first: one of the two that the latest draw found, the longer-waiting if the policy orders them by waiting time.
        second: the other.
        blocks: which users must not be paired with each other. Kept by the roulette.
        has_deadlines: whether ``deadline`` ever returns anything but ``NEVER``.
    """

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.first = self.second = NOBODY
        self.blocks = Blocks()
        self.has_deadlines = False

    def make_room(self, seats: int) -> None:
        """Called before a seat beyond those so far is used: there are ``seats`` of them from now on."""
        self.blocks.make_room(seats)

    def enter(self, seat: int, now: float) -> None:
        """Called when a user begins to search."""

    def wants(self, seat: int, topics: int, waiting: bool) -> None:
        """Called at each start of a user.

        Args:
            seat: the user, who enters the pool next unless they are in it already.
            topics: what they want to talk about, one bit for each topic; 0 means any topic.
            waiting: whether the user is in the pool.
        """

    def leave(self, seat: int) -> None:
        """Called when a user stops searching without having been drawn."""

    def draw(self, now: float) -> bool:
        """Returns whether two users meet now, whom ``first`` and ``second`` then name; two at least are waiting."""
        return False

    def paired(self, first: int, second: int) -> None:
        """Called when the two that ``draw`` has just found are paired; takes them out of the pool."""
        self.leave(first)
        self.leave(second)

    def forget(self, seat: int) -> None:
        """Called when a user has left for good, after leaving the pool: drops what is remembered for them."""

    def deadline(self, now: float) -> float:
        """Returns a time after ``now`` at which a pair may become possible without any event; or ``NEVER``."""
        return NEVER
