"""What the original servers did when run, and this one must not. (Resets and slow readers: see test_server.py.)"""

from roulette_core import State
from tests.support.gateway_fixture import Room


def test_pairing_goes_on_beyond_the_404th_user() -> None:
    room = Room()
    numbers = room.enter(*(f"user{number}" for number in range(1, 411)))
    for number in numbers:
        room.type(number, "start")
    assert room.gateway.roulette.counts()[State.PRIVATE] == 410
    assert room.gateway.roulette.partner(404) == 403


def test_what_is_said_in_the_lobby_is_relayed_to_everybody_there_but_the_speaker() -> None:
    room = Room()
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "hello")
    assert [room.spoken(number) for number in (ada, bob, carol)] == [[], ["<ada> hello"], ["<ada> hello"]]


def test_a_silent_newcomer_blocks_no_other_user() -> None:
    room = Room("uniform")
    room.connect()
    (ada,) = room.enter("ada")
    assert room.gateway.roulette.named("ada") == ada


def test_a_refused_name_is_not_taken_all_the_same() -> None:
    room = Room("uniform")
    room.enter("ada")
    second = room.connect()
    room.type(second, "ada")
    assert room.read(second)[-1] == "* That pseudonym is taken. Type another."
    assert second not in room.gateway.roulette
    room.type(second, "bob")
    assert room.gateway.roulette.named("bob") == second


def test_a_name_is_free_again_once_its_bearer_is_gone() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    second = room.connect()
    room.type(second, "ada")
    room.vanish(ada)
    room.type(second, "ada")
    assert room.gateway.roulette.named("ada") == second


def test_after_a_vanished_partner_the_other_is_told_once_and_searches_again() -> None:
    room = Room()
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.vanish(ada)
    told = room.read(bob)
    assert told.count("* <ada> has quit.") == 1
    assert len(told) == 4  # and gone from the lobby, waiting again, what to do
    room.type(bob, "hello?")
    assert room.read(bob) == []
    assert room.spoken(carol) == ["<bob> hello?"]
    room.type(carol, "start")
    assert room.gateway.roulette.partner(bob) == carol


def test_a_command_and_a_line_in_one_segment_are_a_command_and_a_line() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.type(bob, "start")
    room.send(ada, b"start\nhello\n")
    assert room.spoken(bob) == ["<ada> hello"]
    assert room.gateway.roulette.partner(ada) == bob


def test_five_quick_lines_arrive_as_five() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.send(ada, b"1\n2\n3\n4\n5\n")
    assert room.spoken(bob) == [f"<ada> {number}" for number in range(1, 6)]


def test_a_character_across_1024_bytes_arrives_whole() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    data = ("x" * 1023 + "é\n").encode()
    room.send(ada, data[:1024])
    room.send(ada, data[1024:])
    assert room.spoken(bob) == ["<ada> " + "x" * 1023 + "é"]


def test_escape_codes_do_not_pass() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.send(ada, b"\x1b]0;owned\x07\x1b[2J\xc2\x9b1m\n")
    (line,) = room.spoken(bob)
    assert line.isprintable()


def test_lines_cannot_be_forged() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.send(ada, "a\r* The server is shutting down.\u2028<carol> hi\x0b* x\n".encode())
    (line,) = room.read(bob)
    assert line.startswith("<ada> a")
    forger = room.connect()
    room.type(forger, "* ada is gone", "<ada>", "ada> hi")
    assert forger not in room.gateway.roulette
