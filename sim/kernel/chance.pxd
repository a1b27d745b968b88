cimport cython

cdef class Stream:
    cdef object _draw
    cdef double[::1] _numbers
    cdef int _used, _drawn

    @cython.locals(used=int)
    cpdef double next(self) except? -1
    cdef int _refill(self) except -1
