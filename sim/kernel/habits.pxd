cimport cython

cdef class Habits:
    cdef public double[::1] means
    cdef public signed char[::1] vanishes
    cdef public unsigned long long[::1] topics
    cdef int[::1] _begins
    cdef double[::1] _thresholds
    cdef signed char[::1] _acts

    @cython.locals(place=int)
    cpdef int act(self, int habit, double lot) noexcept
