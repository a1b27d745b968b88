"""Connections end: by those who leave, by the gateway's order, by the end of it all."""

from transports.testing.client import Client
from transports.testing.hosted import Hosted

FAREWELL = 1 << 20
"""How many bytes somebody has yet to read when they are hung up on: enough to be still on their way."""


class Endings(Hosted):
    """Nobody is left behind, nothing is left unsaid."""

    def test_the_partner_of_who_hangs_up_is_told(self) -> None:
        """``disconnected`` is said at once."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            ada.close()
            self._is_left_alone(bob)

    def test_the_partner_of_who_is_reset_is_told(self) -> None:
        """A reset is no error of the server's, but an end like others."""
        self.claims("reset")
        with self.house() as house:
            ada, bob = house.enter_pair()
            ada.reset()
            self._is_left_alone(bob)
            carol, dan = house.enter("carol", "dan")
            for person in (carol, dan):
                person.reset()
            house.enter("carol", "dan")

    def test_somebody_who_sends_their_last_words_and_hangs_up_is_heard(self) -> None:
        """``disconnected`` is said after everything that came before."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            house.settle(ada)
            ada.type(*(f"word {number}" for number in range(100)))
            ada.close()
            for number in range(100):
                assert bob.hears("<ada> word") == f"<ada> word {number}"
            self._is_left_alone(bob)

    def test_who_hangs_up_before_a_word_is_forgotten(self) -> None:
        """Also who has sent nothing has been there, and takes a place until ``disconnected``."""
        with self.house(users=3) as house:
            for _ in range(10):
                nobody = house.connect()
                nobody.close()
                nobody.is_gone()
            house.enter("ada", "bob", "carol")

    def test_who_closes_only_their_side_leaves_and_still_reads_the_rest(self) -> None:
        """What was ordered before is sent to the end."""
        self.claims("half_close")
        with self.house() as house:
            ada, bob = house.enter_pair()
            ada.type("/where", "my last words")
            ada.half_close()
            assert bob.hears("<ada>") == "<ada> my last words"
            self._is_left_alone(bob)
            ada.reads_all_so_far()

    def test_all_that_was_said_before_close_is_delivered_and_nothing_after(self) -> None:
        """CLOSE waits for the bytes before it, also when they are many, and the other side is slow."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            ada.type(*["x" * 1000] * (FAREWELL // 1000))
            ada.is_understood()
            bob.type("close", "not heard any more")
            ada.hears("<bob> has left you and quit")
            bob.hears("Goodbye")
            bob.reads_to_the_end()
            house.settle(ada)
            assert not any("not heard" in line for line in ada.unread())

    def test_who_goes_on_sending_after_close_still_reads_the_last_words(self) -> None:
        """To close a connection of TCP while bytes come in resets it, and takes back what was sent."""
        self.claims("lingers")
        with self.house() as house:
            ada, bob = house.enter_pair()
            ada.type(*["x" * 1000] * (FAREWELL // 1000))
            ada.is_understood()
            bob.type("close", *["not heard any more"] * 1000)
            bob.hears("Goodbye")
            bob.reads_to_the_end()

    def test_who_is_not_let_in_is_told_why(self) -> None:
        """The gateway may close a connection in answer to ``connected``; whoever is gone makes room."""
        with self.house(users=1) as house:
            (ada,) = house.enter("ada")
            house.knock("The server is full")
            ada.close()
            ada.is_gone()
            house.enter("carol")

    def test_when_the_transport_stops_everybody_is_told_and_hung_up_on(self) -> None:
        """``goodbye`` is said, and carried out, before the end."""
        with self.house() as house:
            house.enter_pair()
            house.start("carol")
            house.connect()
            house.stop()
            for client in house.clients:
                assert "The server is closing" in client.read.decode()

    def _is_left_alone(self, partner: Client) -> None:
        partner.hears("<ada> has left you and quit")
        partner.type("/where")
        partner.hears("Waiting")
