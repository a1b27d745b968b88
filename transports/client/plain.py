"""The client for pipes, scripts and screen readers: a line in, a line out, as in the text dialect."""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from threading import Thread
from typing import TextIO

from transports.client.connection import Connection
from transports.client.conversation import NotSent
from transports.client.lines import Kind, Line
from transports.dialects.harmless import harmless
from transports.dialects.lines import LineSplitter
from transports.dialects.requests import Request
from transports.dialects.text import read_typed

TYPED_LIMIT = 1 << 16
"""The longest line that is read, in bytes; what a server takes is far less."""


class PlainChat:
    """One connection, from the first line typed to the last line heard.

    The end of what is typed is ``close``: what the server still says is shown until it hangs up. Without a name, lines
    are taken for names until one is accepted; a name given beforehand is not asked for again when it is refused.

    Args:
        connection: an open one.
        typed: where lines are typed.
        shown: where lines are shown.
    """

    def __init__(self, connection: Connection, typed: TextIO, shown: TextIO) -> None:
        self._connection = connection
        self._conversation = connection.conversation
        self._presence = connection.conversation.presence
        self._name_given = self._presence.name is not None
        self._descriptor = typed.fileno()
        self._output = shown
        self._typed: asyncio.Queue[str | None] = asyncio.Queue(100)
        self._answered = asyncio.Event()

    async def run(self) -> None:
        """Chats until the server hangs up."""
        if not self._name_given:
            self._show([Line(Kind.CLIENT, self._presence.labels.ask_name)])
        Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True).start()
        typing = asyncio.create_task(self._type())
        listening = asyncio.create_task(self._connection.read(self._show))
        await asyncio.wait((typing, listening), return_when=asyncio.FIRST_COMPLETED)
        if typing.done():
            typing.result()
        typing.cancel()
        await listening

    def _show(self, shown: Sequence[Line]) -> None:
        for line in shown:
            print(line.plain(), file=self._output)
        self._output.flush()
        if self._presence.joined or (self._presence.name is None and not self._name_given):
            self._answered.set()
        elif self._presence.name is None:
            self._conversation.leave()

    async def _type(self) -> None:
        """Obeys line after line, each once the server has answered the name before, until there are no more."""
        while (line := await self._typed.get()) is not None:
            await self._answered.wait()
            request = read_typed(harmless(line))
            if request.word == "close":
                break
            if self._presence.name is not None:
                self._obey(request)
            elif line.strip():
                self._answered.clear()
                self._conversation.introduce(line.strip())
            await self._connection.drain()
        self._conversation.leave()
        await self._connection.drain()

    def _obey(self, request: Request) -> None:
        try:
            shown = self._conversation.obey(request)
        except NotSent as reason:
            shown = [Line(Kind.CLIENT, str(reason))]
        self._show([line for line in shown if line.kind is not Kind.OWN])

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Reads what is typed, in a thread: no system lets us wait for files, pipes and terminals alike.

        The thread reads no further ahead than the queue is long, and is left to the system when the chat ends.
        """
        splitter = LineSplitter(TYPED_LIMIT)
        with contextlib.suppress(RuntimeError, asyncio.CancelledError):  # the chat is over
            while data := os.read(self._descriptor, 4096):
                for line in splitter.feed(data):
                    self._pass(line if line is not None else "x" * TYPED_LIMIT, loop)
            for line in splitter.feed(b"\n"):  # a last line may lack its end
                self._pass(line, loop)
            self._pass(None, loop)

    def _pass(self, line: str | None, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.run_coroutine_threadsafe(self._typed.put(line), loop).result()
