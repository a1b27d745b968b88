"""Clients that send more than they may or do not read: they are paused or dropped, and no other client is delayed."""

from concurrent.futures import ThreadPoolExecutor

from transports.dialects import Message
from transports.testing.client import CheckedClient, sentence
from transports.testing.under_test import TransportUnderTest

FLOOD = 2000
"""How many lines a flooder sends, each of ``WIDTH`` bytes: about 2 MB, four times ``READ_AHEAD``."""

WIDTH = 1000

BATCH = 16
"""How many such lines are sent in one piece and read before the next: less than the output limit."""

READ_AHEAD = 1 << 19
"""The most bytes that a driver may hand in after PAUSE because it had read them before: generous, as a driver may read
large pieces, but less than a flood."""

LINES = 150_000
"""How many lines meet a full buffer: a transport that loses one line in 10,000 there passes with probability
(1 − 1/10,000)^150,000 = 3·10⁻⁷. A third as many again follow while the buffer empties."""

PIECE = 500
"""How many of them are sent in one piece."""


class Pressure(TransportUnderTest):
    """No client suffers from what another sends or does not read, and nothing that may wait is lost."""

    def test_a_flooder_is_paused_delays_no_other_client_and_loses_nothing(self) -> None:
        """PAUSE and RESUME are obeyed: nothing is read between them, nothing is lost, other clients talk on."""
        with ThreadPoolExecutor(1) as pool, self.running(burst=50, rate=1500) as transport:
            ada, bob = transport.join_pair()
            carol, dan = transport.join("carol", "dan")
            flood = pool.submit(ada.send_lines, *(f"{number:06} {'x' * WIDTH}" for number in range(FLOOD)))
            for number in range(5):
                carol.send_lines(f"round {number}")
                dan.expect(f"<carol> round {number}")
            for number in range(FLOOD):
                assert bob.expect("<ada>").startswith(f"<ada> {number:06}")
            flood.result()
            transport.settle(ada, bob)
            assert ada.record.pauses, "the flooder was never paused: there was no flood"
            ahead = ada.record.most_while_paused
            assert ahead <= READ_AHEAD, f"{ahead} bytes were handed in after PAUSE"

    def test_a_client_that_does_not_read_is_dropped_and_delays_no_other_client(self) -> None:
        """At most ``Limits.output_limit`` bytes wait for a client; until then they delay no other client."""
        self.requires("backpressure")
        with self.running(output_limit=4 * BATCH * WIDTH) as transport:
            deaf, carol, dan = transport.join("deaf", "carol", "dan")
            for _ in range(2 * self.filling // (BATCH * WIDTH)):
                carol.send_lines(*["x" * WIDTH] * BATCH)
                for _ in range(BATCH):
                    dan.expect("<carol>")
                if deaf.record.gone:
                    break
            assert deaf.record.gone, "a client that does not read was not dropped"
            transport.settle(carol, dan)
            assert all(sentence(Message.GONE, "deaf") in client.read.decode() for client in (carol, dan))

    def test_no_line_is_lost_duplicated_or_reordered_when_buffers_are_full(self) -> None:
        """The buffers are filled on purpose, then more lines follow than a rare mistake can hide in."""
        with ThreadPoolExecutor(1) as pool, self.running() as transport:
            ada, bob = transport.join_pair()
            carol, dan = transport.join("carol", "dan")
            transport.settle(ada, bob)
            start = len(bob.read)
            self._fill_buffers(ada)
            self._send_numbers(ada, range(LINES))
            carol.send_lines("we go on")
            dan.expect("<carol> we go on")
            rest = pool.submit(self._send_numbers, ada, range(LINES, LINES * 4 // 3))
            wanted = b"".join(b"<ada> %d\r\n" % number for number in range(LINES * 4 // 3))
            while not bob.read.endswith(wanted[-12:]):
                assert bob.receive(), f"the connection ended too early; {bob.report()}"
            rest.result()
            same = bob.read[start:].endswith(b"\r\n" + wanted)  # computed first, or pytest would print both, megabytes
            assert same, f"the lines are not those that were sent; {bob.report()}"

    def _fill_buffers(self, sender: CheckedClient) -> None:
        """Sends the partner, who does not read, more than the buffers below the driver accept."""
        for _ in range(self.filling // (BATCH * WIDTH)):
            sender.send_lines(*["x" * WIDTH] * BATCH)
        sender.wait_until_received()

    def _send_numbers(self, sender: CheckedClient, numbers: range) -> None:
        for first in numbers[::PIECE]:
            sender.send_lines(*map(str, range(first, min(first + PIECE, numbers.stop))))
        sender.wait_until_received()
