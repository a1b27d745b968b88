"""Lines typed on the screen: commands and talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import harmless
from transports.client.terminal.screen import read_slash
from transports.dialects.commands import COMMANDS, PONG, Request


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("hello", Request(COMMANDS["say"], "hello")),
        ("start", Request(COMMANDS["say"], "start")),
        ("  next  ", Request(COMMANDS["say"], "next")),
        ("/start", Request(COMMANDS["start"])),
        ("/start Chess music", Request(COMMANDS["start"], interests=("chess", "music"))),
        ("/next", Request(COMMANDS["next"])),
        ("/lobby", Request(COMMANDS["lobby"])),
        ("/block", Request(COMMANDS["block"])),
        ("/where", Request(COMMANDS["where"])),
        ("/lang fr", Request(COMMANDS["lang"], language="fr")),
        ("/help", Request(COMMANDS["help"])),
        ("/quit", Request(COMMANDS["close"])),
        ("/close", Request(COMMANDS["close"])),
        ("/say /next", Request(COMMANDS["say"], "/next")),
        ("/say", PONG),
        ("", PONG),
        ("/nonsense", None),
        ("/next please", None),
        ("/", None),
    ],
)
def test_a_line_is_a_command_with_a_slash_and_talk_without(line: str, request_: Request | None):
    assert read_slash(line) == request_


@given(st.text(max_size=40))
def test_any_line_can_be_read_and_is_harmless(line: str):
    request = read_slash(line)
    assert request is None or harmless.line(request.text) == request.text
