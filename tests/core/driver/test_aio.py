"""The asyncio shell: on virtual time, and with real signals and kills."""

import asyncio
import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from roulette_core import (
    BrokenPolicy,
    CallsOverlap,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    LobbyLine,
    Next,
    Paired,
    Parted,
    Policy,
    Roulette,
    Say,
    Start,
    State,
    Tick,
    UnknownUser,
    User,
)
from roulette_core.aio import AsyncDriver
from roulette_core.driver import Told, Waiting
from roulette_core.files import replace_file
from roulette_core.testing.conformance import VirtualTimeLoop


def run(main: Callable[[], Coroutine[Any, Any, Any]], hours: float = 1.0) -> list[dict[str, Any]]:
    """Runs a coroutine function on virtual time to its end; returns what the loop reported."""
    loop = VirtualTimeLoop()
    try:
        with contextlib.closing(loop):
            task = loop.create_task(main())
            loop.pass_time(hours * 3600.0)
            assert task.done(), "it still waits for something"
            task.result()
            assert asyncio.all_tasks(loop) == set()
            loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        reports = loop.reports
    return reports


def join(driver: AsyncDriver, *users: int) -> None:
    for user in users:
        driver.handle(Join(user, f"n{user}"))


def start(driver: AsyncDriver, *users: int) -> None:
    for user in users:
        driver.handle(Start(user))


# Clock and timer.


