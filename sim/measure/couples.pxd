cimport cython

cdef int MOST, _SLOTS_AT_FIRST

@cython.final
cdef class Couples:
    cdef public long long[::1] tags, table
    cdef public long long mask
    cdef public int depth
    cdef long long _entries

    cpdef void make_room(self, int users)
    cpdef void clear(self)
    cdef void _set_up(self, int slots)
    @cython.locals(slot="long long")
    cpdef void add(self, long long tag)
    @cython.locals(place=int)
    cdef void _make_space(self)
    cpdef long long count(self) noexcept
