"""What the original servers did when run, and this one must not. (Resets and slow readers: see test_server.py.)"""

from roulette_core import State
from tests.support.gateway_fixture import GatewayFixture


def test_pairing_goes_on_beyond_the_404th_user() -> None:
    chat = GatewayFixture()
    numbers = chat.enter(*(f"user{number}" for number in range(1, 411)))
    for number in numbers:
        chat.type(number, "start")
    assert chat.gateway.roulette.counts()[State.PRIVATE] == 410
    assert chat.gateway.roulette.partner(404) == 403


def test_a_line_of_the_lobby_reaches_all_others_there_but_not_its_sender() -> None:
    chat = GatewayFixture()
    ada, bob, carol = chat.enter("ada", "bob", "carol")
    chat.type(ada, "hello")
    assert [chat.spoken(number) for number in (ada, bob, carol)] == [[], ["<ada> hello"], ["<ada> hello"]]


def test_a_silent_newcomer_blocks_no_other_user() -> None:
    chat = GatewayFixture("uniform")
    chat.connect()
    (ada,) = chat.enter("ada")
    assert chat.gateway.roulette.named("ada") == ada


def test_a_refused_name_is_not_given() -> None:
    chat = GatewayFixture("uniform")
    chat.enter("ada")
    second = chat.connect()
    chat.type(second, "ada")
    assert chat.read(second)[-1] == "* That pseudonym is taken. Type another."
    assert second not in chat.gateway.roulette
    chat.type(second, "bob")
    assert chat.gateway.roulette.named("bob") == second


def test_a_name_is_free_again_once_its_user_has_left() -> None:
    chat = GatewayFixture()
    (ada,) = chat.enter("ada")
    second = chat.connect()
    chat.type(second, "ada")
    chat.vanish(ada)
    chat.type(second, "ada")
    assert chat.gateway.roulette.named("ada") == second


def test_after_a_vanished_partner_the_other_is_told_once_and_searches_again() -> None:
    chat = GatewayFixture()
    ada, bob, carol = chat.enter("ada", "bob", "carol")
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.forget()
    chat.vanish(ada)
    told = chat.read(bob)
    assert told.count("* <ada> has quit.") == 1
    assert len(told) == 4  # and gone from the lobby, waiting again, what to do
    chat.wait(3.0)
    chat.type(bob, "hello?")
    assert chat.read(bob) == []
    assert chat.spoken(carol) == ["<bob> hello?"]
    chat.type(carol, "start")
    assert chat.gateway.roulette.partner(bob) == carol


def test_a_command_and_a_line_in_one_segment_are_a_command_and_a_line() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.type(bob, "start")
    chat.send(ada, b"start\nhello\n")
    assert chat.spoken(bob) == ["<ada> hello"]
    assert chat.gateway.roulette.partner(ada) == bob


def test_five_quick_lines_arrive_as_five() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, b"1\n2\n3\n4\n5\n")
    assert chat.spoken(bob) == [f"<ada> {number}" for number in range(1, 6)]


def test_a_character_across_1024_bytes_arrives_whole() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    data = ("x" * 1023 + "é\n").encode()
    chat.send(ada, data[:1024])
    chat.send(ada, data[1024:])
    assert chat.spoken(bob) == ["<ada> " + "x" * 1023 + "é"]


def test_escape_codes_do_not_pass() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, b"\x1b]0;owned\x07\x1b[2J\xc2\x9b1m\n")
    (line,) = chat.spoken(bob)
    assert line.isprintable()


def test_lines_cannot_be_forged() -> None:
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, "a\r* The server is shutting down.\u2028<carol> hi\x0b* x\n".encode())
    (line,) = chat.read(bob)
    assert line.startswith("<ada> a")
    forger = chat.connect()
    chat.type(forger, "* ada is gone", "<ada>", "ada> hi")
    assert forger not in chat.gateway.roulette
