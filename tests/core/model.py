"""A second roulette, as slow and as obvious as can be: plain lists and dictionaries, every pair looked at.

It is told what the real one did only where a policy draws by lot; everything else it predicts.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from itertools import combinations

from roulette_core import (
    Attributes,
    Block,
    Blocked,
    BulkLeave,
    Cause,
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
    Place,
    PrivateLine,
    Reason,
    Refused,
    Returned,
    Say,
    Searching,
    Start,
    Unblock,
    Unblocked,
    User,
    make_policy,
    users_of,
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
        blocks: who has blocked whom.
        chat: the number of the chat of those in private.
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
        self.attributes: dict[User, dict[str, object]] = {}
        self.blocks: set[tuple[User, User]] = set()
        self.chat: dict[User, int] = {}
        self.chats = 0
        self.impatient: set[User] = set()
        self.now = 0.0

    @property
    def apart(self) -> set[frozenset[User]]:
        return {frozenset(block) for block in self.blocks}

    def handle(self, event: Event, now: float, actual: Sequence[Effect]) -> list[Effect] | None:
        """The effects of an event; None if it is the caller's mistake.

        ``actual`` are the real ones: where chance decides, the pair there is taken, provided that it is legal.
        """
        joining = {event.user} if isinstance(event, Join) else set()
        if joining & self.names.keys() or not (users_of(event) - joining) <= self.names.keys():
            return None
        if isinstance(event, Join) and event.user in (*event.blocked, *event.blocked_by):
            return None
        if isinstance(event, Block | Unblock) and event.user == event.other:
            return None
        if isinstance(event, BulkLeave) and len(set(event.users)) < len(event.users):
            return None
        self.now = now
        effects: list[Effect] = []
        self.draw_all(effects, actual)
        effects += self.perform(event)
        self.draw_all(effects, actual)
        return effects

    def perform(self, event: Event) -> list[Effect]:
        match event:
            case Join(user, name, blocked, blocked_by, attributes):
                if name in self.names.values():
                    return [Refused(user, Reason.NAME_TAKEN)]
                self.blocks |= {(user, other) for other in blocked} | {(other, user) for other in blocked_by}
                self.names[user] = name
                self.attributes[user] = dict(attributes or {})
                return [Joined(user, name)]
            case Say(user, text, chat):
                return self.say(user, text, chat)
            case Start(user, interests, attributes):
                return self.start(user, tuple(dict.fromkeys(interests)), attributes)
            case Next(user, chat, place):
                return self.end(user, "next", chat, place)
            case Block(user, other, chat, place):
                return self.block(user, other, chat, place)
            case Unblock(user, other):
                if (user, other) not in self.blocks:
                    return [Refused(user, Reason.NOT_BLOCKED)]
                self.blocks.discard((user, other))
                return [Unblocked(user, other, self.names[other])]
            case Lobby(user, place):
                return self.lobby(user, place)
            case Leave(user, place):
                return self.leave(user, place)
            case BulkLeave(users, place):
                together = [self.partner.get(user) in users for user in users]
                leaving = zip(users, together, strict=True)
                return [effect for user, both in leaving for effect in self.leave(user, "lobby" if both else place)]
        return []

    def say(self, user: User, text: str, chat: int | None) -> list[Effect]:
        here = self.chat.get(user, 0)
        if chat not in (None, here):
            return [Refused(user, Reason.CHAT_OVER if chat else Reason.NOT_IN_LOBBY)]
        if user in self.partner:
            return [PrivateLine(user, self.partner[user], text, self.names[user], here)]
        return [LobbyLine(user, text, self.names[user])]

    def end(self, user: User, cause: Cause, chat: int | None, place: Place | None) -> list[Effect]:
        if user not in self.partner:
            return [Refused(user, Reason.NOT_PRIVATE)]
        if chat not in (None, self.chat[user]):
            return [Refused(user, Reason.CHAT_OVER)]
        if cause == "block":
            self.blocks.add((user, self.partner[user]))
        parted = self.part(user, cause, place)
        self.search(user)
        return parted

    def block(self, user: User, other: User | None, chat: int | None, place: Place | None) -> list[Effect]:
        if other is None or (other == self.partner.get(user) and chat in (None, self.chat[user])):
            return self.end(user, "block", chat, place)
        if chat not in (None, self.chat.get(user, 0)):
            return [Refused(user, Reason.CHAT_OVER)]
        self.blocks.add((user, other))
        return [Blocked(user, other, self.names[other])]

    def start(self, user: User, interests: tuple[str, ...], attributes: Attributes | None) -> list[Effect]:
        if user in self.partner:
            return [Refused(user, Reason.ALREADY_PRIVATE)]
        self.interests[user] = interests
        if attributes is not None:
            self.attributes[user] = dict(attributes)
        if user in self.pool:
            self.pool[user] = (self.pool[user][0], interests)
        else:
            self.search(user)
        return [Searching(user)]

    def lobby(self, user: User, place: Place | None) -> list[Effect]:
        if user in self.partner:
            return self.part(user, "lobby", place)
        if user not in self.pool:
            return [Refused(user, Reason.ALREADY_IN_LOBBY)]
        del self.pool[user]
        return [Returned(user)]

    def leave(self, user: User, place: Place | None) -> list[Effect]:
        parted = self.part(user, "leave", place) if user in self.partner else []
        for memory in (self.pool, self.met, self.interests, self.attributes):
            memory.pop(user, None)
        self.blocks = {block for block in self.blocks if user not in block}
        return [*parted, Left(user, self.names.pop(user))]

    def part(self, user: User, cause: Cause, place: Place | None) -> list[Effect]:
        partner, chat = self.partner.pop(user), self.chat.pop(user)
        del self.partner[partner], self.chat[partner]
        place = place or "searching"
        if place == "searching":
            self.search(partner)
        return [Parted(user, partner, cause, self.names[user], self.names[partner], chat, place)]

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
            self.chats += 1
            effects.append(Paired(*pair, self.names[pair[0]], self.names[pair[1]], self.chats))
            for user, partner in (pair, pair[::-1]):
                del self.pool[user]
                self.partner[user], self.chat[user] = partner, self.chats
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
