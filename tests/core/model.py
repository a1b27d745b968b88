"""A second roulette, as slow and as obvious as can be: plain lists and dictionaries, every pair looked at.

It is told what the real one did only where a policy draws by lot; everything else it predicts.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from itertools import combinations

from roulette_core import (
    Block,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    LobbyLine,
    Next,
    Paired,
    Parted,
    PrivateLine,
    Reason,
    Refused,
    Returned,
    Say,
    Searching,
    Start,
    Tick,
    User,
    make_policy,
)
from roulette_core.testing import Ledger, rule_of

Pair = tuple[User, User]


class Model:
    """What a roulette under one of the built-in policies must do.

    Attributes:
        names: the users present, in the order in which they joined.
        pool: who is searching, since when and about what, in the order in which they began.
        partner: those in private.
        met: the partners of each user, oldest first.
        apart: all pairs of whom one has blocked the other.
    """

    def __init__(self, policy: str) -> None:
        self.policy, _, parameters = policy.partition(":")
        self.rule = rule_of(make_policy(policy))
        self.by_lot = self.policy == "uniform" or self.policy not in PREDICTED
        self.parameters = {
            "minimum": 3.0,
            "memory": 5.0,
            "patience": 30.0 if self.policy == "fresh" else 10.0,
            "every": 5.0,
        }
        for setting in filter(None, parameters.split(",")):
            name, value = setting.split("=")
            self.parameters[name] = float(value)
        self.names: dict[User, str] = {}
        self.pool: dict[User, tuple[float, tuple[str, ...]]] = {}
        self.partner: dict[User, User] = {}
        self.met: dict[User, list[User]] = {}
        self.interests: dict[User, tuple[str, ...]] = {}
        self.apart: set[frozenset[User]] = set()
        self.impatient: set[User] = set()
        self.now = 0.0

    def handle(self, event: Event, now: float, actual: Sequence[Effect]) -> list[Effect] | None:
        """The effects of an event; None if it is the caller's mistake.

        ``actual`` are the real ones: where chance decides, the pair there is taken, provided that it is legal.
        """
        if not isinstance(event, Tick) and isinstance(event, Join) == (event.user in self.names):
            return None
        if isinstance(event, Join) and not self.names.keys() >= set(event.blocked):
            return None
        self.now = now
        effects: list[Effect] = []
        self.draw_all(effects, actual)
        effects += self.perform(event)
        self.draw_all(effects, actual)
        return effects

    def perform(self, event: Event) -> list[Effect]:
        match event:
            case Join(user, name, blocked):
                if name in self.names.values():
                    return [Refused(user, Reason.NAME_TAKEN)]
                self.apart |= {frozenset({user, other}) for other in blocked}
                self.names[user] = name
                return [Joined(user, name)]
            case Say(user, text):
                if user in self.partner:
                    return [PrivateLine(user, self.partner[user], text)]
                return [LobbyLine(user, text)]
            case Start(user, interests):
                return self.start(user, interests)
            case Next(user) | Block(user):
                if user not in self.partner:
                    return [Refused(user, Reason.NOT_PRIVATE)]
                if isinstance(event, Block):
                    self.apart.add(frozenset({user, self.partner[user]}))
                parted = self.part(user, event.kind)
                self.search(user)
                return parted
            case Lobby(user):
                return self.lobby(user)
            case Leave(user):
                parted = self.part(user, "leave") if user in self.partner else []
                for memory in (self.pool, self.met, self.interests):
                    memory.pop(user, None)
                self.apart = {pair for pair in self.apart if user not in pair}
                return [*parted, Left(user, self.names.pop(user))]
        return []

    def start(self, user: User, interests: tuple[str, ...]) -> list[Effect]:
        if user in self.partner:
            return [Refused(user, Reason.ALREADY_PRIVATE)]
        if user in self.pool:
            return [Refused(user, Reason.ALREADY_SEARCHING)]
        self.interests[user] = interests
        self.search(user)
        return [Searching(user)]

    def lobby(self, user: User) -> list[Effect]:
        if user in self.partner:
            return self.part(user, "lobby")
        if user not in self.pool:
            return [Refused(user, Reason.ALREADY_IN_LOBBY)]
        del self.pool[user]
        return [Returned(user)]

    def part(self, user: User, cause: str) -> list[Effect]:
        partner = self.partner.pop(user)
        del self.partner[partner]
        self.search(partner)
        return [Parted(user, partner, cause)]  # type: ignore[arg-type]

    def search(self, user: User) -> None:
        self.pool[user] = (self.now, self.interests.get(user, ()))

    # Pairing.

    def draw_all(self, effects: list[Effect], actual: Sequence[Effect]) -> None:
        while legal := self.legal():
            pair = legal[0]
            if self.by_lot and len(effects) < len(actual):
                drawn = actual[len(effects)]
                assert isinstance(drawn, Paired), f"{legal} could have been drawn"
                assert (drawn.first, drawn.second) in legal or (drawn.second, drawn.first) in legal
                pair = drawn.first, drawn.second
            effects.append(Paired(*pair))
            for user, partner in (pair, pair[::-1]):
                del self.pool[user]
                self.partner[user] = partner
                self.met.setdefault(user, []).append(partner)

    def legal(self) -> list[Pair]:
        """All pairs that may be drawn next: the one that must be comes first, but for chance."""
        pairs = [pair for pair in combinations(self.pool, 2) if frozenset(pair) not in self.apart]
        predict = PREDICTED.get(self.policy)
        return self.by_rule(pairs) if predict is None else predict(self, pairs)

    def by_rule(self, pairs: list[Pair]) -> list[Pair]:
        """Of a policy that is not predicted here: any pairs, as long as its rule for the invariants allows one."""
        rule, ledger = self.rule, Ledger()
        assert rule is not None
        ledger.now, ledger.interests = self.now, self.interests
        ledger.pool = {user: since for user, (since, _) in self.pool.items()}
        ledger.latest = {user: met[-1] for user, met in self.met.items()}
        ledger.partners = {user: deque(met[-rule.depth :]) for user, met in self.met.items()}
        ledger.apart = {user: {other for pair in self.apart if user in pair for other in pair} for user in self.pool}
        return pairs if len(self.pool) > 1 and rule.allowed(ledger) else []

    def times(self, user: User, other: User, *, last: int) -> int:
        """How often two have met among the last so many partners of one or the other."""
        return max(self.met.get(user, [])[-last:].count(other), self.met.get(other, [])[-last:].count(user))

    def waited(self, user: User, seconds: float) -> bool:
        return self.now >= self.pool[user][0] + seconds

    def no_repeat(self, pairs: list[Pair]) -> list[Pair]:
        return [pair for pair in pairs if not self.times(*pair, last=1)]

    def uniform(self, pairs: list[Pair]) -> list[Pair]:
        return pairs if len(self.pool) >= self.parameters["minimum"] else []

    def fresh(self, pairs: list[Pair]) -> list[Pair]:
        memory, patience = int(self.parameters["memory"]), self.parameters["patience"]
        strangers = [pair for pair in pairs if not self.times(*pair, last=memory)]
        impatient = [pair for pair in pairs if all(self.waited(user, patience) for user in pair)]
        return strangers or impatient

    def waves(self, pairs: list[Pair]) -> list[Pair]:
        """The longest waiting of those aboard picks whom they have met least, then who has waited longest."""
        every = self.parameters["every"]
        wave = math.floor(self.now / every) * every
        aboard = [pair for pair in pairs if all(self.pool[user][0] < wave for user in pair)]
        choices = [pair for pair in aboard if pair[0] == aboard[0][0]]
        return sorted(choices, key=lambda pair: self.times(*pair, last=20))

    def about_interests(self, pairs: list[Pair]) -> list[Pair]:
        """Shared interests first. Users who lose patience become open one by one, longest-waiting first."""
        patience = self.parameters["patience"]
        self.impatient &= set(self.pool)
        while not (found := self.sharing(pairs) or self.both_open(pairs)):
            lapsed = [user for user in self.pool if user not in self.impatient and self.waited(user, patience)]
            if len(self.pool) < 2 or not lapsed:
                break
            self.impatient.add(lapsed[0])
        return found

    def may_meet(self, pair: Pair) -> bool:
        return not self.times(*pair, last=1)

    def sharing(self, pairs: list[Pair]) -> list[Pair]:
        return [
            pair for pair in pairs if self.may_meet(pair) and set(self.pool[pair[0]][1]) & set(self.pool[pair[1]][1])
        ]

    def both_open(self, pairs: list[Pair]) -> list[Pair]:
        opened = {user for user, (_, interests) in self.pool.items() if not interests} | self.impatient
        return [
            pair
            for pair in pairs
            if opened.issuperset(pair) and (self.may_meet(pair) or self.impatient.issuperset(pair))
        ]


PREDICTED: dict[str, Callable[[Model, list[Pair]], list[Pair]]] = {
    "no-repeat": Model.no_repeat,
    "uniform": Model.uniform,
    "fresh": Model.fresh,
    "waves": Model.waves,
    "interests": Model.about_interests,
}
"""Whom each policy draws, said a third time. A policy that is not here is held to its rule."""
