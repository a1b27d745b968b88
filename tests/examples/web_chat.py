"""A chat over WebSockets: FastAPI carries lines of JSON, the library does the rest.

Run it with ``uvicorn web_chat:app``.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from roulette_core import Event, Join, Leave, Lobby, Next, Paired, Parted, Roulette, Say, Start, User
from roulette_core.aio import AsyncDriver
from roulette_core.driver import Told, Waiting

REQUESTS: dict[str, Callable[[User], Event]] = {"start": Start, "next": Next, "lobby": Lobby}

outgoing: dict[User, asyncio.Queue[dict[str, Any]]] = {}
"""What each connection has yet to send: delivery must not wait for a slow client."""

numbers = itertools.count(1)


def deliver(told: Told) -> None:
    """Queues what users are told."""
    for user in told.to:
        if user in outgoing:
            outgoing[user].put_nowait(seen(told.effect, user))


def seen(effect: Any, user: User) -> dict[str, Any]:
    """Returns an effect as a client is to see it: with names instead of ids."""
    match effect:
        case Waiting(_, why):
            return {"type": "waiting", "why": why.text}
        case Paired(first, _, first_name, second_name, chat):
            return {"type": "paired", "partner": second_name if user == first else first_name, "chat": chat}
        case Parted(first, _, cause, first_name, second_name, chat):
            cause = "next" if cause == "block" and user != first else cause
            return {"type": "parted", "partner": second_name if user == first else first_name, "cause": cause}
    shown = {field: getattr(effect, field) for field in ("name", "text", "reason", "chat") if hasattr(effect, field)}
    return {"type": effect.kind, **shown}


def asked(user: User, request: dict[str, Any]) -> Event:
    """Reads a request."""
    match request:
        case {"type": "join", "name": str(name)}:
            return Join(user, name)
        case {"type": "say", "text": str(text), **more}:
            return Say(user, text, more.get("chat"))
        case {"type": kind}:
            return REQUESTS[kind](user)
    raise KeyError("type")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Runs the driver as long as the app runs."""
    async with AsyncDriver(Roulette("fresh:memory=3,patience=20"), deliver) as app.state.driver:
        yield


app = FastAPI(lifespan=lifespan)


@app.websocket("/chat")
async def chat(socket: WebSocket) -> None:
    """Serves one connection; its user leaves with it."""
    await socket.accept()
    driver: AsyncDriver = socket.app.state.driver
    user = next(numbers)
    queue = outgoing[user] = asyncio.Queue()
    sending = asyncio.create_task(send_all(socket, queue))
    try:
        while True:
            driver.handle(asked(user, await socket.receive_json()))
    except WebSocketDisconnect:
        pass
    except (KeyError, ValueError):  # not a request
        await socket.close(1003)
    finally:
        sending.cancel()
        del outgoing[user]
        if user in driver.roulette:
            driver.handle(Leave(user))


async def send_all(socket: WebSocket, queue: "asyncio.Queue[dict[str, Any]]") -> None:
    """Sends what is queued for a connection."""
    while True:
        await socket.send_json(await queue.get())
