"""An app's wrapper beside a plain roulette with the same policy and seed: what users must be told, and are told."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from roulette_core.effects import Effect, Joined, Left, Paired, Parted, Refused, audience
from roulette_core.events import Block, BulkLeave, Event, Join, Leave, Next, Say, Tick, Unblock, User
from roulette_core.machine import Roulette
from roulette_core.policies import make_policy
from roulette_core.testing.clients import ASKED, Account, Entry, SawClosed, Sighting, judge, sighting_of
from roulette_core.testing.conformance.wrapper_stage import Stage, Told, UserEvent


class Due(NamedTuple):
    """An effect that a user must be told of, or may be told or not.

    An app may resolve the lobby as it carries out each effect, or once after the whole answer; if that makes a
    difference, both are right.
    """

    effect: Effect
    must: bool


class Rehearsal:
    """Passes the same requests to the wrapper, just started, and to a plain roulette, and compares."""

    def __init__(self, stage: Stage, policy: str, seed: int, users: Iterable[User], renumbers: bool = False) -> None:
        self.roulette = Roulette(policy, seed)
        self.stage = stage
        self.now = 0.0
        self._renumbers = renumbers
        self._outside: dict[User, None] = {}
        self._chats: dict[User, int] = {}
        self._ids = {user: user for user in users}  # by which the plain roulette knows them
        self._called: dict[User, str] = {}  # by these ids, of all visits
        self._visits: dict[User, str] = {}
        self._accounts: dict[str, Account] = {}
        self._names: dict[User, str] = {}  # by the app's own ids, of all visits
        self._done: list[str] = []
        self._came_back = False  # whether the latest request named a chat that is over: the judge is not told

    def latest_chat(self, user: User) -> int:
        """Returns the number of the latest chat of a user, which may be over; 0 if there was none: the lobby."""
        return self._chats.get(self._ids[user], 0)

    def is_present(self, user: User) -> bool:
        """Returns whether a user has joined."""
        return user in self._visits

    def ask(self, event: Event) -> None:
        """Passes on a request and compares what users are told.

        Raises:
            AssertionError: a user is told what is not for them, or is not told what is.
        """
        assert not isinstance(event, Unblock | BulkLeave), "no user of an app asks for these"
        self._done.append(f"at {self.now:g} s: {event}")
        if self._renumbers and isinstance(event, Join) and not self.is_present(event.user):
            self._ids[event.user] = f"{event.user!r}, step {len(self._done)}"  # what a policy remembers is forgotten
        plain: Event = event if isinstance(event, Tick) else event._replace(user=self._ids[event.user])
        effects = [*self._catch_up(), *self.roulette.handle(plain, self.now)]
        self._enter(event, effects)
        if isinstance(event, Tick):
            self.stage.advance(self.now)
        else:
            self.stage.ask(event, self.now)
        self._compare(effects)
        if isinstance(event, Leave):
            self._accounts[self._visits.pop(event.user)].entries.append(Entry(self.now, SawClosed(ASKED)))

    def wait(self, seconds: float) -> None:
        """Lets time pass without a request."""
        self.now += seconds
        self.ask(Tick())

    def restart(self) -> None:
        """Restarts the app, and the plain roulette from its snapshot."""
        self.ask(Tick())
        self._done.append(f"at {self.now:g} s: a restart")
        self.stage.call("restart")
        policy = make_policy(self.roulette.policy.specification)  # one's own is not restored by its name alone
        self.roulette = Roulette.restore(json.loads(json.dumps(self.roulette.snapshot())), policy)

    def compare_users(self) -> None:
        """Compares the users whom the app knows with those present.

        Raises:
            AssertionError: they differ.
        """
        known = set(self.stage.call("present"))
        there = set(map(self._id_of, self._visits))
        if known != there:
            raise AssertionError(self.told(f"the app knows {known}, but the users present are {there}"))

    def judge(self) -> None:
        """Lets the judge compare what all users have seen.

        Raises:
            AssertionError: it is inconsistent.
        """
        for breach in judge(self._accounts.values()).breaches:
            raise AssertionError(self.told(breach.detail))

    def _catch_up(self) -> list[Effect]:
        """Handles what is due by now: at its own times if the app's timers do that, else at the request, as the app."""
        effects: list[Effect] = []
        while self.stage.has_timers and (due := self.roulette.next_deadline()) is not None and due < self.now:
            effects += self.roulette.handle(Tick(), due)
        return effects + list(self.roulette.handle(Tick(), self.now))

    def _enter(self, event: UserEvent | Tick, effects: list[Effect]) -> None:
        """Records a request in the user's account, which begins when a ``Join`` succeeds."""
        for effect in effects:
            if isinstance(effect, Joined) and not isinstance(event, Tick):
                self._called[effect.user] = self._visits[event.user] = effect.name
                self._accounts[effect.name] = Account(effect.name)
        addressed = isinstance(event, Say | Next | Block) and event.chat is not None
        self._came_back = addressed and any(isinstance(effect, Refused) for effect in effects)
        if not isinstance(event, Tick) and event.user in self._visits and not self._came_back:
            self._accounts[self._visits[event.user]].entries.append(Entry(self.now, event))

    def _compare(self, effects: list[Effect]) -> None:
        due: dict[User, list[Due]] = {user: [] for user in self._ids}
        for effect in effects:
            for user, must in self._recipients(effect):
                due[user].append(Due(effect, must))
        self._names |= {self._id_of(user): name for user, name in self._visits.items()}
        for user in self._ids:
            self._compare_one(user, due[user], list(self.stage.call("heard", user)))

    def _id_of(self, user: User) -> User:
        """Returns the app's own id of a user: of one that tells only sightings, any will do."""
        return self.stage.call("id_of", user) if self._renumbers and self.stage.offers("id_of") else user

    def _recipients(self, effect: Effect) -> Iterator[tuple[User, bool]]:
        """Yields the recipients of an effect by either way of resolving the lobby, and whether by both."""
        users, lobby, but = audience(effect)
        self._move(effect)
        exact = {*users, *(self._outside if lobby else ())} - ({but} if lobby and but not in users else set())
        late = set(self.roulette.recipients(effect))
        for user, known in self._ids.items():
            if known in exact or known in late:
                yield user, known in exact and known in late

    def _move(self, effect: Effect) -> None:
        """Moves users in and out of private."""
        match effect:
            case Joined(user):
                self._outside[user] = None
            case Paired(first, second, _, _, chat):
                self._chats |= {first: chat, second: chat}
                del self._outside[first], self._outside[second]
            case Parted(user, partner):
                self._outside |= {user: None, partner: None}
            case Left(user):
                del self._outside[user]

    def _compare_one(self, user: User, due: list[Due], heard: list[Told]) -> None:
        remaining = iter(heard)
        following = next(remaining, None)
        for effect, must in due:
            if following is not None and self._agrees(user, effect, following):
                self._note(user, effect)
                following = next(remaining, None)
            elif must:
                raise AssertionError(self.told(f"{user!r} was to be told {effect}, and was told {following}"))
        if following is not None:
            raise AssertionError(self.told(f"{user!r} was told {following}, which was not for them, or not then"))

    def _agrees(self, user: User, due: Effect, told: Told) -> bool:
        """Returns whether a user was told an effect, as far as a client can see: not who is first in ``Paired``."""
        if not self._renumbers and not isinstance(told, Sighting):
            return _unordered(told) == _unordered(due)
        if not isinstance(told, Sighting):
            told = sighting_of(told, self._id_of(user), lambda other: self._names.get(other, f"an unknown {other!r}"))
        seen = sighting_of(due, self._ids[user], self._called.__getitem__)
        return type(told) is type(seen) and told == seen  # the types, too: as tuples, Welcomed equals Arrived

    def _note(self, user: User, effect: Effect) -> None:
        if user in self._visits and not (self._came_back and isinstance(effect, Refused)):
            sighting = sighting_of(effect, self._ids[user], self._called.__getitem__)
            self._accounts[self._visits[user]].entries.append(Entry(self.now, sighting))

    def told(self, fault: str) -> str:
        """Returns a description of a fault, with all that led to it."""
        return "\n".join([fault, "after this:", *(f"  {step}" for step in self._done)])


def _unordered(effect: Effect) -> object:
    """Returns an effect without the order of the two in ``Paired``."""
    if not isinstance(effect, Paired):
        return effect
    first, second, first_name, second_name, *others = effect
    return frozenset({(first, first_name), (second, second_name)}), *others
