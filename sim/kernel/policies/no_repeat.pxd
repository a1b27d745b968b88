from sim.kernel.memory cimport Latest
from sim.kernel.policies.in_order cimport TriesEachPairOnce

cdef class NoRepeat(TriesEachPairOnce):
    cdef public Latest latest

    cpdef int make_room(self, int seats) except -1
    cpdef bint are_strangers(self, int first, int second) noexcept
    cpdef bint draw(self, double now) noexcept
    cpdef void paired(self, int first, int second) noexcept
    cpdef void forget(self, int seat) noexcept
