"""Time passes, and nothing comes from anybody: the driver ticks all the same. Nothing here is held to a stop-watch."""

from collections.abc import Callable

from transports.testing.hosted import Hosted

SHORT = 0.2
"""A time that has to pass by itself, in seconds."""

LONG = 600.0
"""A time that does not pass within a test, in seconds."""


class Timing(Hosted):
    """What is due happens by itself, sooner or later. How late it was at most, each test leaves as a property."""

    def test_by_time_alone_two_people_meet(self, record_property: Callable[[str, object], None]) -> None:
        """``tick`` is called when ``next_deadline`` has come."""
        with self.house(f"waves:every={SHORT}") as house:
            house.enter_pair()
        record_property("latest_tick_in_seconds", house.gateway.latest)

    def test_by_time_alone_people_meet_again_and_again(self, record_property: Callable[[str, object], None]) -> None:
        """The deadline is asked for again after each call."""
        with self.house(f"waves:every={SHORT}") as house:
            ada, bob = house.enter_pair()
            for _ in range(3):
                ada.type("next")
                ada.hears("Only <bob> reads you")
                bob.hears("Only <ada> reads you")
        record_property("latest_tick_in_seconds", house.gateway.latest)

    def test_a_deadline_that_comes_nearer_is_kept(self) -> None:
        """Whoever waits for a deadline must not sleep through a nearer one that a later call has set."""
        with self.house(f"waves:every={SHORT}", registration=LONG, idle=LONG) as house:
            house.connect()
            house.enter_pair()

    def test_who_says_no_name_in_time_is_hung_up_on(self) -> None:
        """The first bytes and the last are ordered without any from the client."""
        with self.house(registration=SHORT) as house:
            nobody = house.connect()
            nobody.hears("No pseudonym has come")
            nobody.reads_to_the_end()

    def test_who_is_silent_is_asked_and_stays_if_they_answer(self) -> None:
        """A ping is sent by time alone."""
        with self.house(ping=SHORT, pong=LONG) as house:
            (ada,) = house.start("ada")
            ada.hears_of("ping")
            ada.ask(type="pong")
            ada.ask(type="where")
            ada.hears_of("situation")

    def test_who_does_not_answer_is_hung_up_on_and_their_partner_is_told(self) -> None:
        """What ``tick`` orders for others than the one it is about is carried out, too."""
        with self.house(ping=SHORT, pong=SHORT) as house:
            (bob,) = house.enter("bob")
            bob.type("start")
            ada = house.connect()
            ada.type('{"hello":1,"name":"ada"}', '{"type":"start"}')
            ada.hears('"type":"ping"')
            ada.hears('"reason":"idle"')
            ada.reads_to_the_end()
            bob.hears("<ada> has left you and quit")
