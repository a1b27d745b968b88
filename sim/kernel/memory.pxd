cimport cython

cdef int NOBODY

cdef class Latest:
    cdef public int[::1] partner

    cpdef int make_room(self, int seats) except -1
    cdef void remember(self, int first, int second) noexcept
    cdef bint between(self, int first, int second) noexcept
    cdef void forget(self, int seat) noexcept

cdef class Recent:
    cdef public int depth
    cdef public int[::1] partners, met

    cpdef int make_room(self, int seats) except -1
    cdef void remember(self, int first, int second) noexcept
    @cython.locals(by_first=int, by_second=int)
    cdef int times(self, int first, int second) noexcept
    cdef void forget(self, int seat) noexcept
    @cython.locals(met=int)
    cdef void _append(self, int seat, int partner) noexcept
    @cython.locals(begin=cython.Py_ssize_t, known=int, count=int, place=cython.Py_ssize_t)
    cdef int _count(self, int seat, int partner) noexcept

cdef class Blocks:
    cdef public int[::1] head, other, after, before
    cdef public int free, pairs

    cpdef int make_room(self, int seats) except -1
    @cython.locals(entry=int)
    cpdef int add(self, int user, int other) except -1
    @cython.locals(entry=int)
    cdef bint between(self, int first, int second) noexcept
    @cython.locals(entry=int, twin=int, pair=int)
    cdef void forget(self, int seat) noexcept
    cdef void _list(self, int entry, int user, int other) noexcept
    cdef void _unlist(self, int entry, int user) noexcept
    @cython.locals(entries=int, more=int, entry=int)
    cdef int _make_room_for_pairs(self) except -1
