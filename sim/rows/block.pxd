cimport cython

cdef int LAST, NOBODY, QUIET

@cython.final
cdef class Rows:
    cdef public object sinks
    cdef public int size, count
    cdef public double[::1] times
    cdef public signed char[::1] codes
    cdef public int[::1] firsts, seconds
    cdef bint _open

    @cython.locals(row=int)
    cpdef int add(self, double time, int code, int first, int second) except -1
    @cython.locals(row=int)
    cpdef int end(self, double time) except -1
    cpdef int flush(self) except -1
