cimport cython

from sim.kernel.policy cimport SeatPolicy
from sim.kernel.pool cimport WaitingPool

cdef int FEW, NOBODY

cdef class InOrder(SeatPolicy):
    cdef public WaitingPool pool

    cpdef int make_room(self, int seats) except -1
    cpdef void enter(self, int seat, double now) noexcept
    cpdef void leave(self, int seat) noexcept

cdef class TriesEachPairOnce(InOrder):
    cpdef bint are_strangers(self, int first, int second) noexcept
    @cython.locals(pool=WaitingPool, after="int[::1]", newcomer=int, first=int, second=int, is_new=bint)
    cpdef bint find_strangers(self, double now) noexcept
