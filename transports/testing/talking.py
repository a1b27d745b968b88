"""Users join and talk: bytes arrive complete, in order and unchanged, however they are cut."""

import pytest

from transports.dialects import Message
from transports.testing.under_test import TransportUnderTest

UNICODE = "é€😀 ñ"
"""Characters of one, two, three and four bytes in UTF-8."""


class Talking(TransportUnderTest):
    """Tests of what a transport is for."""

    def test_a_new_connection_is_greeted(self) -> None:
        """The output of ``connected`` is sent at once, although the client has sent nothing."""
        with self.running() as transport:
            transport.connect().expect(Message.GREETING)

    def test_two_users_meet_talk_and_part(self) -> None:
        """A whole dialogue in text, until the gateway closes a connection; no other client hears a private line."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            carol, dan = transport.join("carol", "dan")
            ada.send_lines("hello")
            assert bob.expect("hello") == "<ada> hello"
            carol.send_lines("anybody?")
            assert dan.expect("anybody") == "<carol> anybody?"
            bob.send_lines("hello yourself", "next")
            assert ada.expect("hello") == "<bob> hello yourself"
            ada.expect(Message.PARTNER_ASKED_NEXT, "bob")
            ada.send_lines("lobby", "/where")
            ada.expect(Message.SITUATION_LOBBY)
            bob.send_lines("close")
            bob.expect(Message.CLOSING_ASKED)
            bob.read_to_eof()
            ada.expect(Message.GONE, "bob")
            transport.settle(ada, carol, dan)
            assert not any("hello" in line for client in (carol, dan) for line in client.unread())

    def test_two_json_clients_meet_and_a_text_client_hears_them_in_the_lobby(self) -> None:
        """A whole dialogue in JSON lines, beside a client that speaks text on the same transport."""
        with self.running() as transport:
            (carol,) = transport.join("carol")
            ada, bob = transport.join_json("ada", "bob")
            ada.send_object(type="say", text="salut")
            assert carol.expect("salut") == "<ada> salut"
            ada.send_object(type="start")
            bob.send_object(type="start")
            assert ada.expect_object("paired")["partner"] == "bob"
            assert bob.expect_object("paired")["partner"] == "ada"
            bob.send_object(type="say", text=UNICODE)
            assert ada.expect_object("line")["text"] == UNICODE
            ada.send_object(type="next")
            assert bob.expect_object("parted")["by"] == "partner"
            ada.send_object(type="close")
            assert ada.expect_object("closing")["reason"] == "asked"
            ada.read_to_eof()

    def test_a_line_may_be_cut_anywhere(self) -> None:
        """Bytes are handed in as they arrive; the gateway joins the pieces of lines and of characters."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            line = f"{UNICODE}\r\n".encode()
            for cut in range(1, len(line)):
                ada.send(line[:cut])
                ada.wait_until_received()
                ada.send(line[cut:])
                assert bob.expect("<ada>") == f"<ada> {UNICODE}"

    def test_many_lines_in_one_piece_are_handled_in_order(self) -> None:
        """More arrives at once than one read takes."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            lines = [f"line {number}" for number in range(1000)]
            ada.send_lines(*lines)
            assert [bob.expect("<ada>") for _ in lines] == [f"<ada> {line}" for line in lines]

    @pytest.mark.parametrize(
        "data", [bytes(range(256)), b"\xff\xfe\xc3\n", b"\r\r\n\n\x00\n"], ids=["every", "no UTF-8", "line ends"]
    )
    def test_bytes_reach_the_gateway_unchanged(self, data: bytes) -> None:
        """Nothing is decoded, stripped or replaced on the way."""
        with self.running(garbage=0) as transport:
            (ada,) = transport.join("ada")
            ada.send(data)
            ada.wait_until_received()
            ada.send_lines("", "/where")
            transport.settle(ada)

    def test_the_longest_line_arrives(self) -> None:
        """No buffer of the transport is shorter than the limit of a line."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            ada.send_lines("x" * transport.gateway.limits.line_limit)
            assert len(bob.expect("<ada>")) == len("<ada> ") + transport.gateway.limits.line_limit

    def test_connection_ids_are_never_reused(self) -> None:
        """An id is not reused after its connection has ended: output in flight would reach another client."""
        with self.running() as transport:
            for _ in range(20):
                (ada,) = transport.join("ada")
                ada.close()
                ada.wait_until_gone()
            ids = [record.connection for record in transport.gateway.records.values()]
            assert len(set(ids)) == 20

    def test_calls_of_the_gateway_never_overlap(self) -> None:
        """The gateway has no lock; here each call takes long enough for two to overlap."""
        with self.running() as transport:
            clients = transport.join("ada", "bob", "carol")
            transport.gateway.call_seconds = 0.002
            for number in range(20):
                for client in clients:
                    client.send_lines(f"line {number}")
            transport.settle(*clients)

    def test_the_gateway_is_told_the_address_of_a_client(self) -> None:
        """The address is numeric; the gateway counts and bans by it."""
        self.requires("addresses")
        with self.running(per_address=2, exempt=()) as transport:
            ada, bob = transport.join("ada", "bob")
            assert ada.record.address == bob.record.address != ""
            transport.connect_in_vain(Message.CLOSING_TOO_MANY_CONNECTIONS)
