cimport cython

from sim.kernel.population cimport SeatPopulation
from sim.kernel.roulette cimport SeatRoulette

cdef class ClosedSeats(SeatPopulation):
    cdef int _opening, _asked, _drawn
    cdef double _mean
    cdef object _generator
    cdef double[::1] _times
    cdef int[::1] _who

    @cython.locals(asked=int, user=int)
    cpdef bint act(self, SeatRoulette roulette, double now) except -1
    @cython.locals(opened=int)
    cdef int _open(self, SeatRoulette roulette) except -1
    cdef int _draw(self) except -1
