"""The client for pipes, scripts and screen readers: reads lines in the text dialect, and prints lines."""

import asyncio
import codecs
import contextlib
import os
from collections.abc import Sequence
from threading import Semaphore, Thread
from typing import TextIO

from roulette_core import harmless
from transports.client.connection import ChatConnection
from transports.client.conversation import NotSent
from transports.client.display import DisplayLine, Kind
from transports.client.whereabouts import Whereabouts
from transports.dialects import PONG, SAY, Request, read_typed
from transports.lines import LineSplitter

TYPED_LIMIT = 1 << 16
"""The longest line that is read, in bytes; servers accept far less."""

END = "\n"
"""Stands after the last line: no line is equal to it."""

READ_AHEAD = 100
"""How many lines are read ahead of the one being carried out."""


class PlainChat:
    """One open connection, from the first line typed to the last line shown.

    EOF means ``close``: what the server still sends is shown until it hangs up. Without a pseudonym, lines are taken
    for pseudonyms until one is accepted; one given beforehand is not asked for again when it is refused.
    """

    def __init__(self, connection: ChatConnection, typed: TextIO, shown: TextIO) -> None:
        self._connection = connection
        self._conversation = connection.conversation
        self._presence = connection.conversation.presence
        self._name_given = self._presence.name is not None
        self._descriptor = typed.fileno()
        self._output = shown
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._room = Semaphore(READ_AHEAD)
        self._answered = asyncio.Event()

    async def run(self) -> None:
        """Chats until the server hangs up."""
        if not self._name_given:
            self._show([DisplayLine(Kind.CLIENT, self._presence.labels.ask_name)])
        Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True).start()
        typing = asyncio.create_task(self._type())
        listening = asyncio.create_task(self._connection.read(self._show))
        await asyncio.wait((typing, listening), return_when=asyncio.FIRST_COMPLETED)
        if typing.done():
            typing.result()
        typing.cancel()
        await listening

    def _show(self, shown: Sequence[DisplayLine]) -> None:
        for line in shown:
            if line.kind is not Kind.OWN:  # the user has it on the terminal already
                print(line.plain(), file=self._output)
        self._output.flush()
        if self._presence.joined or (self._presence.name is None and not self._name_given):
            self._answered.set()
        elif self._presence.name is None:
            self._conversation.leave()

    async def _type(self) -> None:
        """Carries out line after line until EOF. A pseudonym must be answered before the next line is carried out."""
        while (line := await self._typed.get()) != END:
            self._room.release()
            await self._answered.wait()
            if line is None:
                self._show([DisplayLine(Kind.CLIENT, self._presence.labels.too_long.format(limit=TYPED_LIMIT))])
                continue
            request = read_typed(harmless.line(line))
            if request.command.word == "close":
                break
            if self._presence.name is not None:
                self._obey(request, self._presence.begun(self._connection.now()))
            elif line.strip():
                self._answered.clear()
                self._conversation.introduce(line.strip())
            await self._connection.drain()
        self._conversation.leave()
        await self._connection.drain()

    def _obey(self, request: Request, begun: Whereabouts) -> None:
        """Carries out a request. A line has no other mark of where it was begun than when it arrived."""
        here, labels = self._presence.here, self._presence.labels
        is_command = not request.bare and request != PONG
        try:
            if request.bare and begun != here:
                raise NotSent(labels.given_back.format(name=begun.partner, text=request.text))
            shown = self._conversation.obey(request, here if request.command is SAY else begun)
        except NotSent as reason:
            shown = [DisplayLine(Kind.CLIENT, str(reason))]
        if is_command:
            self._presence.left_until = 0.0
        self._conversation.given_back.clear()
        self._show(shown)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Reads what is typed, in a thread: no system offers one way to wait for files, pipes and terminals alike.

        The thread is a daemon, which the interpreter abandons when the chat ends.
        """
        splitter = LineSplitter(TYPED_LIMIT)
        with contextlib.suppress(RuntimeError):  # the event loop is closed: the chat is over
            data = os.read(self._descriptor, 4096).removeprefix(codecs.BOM_UTF8)  # of a file from Windows
            while data:
                self._pass(splitter.feed(data), loop)
                data = os.read(self._descriptor, 4096)
            self._pass([*splitter.feed(b"\n"), END], loop)  # the last line may lack its LF

    def _pass(self, lines: Sequence[str | None], loop: asyncio.AbstractEventLoop) -> None:
        for line in lines:
            self._room.acquire()
            loop.call_soon_threadsafe(self._typed.put_nowait, line)
