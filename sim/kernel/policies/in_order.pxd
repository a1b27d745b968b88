from sim.kernel.policy cimport SeatPolicy
from sim.kernel.pool cimport WaitingPool

cdef class InOrder(SeatPolicy):
    cdef public WaitingPool pool

    cpdef int make_room(self, int seats) except -1
    cpdef void enter(self, int seat, double now) noexcept
    cpdef void leave(self, int seat) noexcept
