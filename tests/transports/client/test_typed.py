"""What is typed: addresses on the command line, commands and talk below the screen."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import harmless
from transports.client.address import Address, parse_address
from transports.client.terminal.typed import read_slash
from transports.dialects.commands import COMMANDS, PONG, Request


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1", ("127.0.0.1", 12000)),
        ("example.org", ("example.org", 12000)),
        ("example.org:80", ("example.org", 80)),
        ("::1", ("::1", 12000)),
        ("[::1]", ("::1", 12000)),
        ("[::1]:80", ("::1", 80)),
        ("münchen.example", ("münchen.example", 12000)),
    ],
)
def test_an_address_is_a_host_and_perhaps_a_port(text: str, address: tuple[str, int]):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", ":80", "a:", "a:b", "a:0", "a:65536", "a b", "a:١", "\x1b[2J", "a..b", "x" * 64 + ".org", "[]:80"]
)
def test_invalid_addresses_are_refused(text: str):
    with pytest.raises(ValueError):
        parse_address(text)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_none(text: str):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_address(text), Address)


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
