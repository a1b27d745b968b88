"""Tests of fairness with a stated rate of false alarms, on many draws from a crowd."""

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import mean, pstdev
from typing import TypeAlias

from roulette_core.events import User

FALSE_ALARMS = 1e-4
"""Maximum probability that a test fails for a fair policy."""

Trait: TypeAlias = Callable[[User], float]
"""A property of a user's identity that must make no difference."""

_NUMBERS: dict[str, Trait] = {
    "large numbers": float,
    "odd numbers": lambda user: int(user) % 2,
    "what comes late in the alphabet": lambda user: _alphabetical(str(user)),
}
_WORDS: dict[str, Trait] = {
    "what comes late in the alphabet": lambda user: _alphabetical(str(user)),
    "long words": lambda user: len(str(user)),
}


def _alphabetical(word: str) -> float:
    """Returns the place of a word in the alphabet: its first six letters as digits of a number."""
    return sum(ord(letter) / 256.0**place for place, letter in enumerate(word[:6]))


def numbers(count: int, seed: int) -> list[User]:
    """Returns users who are whole numbers, in random order."""
    return list(Random(seed).sample(range(1000), count))


def words(count: int, seed: int) -> list[User]:
    """Returns users who are words of several lengths and initial letters, in random order."""
    chance, found = Random(seed), dict[User, None]()
    while len(found) < count:
        found["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 9)))] = None
    return list(found)


def favoured_trait(crowds: Sequence[Mapping[User, float]], seed: int, false_alarms: float = FALSE_ALARMS) -> str | None:
    """Returns a trait that makes a difference to who is drawn; None if chance explains the draws.

    A permutation test: if identity makes no difference, every assignment of the same favours to the same users is
    equally likely. So the favours of each crowd are shuffled again and again; a trait is significant if its correlation
    with the favours exceeds that of every trait in every shuffle (E. Pitman, *Significance Tests Which May be Applied
    to Samples from any Populations*, Journal of the Royal Statistical Society, Supplement 4, 1937).

    Each of the ``crowds`` says how often each user was drawn beyond expectation. The users must have joined in random
    order, and be all numbers or all words. A trait is returned though none matters with probability ``false_alarms``.
    """
    traits = _NUMBERS if all(isinstance(user, int) for crowd in crowds for user in crowd) else _WORDS
    dealt = [list(crowd.values()) for crowd in crowds]
    scores = {
        name: [_standardised([trait(user) for user in crowd]) for crowd in crowds] for name, trait in traits.items()
    }

    def closeness(name: str) -> float:
        return abs(sum(sum(map(float.__mul__, *each)) for each in zip(scores[name], dealt, strict=True)))

    strongest = max(traits, key=closeness)
    observed, chance = closeness(strongest), Random(seed)
    for _ in range(math.ceil(1 / false_alarms) - 1):
        for favours in dealt:
            chance.shuffle(favours)
        if max(map(closeness, traits)) >= observed:
            return None
    return strongest


def _standardised(values: Sequence[float]) -> list[float]:
    centre, spread = mean(values), pstdev(values)
    return [(value - centre) / spread for value in values]


def passed_over(longest: float, draws: int) -> float:
    """Returns an upper bound on the p-value of so few draws of the longest-waiting users.

    If at each draw, whatever came before, they are drawn at least as often as by a uniform draw, the sum of the
    differences is a submartingale with steps in an interval of length 1. It falls to −t after n draws with a
    probability of at most exp(−2t²/n) (K. Azuma, *Weighted Sums of Certain Dependent Random Variables*, Tôhoku
    Mathematical Journal 19, 1967). ``longest`` is the number of times they were drawn beyond expectation.
    """
    return math.exp(-2 * longest**2 / draws) if longest < 0 and draws else 1.0
