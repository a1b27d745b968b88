cimport cython

from sim.kernel.memory cimport Recent
from sim.kernel.policies.in_order cimport InOrder
from sim.kernel.pool cimport WaitingPool

cdef int NOBODY
cdef double NEVER

cdef class Fresh(InOrder):
    cdef public Recent recent
    cdef public double patience

    cpdef int make_room(self, int seats) except -1
    cpdef bint draw(self, double now) noexcept
    cpdef void paired(self, int first, int second) noexcept
    cpdef void forget(self, int seat) noexcept
    @cython.locals(user=int, ahead=int)
    cpdef double deadline(self, double now) noexcept
    @cython.locals(pool=WaitingPool, newcomer=int, first=int, second=int, is_new=bint)
    cdef bint _find_strangers(self, double now) noexcept
    @cython.locals(pool=WaitingPool, first=int, second=int)
    cdef bint _find_impatient(self, double now) noexcept
