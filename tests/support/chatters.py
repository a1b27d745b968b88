"""Users at ``nc``, with methods that return their state and what they have received."""

import contextlib
import re
import socket
from collections.abc import Iterator
from typing import NamedTuple

from tests.support.server import Netcat, serving

_SITUATION = re.compile(r"\* (?:(You are in the lobby) |(Waiting): |Only <(.*)> sees what you type)")


@contextlib.contextmanager
def chat_server(*options: str) -> Iterator[int]:
    """Yields the port of a server without a rate limit, and checks in the end that it stops cleanly."""
    with serving("--rate", "0", *options) as server:
        yield server.port
        status, err = server.stop()
    assert status == 0
    assert "Traceback" not in err


class Chatter(Netcat):
    """A user at ``nc`` with a pseudonym."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(port)
        self.name = name
        self.type(name)
        self.hears("You are in the lobby")

    def read_until(self, wanted: str) -> list[str]:
        """Returns the lines up to and including the first that contains ``wanted``."""
        lines = []
        while not lines or wanted not in lines[-1]:
            line = self.read()
            assert line, f"never heard {wanted!r}, but {lines}"
            lines.append(line)
        return lines

    def news(self) -> list[str]:
        """Returns all lines since the last call: an answer comes after everything before it."""
        self.type("/lang en")
        return self.read_until("The server speaks English")[:-1]

    def where(self) -> str:
        """Asks the server for the user's state and returns it; drops all other lines."""
        self.type("/where")
        found = [match for match in map(_SITUATION.match, self.news()) if match]
        lobby, waiting, partner = found[-1].groups()
        return "in the lobby" if lobby else "waiting" if waiting else f"with {partner}"

    def leave(self) -> None:
        """Half-closes and waits until the server has noticed, so that no user is paired with this one afterwards."""
        with contextlib.suppress(OSError, ValueError):
            self.socket.shutdown(socket.SHUT_WR)
            while self.socket.recv(65536):
                pass
        super().leave()


@contextlib.contextmanager
def chatters(port: int, *names: str) -> Iterator[list[Chatter]]:
    """Yields users in the lobby who have been told of each other; in the end all of them leave."""
    with contextlib.ExitStack() as stack:
        persons = []
        for name in names:
            person = Chatter(port, name)
            stack.callback(person.leave)
            persons.append(person)
        for person in persons:
            person.news()
        yield persons


class Scene(NamedTuple):
    """Four users, one or two in each state, with no unread lines."""

    one: Chatter
    partner: Chatter
    waiting: Chatter
    idle: Chatter


def search(*persons: Chatter) -> None:
    """Types ``start`` for each user, after the one before is waiting or in private."""
    for person in persons:
        person.type("start")
        person.hears("Searching")


@contextlib.contextmanager
def scene(port: int) -> Iterator[Scene]:
    """Yields four users, of whom three search, so that under either version two are in private and one is waiting."""
    with chatters(port, "ada", "bob", "carol", "dan") as (*three, idle):
        search(*three)
        places = {person.name: person.where() for person in three}
        waiting = next(person for person in three if places[person.name] == "waiting")
        one, partner = (person for person in three if person is not waiting)
        assert places[one.name] == f"with {partner.name}"
        assert places[partner.name] == f"with {one.name}"
        idle.news()
        yield Scene(one, partner, waiting, idle)
