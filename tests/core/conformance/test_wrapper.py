"""The tests for wrappers: a plain app passes, and apps that are spoilt are found out."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import Phase, settings

from roulette_core import (
    Block,
    Effect,
    Event,
    Join,
    LobbyLine,
    Next,
    Paired,
    Parted,
    PrivateLine,
    Refused,
    Roulette,
    Say,
    Start,
    Tick,
    User,
)
from roulette_core.testing import TimeLimitExceeded
from roulette_core.testing.conformance import WrapperTests, wrapper_test
from tests.core.conformance.sync_bot import Bot, BotOnStage
from tests.core.scenarios import EAGER

TestBot = wrapper_test(BotOnStage, lists=True, restores=True)

HASTY = settings(WrapperTests.effort, max_examples=100, phases=[Phase.generate])
"""What is found need not be found small."""


def staged(bot_class: type) -> type:
    """A spoilt bot on stage."""
    return type("SpoiltOnStage", (BotOnStage,), {"bot_class": bot_class})


class Sleeper(Bot):
    """Never looks at the time by itself."""

    def pass_time(self) -> float:
        return 1.0


class Parrot(Bot):
    """Tells people what they have said themselves."""

    def carry_out(self, effect: Effect) -> None:
        super().carry_out(effect)
        if isinstance(effect, LobbyLine):
            self.tell(effect.sender, effect)


class Gossip(Bot):
    """Says aloud what is said in private."""

    def carry_out(self, effect: Effect) -> None:
        super().carry_out(effect)
        if isinstance(effect, PrivateLine):
            for user in self.roulette.recipients(LobbyLine(effect.sender, effect.text, effect.name)):
                self.tell(user, effect)


class Backwards(Bot):
    """Carries effects out the last one first."""

    def handle(self, event: Event) -> None:
        for effect in reversed(self.roulette.handle(event, self.now())):
            self.carry_out(effect)


class Curt(Bot):
    """Refuses without a word."""

    def carry_out(self, effect: Effect) -> None:
        if not isinstance(effect, Refused):
            super().carry_out(effect)


class Stern(Bot):
    """Takes a user's mistake for one of the caller's."""

    def carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Refused):
            raise ValueError(effect.reason)
        super().carry_out(effect)


class Coward(Bot):
    """Tells of the end of a chat only those who ended it."""

    def carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Parted):
            self.tell(effect.user, effect)
        else:
            super().carry_out(effect)


class Hoarder(Bot):
    """Never forgets a user."""

    def carry_out(self, effect: Effect) -> None:
        kept = dict(self.heard)
        super().carry_out(effect)
        self.heard.update(kept)


class Forgetful(Bot):
    """Moves all users to the lobby at a restart."""

    def __init__(self, send: Any, saved: str = "", clock: Any = None) -> None:
        super().__init__(send, saved, clock)
        names = {user: self.roulette.name(user) for user in self.heard}
        self.roulette = Roulette("no-repeat")
        for user, name in names.items():
            self.roulette.handle(Join(user, name), 0.0)


HEARING = "test_users_are_told_what_is_for_them_and_nothing_else"
MISTAKES = "test_a_refusal_is_told_to_its_user_alone"
RESTART = "test_a_restart_changes_nothing_for_users"

SPOILT = {
    Sleeper: "test_what_is_due_by_time_alone_happens_without_a_request",
    Parrot: HEARING,
    Gossip: HEARING,
    Backwards: HEARING,
    Coward: HEARING,
    Curt: MISTAKES,
    Stern: MISTAKES,
    Hoarder: "test_a_user_who_has_left_is_forgotten_and_may_come_back",
    Forgetful: RESTART,
}


@pytest.mark.parametrize("spoilt", SPOILT, ids=lambda spoilt: spoilt.__name__)
def test_a_spoilt_app_is_found_out(spoilt):
    tests = wrapper_test(staged(spoilt), lists=True, restores=True, policies=("no-repeat",), effort=HASTY)()
    with pytest.raises((AssertionError, ValueError)):
        getattr(tests, SPOILT[spoilt])()


def test_a_fault_is_reported_with_its_history():
    tests = wrapper_test(staged(Curt))()
    with pytest.raises(AssertionError) as told:
        tests.test_a_refusal_is_told_to_its_user_alone()
    fault, after, first, *_ = str(told.value).splitlines()
    assert fault.startswith("2 was to be told Refused(user=2, reason=<Reason.NAME_TAKEN: 'name_taken'>")
    assert fault.endswith("and was told None")
    assert after == "after this:"
    assert first == "  at 0 s: Join(user=1, name='ada', blocked=(), blocked_by=(), attributes=None, kind='join')"


class Stuck(Bot):
    """Waits for ever for an answer to ``next``."""

    def handle(self, event: Event) -> None:
        while isinstance(event, Next):
            pass
        super().handle(event)


def test_an_app_that_hangs_fails_with_all_that_led_to_it():
    tests = wrapper_test(staged(Stuck), deadline=0.2)()
    with pytest.raises(TimeLimitExceeded) as told:
        tests.test_a_refusal_is_told_to_its_user_alone()
    fault, after, *steps = str(told.value).splitlines()
    assert fault == "the app hangs or is too slow: not finished after 0.2 s"
    assert after == "after this:"
    assert steps[-1] == "  at 0 s: Next(user=1, chat=None, left_behind=None, kind='next')"


class Direct:
    """An app that does nothing but carry effects out, with a lobby of its own: it can do all that can be claimed."""

    def __init__(self, policy: str, seed: int) -> None:
        self.roulette = Roulette(policy, seed)
        self.sent: defaultdict[User, list[Effect]] = defaultdict(list)

    def ask(self, event: Event, now: float) -> None:
        for effect in self.roulette.handle(event, now):
            for user in self.roulette.recipients(effect):
                self.sent[user].append(effect)

    def advance(self, now: float) -> None:
        self.ask(Tick(), now)

    def heard(self, user: User) -> list[Effect]:
        return self.sent.pop(user, [])

    def present(self) -> Iterable[User]:
        return self.roulette.users()

    def restart(self) -> None:
        self.roulette = Roulette.restore(self.roulette.snapshot())


class TestDirect(WrapperTests):
    users = ("ada", "bob", "carol", 7)
    policies = tuple(EAGER)
    blocks = interests = chats = lists = restores = True
    effort = settings(WrapperTests.effort, max_examples=15)

    def make(self, policy: str, seed: int) -> Direct:
        return Direct(policy, seed)


class Unblocking(Direct):
    """Hands every block on as a mere next."""

    def ask(self, event: Event, now: float) -> None:
        super().ask(Next(event.user) if isinstance(event, Block) else event, now)


class Indifferent(Direct):
    """Loses all interests."""

    def ask(self, event: Event, now: float) -> None:
        super().ask(Start(event.user) if isinstance(event, Start) else event, now)


class Unaddressed(Direct):
    """Loses which chat a line belongs to, so that one that crosses the end of its chat goes to the next."""

    def ask(self, event: Event, now: float) -> None:
        super().ask(event._replace(chat=None) if isinstance(event, Say) else event, now)


@pytest.mark.parametrize(
    ("spoilt", "test"),
    [
        (Unblocking, "test_users_can_block"),
        (Indifferent, "test_interests_are_handed_on"),
        (Unaddressed, "test_what_names_a_chat_that_is_over_is_refused"),
    ],
)
def test_a_false_claim_of_an_app_is_found(spoilt, test):
    tests = wrapper_test(spoilt, blocks=True, interests=True, chats=True, effort=HASTY)()
    with pytest.raises(AssertionError):
        getattr(tests, test)()


class Misdelivering(Direct):
    """Delivers a private line to the first of the others."""

    def ask(self, event: Event, now: float) -> None:
        for effect in self.roulette.handle(event, now):
            for user in self.roulette.recipients(effect):
                others = [each for each in self.roulette.users() if each != user]
                self.sent[others[0] if isinstance(effect, PrivateLine) else user].append(effect)


class Renumbering(Direct):
    """Knows its users by a new number at each visit, as one does who numbers connections."""

    def __init__(self, policy: str, seed: int) -> None:
        super().__init__(policy, seed)
        self.numbers: dict[User, int] = {}
        self.given = 0

    def ask(self, event: Event, now: float) -> None:
        if isinstance(event, Join) and self.numbers.get(event.user) not in self.roulette:
            self.given += 1
            self.numbers[event.user] = self.given
        super().ask(event if isinstance(event, Tick) else event._replace(user=self.numbers[event.user]), now)

    def heard(self, user: User) -> list[Effect]:
        return super().heard(self.numbers.get(user, 0))

    def id_of(self, user: User) -> User:
        return self.numbers.get(user, 0)

    def present(self) -> Iterable[User]:
        return self.roulette.users()


class TestRenumbering(WrapperTests):
    renumbers = lists = True
    effort = settings(WrapperTests.effort, max_examples=15)

    def make(self, policy: str, seed: int) -> Renumbering:
        return Renumbering(policy, seed)


class Swapped(Direct):
    """Tells each of a pair that the other was drawn first, which no client can see."""

    def heard(self, user: User) -> list[Effect]:
        return [
            Paired(effect.second, effect.first, effect.second_name, effect.first_name, effect.chat)
            if isinstance(effect, Paired)
            else effect
            for effect in super().heard(user)
        ]


class MixedUp(Renumbering):
    """Tells of the user that had a number before."""

    def heard(self, user: User) -> list[Effect]:
        return [
            effect._replace(sender=1) if isinstance(effect, LobbyLine) else effect for effect in super().heard(user)
        ]


def test_who_comes_first_in_a_pair_is_not_compared():
    wrapper_test(
        Swapped, effort=settings(HASTY, max_examples=10)
    )().test_users_are_told_what_is_for_them_and_nothing_else()


@pytest.mark.parametrize(("spoilt", "claims"), [(Misdelivering, {}), (MixedUp, {"renumbers": True}), (Renumbering, {})])
def test_a_line_for_another_or_of_another_is_found(spoilt, claims):
    tests = wrapper_test(spoilt, effort=HASTY, **claims)()
    with pytest.raises(AssertionError):
        tests.test_users_are_told_what_is_for_them_and_nothing_else()


class Context(Direct):
    """Counts how often it was set up and torn down; fails if asked for private chats."""

    entered = left = 0

    def __enter__(self) -> "Context":
        type(self).entered += 1
        return self

    def __exit__(self, *_: object) -> None:
        type(self).left += 1


def test_an_app_is_torn_down_whatever_happens():
    class Sound(Context):
        pass

    class Failing(Context):
        def ask(self, event: Event, now: float) -> None:
            raise ValueError("no")

    wrapper_test(
        Sound, effort=settings(HASTY, max_examples=10)
    )().test_users_are_told_what_is_for_them_and_nothing_else()
    assert Sound.left == Sound.entered > 20
    with pytest.raises(ValueError, match="no"):
        wrapper_test(Failing)().test_a_refusal_is_told_to_its_user_alone()
    assert (Failing.entered, Failing.left) == (1, 1)


def test_a_forgotten_thread_is_found():
    enough = threading.Event()

    class Threaded(Direct):
        def __init__(self, policy: str, seed: int) -> None:
            super().__init__(policy, seed)
            threading.Thread(target=enough.wait, name="worker").start()

    try:
        with pytest.raises(AssertionError, match="left behind the threads worker"):
            wrapper_test(Threaded)().test_a_refusal_is_told_to_its_user_alone()
    finally:
        enough.set()


def test_an_unknown_claim_of_an_app_is_refused():
    with pytest.raises(TypeError, match="nothing is called telepathy that could be claimed"):
        wrapper_test(Direct, telepathy=True)


def test_without_a_factory_there_is_nothing_to_test():
    with pytest.raises(NotImplementedError, match="override make"):
        WrapperTests().test_a_refusal_is_told_to_its_user_alone()
