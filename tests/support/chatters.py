"""People at ``nc`` of whom one can ask where they are, and all that they have been told."""

import contextlib
import re
import socket
from collections.abc import Iterator
from typing import NamedTuple

from tests.support.server import Netcat, serving

_SITUATION = re.compile(r"\* (?:(You are in the lobby) |(Waiting): |Only <(.*)> sees what you type)")


@contextlib.contextmanager
def evening(*options: str) -> Iterator[int]:
    """The port of a server where nobody is too fast, which in the end stops without trouble."""
    with serving("--rate", "0", *options) as server:
        yield server.port
        status, err = server.stop()
    assert status == 0
    assert "Traceback" not in err


class Chatter(Netcat):
    """Somebody at ``nc`` who has a pseudonym."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(port)
        self.name = name
        self.type(name)
        self.hears("You are in the lobby")

    def read_until(self, wanted: str) -> list[str]:
        """The lines up to the first that holds what is wanted, that one included."""
        lines = []
        while not lines or wanted not in lines[-1]:
            line = self.read()
            assert line, f"never heard {wanted!r}, but {lines}"
            lines.append(line)
        return lines

    def news(self) -> list[str]:
        """What they have been told since last time: all of it, as an answer comes behind everything before it."""
        self.type("/lang en")
        return self.read_until("The server speaks English")[:-1]

    def where(self) -> str:
        """``in the lobby``, ``waiting`` or ``with``, and whom; they ask the server, and forget all other news."""
        self.type("/where")
        found = [match for match in map(_SITUATION.match, self.news()) if match]
        lobby, waiting, partner = found[-1].groups()
        return "in the lobby" if lobby else "waiting" if waiting else f"with {partner}"

    def leave(self) -> None:
        """Closes the window, and stays until the server has noticed: nobody meets them afterwards."""
        with contextlib.suppress(OSError, ValueError):
            self.socket.shutdown(socket.SHUT_WR)
            while self.socket.recv(65536):
                pass
        super().leave()


@contextlib.contextmanager
def chatters(port: int, *names: str) -> Iterator[list[Chatter]]:
    """People in the lobby, who have heard of each other; in the end all of them are gone."""
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
    """Four people, one or two in each state; nobody has heard anything that they have not read."""

    one: Chatter
    partner: Chatter
    waiting: Chatter
    idle: Chatter


def search(*persons: Chatter) -> None:
    """Each in turn types ``start``, and is waiting or in private when the next one does."""
    for person in persons:
        person.type("start")
        person.hears("Searching")


@contextlib.contextmanager
def scene(port: int) -> Iterator[Scene]:
    """Three of four people search, so that under either version two are in private and one is waiting."""
    with chatters(port, "ada", "bob", "carol", "dan") as (*three, idle):
        search(*three)
        places = {person.name: person.where() for person in three}
        waiting = next(person for person in three if places[person.name] == "waiting")
        one, partner = (person for person in three if person is not waiting)
        assert places[one.name] == f"with {partner.name}"
        assert places[partner.name] == f"with {one.name}"
        idle.news()
        yield Scene(one, partner, waiting, idle)
