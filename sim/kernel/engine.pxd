cimport cython

from sim.kernel.population cimport SeatPopulation
from sim.kernel.roulette cimport SeatRoulette
from sim.rows.block cimport Rows

cdef class Loop:
    cdef public double now
    cdef public bint over
    cdef SeatRoulette _roulette
    cdef SeatPopulation _population
    cdef double _until

    @cython.locals(roulette=SeatRoulette, population=SeatPopulation, rows=Rows, until=double, due=double)
    cpdef int run(self, int events) except -1
