cimport cython

cdef int FEW, NOBODY

cdef class WaitingPool:
    cdef public int size, head, tail
    cdef public int[::1] after, before
    cdef public double[::1] since

    cpdef int make_room(self, int seats) except -1
    @cython.locals(tail=int)
    cpdef void enter(self, int seat, double now) noexcept
    @cython.locals(older=int, newer=int)
    cpdef void leave(self, int seat) noexcept
    @cython.locals(first=int, seat=int)
    cdef int first_untried(self, double now) noexcept

cdef class NumberedPool:
    cdef public int size
    cdef public int[::1] users
    cdef int[::1] _numbers

    cpdef int make_room(self, int seats) except -1
    cdef bint holds(self, int seat) noexcept
    cpdef void enter(self, int seat) noexcept
    @cython.locals(number=int, last=int)
    cpdef void leave(self, int seat) noexcept
    cdef void clear(self) noexcept
