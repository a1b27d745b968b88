cimport cython

from sim.kernel.memory cimport Recent
from sim.kernel.policies.in_order cimport InOrder
from sim.kernel.pool cimport WaitingPool

cdef int MEMORY, NOBODY
cdef double NEVER

cdef class Waves(InOrder):
    cdef public Recent recent
    cdef public double every

    cpdef int make_room(self, int seats) except -1
    @cython.locals(pool=WaitingPool, wave="long long", first=int, second=int)
    cpdef bint draw(self, double now) noexcept
    @cython.locals(pool=WaitingPool, best=int, fewest=int, other=int, times=int)
    cdef int _least_met(self, int user, long long wave) noexcept
    cdef long long _wave(self, double time) noexcept
    cpdef void paired(self, int first, int second) noexcept
    cpdef void forget(self, int seat) noexcept
    @cython.locals(wave="long long", time=double)
    cpdef double deadline(self, double now) noexcept
