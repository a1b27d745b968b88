"""A bot on driver and journal is killed at 30 random moments: every update has its messages, each once."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from roulette_core import Roulette
from roulette_core.driver import Driver
from tests.examples import killed_bot
from tests.support.fences import ROOT

KILLS = 30
UPDATES = 600


def updates(chance: Random) -> list[dict[str, Any]]:
    """What users type, the more so what moves them."""
    words = ["start", "start", "next", "next", "lobby", "hello", "how are you?", "close"]
    return [
        {
            "number": number,
            "date": number / 8,
            "user": (user := chance.randrange(8)),
            "text": chance.choice(words) if number > 20 else f"n{user}",
        }
        for number in range(1, UPDATES + 1)
    ]


def expected(asked: list[dict[str, Any]]) -> dict[tuple[int, int], tuple[int, str]]:
    """The messages of a bot that is never killed."""
    driver, messages = Driver(Roulette()), {}
    for update in asked:
        _, note = killed_bot.handle(driver, update)
        messages |= {(note["update"], place): tuple(each) for place, each in enumerate(note["messages"])}
    return messages


NURSERY = """
import os, sys
from pathlib import Path
from tests.examples import killed_bot
{spoilt}
for line in sys.stdin:
    if pid := os.fork():
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)
    else:
        try:
            killed_bot.main({port}, Path({path!r}))
            os._exit(0)
        finally:
            os._exit(1)
"""
"""Starts one bot for each line: forked, as a new interpreter for each of 30 would take most of the time."""


class Network:
    """Serves one life of the bot after the other, and keeps each message once."""

    def __init__(self, asked: list[dict[str, Any]], path: Path, spoilt: str) -> None:
        self.asked = asked
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
        code = NURSERY.format(spoilt=spoilt, port=self.listener.getsockname()[1], path=str(path))
        pipe = subprocess.PIPE
        self.nursery = subprocess.Popen(
            [sys.executable, "-S", "-c", code], cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1
        )
        self.messages: dict[tuple[int, int], tuple[int, str]] = {}
        self.repeats = 0

    def live(self, lines: int | None, chance: Random) -> None:
        """Runs the bot, and kills it a moment after so many lines of it; None lets it come to the end."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        print("start", file=self.nursery.stdin, flush=True)
        process = int(self.nursery.stdout.readline())
        connection, _ = self.listener.accept()
        connection.settimeout(60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        alive = True
        with connection, connection.makefile("rb") as bot, contextlib.suppress(ConnectionError):
            for number, line in enumerate(bot):
                if line.endswith(b"\n"):  # one that was cut off will be said again
                    self.answer(connection, json.loads(line))
                if alive and lines is not None and number >= lines and b"after" in line:  # while it handles the answer
                    alive = False
                    time.sleep(chance.random() / 2500)
                    os.kill(process, signal.SIGKILL)
        status = int(self.nursery.stdout.readline())
        assert status == (0 if lines is None else signal.SIGKILL)

    def answer(self, connection: socket.socket, told: dict[str, Any]) -> None:
        """Keeps a message, or answers the question for an update."""
        if "after" not in told:
            self.keep(told)
        elif told["after"] == len(self.asked):
            connection.shutdown(socket.SHUT_WR)
        else:
            connection.sendall(f"{json.dumps(self.asked[told['after']])}\n".encode())

    def keep(self, message: dict[str, Any]) -> None:
        name = (message["id"][0], message["id"][1])
        content = message["to"], message["text"]
        self.repeats += name in self.messages
        assert self.messages.setdefault(name, content) == content


def played(path: Path, seed: int, kills: int, spoilt: str = "") -> tuple[Network, bool]:
    """Plays all updates with kills; returns the network, and whether each message came once and in order."""
    chance = Random(seed)
    network = Network(updates(chance), path, spoilt)
    with network.listener, network.nursery:
        for _ in range(kills):
            network.live(chance.randrange(2 * UPDATES // KILLS), chance)
        network.live(None, chance)
    right = expected(network.asked)
    return network, by_update(network.messages) == by_update(right) and list(network.messages) == sorted(right)


def by_update(messages: dict[tuple[int, int], tuple[int, str]]) -> list[tuple[int, tuple[int, str]]]:
    """The messages about each update; in which order the lobby is told of one, a restart may change."""
    return sorted((update, message) for (update, _), message in messages.items())


def test_a_bot_killed_at_thirty_random_moments_loses_and_doubles_nothing(tmp_path: Path) -> None:
    network, sound = played(tmp_path / "bot.journal", 7, KILLS)
    assert sound
    assert network.repeats > 0  # it was killed between a message and the next update, too
    assert len(network.messages) > UPDATES


FORGETFUL = """
import time
said, say = [], killed_bot.say
killed_bot.say = lambda *given: said.append(1) or (time.sleep(0.002) or say(*given) if said[1:] else None)
"""


def test_a_bot_that_does_not_say_again_what_is_in_its_outbox_loses_messages(tmp_path: Path) -> None:
    _, sound = played(tmp_path / "bot.journal", 7, KILLS, FORGETFUL)
    assert not sound