def test_pairings_by_time_alone_happen_at_their_time() -> None:
    seen: list[tuple[float, type]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with AsyncDriver(
            Roulette("waves:every=5"), lambda told: seen.append((loop.time(), type(told.effect)))
        ) as driver:
            await asyncio.sleep(0.5)
            join(driver, 1, 2)
            start(driver, 1, 2)
            await asyncio.sleep(30.0)

    assert run(main) == []
    assert [time for time, kind in seen if kind is Paired] == [5.0]


def test_time_goes_on_from_where_a_roulette_was_saved() -> None:
    roulette = Roulette("fresh:memory=1,patience=20")
    for user in (1, 2):
        roulette.handle(Join(user, f"n{user}"), 1e6)
        roulette.handle(Start(user), 1e6)
    roulette.handle(Next(1), 1e6)
    paired: list[float] = []

    async def main() -> None:
        await asyncio.sleep(7.7)
        loop = asyncio.get_running_loop()

        def note(told: Told) -> None:
            if isinstance(told.effect, Paired):
                paired.append(loop.time())

        async with AsyncDriver(Roulette.restore(roulette.snapshot()), note) as driver:
            assert driver.now() == 1e6
            await asyncio.sleep(1.0)
            assert driver.now() == pytest.approx(1e6 + 1.0)
            await asyncio.sleep(60.0)

    assert run(main) == []
    assert paired == [pytest.approx(27.7)]


def test_a_timer_that_fires_a_moment_early_does_its_work_once() -> None:
    """Loops fire timers early by up to the resolution of the clock. Set again for the rest, it would fire for ever."""
    ticks: list[float] = []

    def record(event: Event, now: float, effects: Sequence[Effect]) -> None:
        if isinstance(event, Tick):
            ticks.append(now)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop._clock_resolution = 0.25  # type: ignore[attr-defined]
        async with AsyncDriver(Roulette("waves:every=5"), lambda told: None, record=record) as driver:
            join(driver, 1, 2)
            start(driver, 1, 2)
            loop.call_at(4.875, lambda: None)  # here the loop runs, and finds a timer for 5.0
            await asyncio.sleep(30.0)

    assert run(main) == []
    assert ticks == [1.0, 5.0]


def test_stale_explanations_are_told_by_the_timer() -> None:
    texts: list[tuple[float, User, str]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()

        def note(told: Told) -> None:
            if isinstance(told.effect, Waiting):
                texts.append((loop.time(), told.effect.user, told.effect.explanation.text))

        async with AsyncDriver(Roulette("uniform:minimum=9"), note) as driver:
            join(driver, 1, 2)
            start(driver, 1, 2)
            await asyncio.sleep(10.0)

    assert run(main) == []
    assert texts == [
        (0.0, 1, "1 of the 9 people needed for a draw are waiting"),
        (0.0, 2, "2 of the 9 people needed for a draw are waiting"),
        (1.0, 1, "2 of the 9 people needed for a draw are waiting"),
    ]


# Order and delivery.


@pytest.mark.parametrize("slow", [False, True])
def test_everything_is_delivered_in_order_before_the_driver_is_left(slow: bool) -> None:
    seen: list[Told] = []
    expected: list[Told] = []

    async def main() -> None:
        async def slowly(told: Told) -> None:
            await asyncio.sleep(1.0)
            seen.append(told)

        async with AsyncDriver(Roulette("v2"), slowly if slow else seen.append) as driver:
            for event in [*(Join(user, f"n{user}") for user in range(4)), *(Start(user) for user in range(4))]:
                expected.extend(driver.handle(event))

    assert run(main) == []
    assert seen[: len(expected)] == expected  # then what became due meanwhile
    assert len(seen) > 12


@pytest.mark.parametrize("slow", [False, True])
def test_a_request_made_while_delivering_is_told_after_what_came_before(slow: bool) -> None:
    seen: list[tuple[str, tuple[User, ...]]] = []

    async def main() -> None:
        def deliver(told: Told) -> Any:
            seen.append((told.effect.kind, told.to))
            if isinstance(told.effect, Parted):
                driver.handle(Leave(told.effect.partner))
            return asyncio.sleep(1.0) if slow else None

        async with AsyncDriver(Roulette("uniform:minimum=2"), deliver) as driver:
            join(driver, 1, 2, 3)
            start(driver, 1, 2)
            await asyncio.sleep(30.0)
            seen.clear()
            driver.handle(Next(1))
            await asyncio.sleep(30.0)

    assert run(main) == []
    assert [kind for kind, _ in seen if kind != "waiting"][:2] == ["parted", "paired"]
    assert ("left", (3,)) in seen


@pytest.mark.parametrize("slow", [False, True])
def test_an_error_in_delivery_is_reported_and_others_are_told_all_the_same(slow: bool) -> None:
    seen: list[Told] = []

    async def fail() -> None:
        await asyncio.sleep(1.0)
        raise ConnectionResetError("gone")

    def deliver(told: Told) -> Any:
        if told.to == (1,):
            if slow:
                return fail()
            raise ConnectionResetError("gone")
        seen.append(told)
        return None

    async def main() -> None:
        async with AsyncDriver(Roulette(), deliver) as driver:
            join(driver, 1, 2)

    reports = run(main)
    assert [type(report["exception"]) for report in reports] == [ConnectionResetError] * 2
    assert "could not be delivered" in reports[0]["message"]
    assert "Joined(user=1" in reports[0]["message"]
    assert [told.to for told in seen] == [(2,)]


def test_other_threads_hand_in_events_and_get_the_answer() -> None:
    seen: list[Told] = []

    async def main() -> None:
        async with AsyncDriver(Roulette(), seen.append) as driver:
            join(driver, 0)

            def work(user: int) -> None:
                with pytest.raises(CallsOverlap, match="handle_threadsafe"):
                    driver.handle(Join(user, "x"))
                (mine, *_) = driver.handle_threadsafe(Join(user, f"n{user}")).result(30)
                assert mine == Told(Joined(user, f"n{user}"), (user,))
                with pytest.raises(UnknownUser):
                    driver.handle_threadsafe(Say(-1, "x")).result(30)
                for number in range(20):
                    driver.handle_threadsafe(Say(user, f"{number}"))

            await asyncio.gather(*(asyncio.to_thread(work, user) for user in range(1, 5)))
            cancelled = driver.handle_threadsafe(Leave(0))
            assert cancelled.cancel()
            await asyncio.sleep(1.0)
            assert 0 in driver.roulette

    assert run(main) == []
    for user in range(1, 5):
        lines = [told.effect.text for told in seen if isinstance(told.effect, LobbyLine) and told.effect.sender == user]
        assert lines == [str(number) for number in range(20)]


def test_a_mistake_of_the_caller_stops_nothing() -> None:
    async def main() -> None:
        async with AsyncDriver(Roulette(), lambda told: None) as driver:
            await driver.save()  # nowhere
            with pytest.raises(UnknownUser):
                driver.handle(Say(1, "x"))
            join(driver, 1)

    assert run(main) == []


def test_outside_its_block_a_driver_refuses_to_work() -> None:
    driver = AsyncDriver(Roulette(), lambda told: None)

    async def main() -> None:
        async with driver:
            join(driver, 1)

    for _ in range(2):
        for call in (driver.handle, driver.handle_threadsafe):
            with pytest.raises(RuntimeError, match="async with"):
                call(Join(1, "ada"))
        if 1 not in driver.roulette:
            assert run(main) == []
    assert driver.roulette.users() == [1]


# Saving.


def test_the_state_is_saved_on_schedule_if_it_has_changed_and_at_the_end() -> None:
    saved: list[tuple[float, str, bool]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()

        def save(text: str) -> None:
            saved.append((loop.time(), text, threading.current_thread() is threading.main_thread()))

        async with AsyncDriver(Roulette(), lambda told: None, save=save, every=10.0) as driver:
            await asyncio.sleep(25.0)
            assert saved == []
            join(driver, 1)
            await asyncio.sleep(30.0)
            join(driver, 2)
            await driver.save()
            await driver.save()
            await asyncio.sleep(10.0)
            join(driver, 3)

    assert run(main) == []
    assert [(time, len(json.loads(text)["users"]), main_thread) for time, text, main_thread in saved] == [
        (30.0, 1, False),
        (55.0, 2, False),
        (65.0, 3, False),
    ]


def test_a_failure_to_save_is_reported_and_tried_again_but_raised_at_the_end() -> None:
    tries: list[str] = []

    def save(text: str) -> None:
        tries.append(text)
        raise OSError(28, "No space left on device")

    async def main() -> None:
        with pytest.raises(OSError, match="No space"):
            async with AsyncDriver(Roulette(), lambda told: None, save=save, every=10.0) as driver:
                join(driver, 1)
                await asyncio.sleep(25.0)

    reports = run(main)
    assert [report["message"] for report in reports] == ["the state could not be saved"] * 2
    assert len(tries) == 3


def test_an_error_in_the_program_does_not_keep_the_state_from_being_saved(tmp_path: Path) -> None:
    path = tmp_path / "people.json"

    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            async with AsyncDriver(Roulette(), lambda told: None, save=path) as driver:
                join(driver, 1)
                raise ZeroDivisionError

    assert run(main) == []
    assert Roulette.restore(json.loads(path.read_text())).users() == [1]


def test_a_file_is_replaced_as_a_whole_and_keeps_its_link_and_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, link = tmp_path / "a.json", tmp_path / "link.json"
    replace_file(path, "old", fsync=False)
    path.chmod(0o600)
    link.symlink_to(path)
    replace_file(link, "né")
    assert path.read_text(encoding="utf-8") == "né"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def fail(*_: object) -> None:
        assert path.read_text(encoding="utf-8") == "né"
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="Input"):
        replace_file(link, "new")
    assert path.read_text(encoding="utf-8") == "né"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json", "link.json"]


@pytest.mark.parametrize("fsync", [True, False])
def test_the_file_and_its_folder_are_on_the_disk_if_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fsync: bool
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: flushed.append(stat.S_IFMT(os.fstat(file).st_mode)))
    replace_file(tmp_path / "a", "text", fsync=fsync)
    assert flushed == ([stat.S_IFREG, stat.S_IFDIR] if fsync and os.name == "posix" else [stat.S_IFREG] * fsync)


# What stops it.


class Breaks(Policy):
    """Draws the first two, until it is to raise."""

    fails = False

    def draw(self, now, choose):  # type: ignore[no-untyped-def]
        if self.fails:
            raise KeyError("profile")
        return tuple(self.pool)[:2] if len(self.pool) > 1 else None


def test_a_policy_that_breaks_stops_it_after_the_effects_before_and_nothing_is_saved_any_more() -> None:
    saved: list[str] = []
    seen: list[Told] = []

    async def main() -> None:
        policy = Breaks()
        async with AsyncDriver(Roulette(policy), seen.append, save=saved.append, every=10.0) as driver:
            join(driver, 1, 2)
            start(driver, 1, 2)
            await asyncio.sleep(15.0)
            policy.fails = True
            seen.clear()
            with pytest.raises(BrokenPolicy):
                driver.handle(Next(1))
            assert [type(told.effect) for told in seen] == [Parted]
            with pytest.raises(BrokenPolicy):
                driver.handle(Say(1, "only for 2"))
            await asyncio.sleep(60.0)
            await driver.until_stopped()

    with pytest.raises(BrokenPolicy) as caught:
        run(main)
    assert isinstance(caught.value.__cause__, KeyError)
    (text,) = saved
    assert Roulette.restore(json.loads(text), Breaks()).state(1) is State.PRIVATE


def test_a_policy_that_breaks_by_time_alone_stops_it() -> None:
    class Late(Breaks):
        def draw(self, now, choose):  # type: ignore[no-untyped-def]
            return 1 / (5.0 - now) and None

        def deadline(self, now):  # type: ignore[no-untyped-def]
            return 5.0

    stopped: list[float] = []

    async def main() -> None:
        async with AsyncDriver(Roulette(Late()), lambda told: None) as driver:
            join(driver, 1, 2)
            start(driver, 1, 2)
            with pytest.raises(BrokenPolicy) as caught:
                await driver.until_stopped()
            assert isinstance(caught.value.__cause__, ZeroDivisionError)
            stopped.append(asyncio.get_running_loop().time())

    with pytest.raises(BrokenPolicy):  # on leaving, too
        run(main)
    assert stopped == [5.0]


def test_an_event_that_cannot_be_recorded_is_not_delivered_and_stops_it() -> None:
    seen: list[Told] = []
    recorded: list[tuple[Event, float]] = []

    def record(event: Event, now: float, effects: Sequence[Effect]) -> None:
        assert len(seen) == len(recorded)
        recorded.append((event, now))
        if isinstance(event, Say):
            raise OSError(28, "No space left on device")

    async def main() -> None:
        async with AsyncDriver(Roulette(), seen.append, record=record) as driver:
            join(driver, 1)
            with pytest.raises(UnknownUser):
                driver.handle(Say(2, "x"))  # a mistake is not recorded
            await asyncio.sleep(2.0)
            for _ in range(2):
                with pytest.raises(OSError, match="No space"):
                    driver.handle(Say(1, "x"))

    with pytest.raises(OSError, match="No space"):
        run(main)
    assert recorded == [(Join(1, "n1"), 0.0), (Say(1, "x"), 2.0)]
    assert [type(told.effect) for told in seen] == [Joined]


def test_stop_ends_the_waiting() -> None:
    async def main() -> None:
        async with AsyncDriver(Roulette(), lambda told: None) as driver:
            asyncio.get_running_loop().call_later(3.0, driver.stop)
            await driver.until_stopped()
            assert asyncio.get_running_loop().time() == 3.0

    assert run(main) == []


PROGRAM = """
import asyncio, signal, sys
from pathlib import Path
from roulette_core import Join, Roulette
from roulette_core.aio import AsyncDriver

async def main():
    former = signal.getsignal(signal.SIGTERM)
    async with AsyncDriver(
        Roulette(), lambda told: None, save=Path(sys.argv[1]), signals=(signal.SIGTERM, signal.SIGINT)
    ) as driver:
        driver.handle(Join(1, "ada"))
        print("ready", flush=True)
        await driver.until_stopped()
        driver.handle(Join(2, "bob"))
    assert signal.getsignal(signal.SIGTERM) == former
    print("saved", flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_real_signal_ends_the_program_in_order_and_saves(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "people.json"
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", PROGRAM, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (0, "saved\n", "")
    assert Roulette.restore(json.loads(path.read_text())).users() == [1, 2]


def test_where_a_loop_has_no_signals_they_are_handled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise NotImplementedError

    async def main() -> None:
        former = signal.getsignal(signal.SIGTERM)
        async with AsyncDriver(Roulette(), lambda told: None, signals=(signal.SIGTERM,)) as driver:
            signal.raise_signal(signal.SIGTERM)
            await driver.until_stopped()
        assert signal.getsignal(signal.SIGTERM) == former

    monkeypatch.setattr(asyncio.SelectorEventLoop, "add_signal_handler", missing)
    monkeypatch.setattr(asyncio.SelectorEventLoop, "remove_signal_handler", missing)
    asyncio.run(main())
