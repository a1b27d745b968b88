cimport cython

from sim.measure.watcher cimport Watcher

cdef double NEVER

cdef class NoRepeatWatcher(Watcher):
    @cython.locals(newer=int, older=int)
    cdef bint _leaves_a_pair(self, double now) noexcept

cdef class UniformWatcher(Watcher):
    cdef bint _leaves_a_pair(self, double now) noexcept

cdef class FreshWatcher(Watcher):
    cdef int _memory
    cdef double _patience
    cdef int[::1] _recent, _met

    @cython.locals(newer=int, older=int, impatient=int)
    cdef bint _leaves_a_pair(self, double now) noexcept
    cdef bint _met_lately(self, int first, int second) noexcept
    @cython.locals(begin=cython.Py_ssize_t, known=int, place=cython.Py_ssize_t)
    cdef bint _knows(self, int user, int other) noexcept
    cdef void _remember(self, int first, int second) noexcept
    cdef void _forget(self, int user) noexcept
    cdef int _make_room(self, int users) except -1

cdef class WavesWatcher(Watcher):
    cdef double _every, _latest_wave

    @cython.locals(wave=double, reached=int)
    cdef bint _leaves_a_pair(self, double now) noexcept
    cdef double _wave(self, double time) noexcept

cdef class InterestsWatcher(Watcher):
    cdef double _patience, _asked_at
    cdef long long[::1] _topics

    @cython.locals(one=int, other=int, ends=double)
    cdef bint _leaves_a_pair(self, double now) noexcept
    @cython.locals(lost=cython.bint, other_lost=cython.bint, both_open=cython.bint, topics=cython.longlong, others=cython.longlong)
    cdef bint _may_meet(self, int one, int other, double now) noexcept
