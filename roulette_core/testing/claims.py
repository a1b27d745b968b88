"""What a policy claims: each claim is checked, and what is not claimed is visibly skipped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a policy. The defaults are what is expected of any policy.

    Attributes:
        looks_at_blocks: no pair is drawn that a block keeps apart.
        anonymous: a user's identity makes no difference, only what the user does.
        serves_the_waiting: the longest-waiting users are drawn at least as often as by a uniform draw.
        starvation_free: no user can be kept waiting for ever, whatever the random choices.
        constant_cost: an event takes no longer among ten thousand users than among ten.
        never_repeats: no user has the same partner twice running.
        first_come_first_served: the longest-waiting user is drawn first, unless they have met all other waiting users
            or are blocked from them.
        equal_chances: all pairs of the pool that no block keeps apart are drawn with the same probability.
        most_waiting: the maximum number of users searching between events while no block is in force; None for any
            number.
    """

    looks_at_blocks: bool = True
    anonymous: bool = True
    serves_the_waiting: bool = True
    starvation_free: bool = True
    constant_cost: bool = True
    never_repeats: bool = False
    first_come_first_served: bool = False
    equal_chances: bool = False
    most_waiting: int | None = None
