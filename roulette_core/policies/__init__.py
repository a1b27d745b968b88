"""Pairing policies: the rules that decide which two of the pool meet. Start reading in ``policy.py``."""

from roulette_core.errors import BadPolicy
from roulette_core.policies._specification import construct, load
from roulette_core.policies.fresh import Fresh
from roulette_core.policies.interests import Interests
from roulette_core.policies.no_repeat import NoRepeat
from roulette_core.policies.policy import (
    NEVER,
    Choose,
    Drawn,
    Explanation,
    Pair,
    Policy,
    Role,
    pairs_of,
)
from roulette_core.policies.uniform import Uniform
from roulette_core.policies.waves import Waves
from roulette_core.searcher import Searcher

__all__ = [
    "NEVER",
    "POLICIES",
    "SHORT",
    "Choose",
    "Drawn",
    "Explanation",
    "Fresh",
    "Interests",
    "NoRepeat",
    "Pair",
    "Policy",
    "Role",
    "Searcher",
    "Uniform",
    "Waves",
    "make_built_in",
    "make_policy",
    "pairs_of",
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
    if name in POLICIES or name in SHORT or not _names_code(name, rest):
        return make_built_in(specification)
    class_name, _, rest = rest.partition(":")
    return construct(load(name, class_name), name, rest)


def make_built_in(specification: str) -> Policy:
    """Makes a built-in policy from its specification, as ``make_policy`` does.

    For specifications that come from data, such as a snapshot or a recording: data must not choose what is imported.

    Raises:
        BadPolicy: there is no such built-in policy, or it does not take these parameters.
    """
    name, _, rest = specification.partition(":")
    kind = POLICIES.get(SHORT.get(name, name))
    if kind is None and _names_code(name, rest):
        raise BadPolicy(f"{specification!r} is not built in, and data does not choose what is imported: hand it over")
    if kind is None:
        raise BadPolicy(f"there is no policy {name!r}; choose from {', '.join(POLICIES)} or name package.module:Class")
    return construct(kind, name, rest)


def _names_code(name: str, rest: str) -> bool:
    """Returns whether a specification is of the form ``package.module:Class``."""
    return "." in name or bool(rest and "=" not in rest.partition(":")[0])
