cimport cython

from sim.kernel.policy cimport SeatPolicy
from sim.kernel.pool cimport NumberedPool

cdef class Uniform(SeatPolicy):
    cdef public int minimum
    cdef public NumberedPool pool

    cpdef int make_room(self, int seats) except -1
    cpdef void enter(self, int seat, double now) noexcept
    cpdef void leave(self, int seat) noexcept
    @cython.locals(waiting=int, first=int, second=int)
    cpdef bint draw(self, double now) noexcept
    @cython.locals(allowed=int)
    cdef bint _draw_allowed(self) noexcept
    @cython.locals(pool=NumberedPool, count=int, one=int, other=int, first=int, second=int)
    cdef int _take(self, int number) noexcept
