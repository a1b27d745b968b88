cimport cython

cdef int NOBODY

cdef class KeptApart:
    cdef public int couples
    cdef int[::1] _head, _other, _after
    cdef signed char[::1] _own
    cdef int _free

    cpdef int make_room(self, int users) except -1
    @cython.locals(entry=int)
    cpdef int block(self, int user, int other) except -1
    @cython.locals(entry=int)
    cpdef bint unblock(self, int user, int other) noexcept
    cpdef bint between(self, int user, int other) noexcept
    @cython.locals(entry=int)
    cpdef void forget(self, int user) noexcept
    @cython.locals(entry=int)
    cdef int _find(self, int user, int other) noexcept
    @cython.locals(entry=int)
    cdef int _new_couple(self, int user, int other) except -1
    cdef void _list(self, int entry, int user, int other) noexcept
    @cython.locals(twin=int, first=int)
    cdef void _drop(self, int entry, int user, int other) noexcept
    @cython.locals(here=int)
    cdef void _unlist(self, int entry, int user) noexcept
    @cython.locals(entries=int, more=int, entry=int)
    cdef int _make_room_for_couples(self) except -1

cdef int _twin(int entry) noexcept
