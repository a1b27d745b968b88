"""The client's screen without a server: scenes that are played to it, and what it then looks like."""

import asyncio
import contextlib
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.pictures import screen_in
from tests.transports.client.scripted import GREETING, told
from transports.client.address import Address
from transports.client.connection import ChatConnection
from transports.client.conversation import Conversation
from transports.client.terminal.screen import ChatScreen

GOLDEN = Path(__file__).with_name("screens.golden.txt")
"""What every scene looks like at its end."""


class Stage(ChatConnection):
    """A connection to nowhere, on a clock that stands still until a scene moves it."""

    def __init__(self, name: str | None, language: str = "en") -> None:
        super().__init__(Address("127.0.0.1"), Conversation(name, language))
        self.time = 0.0
        self.sent: list[dict[str, Any]] = []
        self.conversation.connected(self.time)
        self.conversation.received(GREETING, self.time)
        self.conversation.take()

    def now(self) -> float:
        return self.time

    async def stay(self, show: Any) -> None:
        await asyncio.Event().wait()

    def flush(self) -> None:
        self.sent += [json.loads(line) for line in self.conversation.take().splitlines()]


class Player:
    """Plays the server and the person to one screen."""

    def __init__(self, screen: ChatScreen, stage: Stage, pilot: Pilot[None]) -> None:
        self.screen, self.stage, self.pilot = screen, stage, pilot

    async def hears(self, **members: object) -> None:
        """The server sends an object."""
        self.screen.show(self.stage.conversation.received(told(**members), self.stage.time))
        await self.pilot.pause()

    async def hears_line(self, name: str, text: str, to: str = "private") -> None:
        """The server sends another user's line."""
        await self.hears(**{"type": "line", "from": name, "to": to, "text": text})

    async def enters(self, name: str = "ada", others: int = 2) -> None:
        """The server welcomes them to the lobby."""
        await self.hears(type="welcome", name=name, version=1, line_limit=4096, text=f"Welcome, <{name}>.")
        await self.hears(type="situation", state="lobby", chat=0, others=others, text="You are in the lobby.")

    async def searches(self, explanation: str = "no other user is waiting", waited: float = 0.0) -> None:
        """The server says that they wait, and why."""
        await self.hears(type="situation", state="searching", explanation=explanation, waited=waited, text="Waiting.")

    async def meets(self, partner: str, chat: int = 1) -> None:
        """The server puts them into a private chat."""
        await self.hears(type="paired", partner=partner, chat=chat, text=f"You are in private with <{partner}>.")
        await self.hears(
            type="situation", state="private", chat=chat, partner=partner, text=f"Only <{partner}> sees what you type."
        )

    async def is_left(self, partner: str, chat: int = 1) -> None:
        """The partner asks for another; the user searches again."""
        parted = {"type": "parted", "partner": partner, "chat": chat, "by": "partner", "cause": "next"}
        await self.hears(**parted, text=f"<{partner}> has moved on.")
        await self.searches()

    async def loses_connection(self) -> None:
        """The connection is gone."""
        self.screen.show(self.stage.conversation.disconnected(self.stage.time))
        await self.pilot.pause()

    def begins(self, text: str) -> None:
        """The person types, all at once."""
        self.screen.query_one(Input).insert_text_at_cursor(text)

    async def types(self, text: str) -> None:
        """The person types a line and return; the server says it."""
        self.begins(text)
        known = len(self.stage.sent)
        await self.pilot.press("enter")
        await self.pilot.pause()
        for asked in self.stage.sent[known:]:
            if "tag" in asked:
                await self.hears(type="said", tag=asked["tag"], chat=asked["chat"])

    def reads(self, sentence: str) -> int:
        """Counts how often a sentence is to be seen, however it was wrapped."""
        return " ".join(self.seen().split()).count(sentence)

    @property
    def draft(self) -> str:
        """What stands in the input."""
        return self.screen.query_one(Input).value

    @property
    def said(self) -> list[tuple[str, int]]:
        """The lines sent, and for which chats."""
        return [(asked["text"], asked["chat"]) for asked in self.stage.sent if asked.get("type") == "say"]

    async def presses_enter(self) -> None:
        """The person presses return; the server has not answered yet."""
        await self.pilot.press("enter")
        await self.pilot.pause()

    async def waits(self, seconds: float) -> None:
        """Time passes, and the screen notices."""
        self.stage.time += seconds
        self.screen.show([])
        await self.pilot.pause()

    def svg(self) -> str:
        """What is to be seen."""
        return self.screen.export_screenshot(title="roulette chat")

    def seen(self) -> str:
        """What is to be seen, as text."""
        return screen_in(self.svg())


