cimport cython

from sim.measure.kept_apart cimport KeptApart

cdef int IN_POOL, OUTSIDE

cdef class StateByRows:
    cdef int _users, _size, _last, _tried
    cdef KeptApart _kept_apart
    cdef int[::1] _where, _latest, _kind, _place, _queue
    cdef double[::1] _since

    cdef void _enter(self, int user, double now) noexcept
    cdef bint _met_last(self, int first, int second) noexcept
    cdef bint _are_apart(self, int one, int other) noexcept
    @cython.locals(newer=int, older=int)
    cdef bint _any_may_meet(self, int entries) noexcept
    @cython.locals(tried=int, kept=int, entry=int, user=int)
    cdef void _tidy(self) noexcept
    cdef int _make_room(self, int users) except -1
    @cython.locals(room=int)
    cdef int _make_room_in_queue(self, int entries) except -1
