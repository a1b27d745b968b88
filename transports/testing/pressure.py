"""More comes than may, or than is read: those who ask too much wait, those who do not read are held to the limits."""

from concurrent.futures import ThreadPoolExecutor

from transports.testing.client import Client
from transports.testing.hosted import Hosted

FLOOD = 2000
"""How many lines of a flooder, each of ``WIDTH`` bytes: about 2 MB, four times what may be read on."""

WIDTH = 1000

BATCH = 16
"""How many such lines are sent in one piece to be read before the next: less than may wait for who reads."""

READ_ON = 1 << 19
"""How many bytes a driver may hand in that it had read, or was about to read, when it heard of PAUSE: generous, as a
driver may read large pieces, but less than a flood."""

LINES = 150_000
"""How many lines meet a full buffer: a transport that loses one in 10,000 there comes through with a chance of
(1 − 1/10,000)^150,000 = 3·10⁻⁷. A third as many again come while it empties."""

PIECE = 500
"""How many of them are sent in one piece."""


class Pressure(Hosted):
    """Nobody suffers from what others send, or do not read; and nothing is lost of what may wait."""

    def test_a_flooder_is_held_back_and_disturbs_nobody_and_is_obeyed_in_the_end(self) -> None:
        """PAUSE and RESUME are obeyed: nothing is read meanwhile, nothing is lost, others talk on."""
        with ThreadPoolExecutor(1) as pool, self.house(burst=50, rate=1500) as house:
            ada, bob = house.enter_pair()
            carol, dan = house.enter("carol", "dan")
            flood = pool.submit(ada.type, *(f"{number:06} {'x' * WIDTH}" for number in range(FLOOD)))
            for number in range(5):
                carol.type(f"round {number}")
                dan.hears(f"<carol> round {number}")
            for number in range(FLOOD):
                assert bob.hears("<ada>").startswith(f"<ada> {number:06}")
            flood.result()
            house.settle(ada, bob)
            assert ada.side.pauses, "nobody was ever to be held back: there is no flood"
            assert ada.side.read_on <= READ_ON, f"{ada.side.read_on} bytes were handed in after PAUSE"

    def test_who_does_not_read_is_dropped_and_nobody_else_is_held_up(self) -> None:
        """More than ``Limits.output_limit`` does not wait for anybody; until then it waits apart from others."""
        self.claims("backpressure")
        with self.house(output_limit=4 * BATCH * WIDTH) as house:
            deaf, carol, dan = house.enter("deaf", "carol", "dan")
            for _ in range(2 * self.filling // (BATCH * WIDTH)):
                carol.type(*["x" * WIDTH] * BATCH)
                for _ in range(BATCH):
                    dan.hears("<carol>")
                if deaf.side.gone:
                    break
            assert deaf.side.gone, "somebody who does not read was not dropped"
            house.settle(carol, dan)
            assert all("<deaf> is gone" in person.read.decode() for person in (carol, dan))

    def test_no_line_is_lost_doubled_or_out_of_order_when_buffers_are_full(self) -> None:
        """Buffers are filled on purpose, then sent far more lines than a rare mistake can hide in."""
        with ThreadPoolExecutor(1) as pool, self.house() as house:
            ada, bob = house.enter_pair()
            carol, dan = house.enter("carol", "dan")
            house.settle(ada, bob)
            start = len(bob.read)
            self._fill(ada)
            self._send_numbers(ada, range(LINES))
            carol.type("we go on")
            dan.hears("<carol> we go on")
            rest = pool.submit(self._send_numbers, ada, range(LINES, LINES * 4 // 3))
            wanted = b"".join(b"<ada> %d\r\n" % number for number in range(LINES * 4 // 3))
            while not bob.read.endswith(wanted[-12:]):
                assert bob.receive(), f"the connection has ended before its time; {bob.report()}"
            rest.result()
            same = bob.read[start:].endswith(b"\r\n" + wanted)  # by itself: pytest would show both, which are long
            assert same, f"the lines are not those that were said; {bob.report()}"

    def _fill(self, sender: Client) -> None:
        """Has the partner be sent more than is taken from the driver while the partner does not read."""
        for _ in range(self.filling // (BATCH * WIDTH)):
            sender.type(*["x" * WIDTH] * BATCH)
        sender.is_understood()

    def _send_numbers(self, sender: Client, numbers: range) -> None:
        for first in numbers[::PIECE]:
            sender.type(*map(str, range(first, min(first + PIECE, numbers.stop))))
        sender.is_understood()
