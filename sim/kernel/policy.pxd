from sim.kernel.choices cimport Choices
from sim.kernel.memory cimport Blocks

cdef int NOBODY
cdef double NEVER

cdef class SeatPolicy:
    cdef public int first, second
    cdef public Choices choices
    cdef public Blocks blocks
    cdef public bint has_deadlines

    cpdef int make_room(self, int seats) except -1
    cpdef void enter(self, int seat, double now) noexcept
    cpdef void wants(self, int seat, unsigned long long topics, bint waiting) noexcept
    cpdef void leave(self, int seat) noexcept
    cpdef bint draw(self, double now) noexcept
    cpdef void paired(self, int first, int second) noexcept
    cpdef void forget(self, int seat) noexcept
    cpdef double deadline(self, double now) noexcept
