cimport cython

cdef int NOBODY

cdef class Agenda:
    cdef public int size
    cdef long long _serial
    cdef double[::1] _times
    cdef long long[::1] _serials
    cdef int[::1] _items, _places

    cpdef int make_room(self, int items) except -1
    cpdef double time(self) noexcept
    cpdef int first(self) noexcept
    @cython.locals(serial="long long", place=int)
    cpdef void put(self, int item, double time) noexcept
    @cython.locals(place=int, last=int, time=double, serial="long long")
    cpdef void remove(self, int item) noexcept
    @cython.locals(times="double[::1]", serials="long long[::1]", items="int[::1]", places="int[::1]", above=int)
    cdef void _rise(self, int place, double time, long long serial, int item) noexcept
    @cython.locals(
        times="double[::1]", serials="long long[::1]", items="int[::1]", places="int[::1]", size=int, below=int, other=int
    )
    cdef void _sink(self, int place, double time, long long serial, int item) noexcept
