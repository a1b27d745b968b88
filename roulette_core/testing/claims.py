"""What a policy claims: each claim is checked, and what is not claimed is visibly skipped."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claims:
    """What a policy claims. The defaults are what people expect of any.

    Attributes:
        looks_at_blocks: it names no two whom a block keeps apart.
        anonymous: who a user is makes no difference, only what they do.
        serves_the_waiting: who has waited longest is drawn at least as often as if anybody might be.
        starvation_free: nobody can be kept waiting for ever, whatever chance does.
        constant_cost: an event takes no longer among ten thousand users than among ten.
        never_repeats: nobody has the same partner twice running.
        first_come_first_served: who has waited longest is drawn first, unless they have met everybody else who is
            waiting, or a block is between.
        equal_chances: any two of the pool that no block keeps apart are as likely to be drawn as any other two.
        most_waiting: how many may be left searching between events where no block is in force; None for any number.
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
