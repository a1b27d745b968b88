cimport cython

from sim.measure.kept_apart cimport KeptApart
from sim.measure.state_by_rows cimport StateByRows
from sim.rows.block cimport Rows

cdef double NEVER
cdef int IN_LOBBY, IN_POOL, NO_POOL, OUTSIDE, REFUSAL, SOUND
cdef int BLOCKED, JOINED, KIND, LAST, LEFT, LOBBY_LINE, NOBODY, PAIRED, PARTED_BLOCK, PARTED_LEAVE, PARTED_LOBBY
cdef int PARTED_NEXT, PRIVATE_LINE, QUIET, REFUSED, RETURNED, SEARCHING, TO_LOBBY, UNBLOCKED

cdef class Watcher(StateByRows):
    cdef public long long unsound, events, pairings, partings
    cdef public int least, seen
    cdef public bint never_repeats
    cdef bint _remembers
    cdef int _asked, _kinds
    cdef double _now

    @cython.locals(count=int, newest=int)
    cpdef take(self, Rows rows)
    @cython.locals(
        times=cython.double[::1], codes=cython.schar[::1], firsts=cython.int[::1], seconds=cython.int[::1],
        where=cython.int[::1], latest=cython.int[::1], place=cython.int[::1], queue=cython.int[::1],
        since=cython.double[::1], kept_apart=KeptApart, never_repeats=cython.bint,
        row=int, code=int, kind=int, first=int, second=int, last=int,
    )
    cdef int _follow_all(self, Rows rows, int count) except -1
    @cython.locals(where=int)
    cdef bint _follow(self, int kind, int first, int second, double now) except -1
    cdef bint _ask_once(self, int request) noexcept
    cdef bint _ask_also(self, int request) noexcept
    @cython.locals(request=int)
    cdef bint _refuse(self) noexcept
    cdef bint _join(self, int user, int kind) noexcept
    cdef bint _search(self, int user, double now) noexcept
    cdef bint _return(self, int user) noexcept
    cdef bint _leave(self, int user) noexcept
    @cython.locals(cause=int)
    cdef bint _part(self, int kind, int user, int partner, double now) except -1
    cdef bint _block(self, int user, int other) except -1
    cdef bint _unblock(self, int user, int other) noexcept
    cdef void _remember(self, int first, int second) noexcept
    cdef void _forget(self, int user) noexcept
    cdef bint _leaves_a_pair(self, double now) noexcept
