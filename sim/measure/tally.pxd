cimport cython
from libc cimport math
from sim.measure.compensated cimport CompensatedSum
from sim.measure.couples cimport Couples
from sim.measure.draw_test cimport DrawTest
from sim.rows.block cimport Rows

cdef int BINS, CHAT, GAVE_UP, LEFT, STILL_ON
cdef double LEAST, MOST, SCALE, SHIFT, FOR_EVER
cdef int JOINED, KIND, LAST, NOBODY, PAIRED, PARTED, PARTED_LEAVE, PARTED_LOBBY, RETURNED, SEARCHING, TO_LOBBY, HAS_LEFT
cdef int OUTSIDE, IN_LOBBY, IN_POOL, IN_PRIVATE, RECENT, BATCHES, BATCH_SUMS, NEVER_PAIRED

@cython.final
cdef class Tally:
    cdef public int users, kinds, size, head, tail, present, batch
    cdef public double start, end, now, batch_end, wait_max, pool_seconds, user_seconds, present_seconds
    cdef public bint measuring
    cdef public long long present_at_first, joined, joined_later, left, searching_at_first, began
    cdef public long long events, pairings, pairings_ever, repairs, opportunities, recent
    cdef public Couples couples
    cdef public DrawTest draws
    cdef public CompensatedSum pool_total, user_total, present_total
    cdef public int[::1] state, kind, after, before, partners, ring, seen, longest_users, longest_ends
    cdef public double[::1] since, seconds_of, state_seconds, search_seconds, batches, longest_seconds
    cdef public long long[::1] latest, searches_of, chats_of, searches, waits, all_waits

    cdef void _make_room(self, int users)
    @cython.locals(user=int)
    cdef void _forget_sums(self)
    cdef double _end_of_batch(self, int batch) noexcept
    @cython.locals(row=int, time=double, whole=int, code=int, first=int)
    cpdef void take(self, Rows rows)
    @cython.locals(user=int, state=int, since=double, stay=double)
    cpdef void finish(self, double end)
    cdef void _read(self, int code, int first, int second) noexcept
    cdef void _begin(self)
    cdef void _pass(self, double time) noexcept
    @cython.locals(passed=double, area=double)
    cdef void _pass_within_batch(self, double time) noexcept
    cdef void _add_up(self) noexcept
    cdef void _join(self, int user, int kind)
    @cython.locals(left=int, since=double, stay=double)
    cdef void _move(self, int user, int state, int outcome) noexcept
    @cython.locals(kind=int, place=int)
    cdef void _end_search(self, int user, double seconds, int outcome) noexcept
    @cython.locals(place=int)
    cdef void _rank(self, int user, double seconds, int outcome) noexcept
    cdef void _link(self, int user) noexcept
    @cython.locals(before=int, after=int)
    cdef void _unlink(self, int user) noexcept
    @cython.locals(number="long long")
    cdef void _pair(self, int first, int second) noexcept
    @cython.locals(mine="long long", others="long long")
    cdef void _count_pairing(self, int first, int second) noexcept
    @cython.locals(base=int, place=int)
    cdef bint _has_met(self, int user, int other) noexcept
    @cython.locals(place=int)
    cdef void _remember(self, int user, int partner) noexcept
    @cython.locals(user=int, place="long long", low="long long")
    cdef long long _rank_of_pair(self, int first, int second) noexcept
