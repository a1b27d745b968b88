"""The facts about each built-in policy: one entry each, from which everything outside the policy's code follows.

The invariants, the kit for policies, the explorer, the swarm, the theory and the tests take what they know about
built-in policies from here. To add a policy, see "Adding a built-in policy" in ``CONTRIBUTING.md``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from roulette_core.policies import Fresh, Interests, NoRepeat, Policy, Uniform, Waves
from roulette_core.testing import closed_model
from roulette_core.testing.claims import Claims
from roulette_core.testing.clocks import Clock, Exact, Patience, Timeless, Waved
from roulette_core.testing.closed_model import Expectation
from roulette_core.testing.rules import FreshRule, InterestsRule, NoRepeatRule, Rule, UniformRule, WavesRule, partners

P = TypeVar("P", bound=Policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Generic[P]):
    """The facts about one built-in policy. No field has a default, so that none can be forgotten.

    Attributes:
        policy: its class.
        forms: specifications to test it with: several, if parameters make a difference. Times are exact in binary. The
            first one pairs any two users who may meet within seconds.
        crowded: a specification under which ten thousand users can be searching, each with an interest of their own;
            empty if the pool always stays small.
        swarm: each parameter's smallest and largest value in the swarm, which runs a few users for a minute.
        rule: the pairs it allows, for the invariants: a second statement, independent of its code.
        claims: its claims, for ``roulette check``.
        clock: the times it tells apart, for the explorer.
        memory: converts its ``snapshot()`` to tuples, and to sorted lists if order does not matter, for the explorer.
        closed_model: its long-run averages by number of users and mean length of a chat; None without a formula.
    """

    policy: type[P]
    forms: tuple[str, ...]
    crowded: str
    swarm: Mapping[str, tuple[int, int]]
    rule: Callable[[P], Rule]
    claims: Callable[[P], Claims]
    clock: Callable[[P], Clock]
    memory: Callable[[Any], Any]
    closed_model: Callable[[P, int, float], Expectation] | None


_FACTS: tuple[Facts[Any], ...] = (
    Facts(
        policy=NoRepeat,
        forms=("no-repeat",),
        crowded="",
        swarm={},
        rule=lambda policy: NoRepeatRule(),
        claims=lambda policy: Claims(never_repeats=True, first_come_first_served=True, most_waiting=2),
        clock=lambda policy: Timeless(),
        memory=partners,
        closed_model=lambda policy, users, chat: closed_model.no_repeat(users, chat),
    ),
    Facts(
        policy=Uniform,
        forms=("uniform:minimum=2", "uniform", "uniform:minimum=5"),
        crowded="uniform:minimum=20000",
        swarm={"minimum": (2, 5)},
        rule=lambda policy: UniformRule(policy.minimum),
        claims=lambda policy: Claims(equal_chances=True, most_waiting=policy.minimum - 1),
        clock=lambda policy: Timeless(),
        memory=lambda nothing: nothing,
        closed_model=lambda policy, users, chat: closed_model.uniform(policy.minimum, users, chat),
    ),
    Facts(
        policy=Fresh,
        forms=("fresh:memory=1,patience=7", "fresh:memory=3,patience=20"),
        crowded="",
        swarm={"memory": (1, 5), "patience": (3, 20)},
        rule=lambda policy: FreshRule(policy.memory, policy.patience),
        claims=lambda policy: Claims(first_come_first_served=True, most_waiting=policy.memory + 1),
        clock=lambda policy: Patience(policy.patience),
        memory=partners,
        closed_model=None,
    ),
    Facts(
        policy=Waves,
        forms=("waves:every=4",),
        crowded="waves:every=1000000",
        swarm={"every": (2, 10)},
        rule=lambda policy: WavesRule(policy.every),
        claims=lambda policy: Claims(first_come_first_served=True),
        clock=lambda policy: Waved(policy.every),
        memory=partners,
        closed_model=None,
    ),
    Facts(
        policy=Interests,
        forms=("interests:patience=6",),
        crowded="interests",
        swarm={"patience": (3, 15)},
        rule=lambda policy: InterestsRule(policy.patience),
        claims=lambda policy: Claims(),
        clock=lambda policy: Patience(policy.patience),
        memory=lambda memory: (partners(memory), sorted(memory["impatient"])),
        closed_model=None,
    ),
)

BUILT_IN: dict[str, Facts[Any]] = {str(facts.policy.name): facts for facts in _FACTS}
"""The facts of each built-in policy by its name."""


def facts_of(policy: Policy) -> Facts[Any] | None:
    """Returns the facts of a built-in policy, or of the one that a policy is derived from; None for any other."""
    return next((facts for facts in BUILT_IN.values() if isinstance(policy, facts.policy)), None)


def rule_of(policy: Policy) -> Rule | None:
    """Returns the rule of a built-in policy; None for any other."""
    facts = facts_of(policy)
    return None if facts is None else facts.rule(policy)


def claims_of(policy: Policy) -> Claims:
    """Returns the claims of a built-in policy; the default claims for any other."""
    facts = facts_of(policy)
    return Claims() if facts is None else facts.claims(policy)


def clock_of(policy: Policy) -> Clock:
    """Returns the clock of a policy, by its deadlines if it is not built in."""
    facts, kind = facts_of(policy), type(policy)
    if facts is not None and kind is facts.policy:  # a derived class may use times in another way
        return facts.clock(policy)
    return Timeless() if kind.deadline is Policy.deadline else Exact()
