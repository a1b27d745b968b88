cimport cython

from sim.kernel.memory cimport Blocks, Latest
from sim.kernel.policies.in_order cimport InOrder
from sim.kernel.pool cimport WaitingPool

cdef int NOBODY

cdef class NoRepeat(InOrder):
    cdef public Latest latest

    cpdef int make_room(self, int seats) except -1
    @cython.locals(
        pool=WaitingPool, latest=Latest, blocks=Blocks, newcomer=int, first=int, second=int, is_new=bint,
        strangers=bint
    )
    cpdef bint draw(self, double now) noexcept
    cpdef void paired(self, int first, int second) noexcept
    cpdef void forget(self, int seat) noexcept
