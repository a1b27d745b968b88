cimport cython
from libc cimport math
from sim.measure.compensated cimport CompensatedSum
from sim.measure.couples cimport Couples
from sim.measure.draw_test cimport DrawTest
from sim.rows.block cimport Rows

cdef int BINS, BATCHES, CHAT, GAVE_UP, LEFT, RECENT, ALL_AT_FIRST, LATER_EVERY, NEVER_PAIRED, ROWS_AT_ONCE, SHORTEST_LINE
cdef double LEAST, MOST, SCALE, SHIFT, NEVER
cdef int JOINED, KIND, LAST, NOBODY, PAIRED, PARTED, PARTED_LEAVE, PARTED_LOBBY, RETURNED, SEARCHING
cdef int TO_LOBBY, HAS_LEFT, OUTSIDE, IN_LOBBY, IN_PRIVATE

@cython.final
cdef class Tally:
    cdef public int users, kinds, size, tail, room, present
    cdef public double start, end, now, edge, wait_max, third_longest, pool_seconds, wait_seconds
    cdef public bint measuring
    cdef public long long present_at_first, joined, joined_later, left
    cdef public long long events, pairings_ever, pairings_before, repairs, opportunities, recent
    cdef public Couples couples
    cdef public DrawTest draws
    cdef public CompensatedSum pool_total, wait_total, fruitless_total, before_total
    cdef public list marks, longest
    cdef public int[::1] place, line, kind, partners, chats_ever, chats_before, known, seen, fruitless, present_by_kind
    cdef public double[::1] since, seconds_of, present_seconds, present_since, lobby_seconds, seconds_before
    cdef public double[::1] fruitless_seconds
    cdef public long long[::1] latest, fruitless_searches, waits, fruitless_waits

    cdef void _make_room(self, int users)
    @cython.locals(user=int, place=int, passed=double)
    cdef void _forget_sums(self)
    @cython.locals(count=int, newest=int, times="double[::1]", codes="signed char[::1]", firsts="int[::1]", seconds="int[::1]",
                   low=int, high=int, row=int, time=double, whole=int, code=int)
    cpdef void take(self, Rows rows)
    @cython.locals(kind=int)
    cpdef void finish(self, double end)
    cdef void _pass_edge(self)
    cdef void _mark(self)
    cdef void _add_up(self) noexcept
    @cython.locals(wait=double, number="long long", mine="long long", others="long long", chats=int, place=int, tag="long long")
    cdef void _pair(self, int first, int second) noexcept
    @cython.locals(place=int)
    cdef bint _has_met(self, int user, int other) noexcept
    @cython.locals(place=int)
    cdef void _end_wait(self, int user, double seconds) noexcept
    @cython.locals(place=int, kind=int, seconds=double)
    cdef void _end_fruitless(self, int user, int outcome) noexcept
    cdef void _rank(self, int user, double seconds, int outcome)
    @cython.locals(tail=int)
    cdef void _search_again(self, int partner, int user) noexcept
    cdef void _search(self, int user) noexcept
    @cython.locals(line="int[::1]", place="int[::1]", end=int, old=int, user=int)
    cdef int _move_up(self) noexcept
    @cython.locals(low=int, high=int, i="long long", j="long long", spot=int)
    cdef void _note_draw(self, int first, int second) noexcept
    cdef void _part(self, int code, int first, int second) noexcept
    @cython.locals(place=int)
    cdef void _move(self, int code, int user, int kind) noexcept
    cdef void _join(self, int user, int kind) noexcept
    cdef void _count_present(self, int kind, int more) noexcept
