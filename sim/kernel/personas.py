"""Users of several kinds on seats: the twin of ``sim/population/persona_population.py``, which explains them."""

from array import array
from collections.abc import Sequence

import numpy as np

from sim.kernel.agenda import Agenda
from sim.kernel.chance import exponentials, uniforms
from sim.kernel.growing import longer
from sim.kernel.habits import Habits
from sim.kernel.population import SeatPopulation
from sim.kernel.roulette import SeatRoulette
from sim.kernel.stages import (
    BLOCK,
    EXPECTED,
    JOIN,
    LEAVE,
    LOBBY,
    NEXT,
    OUTSIDE,
    PRIVATE,
    RETURN,
    SAY,
    SEARCHES,
    SILENT,
    STAGES,
    START,
    VANISHED,
)
from sim.population import Persona, beginning
from sim.rows.block import Rows
from sim.rows.codes import (
    JOINED,
    KIND,
    LEFT,
    PAIRED,
    PARTED,
    PARTED_LEAVE,
    PARTED_LOBBY,
    QUIET,
    RETURNED,
    SEARCHING,
    TO_LOBBY,
)

_SECONDS_PER_MINUTE = 60.0


class PersonaSeats(SeatPopulation):
    """Users of several kinds, and newcomers who arrive later; the arguments are those of ``PersonaPopulation``.

    On the agenda, the first numbers are the kinds, whose next newcomers are due, and the others are users. Whoever is
    due stays at the top of the agenda until what they do moves them: everything a user does changes their stage, or is
    done once more, and so draws anew when they act next.
    """

    def __init__(
        self, personas: Sequence[Persona], users: int, arrivals_factor: float, seed: np.random.SeedSequence
    ) -> None:
        super().__init__()
        lots, delays, acts, *arrivals = seed.spawn(3 + len(personas))
        kinds, stages = beginning(personas, users, arrivals_factor, lots)
        self.users = self._room = len(kinds)
        self._kinds = len(personas)
        self._kind = array("i", kinds)
        self._stage = array("b", stages)
        self._habits = Habits(personas)
        self._delays = exponentials(delays)
        self._lots = uniforms(acts)
        self._agenda = Agenda()
        self._agenda.make_room(self._kinds + self._room)
        self._heard = 0
        self._until_arrival = [
            exponentials(seed, _SECONDS_PER_MINUTE / (persona.arrivals_per_minute * arrivals_factor))
            if persona.arrivals_per_minute
            else None
            for persona, seed in zip(personas, arrivals, strict=True)
        ]
        self._expect_all()

    def due(self) -> float:
        """Returns when a user or a newcomer is due next."""
        return self._agenda.time()

    def act(self, roulette: SeatRoulette, now: float) -> bool:
        """Does what a user or a newcomer does who is due. Returns False if the server cannot see it."""
        user = self._agenda.first() - self._kinds
        if user < 0:
            self._arrive(roulette, now, user + self._kinds)
            return True
        kind = self._kind[user]
        stage = self._stage[user]
        act = self._habits.act(kind * STAGES + stage, self._lots.next())
        if act == LEAVE and stage != SILENT and self._habits.vanishes[kind]:
            self._move(now, user, SILENT)
            return False
        self._ask(roulette, now, user, act)
        return True

    def begin(self, rows: Rows) -> None:
        """Marks the rows so far as known."""
        self._heard = rows.count

    def hear(self, rows: Rows) -> None:
        """Reschedules every user whose stage has changed, or whose request has been answered without that."""
        heard = self._heard
        count = rows.count
        while heard < count:
            self._note(rows.times[heard], rows.codes[heard] & KIND, rows.firsts[heard], rows.seconds[heard])
            heard += 1
        self._heard = count

    def take(self, rows: Rows) -> None:
        """Hears the last rows of a block."""
        self.hear(rows)
        self._heard = 0

    def _ask(self, roulette: SeatRoulette, now: float, user: int, act: int) -> None:
        """Asks the roulette for what a user does."""
        if act == SAY:
            roulette.say(user, now)
        elif act == NEXT:
            roulette.next(user, now)
        elif act == START:
            roulette.start(user, self._habits.topics[self._kind[user]], now)
        elif act == RETURN:
            roulette.lobby(user, now)
        elif act == LEAVE:
            roulette.leave(user, now)
        elif act == JOIN:
            roulette.join(user, self._kind[user], now)
        elif act == BLOCK:
            roulette.block(user, now)

    def _note(self, now: float, code: int, first: int, second: int) -> None:
        """Reschedules the users of one row, in the order in which it names them."""
        if code == PAIRED:
            self._move(now, first, PRIVATE)
            self._move(now, second, PRIVATE)
        elif code >= PARTED:
            self._move(now, second, LOBBY if code & TO_LOBBY else SEARCHES)
            if code < PARTED_LEAVE:
                self._move(now, first, LOBBY if code >= PARTED_LOBBY else SEARCHES)
        elif code == SEARCHING:
            self._move(now, first, SEARCHES)
        elif code == RETURNED or code == JOINED:  # noqa: SIM109 (a set would be slow)
            self._move(now, first, LOBBY)
        elif code == LEFT:
            self._move(now, first, OUTSIDE)
        elif code != QUIET:
            self._reschedule(now, first)

    def _move(self, now: float, user: int, stage: int) -> None:
        """Moves a user to a stage; silent users stay so, whatever the server believes, until it notices."""
        before = self._stage[user]
        if before != SILENT or stage == OUTSIDE:
            self._stage[user] = SILENT if before == VANISHED else stage
            self._reschedule(now, user)

    def _reschedule(self, now: float, user: int) -> None:
        """Draws when a user will next do something."""
        mean = self._habits.means[self._kind[user] * STAGES + self._stage[user]]
        if mean < 0:
            self._agenda.remove(self._kinds + user)
        else:
            self._agenda.put(self._kinds + user, now + mean * self._delays.next())

    def _expect_all(self) -> None:
        """Puts the initial users and the first newcomer of each kind on the agenda."""
        for user in range(self.users):
            if self._stage[user] == OUTSIDE:
                self._reschedule(0.0, user)
            else:
                self._agenda.put(self._kinds + user, 0.0)
        for kind in range(self._kinds):
            self._expect_arrival(0.0, kind)

    def _arrive(self, roulette: SeatRoulette, now: float, kind: int) -> None:
        """Admits a newcomer, who takes the next number."""
        user = self.users
        if user == self._room:
            self._make_room(2 * user + 16)
        self._kind[user] = kind
        self._stage[user] = EXPECTED
        self.users = user + 1
        self._expect_arrival(now, kind)
        roulette.join(user, kind, now)

    def _expect_arrival(self, now: float, kind: int) -> None:
        until_arrival = self._until_arrival[kind]
        if until_arrival is not None:
            self._agenda.put(kind, now + until_arrival.next())

    def _make_room(self, users: int) -> None:
        """Makes room for so many users."""
        self._room = users
        self._kind = longer(self._kind, users)
        self._stage = longer(self._stage, users, OUTSIDE, "b")
        self._agenda.make_room(self._kinds + users)
