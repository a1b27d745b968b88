cimport cython

@cython.final
cdef class CompensatedSum:
    cdef double _sum, _lost

    @cython.locals(old=double, new=double)
    cpdef void add(self, double number) noexcept
    cpdef double value(self) noexcept
