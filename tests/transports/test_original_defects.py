"""What the original servers did to their users when run, tried at ``nc``: none of it happens here.

What shows without a socket is in ``gateway/test_original_defects.py``; docs/original.md tells of both.
"""

import socket
import struct
from collections.abc import Iterator

import pytest

from tests.support.chatters import Scene, chat_server, chatters, scene, search
from tests.support.server import Netcat


@pytest.fixture(scope="module", params=["v1", "v2"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with chat_server("--policy", request.param, "--seed", "1") as port:
        yield port


@pytest.fixture
def four(port: int) -> Iterator[Scene]:
    with scene(port) as four:
        yield four


def reset(person: Netcat) -> None:
    """The cable is pulled: a TCP reset instead of an orderly end."""
    person.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    person.lines.close()
    person.socket.close()


def test_a_reset_ends_no_other_connection(port: int, four: Scene) -> None:
    for person in (four.one, four.waiting):
        reset(person)
        four.idle.hears(f"<{person.name}> has left.")
    assert four.partner.where() == "waiting"
    with chatters(port, four.one.name, four.waiting.name) as successors:
        search(*successors)
        places = [person.where().partition(" ")[0] for person in (four.partner, *successors)]
    assert sorted(places) == ["waiting", "with", "with"]


def test_after_a_vanished_partner_the_other_is_told_once_and_goes_on(four: Scene) -> None:
    four.waiting.type("close")
    four.idle.hears(f"<{four.waiting.name}> has left.")
    four.one.leave()
    four.partner.hears(f"<{four.one.name}> has quit.")
    assert not [line for line in four.partner.news() if "has quit" in line]
    four.partner.type("hello?")
    four.idle.hears("hello?")
    four.partner.type("lobby")
    assert four.partner.where() == "in the lobby"


def test_a_silent_newcomer_blocks_no_other_user(port: int) -> None:
    silent = Netcat(port)
    assert "Type your pseudonym" in silent.read()
    with chatters(port, "ada", "bob") as (ada, bob):
        ada.type("hello")
        assert bob.read() == "<ada> hello"
    silent.leave()


def test_a_refused_pseudonym_stays_refused(port: int) -> None:
    with chatters(port, "ada", "bob") as (ada, bob):
        second = Netcat(port)
        for line in ("ada", "hello", "start"):
            second.type(line)
        second.hears("That pseudonym is taken.")
        second.hears("Welcome, <hello>.")
        second.hears("Searching")
        second.type("it is me, ada")
        assert bob.read_until("it is me")[-1] == "<hello> it is me, ada"
        second.type("close")
        bob.hears("<hello> has left.")
        second.leave()
        assert ada.where() == "in the lobby"


def test_a_command_and_a_line_in_one_segment_are_both_handled(port: int) -> None:
    with chatters(port, "ada", "bob") as (ada, bob):
        ada.socket.sendall(b"start\nhello\n")
        assert bob.read() == "<ada> hello"
        assert ada.where() == "waiting"


def test_five_quick_lines_arrive_as_five(four: Scene) -> None:
    four.one.socket.sendall(b"1\n2\n3\n4\n5\n")
    assert [four.partner.read() for _ in range(5)] == [f"<{four.one.name}> {number}" for number in range(1, 6)]


def test_a_character_across_1024_bytes_arrives_whole(four: Scene) -> None:
    said = "x" * 1023 + "é"
    data = f"{said}\n".encode()
    four.one.socket.sendall(data[:1024])
    assert four.idle.where() == "in the lobby"  # the server has had a turn
    four.one.socket.sendall(data[1024:])
    assert four.partner.read() == f"<{four.one.name}> {said}"


def test_a_user_who_does_not_read_blocks_no_other_user(port: int) -> None:
    with chatters(port, "ada", "bob", "carol") as (ada, bob, _carol):
        line = "x" * 4000
        for number in range(10_000):
            ada.type(f"{number} {line}")
            if "* <carol> has left." in bob.read_until(f"<ada> {number} "):
                break
        else:
            pytest.fail("no queue was ever full: nothing was tried")
        assert ada.where() == "in the lobby"


def test_escape_codes_do_not_pass(four: Scene) -> None:
    four.one.socket.sendall(b"\x1b]0;owned\x07\x1b[2J\xc2\x9b1m\x00\n")
    heard = four.partner.read()
    assert heard.startswith(f"<{four.one.name}> ")
    assert heard.isprintable()


def test_no_user_can_write_as_the_server_or_as_another_user(port: int, four: Scene) -> None:
    forged = "a\r* The server is shutting down.\u2028<dan> hi\x0b* x"
    four.one.type(forged)
    assert four.partner.read().startswith(f"<{four.one.name}> a")
    assert four.partner.news() == []
    forger = Netcat(port)
    for name in ("* ada is gone", "<ada>", "ada> hi", "server", "ADA"):
        forger.type(name)
        forger.hears("Type another.")
    forger.leave()
