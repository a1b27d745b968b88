"""Pairing policies: the rules that decide which two of the pool meet. Start reading in ``policy.py``."""

from roulette_core.errors import BadPolicy
from roulette_core.policies._specification import construct, load
from roulette_core.policies.fresh import Fresh
from roulette_core.policies.interests import Interests
from roulette_core.policies.no_repeat import NoRepeat
from roulette_core.policies.policy import NEVER, Choose, Explanation, Policy
from roulette_core.policies.uniform import Uniform
from roulette_core.policies.waves import Waves

__all__ = [
    "NEVER",
    "POLICIES",
    "SHORT",
    "Choose",
    "Explanation",
    "Fresh",
    "Interests",
    "NoRepeat",
    "Policy",
    "Uniform",
    "Waves",
    "make_policy",
]

POLICIES: dict[str, type[Policy]] = {kind.name: kind for kind in (NoRepeat, Uniform, Fresh, Waves, Interests)}
"""The built-in policies by name. What else there is to know of each is in ``roulette_core/testing/built_in.py``."""

SHORT = {"v1": NoRepeat.name, "v2": Uniform.name}
"""Short names: the original's two versions."""


def make_policy(specification: str) -> Policy:
    """Makes a policy from its specification.

    Args:
        specification: the name of a built-in policy, ``v1`` or ``v2``, or ``package.module:Class`` for a policy of your
            own; then, if wanted, a colon and ``name=number`` pairs separated by commas.

    Returns:
        A new policy.

    Raises:
        BadPolicy: there is no such policy, or it does not take these parameters.
    """
    name, _, rest = specification.partition(":")
    if name in POLICIES or name in SHORT:
        kind = POLICIES[SHORT.get(name, name)]
    elif "." in name or (rest and "=" not in rest.partition(":")[0]):
        class_name, _, rest = rest.partition(":")
        kind = load(name, class_name)
    else:
        raise BadPolicy(f"there is no policy {name!r}; choose from {', '.join(POLICIES)} or name package.module:Class")
    return construct(kind, name, rest)
