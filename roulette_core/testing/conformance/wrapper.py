"""The centre of the kit for wrappers: tests of an app around a roulette. Override one factory, or have them made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roulette_core.events import Block, Event, Join, Leave, Lobby, Next, Say, Start, User
from roulette_core.testing.conformance.wrapper_rehearsal import Rehearsal
from roulette_core.testing.conformance.wrapper_stage import Made, StageFault, on_stage
from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit

Act: TypeAlias = tuple[str, int, float]
"""A word for the request, the number of the user, and the seconds since the previous act."""

WORDS = ("start", "start", "start", "say", "say", "say", "next", "next", "lobby", "wait", "leave")

TOPICS = ("chess", "go")

SECONDS = (0.0, 0.0, 0.25, 4.0, 20.0)
"""Exact in binary, so that some acts fall exactly on a deadline."""


class WrapperTests:
    """Tests of a wrapper: subclass under a name that begins with ``Test``, and override ``make``.

    Attributes:
        users: the ids of all users: at least three, in the form that the app knows.
        policies: the specifications of the policies to try, one of which pairs by time alone.
        blocks: whether users can ask for ``Block``.
        interests: whether ``Start`` is passed on with its interests.
        chats: whether ``Say``, ``Next`` and ``Block`` are passed on with the chat that they name.
        lists: whether the app lists the users whom it knows (``present``).
        restores: whether the app resumes its state after a restart (``restart``).
        renumbers: whether the app knows a user by another id on each visit, such as that of a connection, so that a
            policy takes a user who comes back for a stranger. Needs ``id_of`` if ``heard`` returns effects; sightings
            have names only.
        effort: how hard Hypothesis tries with each policy.
        deadline: the longest time for one random history, in seconds; an app that takes longer fails as hanging. A
            history usually takes milliseconds.
    """

    users: ClassVar[tuple[User, ...]] = (1, 2, 3, 4, 5)
    policies: ClassVar[tuple[str, ...]] = ("no-repeat", "uniform:minimum=2", "waves:every=4")
    blocks: ClassVar[bool] = False
    interests: ClassVar[bool] = False
    chats: ClassVar[bool] = False
    lists: ClassVar[bool] = False
    restores: ClassVar[bool] = False
    renumbers: ClassVar[bool] = False
    effort: ClassVar[settings] = settings(
        max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    deadline: ClassVar[float] = 30.0

    def make(self, policy: str, seed: int) -> Made:
        """Returns the app, started without users, with a policy and its random seed.

        Returns:
            A context manager, sync or async, that gives the wrapper and stops the app on exit, whatever happened; or a
            wrapper, if nothing has to be stopped. What an async one enters runs on a loop of virtual time.
        """
        raise NotImplementedError("override make(), or use wrapper_test")

    def test_users_are_told_what_is_for_them_and_nothing_else(self) -> None:
        """In random histories every effect reaches all its recipients, in order, and no other user; a judge agrees."""
        self._try(WORDS)

    def test_what_is_due_by_time_alone_happens_without_a_request(self) -> None:
        """Two users are paired by the passing of time."""
        with self._rehearsal("waves:every=4", 0) as rehearsal:
            for user in self.users[:2]:
                rehearsal.ask(Join(user, f"name of {user}"))
                rehearsal.ask(Start(user))
            rehearsal.wait(4.0)
            assert rehearsal.roulette.pairs(), "the plain roulette has paired the two"

    def test_a_refusal_is_told_to_its_user_alone(self) -> None:
        """An illegal request is refused, changes nothing, and raises nothing."""
        first, second, *_ = self.users
        asked: list[Event] = [Join(first, "ada"), Join(second, "ada"), Next(first), Lobby(first), Join(second, "bob")]
        asked += [Start(first), Start(first), Next(first), Start(second), Start(second), Next(second), Leave(first)]
        with self._rehearsal("uniform:minimum=2", 0) as rehearsal:
            for event in asked:
                rehearsal.ask(event)

    def test_a_user_who_has_left_is_forgotten_and_may_come_back(self) -> None:
        """The app forgets users who have left, whatever they were doing."""
        if not self.lists:
            pytest.skip("does not claim to list the users whom it knows: lists = True, and present()")
        self._try((*WORDS, "present"))

    def test_users_can_block(self) -> None:
        """``Block`` is passed on, and the blocked user is not told."""
        if not self.blocks:
            pytest.skip("does not claim that users can block: blocks = True")
        self._try((*WORDS, "block", "block"))

    def test_interests_are_handed_on(self) -> None:
        """Two users who share an interest are paired."""
        if not self.interests:
            pytest.skip("does not claim to pass on interests: interests = True")
        self._try((*WORDS, "start"), policies=("interests:patience=4",))

    def test_what_names_a_chat_that_is_over_is_refused(self) -> None:
        """A line that crosses the end of its chat reaches no user, nor does ``next`` end another chat."""
        if not self.chats:
            pytest.skip("does not claim to pass on which chat a request belongs to: chats = True")
        self._try((*WORDS, "say in chat", "say in chat", "next in chat", "next"))

    def test_a_restart_changes_nothing_for_users(self) -> None:
        """The app can be restarted at any time without any effect on users."""
        if not self.restores:
            pytest.skip("does not claim to resume after a restart: restores = True, and restart()")
        self._try((*WORDS, "restart"))

    def _try(self, words: tuple[str, ...], policies: tuple[str, ...] = ()) -> None:
        """Runs random histories with each policy."""
        acts = st.tuples(st.sampled_from(words), st.sampled_from(range(len(self.users))), st.sampled_from(SECONDS))

        @self.effort
        @given(seed=st.integers(0, 9), evening=st.lists(acts, min_size=10, max_size=40))
        def rehearse(policy: str, seed: int, evening: list[Act]) -> None:
            with self._rehearsal(policy, seed) as rehearsal:
                for user in self.users:
                    rehearsal.ask(Join(user, f"name of {user}"))
                for number, act in enumerate(evening):
                    self._carry_out(rehearsal, number, act)

        for policy in policies or self.policies:
            rehearse(policy)

    def _carry_out(self, rehearsal: Rehearsal, number: int, act: Act) -> None:
        word, who, seconds = act
        user = self.users[who]
        rehearsal.now += seconds
        if word == "wait":
            rehearsal.wait(seconds)
        elif word == "restart":
            rehearsal.restart()
        elif word == "present":
            rehearsal.compare_users()
        elif rehearsal.is_present(user):
            rehearsal.ask(self._event(word, user, number, rehearsal.latest_chat(user)))
        else:
            rehearsal.ask(Join(user, f"name {number} of {user}"))

    def _event(self, word: str, user: User, number: int, chat: int) -> Event:
        match word:
            case "say":
                return Say(user, f"line {number}")
            case "start":
                return Start(user, TOPICS[number % 3 :][:1] if self.interests else ())
            case "say in chat":
                return Say(user, f"line {number}", chat)
            case "next in chat" if chat:
                return Next(user, chat)
            case "next" | "next in chat":
                return Next(user)
            case "lobby":
                return Lobby(user)
            case "block":
                return Block(user)
            case _:
                return Leave(user)

    @contextmanager
    def _rehearsal(self, policy: str, seed: int) -> Iterator[Rehearsal]:
        """Starts the app; on exit a judge compares what all users have seen."""
        rehearsal: Rehearsal | None = None
        try:
            with time_limit(self.deadline), on_stage(partial(self.make, policy, seed)) as stage:
                rehearsal = Rehearsal(stage, policy, seed, self.users, self.renumbers)
                yield rehearsal
                rehearsal.judge()
        except StageFault as fault:
            found = str(fault)
            raise AssertionError(rehearsal.told(found) if rehearsal else found) from fault.__cause__
        except TimeLimitExceeded as error:
            # Not an AssertionError: Hypothesis would try to make the story smaller, and wait for each smaller one.
            found = f"the app hangs or is too slow: {error}"
            raise TimeLimitExceeded(rehearsal.told(found) if rehearsal else found) from None


def wrapper_test(make: Callable[[str, int], Made], **claims: Any) -> type[WrapperTests]:
    """Makes tests for a wrapper, to be bound to a name that begins with ``Test``.

    Args:
        make: starts the app with a policy's specification and a seed: see ``WrapperTests.make``.
        claims: attributes of ``WrapperTests``: what the app can do, which users it knows, which policies to try.

    Raises:
        TypeError: there is no such attribute.
    """
    unknown = [name for name in claims if name not in WrapperTests.__annotations__]
    if unknown:
        raise TypeError(f"nothing is called {', '.join(unknown)} that could be claimed for a wrapper")
    return type("WrapperTests", (WrapperTests,), {"make": lambda tests, policy, seed: make(policy, seed), **claims})
