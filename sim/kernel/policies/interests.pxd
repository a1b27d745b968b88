cimport cython

from sim.kernel.memory cimport Latest
from sim.kernel.policies.in_order cimport InOrder
from sim.kernel.pool cimport NumberedPool

cdef int NOBODY
cdef double NEVER

cdef class Interests(InOrder):
    cdef public Latest latest
    cdef public double patience
    cdef unsigned long long[::1] _topics
    cdef signed char[::1] _impatient
    cdef int _first_patient
    cdef NumberedPool _untried
    cdef long long _arrivals
    cdef long long[::1] _arrival

    cpdef int make_room(self, int seats) except -1
    cpdef void wants(self, int seat, unsigned long long topics, bint waiting) noexcept
    cpdef void enter(self, int seat, double now) noexcept
    cpdef void leave(self, int seat) noexcept
    @cython.locals(found=bint, seat=int)
    cpdef bint draw(self, double now) noexcept
    cpdef void paired(self, int first, int second) noexcept
    cpdef void forget(self, int seat) noexcept
    cpdef double deadline(self, double now) noexcept
    @cython.locals(found=bint)
    cdef bint _try(self) noexcept
    @cython.locals(first=int, second=int, number=int, user=int, other=int)
    cdef bint _complete(self, bint sharing) noexcept
    cdef bint _is_ahead(self, int user, int other, int first, int second) noexcept
    @cython.locals(other=int, fits=bint)
    cdef int _first_to_meet(self, int user, bint sharing) noexcept
    cdef bint _share(self, int user, int other) noexcept
    @cython.locals(both_impatient=bint)
    cdef bint _are_open(self, int user, int other) noexcept
    cdef bint _is_open(self, int user) noexcept
