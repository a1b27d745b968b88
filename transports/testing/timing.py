"""Time passes and no client sends anything: the driver calls ``tick`` all the same.

What is due must happen sooner or later. How late it was at most, each test records as a property of the report.
"""

from collections.abc import Callable

from transports.dialects import Message
from transports.testing.under_test import TransportUnderTest

SHORT = 0.2
"""Seconds that the tests wait for."""

LONG = 600.0
"""Seconds that do not pass within a test."""


class Timing(TransportUnderTest):
    """Tests of the driver's timer."""

    def test_two_users_are_paired_by_the_passing_of_time(self, record_property: Callable[[str, object], None]) -> None:
        """``tick`` is called when ``next_deadline`` has passed."""
        with self.running(f"waves:every={SHORT}") as transport:
            transport.join_pair()
        record_property("latest_tick_in_seconds", transport.gateway.latest_tick)

    def test_two_users_are_paired_again_and_again(self, record_property: Callable[[str, object], None]) -> None:
        """The driver asks for the deadline again after each call."""
        with self.running(f"waves:every={SHORT}") as transport:
            ada, bob = transport.join_pair()
            for _ in range(3):
                ada.send_lines("next")
                ada.expect(Message.SITUATION_PRIVATE, "bob")
                bob.expect(Message.SITUATION_PRIVATE, "ada")
        record_property("latest_tick_in_seconds", transport.gateway.latest_tick)

    def test_an_earlier_deadline_replaces_a_later_one(self) -> None:
        """A driver that waits for a deadline must not sleep through an earlier one that a later call has set."""
        with self.running(f"waves:every={SHORT}", registration=LONG, idle=LONG) as transport:
            transport.connect()
            transport.join_pair()

    def test_a_client_that_gives_no_name_in_time_is_disconnected(self) -> None:
        """The first and the last output are sent although the client has sent nothing."""
        with self.running(registration=SHORT) as transport:
            client = transport.connect()
            client.expect(Message.CLOSING_NO_NAME)
            client.read_to_eof()

    def test_an_idle_client_is_pinged_and_stays_if_it_answers(self) -> None:
        """A ping is sent by the passing of time."""
        with self.running(ping=SHORT, pong=LONG) as transport:
            (ada,) = transport.join_json("ada")
            ada.expect_object("ping")
            ada.send_object(type="pong")
            ada.send_object(type="where")
            ada.expect_object("situation")

    def test_a_client_that_does_not_answer_a_ping_is_disconnected_and_its_partner_told(self) -> None:
        """The outputs of ``tick`` for other connections than the one that has timed out are carried out, too."""
        with self.running(ping=SHORT, pong=SHORT) as transport:
            (bob,) = transport.join("bob")
            bob.send_lines("start")
            ada = transport.connect()
            ada.send_lines('{"hello":1,"name":"ada"}', '{"type":"start"}')
            ada.expect('"type":"ping"')
            ada.expect('"reason":"idle"')
            ada.read_to_eof()
            bob.expect(Message.PARTNER_LEFT, "ada")
