"""The chat over WebSockets, as two clients see it. It needs FastAPI and httpx2; without them it is skipped."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is in the dependency group dev")
pytest.importorskip("httpx2", reason="httpx2 is in the dependency group dev")

from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.examples.web_chat import app


@pytest.fixture
def client() -> Iterator[Any]:
    with TestClient(app) as client:
        yield client


def enter(socket: Any, name: str) -> None:
    socket.send_json({"type": "join", "name": name})
    assert socket.receive_json() == {"type": "joined", "name": name}


def test_two_clients_meet_talk_and_part(client: Any) -> None:
    with client.websocket_connect("/chat") as ada:
        enter(ada, "ada")
        with client.websocket_connect("/chat") as bob:
            enter(bob, "bob")
            assert ada.receive_json() == {"type": "joined", "name": "bob"}
            ada.send_json({"type": "start"})
            assert [ada.receive_json()["type"] for _ in range(2)] == ["searching", "waiting"]
            bob.send_json({"type": "start"})
            assert bob.receive_json() == {"type": "searching"}
            met = bob.receive_json()
            assert (met["type"], met["partner"]) == ("paired", "ada")
            assert ada.receive_json()["partner"] == "bob"
            bob.send_json({"type": "say", "text": "hello", "chat": met["chat"]})
            assert ada.receive_json() == {"type": "private_line", "name": "bob", "text": "hello", "chat": met["chat"]}
            ada.send_json({"type": "lobby"})
            assert ada.receive_json() == bob.receive_json() | {"partner": "bob"}
            assert bob.receive_json()["type"] == "waiting"
            bob.send_json({"type": "say", "text": "my number", "chat": met["chat"]})
            assert bob.receive_json() == {"type": "refused", "reason": "chat_over"}
        assert ada.receive_json() == {"type": "left", "name": "bob"}


@pytest.mark.parametrize("nonsense", [{"type": "unheard of"}, {"say": 1}, [], "start"])
def test_what_is_no_request_ends_the_connection_and_its_user_leaves(client: Any, nonsense: object) -> None:
    with client.websocket_connect("/chat") as ada:
        enter(ada, "ada")
        with client.websocket_connect("/chat") as bob:
            enter(bob, "bob")
            bob.send_json(nonsense)
            with pytest.raises(WebSocketDisconnect):
                bob.receive_json()
        assert [ada.receive_json()["type"] for _ in range(2)] == ["joined", "left"]
