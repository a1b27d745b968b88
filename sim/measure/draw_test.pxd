cimport cython

cdef int MOST_OF_ONE_EVENT, DRAW_BINS
cdef unsigned long long _WORD

@cython.final
cdef class DrawTest:
    cdef public long long[::1] counts
    cdef long long _event
    cdef int _drawn
    cdef unsigned long long _chance

    cpdef void clear(self) noexcept
    @cython.locals(word="unsigned long long", spread=double, pairs="long long", place=int)
    cpdef void note(self, long long event, long long rank, long long pool) noexcept
