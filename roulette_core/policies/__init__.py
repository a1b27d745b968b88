"""Pairing policies: the rules that decide which two of the pool meet. Start reading in ``policy.py``."""

from roulette_core.policies.fresh import Fresh
from roulette_core.policies.interests import Interests
from roulette_core.policies.no_repeat import NoRepeat
from roulette_core.policies.policy import NEVER, Choose, Explanation, Policy
from roulette_core.policies.specification import POLICIES, SHORT, make_policy
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
