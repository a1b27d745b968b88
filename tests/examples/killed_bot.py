"""A bot that may be killed at any moment: no update is lost, and no message is doubled.

It asks a network for one update after the other, by number, as the bots of Telegram do. What has happened and what is
to be said of it are one line of the journal, written before it is said: the pattern "transactional outbox". A message
is named by the number of its update and its place, so that one said again after a restart can be told from a new one.
"""

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from roulette_core import Event, Join, Leave, Lobby, LobbyLine, Next, PrivateLine, Roulette, Say, Start, User
from roulette_core.driver import Driver, Told, Waiting
from roulette_core.journal import Journal, recover

COMMANDS: dict[str, Callable[[User], Event]] = {"start": Start, "next": Next, "lobby": Lobby, "close": Leave}
START: Any = {"update": 0, "messages": []}


def event_of(roulette: Roulette, user: User, text: str) -> Event:
    """Returns what a user asks for; the first message of a user is their name."""
    if user not in roulette:
        return Join(user, text)
    return COMMANDS[text](user) if text in COMMANDS else Say(user, text)


def words(told: Told) -> str:
    """Returns an effect as users read it."""
    effect = told.effect
    if isinstance(effect, LobbyLine | PrivateLine):
        return f"<{effect.name}> {effect.text}"
    return f"* {effect.kind}"


def handle(driver: Driver, update: dict[str, Any]) -> tuple[Event, Any]:
    """Handles an update. Returns the event, and the note for the journal: the update and what is said of it."""
    event = event_of(driver.roulette, update["user"], update["text"])
    told = driver.handle(event, update["date"])
    messages = [[user, words(each)] for each in told if not isinstance(each.effect, Waiting) for user in each.to]
    return event, {"update": update["number"], "messages": messages}


def say(network: TextIO, note: Any) -> None:
    """Sends the messages about an update. The network drops those whose names it knows."""
    for place, (user, text) in enumerate(note["messages"]):
        print(json.dumps({"id": [note["update"], place], "to": user, "text": text}), file=network, flush=True)


def main(port: int, path: Path) -> None:
    """Runs the bot until the network hangs up, from where an earlier run was killed."""
    roulette, note, _ = recover(path) if path.exists() else (Roulette(), START, ())
    driver = Driver(roulette)
    with (
        Journal(path, roulette, note=note, least=3000) as journal,
        socket.create_connection(("127.0.0.1", port)) as connection,
        connection.makefile("r") as updates,
        connection.makefile("w") as network,
    ):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            say(network, note)  # at first, perhaps again
            print(json.dumps({"after": note["update"]}), file=network, flush=True)
            line = updates.readline()  # an answer: the network has what was said before the question
            if not line:
                break
            update = json.loads(line)
            event, note = handle(driver, update)
            journal.append(event, update["date"], driver.effects, note=note)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
