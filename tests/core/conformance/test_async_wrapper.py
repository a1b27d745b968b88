"""The tests for wrappers on asyncio: the page's app passes, and apps that are spoilt are found out."""

import asyncio
import contextlib
import gc
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings

from roulette_core import Effect, Event, Join, Leave, LobbyLine, PrivateLine, Roulette, Searching, User
from roulette_core.testing import TimeLimitExceeded
from roulette_core.testing.conformance import VirtualTimeLoop, WrapperTests, wrapper_test
from tests.support.fences import ROOT, fences

_BOT = fences("docs/embedding.md", "python")[0].text
_BOT_ON_STAGE, _APP, _ADAPTER = (fence.text for fence in fences("docs/wrappers.md", "python"))

roulette_bot: Any = ModuleType("roulette_bot")
exec(_BOT, vars(roulette_bot))

_bot_page: dict[str, Any] = {}
with patch.dict(sys.modules, roulette_bot=roulette_bot):
    exec(_BOT_ON_STAGE, _bot_page)

TestBot = _bot_page["TestBot"]

json_chat: Any = ModuleType("json_chat")
exec(_APP, vars(json_chat))

_page: dict[str, Any] = {}
with patch.dict(sys.modules, json_chat=json_chat):
    exec(_ADAPTER, _page)

TestJsonChat = _page["TestJsonChat"]
Room = json_chat.Room

HASTY = settings(WrapperTests.effort, max_examples=60, phases=[Phase.generate])
"""What is found need not be found small."""


def spoilt_test(room: type) -> WrapperTests:
    """The page's tests of another room."""

    def make(policy: str, seed: int) -> Any:
        with patch.dict(_page, Room=room):
            return _page["running"](policy, seed)

    class Patched:
        def __init__(self, policy: str, seed: int) -> None:
            self.made = make(policy, seed)

        async def __aenter__(self) -> Any:
            with patch.dict(_page, Room=room):
                return await self.made.__aenter__()

        async def __aexit__(self, *error: Any) -> Any:
            return await self.made.__aexit__(*error)

    return wrapper_test(Patched, renumbers=True, effort=HASTY)()


HEARING = "test_users_are_told_what_is_for_them_and_nothing_else"
TIMER = "test_what_is_due_by_time_alone_happens_without_a_request"
REFUSAL = "test_a_refusal_is_told_to_its_user_alone"


class NoTimer(Room):
    """Never sets its timer."""

    def set_timer(self) -> None:
        pass


class SetOnce(Room):
    """Sets its timer once, and not again when the deadline has moved."""

    def set_timer(self) -> None:
        if self.timer is None:
            super().set_timer()


class SetLate(Room):
    """Sets its timer a second late."""

    def set_timer(self) -> None:
        deadline = self.roulette.next_deadline()
        self.stop_timer()
        if deadline is not None:
            self.timer = self.loop.call_at(deadline + 1.0, self.handle, json_chat.Tick())


class CrossTalk(Room):
    """Tells the user who has connected last what is for the one who searches."""

    def send(self, user: User, effect: Effect) -> None:
        super().send(max(self.writers) if isinstance(effect, Searching) else user, effect)


class Aloud(Room):
    """Says private lines in the lobby, too."""

    def send(self, user: User, effect: Effect) -> None:
        super().send(user, effect)
        if isinstance(effect, PrivateLine):
            for other in self.roulette.recipients(LobbyLine(effect.sender, effect.text, effect.name)):
                super().send(other, effect)


class LatestPartner(Room):
    """Delivers a private line to the first who is in private with any user."""

    def send(self, user: User, effect: Effect) -> None:
        super().send(self.roulette.pairs()[0][0] if isinstance(effect, PrivateLine) else user, effect)


class Crashing(Room):
    """Fails in a task of its own, of which no caller is told."""

    def handle(self, event: Event) -> None:
        super().handle(event)
        if isinstance(event, Leave):
            self.loop.call_soon(lambda: {}["nothing"])


class LeavesTimer(Room):
    """Arms a timer at the end, and does not stop it."""

    def handle(self, event: Event) -> None:
        super().handle(event)
        if isinstance(event, Leave) and not self.roulette.users():
            self.loop.call_later(60.0, print)


class LeavesTask(Room):
    """Starts a task for each user, and forgets it."""

    def handle(self, event: Event) -> None:
        super().handle(event)
        if isinstance(event, Join):
            self.task = self.loop.create_task(asyncio.Event().wait())


SPOILT = {
    NoTimer: (TIMER, "was to be told Paired"),
    SetOnce: (HEARING, "was to be told Paired|left behind: a timer"),
    SetLate: (TIMER, "was to be told Paired"),
    CrossTalk: (HEARING, "was told"),
    Aloud: (HEARING, "was told SawLine"),
    LatestPartner: (HEARING, "was t"),
    Crashing: (REFUSAL, "fails where no caller sees it: Exception in callback"),
    LeavesTimer: (REFUSAL, "left behind: a timer, due at 60 s"),
    LeavesTask: (REFUSAL, "left behind: the task <coroutine object Event.wait"),
}


@pytest.mark.parametrize("room", SPOILT, ids=lambda room: room.__name__)
def test_a_spoilt_app_on_asyncio_is_found_out(room):
    test, told = SPOILT[room]
    with pytest.raises(AssertionError, match=told):
        getattr(spoilt_test(room), test)()
    gc.collect()


# How an app is set up, asked and torn down.


