"""The core behind the interface of the kernel's roulette: tests populations on seats without policies on seats."""

from roulette_core import Block, Event, Join, Leave, Lobby, Next, Roulette, Say, Start, Tick
from roulette_core.policies import NEVER
from sim.kernel.choices import Choices
from sim.kernel.policy import SeatPolicy
from sim.kernel.roulette import SeatRoulette
from sim.rows import EffectRows, Rows


class CoreSeats(SeatRoulette):
    """A ``SeatRoulette`` whose events go to ``roulette_core.Roulette``."""

    def __init__(self, policy: str, seed: int, rows: Rows) -> None:
        super().__init__(SeatPolicy(Choices(0)), rows)
        self._core = _Core(policy, seed, rows)

    def _handle(self, event: Event, now: float) -> int:
        self.deadline = self._core.handle(event, now)
        return 0  # compiled, the base class returns whether something was raised

    def join(self, seat: int, kind: int, now: float) -> int:
        self._core.kinds[seat] = kind
        return self._handle(Join(seat, str(seat)), now)

    def say(self, seat: int, now: float) -> int:
        return self._handle(Say(seat, ""), now)

    def start(self, seat: int, topics: int, now: float) -> int:
        bits = tuple(str(bit) for bit in range(64) if topics >> bit & 1)
        return self._handle(Start(seat, bits), now)

    def next(self, seat: int, now: float) -> int:
        return self._handle(Next(seat), now)

    def block(self, seat: int, now: float) -> int:
        return self._handle(Block(seat), now)

    def lobby(self, seat: int, now: float) -> int:
        return self._handle(Lobby(seat), now)

    def leave(self, seat: int, now: float) -> int:
        return self._handle(Leave(seat), now)

    def tick(self, now: float) -> int:
        return self._handle(Tick(), now)


class _Core:
    def __init__(self, policy: str, seed: int, rows: Rows) -> None:
        self.kinds: dict[int, int] = {}
        self._roulette = Roulette(policy, seed)
        self._writer = EffectRows(rows, self.kinds.__getitem__)

    def handle(self, event: Event, now: float) -> float:
        """Handles an event, and returns the next deadline."""
        self._writer.observe(now, event, self._roulette.handle(event, now))
        deadline = self._roulette.next_deadline()
        return NEVER if deadline is None else deadline
