cimport cython

cdef int ALL_AT_FIRST, LATER_EVERY, MOST_OF_ONE_EVENT, DRAW_BINS
cdef unsigned long long _WORD

@cython.final
cdef class DrawTest:
    cdef public bint wanted
    cdef public long long[::1] counts
    cdef long long _event, _next
    cdef int _drawn
    cdef unsigned long long _chance

    cpdef void clear(self) noexcept
    cpdef void end_event(self) noexcept
    @cython.locals(word="unsigned long long", spread=double, pairs="long long", place=int)
    cpdef void note(self, long long rank, long long pool) noexcept