@contextlib.asynccontextmanager
async def playing(
    name: str | None = "ada", language: str = "en", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Player]:
    """A screen of some size, connected, with a person who may have a name."""
    stage = Stage(name, language)
    screen = ChatScreen(stage)
    async with screen.run_test(size=size) as pilot:
        await pilot.pause()
        while not screen.query("#header"):  # a busy machine mounts the widgets later
            await pilot.pause(0.01)
        yield Player(screen, stage, pilot)


Scene = Callable[[Player], Awaitable[None]]


async def an_evening(player: Player) -> None:
    """A bit of everything, for people who look at the picture."""
    await player.enters()
    await player.hears_line("carol", "does anyone play chess?", "lobby")
    await player.types("I do! Let us see whether we are drawn together.")
    await player.pilot.press("f2")
    await player.hears(type="searching", text="Searching for a partner.")
    await player.searches()
    await player.waits(12)
    await player.meets("bob")
    await player.hears_line("bob", "hello! do you know where one can eat well at this hour?")
    await player.types("By the river, if you like fish. Are you new here?")
    await player.hears_line("bob", "since this morning, and it has not stopped raining")
    await player.hears(type="parted", partner="bob", by="partner", cause="next", text="<bob> has moved on.")
    await player.searches("the only other person waiting is your last partner")
    await player.waits(4)
    await player.meets("carol", 2)
    await player.hears_line("carol", "there you are. White or black?")
    await player.types("White. e4")
    await player.hears_line("carol", "c5, of course")
    await player.types("I had hoped so.")
    await player.waits(83)
    await player.hears(type="typing")
    player.begins("Nf3, and")
    await player.pilot.pause()


async def no_name(player: Player) -> None:
    """The user has not chosen a pseudonym yet."""


async def a_name_refused(player: Player) -> None:
    """The name that was typed is taken."""
    await player.types("ada")
    await player.hears(type="refused", reason="name_taken", text="That pseudonym is taken. Type another.")


async def searching_in_french(player: Player) -> None:
    """A French user waits."""
    await player.enters("zoé")
    await player.searches("la seule autre personne qui attend est votre dernier partenaire", 75.0)


async def the_server_goes(player: Player) -> None:
    """The connection is lost in the middle of a chat."""
    await player.enters()
    await player.meets("bob")
    await player.hears_line("bob", "wait, what is that noise")
    await player.loses_connection()
    player.stage.conversation.presence.back_at = player.stage.time + 5
    await player.waits(1)
    await player.types("bob?")


async def help_asked(player: Player) -> None:
    """The user asks for help, and mistypes a command."""
    await player.enters()
    await player.types("/help")
    await player.types("/dance")


async def a_small_terminal(player: Player) -> None:
    """Long lines in little room."""
    await player.enters()
    await player.meets("bob")
    await player.hears_line("bob", "there is so much to say, and so little room to say it in")
    await player.hears(type="parted", text="<bob> has moved on without a reason.")
    await player.searches("the only other person waiting is your last partner")


SCENES: dict[str, tuple[Scene, dict[str, Any]]] = {
    "an evening": (an_evening, {}),
    "no name": (no_name, {"name": None}),
    "a name refused": (a_name_refused, {"name": None}),
    "searching in french": (searching_in_french, {"name": "zoé", "language": "fr"}),
    "the server goes": (the_server_goes, {}),
    "help asked": (help_asked, {}),
    "a small terminal": (a_small_terminal, {"size": (36, 12)}),
}
"""Name → what is played, and to what screen."""


@functools.cache
def picture(name: str) -> str:
    """A scene at its end, as SVG."""

    async def play() -> str:
        scene, settings = SCENES[name]
        async with playing(**settings) as player:
            await scene(player)
            return player.svg()

    return asyncio.run(play())


def screen(name: str) -> str:
    """What a scene looks like at its end, under its name."""
    return f"== {name}\n{screen_in(picture(name))}\n"


def all_screens() -> str:
    """What every scene looks like."""
    return "\n".join(map(screen, SCENES))
