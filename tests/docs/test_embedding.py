"""The embedding page: its app runs on the standard library and the library alone, and does what the page shows."""

import asyncio
import contextlib
import doctest
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from roulette_core import Roulette
from roulette_core.testing.conformance import VirtualTimeLoop
from tests.support.fences import ROOT, fences

PAGE = "docs/embedding.md"
(APP,) = (fence.text for fence in fences(PAGE, "python"))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The page's app as its reader would save it."""
    path = tmp_path / "roulette_bot.py"
    path.write_text(APP, encoding="utf-8")
    return path


@contextlib.contextmanager
def running(app: Path, saved: Path, stop: signal.Signals = signal.SIGINT):
    """The app as a process that can import nothing but the standard library and roulette_core; gives its port."""
    alone = app.parent / "library"
    alone.mkdir(exist_ok=True)
    if not (alone / "roulette_core").exists():
        (alone / "roulette_core").symlink_to(ROOT / "roulette_core")
    # CI names the interpreter of an environment with only the library; -S leaves out site-packages otherwise.
    command = [os.environ["LIBRARY_PYTHON"]] if "LIBRARY_PYTHON" in os.environ else [sys.executable, "-S"]
    environment = {} if "LIBRARY_PYTHON" in os.environ else {"PYTHONPATH": str(alone)}
    process = subprocess.Popen([*command, app, "0", saved], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().split()[-1])
        process.send_signal(stop)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()


class Person:
    """Somebody at ``nc -u``."""

    def __init__(self, port: int, own: int = 0) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", own))
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(30)
        self.port = self.socket.getsockname()[1]

    def type(self, line: str) -> None:
        self.socket.send(f"{line}\n".encode())

    def read(self) -> str:
        return self.socket.recv(2048).decode().rstrip("\n")


def test_the_app_runs_with_the_library_alone_and_goes_on_after_a_restart(app, tmp_path):
    saved = tmp_path / "people.json"
    with running(app, saved, signal.SIGTERM) as port:
        ada, bob = Person(port), Person(port)
        ada.type("ada")
        assert ada.read() == "* welcome, ada"
        bob.type("ada")
        assert bob.read() == "* that cannot be done: name_taken"
        bob.type("bob")
        assert (bob.read(), ada.read()) == ("* welcome, bob", "* bob is here")
        ada.type("start")
        bob.type("start")
        assert [ada.read() for _ in range(3)] == ["* searching", "* nobody else is waiting", "* in private with bob"]
        assert [bob.read(), bob.read()] == ["* searching", "* in private with ada"]
    with running(app, saved) as port:
        ports = ada.port, bob.port
        ada.socket.close()
        bob.socket.close()
        ada, bob = (Person(port, own) for own in ports)
        ada.type("still there?")
        assert bob.read() == "<ada> still there?"
        bob.type("close")
        assert ada.read() == "* that chat is over (leave)"
        assert ada.read() == "* bob has left"
        assert ada.read() == "* nobody else is waiting"
    ada.socket.close()
    bob.socket.close()


def test_the_dialogue_on_the_page_is_what_happens(app, importable):
    importable(app)
    text = "".join(fence.text for fence in fences(PAGE, "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    shown: list[str] = []
    assert doctest.DocTestRunner().run(test, out=shown.append).failed == 0, "".join(shown)
    assert len(test.examples) > 10


def test_somebody_silent_for_long_has_left(app, importable):
    importable(app)
    from roulette_bot import SILENCE, Bot

    told = []

    async def evening() -> None:
        bot = Bot(lambda user, text: told.append((user, text)), Roulette())
        async with bot.driver:
            silent = asyncio.create_task(bot.drop_silent_users())
            bot.receive(1, "ada")
            bot.receive(2, "bob")
            await asyncio.sleep(SILENCE)
            bot.receive(1, "still here")
            await asyncio.sleep(2.0)
            assert bot.driver.roulette.users() == [1]
            silent.cancel()

    with contextlib.closing(VirtualTimeLoop()) as loop:
        task = loop.create_task(evening())
        loop.pass_time(SILENCE + 60.0)
        task.result()
    assert told[-1] == (1, "* bob has left")


def test_the_queries_on_the_page_exist():
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    table = page.partition("### Questions at any time")[2]
    for name in (
        "state",
        "name",
        "partner",
        "named",
        "counts",
        "users",
        "pairs",
        "explain",
        "next_deadline",
        "snapshot",
    ):
        assert f"`{name}(" in table
        assert callable(getattr(Roulette, name))
