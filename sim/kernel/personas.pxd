cimport cython

from sim.kernel.agenda cimport Agenda
from sim.kernel.chance cimport Stream
from sim.kernel.habits cimport Habits
from sim.kernel.population cimport SeatPopulation
from sim.kernel.roulette cimport SeatRoulette
from sim.rows.block cimport Rows

cdef int BLOCK, EXPECTED, JOIN, LEAVE, LOBBY, NEXT, OUTSIDE, PRIVATE, RETURN, SAY, SEARCHES, SILENT, STAGES, START
cdef int VANISHED
cdef int JOINED, KIND, LEFT, PAIRED, PARTED, PARTED_LEAVE, PARTED_LOBBY, QUIET, RETURNED, SEARCHING, TO_LOBBY

cdef class PersonaSeats(SeatPopulation):
    cdef int _kinds, _room, _heard
    cdef int[::1] _kind
    cdef signed char[::1] _stage
    cdef Habits _habits
    cdef Stream _delays, _lots
    cdef Agenda _agenda
    cdef list _until_arrival

    @cython.locals(user=int, kind=int, stage=int, act=int)
    cpdef bint act(self, SeatRoulette roulette, double now) except -1
    @cython.locals(heard=int, count=int)
    cpdef int hear(self, Rows rows) except -1
    cdef int _ask(self, SeatRoulette roulette, double now, int user, int act) except -1
    cdef int _note(self, double now, int code, int first, int second) except -1
    @cython.locals(before=int)
    cdef int _move(self, double now, int user, int stage) except -1
    @cython.locals(mean=double)
    cdef int _reschedule(self, double now, int user) except -1
    @cython.locals(user=int, kind=int)
    cdef int _expect_all(self) except -1
    @cython.locals(user=int)
    cdef int _arrive(self, SeatRoulette roulette, double now, int kind) except -1
    @cython.locals(until_arrival=Stream)
    cdef int _expect_arrival(self, double now, int kind) except -1
    cdef int _make_room(self, int users) except -1
