from sim.kernel.roulette cimport SeatRoulette
from sim.rows.block cimport Rows

cdef class SeatPopulation:
    cdef public int users

    cpdef double due(self) except? -1
    cpdef bint act(self, SeatRoulette roulette, double now) except -1
    cpdef int begin(self, Rows rows) except -1
    cpdef int hear(self, Rows rows) except -1
    cpdef int take(self, Rows rows) except -1
