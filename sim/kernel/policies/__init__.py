"""The built-in policies on seats. Each draws exactly as its namesake in ``roulette_core.policies`` does.

Why it draws so, what it promises, and what its parameters may be, is said there.
"""

from collections.abc import Callable

from roulette_core import policies as core
from sim.kernel.choices import Choices
from sim.kernel.policies.fresh import Fresh
from sim.kernel.policies.interests import Interests
from sim.kernel.policies.no_repeat import NoRepeat
from sim.kernel.policies.uniform import Uniform
from sim.kernel.policies.waves import Waves
from sim.kernel.policy import SeatPolicy

__all__ = ["Fresh", "Interests", "NoRepeat", "Uniform", "Waves", "seat_policy"]

_TWINS: dict[type[core.Policy], Callable[..., SeatPolicy]] = {
    core.NoRepeat: NoRepeat,
    core.Uniform: Uniform,
    core.Fresh: Fresh,
    core.Waves: Waves,
    core.Interests: Interests,
}


def seat_policy(specification: str, seed: int) -> SeatPolicy | None:
    """Makes the twin of a built-in policy.

    Args:
        specification: of a policy, as ``roulette_core.make_policy`` takes it.
        seed: of the policy's random choices, as ``roulette_core.Roulette`` takes it.

    Returns:
        A new policy; None for one that is not built in.

    Raises:
        BadPolicy: there is no such policy, or it does not take these parameters.
    """
    policy = core.make_policy(specification)
    twin = _TWINS.get(type(policy))
    return None if twin is None else twin(Choices(seed), **policy.parameters)
