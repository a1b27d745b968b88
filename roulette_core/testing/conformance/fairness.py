"""Tests of fairness with a stated rate of false alarms, on many draws from a crowd."""

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import mean, pstdev
from typing import TypeAlias

from roulette_core.events import User

FALSE_ALARMS = 1e-4
"""How often, at most, a test of a policy without fault says otherwise."""

Trait: TypeAlias = Callable[[User], float]
"""Something about who a user is that must make no difference."""

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
    """Where a word stands in the alphabet: the first six letters, as digits of a number."""
    return sum(ord(letter) / 256.0**place for place, letter in enumerate(word[:6]))


def numbers(count: int, seed: int) -> list[User]:
    """Users who are whole numbers, in random order."""
    return list(Random(seed).sample(range(1000), count))


def words(count: int, seed: int) -> list[User]:
    """Users who are words, in random order, which begin with every letter there is and are of several lengths."""
    chance, found = Random(seed), dict[User, None]()
    while len(found) < count:
        found["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 9)))] = None
    return list(found)


def favoured_trait(crowds: Sequence[Mapping[User, float]], seed: int, false_alarms: float = FALSE_ALARMS) -> str | None:
    """Which trait users are drawn more, or less, for than chance explains; None if there is none.

    If who somebody is makes no difference, then any way of dealing out the same favours to the same users is as likely
    as any other. So the favours of each crowd are dealt out again and again: a trait that goes together with them more
    closely than any trait does in any of these deals is told (a permutation test: E. Pitman, *Significance Tests Which
    May be Applied to Samples from any Populations*, Journal of the Royal Statistical Society, Supplement 4, 1937).

    Args:
        crowds: for each how often each user was drawn beyond what is to be expected. The users must have come in random
            order, and be all numbers or all words.
        seed: where the chance of the dealing starts.
        false_alarms: how often a trait may be told though none matters.
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
    """How likely it is at most that those who wait longest are drawn so rarely, if nothing speaks against them.

    If at each draw, whatever came before, they are drawn at least as often as if anybody might be, the sum of what is
    counted beyond that is a submartingale with steps within an interval of length 1, and falls to −t after n draws
    with a probability of at most exp(−2t²/n) (K. Azuma, *Weighted Sums of Certain Dependent Random Variables*, Tôhoku
    Mathematical Journal 19, 1967).

    Args:
        longest: how often they were drawn beyond what is to be expected.
        draws: at how many draws.
    """
    return math.exp(-2 * longest**2 / draws) if longest < 0 and draws else 1.0
