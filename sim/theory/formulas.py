"""Expected figures of a run, where they can be calculated. Derivations and sources: ``docs/theory.md``."""

import math

import numpy as np
import numpy.typing as npt

from roulette_core import BadPolicy, make_policy
from roulette_core.testing import Expectation, facts_of
from sim.theory.chain import NotExactError
from sim.theory.exact import closed_loop

UNKNOWN = Expectation()

FEW_USERS = 8
"""Exact values are computed for up to so many users."""

FEW_STATES = 100
"""Exact values are computed for chains of up to so many states, which takes a second or two."""


def closed_model(policy: str, users: int, mean_chat_seconds: float) -> Expectation:
    """Returns the averages of the closed model: N users always chat or search, and chats end after an exponential time.

    Where there is no formula, the values are exact if they can be had in a moment: for few users, and a policy without
    deadlines whose Markov chain is small.

    For policies in the table of ``docs/theory.md``, the values are what it says.
    """
    try:
        rule = make_policy(policy)
    except BadPolicy:  # a policy that was handed over as an object need not be one that can be named
        return UNKNOWN
    facts = facts_of(rule)
    if facts is not None and facts.closed_model is not None and type(rule) is facts.policy:
        return facts.closed_model(rule, users, mean_chat_seconds)
    return _exact(policy, users, mean_chat_seconds)


def _exact(policy: str, users: int, mean_chat_seconds: float) -> Expectation:
    if users > FEW_USERS:
        return UNKNOWN
    try:
        found = closed_loop(policy, users, FEW_STATES)
    except (BadPolicy, NotExactError):
        return UNKNOWN
    wait = math.inf if found.wait is None else float(found.wait) * mean_chat_seconds
    return Expectation(None if found.repair is None else float(found.repair), float(found.searching), wait)


def expected_partners(users: int, chats: npt.NDArray[np.int64]) -> float | None:
    """Returns the mean number of distinct partners, if every partner were drawn independently from all other users.

    That is the mean of (n − 1)(1 − (1 − 1/(n − 1))^R) over n users who had R chats each, ``chats`` of shape (users,);
    None with fewer than two users.
    """
    others = users - 1
    if others < 1 or not len(chats):
        return None
    return float(np.mean(others * (1 - (1 - 1 / others) ** chats)))