class Mute:
    """A wrapper that does nothing."""

    def ask(self, event: Event) -> None:
        pass

    def heard(self, user: User) -> list[Effect]:
        return []


def refusal_test(context: Any) -> None:
    wrapper_test(context)().test_a_refusal_is_told_to_its_user_alone()


def test_an_app_is_torn_down_when_a_test_fails_in_the_task_that_set_it_up():
    tasks = []

    @contextlib.asynccontextmanager
    async def running(policy: str, seed: int) -> AsyncIterator[Mute]:
        tasks.append(asyncio.current_task())
        try:
            yield Mute()
        finally:
            await asyncio.sleep(3600)  # time passes while an app is torn down
            tasks.append(asyncio.current_task())

    with pytest.raises(AssertionError, match="was to be told Joined"):
        refusal_test(running)
    assert len(tasks) == 2
    assert tasks[0] is tasks[1]


def test_the_apps_own_error_is_raised_as_it_is():
    class Raising(Mute):
        async def ask(self, event: Event) -> None:
            raise ValueError("no")

    @contextlib.asynccontextmanager
    async def running(policy: str, seed: int) -> AsyncIterator[Mute]:
        yield Raising()

    @contextlib.asynccontextmanager
    async def never(policy: str, seed: int) -> AsyncIterator[Mute]:
        raise ValueError("not set up")
        yield Raising()

    with pytest.raises(ValueError, match="no"):
        refusal_test(running)
    with pytest.raises(ValueError, match="not set up"):
        refusal_test(never)


@pytest.mark.parametrize(
    ("waiting", "told"),
    [
        (lambda: asyncio.Event().wait(), "waits in ask for something that never comes"),
        (lambda: asyncio.sleep(2), "waits in ask for its timer at 2 s"),
    ],
)
def test_an_app_that_waits_in_vain_is_told_so_at_once(waiting, told):
    class Waiting(Mute):
        async def ask(self, event: Event) -> None:
            await waiting()

    @contextlib.asynccontextmanager
    async def running(policy: str, seed: int) -> AsyncIterator[Mute]:
        yield Waiting()

    with pytest.raises(AssertionError, match=told):
        refusal_test(running)


def test_an_app_that_ends_by_itself_is_told_so():
    class Ending(Mute):
        def __init__(self, group: asyncio.TaskGroup) -> None:
            self.group = group

        def ask(self, event: Event) -> None:
            self.group.create_task(self.fail())

        async def fail(self) -> None:
            raise ValueError("a task of the app has failed")

    @contextlib.asynccontextmanager
    async def running(policy: str, seed: int) -> AsyncIterator[Mute]:
        async with asyncio.TaskGroup() as group:
            yield Ending(group)

    with pytest.raises(ExceptionGroup) as told:
        refusal_test(running)
    assert "a task of the app has failed" in str(told.value.exceptions[0])


def test_a_forgotten_socket_is_found():
    @contextlib.asynccontextmanager
    async def running(policy: str, seed: int) -> AsyncIterator[Any]:
        room = Room(Roulette(policy, seed))
        server = await asyncio.start_server(room.converse, "127.0.0.1", 0)
        async with asyncio.TaskGroup() as tasks:
            clients = _page["Clients"](server.sockets[0].getsockname()[1], tasks)
            yield clients
            for writer in clients.writers.values():
                writer.write_eof()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with pytest.raises(AssertionError, match="left behind: 1 open sockets"):
            wrapper_test(running, renumbers=True)().test_a_refusal_is_told_to_its_user_alone()
        gc.collect()


def test_an_app_that_hangs_in_a_callback_fails_at_the_deadline():
    class Hanging(Mute):
        def ask(self, event: Event) -> None:
            asyncio.get_running_loop().call_soon(self.hang)

        def hang(self) -> None:
            while True:
                pass

    @contextlib.asynccontextmanager
    async def running(policy: str, seed: int) -> AsyncIterator[Mute]:
        yield Hanging()

    with pytest.raises(TimeLimitExceeded, match="hangs or is too slow"):
        wrapper_test(running, deadline=0.2)().test_a_refusal_is_told_to_its_user_alone()


def test_a_failing_app_leaves_pytest_and_the_next_tests_alone(tmp_path: Path):
    (tmp_path / "json_chat.py").write_text(_APP.replace("self.timer = self.loop.call_at", "print"), encoding="utf-8")
    (tmp_path / "test_json_chat.py").write_text(_ADAPTER, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-k", "time_alone"]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "was to be told Paired" in done.stdout
    assert "destroyed" not in done.stdout + done.stderr


# The loop.


def test_time_passes_from_timer_to_timer_and_stands_still_otherwise():
    loop, seen = VirtualTimeLoop(), []

    async def every_second() -> None:
        for _ in range(3):
            seen.append(loop.time())
            await asyncio.sleep(1)

    task = loop.create_task(every_second())
    loop.run_until_idle()
    loop.run_until_idle()
    assert (seen, loop.time(), loop.due) == ([0.0], 0.0, 1.0)
    loop.pass_time(1.0)
    assert seen == [0.0, 1.0]
    loop.pass_time(1e6)
    assert (seen, loop.time(), loop.due, task.done()) == ([0.0, 1.0, 2.0], 1e6, float("inf"), True)
    loop.close()


def test_the_loop_waits_for_its_threads_before_it_is_idle():
    import time

    loop = VirtualTimeLoop()
    task = loop.create_task(asyncio.to_thread(time.sleep, 0.05))
    loop.call_later(1.0, print)
    loop.run_until_idle()
    assert task.done()
    assert loop.time() == 0.0
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
