cimport cython

from sim.kernel.policy cimport SeatPolicy
from sim.rows.block cimport Rows

cdef int NOBODY, OUTSIDE, IN_LOBBY, IN_POOL, IN_PRIVATE
cdef int JOINED, LEFT, LOBBY_LINE, PAIRED, PRIVATE_LINE, REFUSED, RETURNED, SEARCHING
cdef int PARTED_BLOCK, PARTED_LEAVE, PARTED_LOBBY, PARTED_NEXT, TO_LOBBY
cdef double NEVER

cdef class SeatRoulette:
    cdef public SeatPolicy policy
    cdef public Rows rows
    cdef public double deadline
    cdef public int seats
    cdef public signed char[::1] states
    cdef public int[::1] partners
    cdef int _to_lobby, _searching
    cdef bint _pool_changed

    cpdef int join(self, int seat, int kind, double now) except -1
    @cython.locals(partner=int)
    cpdef int say(self, int seat, double now) except -1
    @cython.locals(state=int)
    cpdef int start(self, int seat, unsigned long long topics, double now) except -1
    cpdef int next(self, int seat, double now) except -1
    cpdef int block(self, int seat, double now) except -1
    @cython.locals(state=int)
    cpdef int lobby(self, int seat, double now) except -1
    @cython.locals(state=int)
    cpdef int leave(self, int seat, double now) except -1
    cpdef int tick(self, double now) except -1

    cdef int _end(self, double now) except -1
    cdef int _refuse(self, int seat, double now) except -1
    @cython.locals(partner=int)
    cdef int _part(self, int seat, int cause, double now) except -1
    cdef void _search(self, int seat, double now) noexcept
    cdef void _stop_searching(self, int seat) noexcept
    @cython.locals(policy=SeatPolicy, first=int, second=int)
    cdef int _draw_pairs(self, double now) except -1
    cdef int _make_room(self, int seats) except -1
