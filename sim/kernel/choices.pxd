cimport cython

cdef class Choices:
    cdef object _generator
    cdef double[::1] _numbers
    cdef int _used, _drawn

    @cython.locals(number=double)
    cpdef int choose(self, int count) noexcept
    cdef void _draw(self) noexcept
