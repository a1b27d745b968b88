"""Connections end: a client leaves, the gateway orders it, or the transport stops."""

from transports.dialects import Message
from transports.testing.client import CheckedClient, sentence
from transports.testing.under_test import TransportUnderTest

BACKLOG = 1 << 20
"""How many bytes a client has yet to read when it is disconnected: enough to be still in flight."""


class Endings(TransportUnderTest):
    """No partner is left behind, and no output is lost."""

    def test_the_partner_of_a_client_that_hangs_up_is_told(self) -> None:
        """``disconnected`` is called at once."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            ada.close()
            self._is_left_by_ada(bob)

    def test_the_partner_of_a_client_that_is_reset_is_told(self) -> None:
        """A reset is not an error of the server; it ends a connection like any other end."""
        self.requires("reset")
        with self.running() as transport:
            ada, bob = transport.join_pair()
            ada.reset()
            self._is_left_by_ada(bob)
            carol, dan = transport.join("carol", "dan")
            for client in (carol, dan):
                client.reset()
            transport.join("carol", "dan")

    def test_what_a_client_sent_before_it_hung_up_is_delivered(self) -> None:
        """``disconnected`` is called after everything that arrived before."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            transport.settle(ada)
            ada.send_lines(*(f"word {number}" for number in range(100)))
            ada.close()
            for number in range(100):
                assert bob.expect("<ada> word") == f"<ada> word {number}"
            self._is_left_by_ada(bob)

    def test_a_client_that_hangs_up_before_it_sends_anything_is_forgotten(self) -> None:
        """Such a connection takes a place, too, until ``disconnected``."""
        with self.running(users=3) as transport:
            for _ in range(10):
                client = transport.connect()
                client.close()
                client.wait_until_gone()
            transport.join("ada", "bob", "carol")

    def test_after_a_half_close_the_user_leaves_and_pending_output_is_delivered(self) -> None:
        """The output that was ordered before the EOF is sent."""
        self.requires("half_close")
        with self.running() as transport:
            ada, bob = transport.join_pair()
            ada.send_lines("/where", "my last words")
            ada.half_close()
            assert bob.expect("<ada>") == "<ada> my last words"
            self._is_left_by_ada(bob)
            ada.read_pending()

    def test_output_before_close_is_delivered_and_input_after_it_ignored(self) -> None:
        """CLOSE waits for the bytes before it, even if they are many and the client is slow."""
        with self.running() as transport:
            ada, bob = transport.join_pair()
            ada.send_lines(*["x" * 1000] * (BACKLOG // 1000))
            ada.wait_until_received()
            bob.send_lines("close", "not heard any more")
            ada.expect(Message.PARTNER_LEFT, "bob")
            bob.expect(Message.CLOSING_ASKED)
            bob.read_to_eof()
            transport.settle(ada)
            assert not any("not heard" in line for line in ada.unread())

    def test_a_client_that_keeps_sending_after_close_still_reads_the_last_output(self) -> None:
        """TCP resets a connection that is closed while input arrives, and discards output in flight."""
        self.requires("lingers")
        with self.running() as transport:
            ada, bob = transport.join_pair()
            ada.send_lines(*["x" * 1000] * (BACKLOG // 1000))
            ada.wait_until_received()
            bob.send_lines("close", *["not heard any more"] * 1000)
            bob.expect(Message.CLOSING_ASKED)
            bob.read_to_eof()

    def test_a_refused_client_is_told_why(self) -> None:
        """The gateway may close a connection in answer to ``connected``; a client that leaves makes room."""
        with self.running(users=1) as transport:
            (ada,) = transport.join("ada")
            transport.connect_in_vain(Message.CLOSING_FULL)
            ada.close()
            ada.wait_until_gone()
            transport.join("carol")

    def test_when_the_transport_stops_all_clients_are_told_and_disconnected(self) -> None:
        """``goodbye`` is called, and its output sent, before the end."""
        with self.running() as transport:
            transport.join_pair()
            transport.join_json("carol")
            transport.connect()
            transport.stop()
            for client in transport.clients:
                assert sentence(Message.CLOSING_STOPPING) in client.read.decode()

    def _is_left_by_ada(self, partner: CheckedClient) -> None:
        partner.expect(Message.PARTNER_LEFT, "ada")
        partner.send_lines("/where")
        partner.expect(Message.SITUATION_SEARCHING)
