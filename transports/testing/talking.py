"""People come in and talk: bytes arrive whole, in order and unchanged, however they are cut."""

import pytest

from transports.testing.hosted import Hosted

SPOKEN = "é€😀 ñ"
"""Characters of one, two, three and four bytes."""


class Talking(Hosted):
    """What a transport is for."""

    def test_whoever_connects_is_greeted(self) -> None:
        """What ``connected`` orders is sent at once, though nothing has come yet."""
        with self.house() as house:
            house.connect().hears("Welcome to ChatRoulette")

    def test_two_people_meet_talk_and_part(self) -> None:
        """A whole dialogue in text, until the gateway closes a connection; nobody else hears what is private."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            carol, dan = house.enter("carol", "dan")
            ada.type("hello")
            assert bob.hears("hello") == "<ada> hello"
            carol.type("anybody?")
            assert dan.hears("anybody") == "<carol> anybody?"
            bob.type("hello yourself", "next")
            assert ada.hears("hello") == "<bob> hello yourself"
            ada.hears("<bob> has left you for somebody else")
            ada.type("lobby", "/where")
            ada.hears("You are in the lobby")
            bob.type("close")
            bob.hears("Goodbye")
            bob.reads_to_the_end()
            ada.hears("<bob> is gone")
            house.settle(ada, carol, dan)
            assert not any("hello" in line for person in (carol, dan) for line in person.unread())

    def test_two_programs_meet_and_a_person_hears_them_in_the_lobby(self) -> None:
        """A whole dialogue in JSON lines, beside somebody who speaks text on the same transport."""
        with self.house() as house:
            (carol,) = house.enter("carol")
            ada, bob = house.start("ada", "bob")
            ada.ask(type="say", text="salut")
            assert carol.hears("salut") == "<ada> salut"
            ada.ask(type="start")
            bob.ask(type="start")
            assert ada.hears_of("paired")["partner"] == "bob"
            assert bob.hears_of("paired")["partner"] == "ada"
            bob.ask(type="say", text=SPOKEN)
            assert ada.hears_of("line")["text"] == SPOKEN
            ada.ask(type="next")
            assert bob.hears_of("parted")["by"] == "partner"
            ada.ask(type="close")
            assert ada.hears_of("closing")["reason"] == "asked"
            ada.reads_to_the_end()

    def test_a_line_may_be_cut_anywhere(self) -> None:
        """Bytes are handed in as they come; lines and characters are the gateway's to put together."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            line = f"{SPOKEN}\r\n".encode()
            for cut in range(1, len(line)):
                ada.send(line[:cut])
                ada.is_understood()
                ada.send(line[cut:])
                assert bob.hears("<ada>") == f"<ada> {SPOKEN}"

    def test_many_lines_in_one_piece_are_obeyed_in_order(self) -> None:
        """More comes at once than is read at once."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            lines = [f"line {number}" for number in range(1000)]
            ada.type(*lines)
            assert [bob.hears("<ada>") for _ in lines] == [f"<ada> {line}" for line in lines]

    @pytest.mark.parametrize(
        "data", [bytes(range(256)), b"\xff\xfe\xc3\n", b"\r\r\n\n\x00\n"], ids=["every", "no UTF-8", "line ends"]
    )
    def test_bytes_are_handed_in_as_they_were_sent(self, data: bytes) -> None:
        """Nothing is decoded, stripped or replaced on the way."""
        with self.house(garbage=0) as house:
            (ada,) = house.enter("ada")
            ada.send(data)
            ada.is_understood()
            ada.type("", "/where")
            house.settle(ada)

    def test_the_longest_line_arrives(self) -> None:
        """No buffer of the transport's ends before the limit of a line does."""
        with self.house() as house:
            ada, bob = house.enter_pair()
            ada.type("x" * house.gateway.limits.line_limit)
            assert len(bob.hears("<ada>")) == len("<ada> ") + house.gateway.limits.line_limit

    def test_ids_are_never_used_again(self) -> None:
        """Not even once their bearer is gone: what is still on its way would reach somebody else."""
        with self.house() as house:
            for _ in range(20):
                (ada,) = house.enter("ada")
                ada.close()
                ada.is_gone()
            connections = [side.connection for side in house.gateway.sides.values()]
            assert len(set(connections)) == 20

    def test_the_gateway_is_called_by_one_at_a_time(self) -> None:
        """The gateway is not locked; here each call takes long enough for two to meet."""
        with self.house() as house:
            people = house.enter("ada", "bob", "carol")
            house.gateway.dawdles = 0.002
            for number in range(20):
                for person in people:
                    person.type(f"line {number}")
            house.settle(*people)

    def test_the_gateway_is_told_from_where_somebody_connects(self) -> None:
        """As a numeric address, by which people are counted and banned."""
        self.claims("addresses")
        with self.house(per_address=2, exempt=()) as house:
            ada, bob = house.enter("ada", "bob")
            assert ada.side.address == bob.side.address != ""
            house.knock("too many connections")
