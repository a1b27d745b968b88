"""What a policy claims: each claim is checked, and what is not claimed is visibly skipped."""

from dataclasses import dataclass

from roulette_core.policies import Fresh, NoRepeat, Policy, Uniform, Waves


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


def claims_of(policy: Policy) -> Claims:
    """What a built-in policy claims; of any other, what people expect."""
    match policy:
        case NoRepeat():
            return Claims(never_repeats=True, first_come_first_served=True, most_waiting=2)
        case Uniform():
            return Claims(equal_chances=True, most_waiting=policy.minimum - 1)
        case Fresh():
            memory = int(policy.parameters["memory"])
            return Claims(first_come_first_served=True, most_waiting=memory + 1)
        case Waves():
            return Claims(first_come_first_served=True)
        case _:
            return Claims()
