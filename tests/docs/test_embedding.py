"""The embedding page: its app runs on the standard library and the library alone, and does what the page shows."""

import contextlib
import doctest
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Block, Join, Leave, Lobby, Next, Paired, Roulette, Say, Start, Tick
from tests.support.fences import ROOT, fences

PAGE = "docs/embedding.md"
APP, HEARERS = (fence.text for fence in fences(PAGE, "python"))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The page's app as its reader would save it."""
    path = tmp_path / "roulette_bot.py"
    path.write_text(APP, encoding="utf-8")
    return path


@contextlib.contextmanager
def running(app: Path, saved: Path):
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
        process.send_signal(signal.SIGINT)
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
    with running(app, saved) as port:
        ada, bob = Person(port), Person(port)
        ada.type("ada")
        assert ada.read() == "* welcome, ada"
        bob.type("ada")
        assert bob.read() == "* that cannot be done: name_taken"
        bob.type("bob")
        assert (bob.read(), ada.read()) == ("* welcome, bob", "* bob is here")
        ada.type("start")
        bob.type("start")
        assert [ada.read(), ada.read()] == ["* searching", "* in private with bob"]
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

    now, told = 0.0, []
    bot = Bot(send=lambda user, text: told.append((user, text)), clock=lambda: now)
    bot.receive(1, "ada")
    bot.receive(2, "bob")
    now = SILENCE
    bot.receive(1, "still here")
    now = SILENCE + 1.0
    bot.pass_time()
    assert told[-1] == (1, "* bob has left")
    assert bot.roulette.users() == [1]


EVENTS = st.one_of(
    st.tuples(st.integers(0, 5), st.sampled_from("abcdef")).map(lambda fields: Join(*fields)),
    st.integers(0, 5).map(lambda user: Say(user, "x")),
    *(st.integers(0, 5).map(kind) for kind in (Start, Next, Block, Lobby, Leave)),
)


@given(st.lists(EVENTS, max_size=60), st.sampled_from(["v1", "v2", "waves", "fresh", "interests"]))
def test_a_lobby_kept_by_the_driver_agrees_with_the_core_but_for_those_just_paired(events, policy):
    scope: dict = {}
    exec(compile(HEARERS, PAGE, "exec"), scope)
    roulette, lobby = Roulette(policy), set()
    for now, event in enumerate(events):
        if (event.user in roulette) == isinstance(event, Join):
            continue
        for step in (Tick(), event):
            effects = roulette.handle(step, float(now))
            just_paired = {user for effect in effects if isinstance(effect, Paired) for user in effect[:2]}
            for effect in effects:
                heard, recipients = scope["recipients"](effect, lobby), set(roulette.recipients(effect))
                assert heard - recipients <= just_paired | {event.user}  # who has left, or never joined
                assert recipients <= heard
        outside = {user for user in roulette.users() if roulette.partner(user) is None}
        assert lobby == outside


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
