"""What a watcher has asked, as verdicts on the invariants of ``roulette_core.testing``, under their names.

An invariant about something that rows do not show was not asked, and that is what its verdict says.
"""

from typing import Final

from roulette_core.testing import INVARIANTS, Result, Verdict
from sim.measure.watcher import Watcher
from sim.measure.whereabouts import NO_POOL, SOUND
from sim.rows import codes

_PARTED: Final = sum(1 << code for code in range(codes.PARTED, codes.PARTED + 8))
_PAIRED: Final = 1 << codes.PAIRED
_OF_THE_PRESENT: Final = sum(1 << code for code in range(codes.RETURNED, codes.PAIRED + 1)) | _PARTED

_SUBJECTS: Final[dict[str, int]] = {
    "no_user_in_two_pairs": _PAIRED,
    "partnership_is_mutual": _PAIRED | _PARTED,
    "one_state_at_a_time": 1 << codes.JOINED | 1 << codes.SEARCHING,
    "pool_is_the_searching": _PAIRED | 1 << codes.RETURNED,
    "private_line_reaches_partner": 1 << codes.PRIVATE_LINE,
    "lobby_line_reaches_lobby": 1 << codes.LOBBY_LINE,
    "pairing_ends_once": _PARTED | 1 << codes.RETURNED | 1 << codes.LEFT,
    "no_partner_twice_running": _PAIRED,
    "work_conserving": -1,
    "nothing_after_leaving": _OF_THE_PRESENT,
    "only_users_who_exist": _OF_THE_PRESENT,
    "blocked_never_paired": _PAIRED,
    "blocks_are_as_asked": 1 << codes.BLOCKED | 1 << codes.UNBLOCKED | 1 << codes.REFUSED | _PARTED,
}
"""The invariants that a watcher asks, and the rows that each is about: a bit for each code."""

_NOT_SHOWN: Final = {
    "names_are_unique": "rows show no names",
    "names_are_told": "rows show no names",
    "chats_are_numbered": "rows show no numbers of chats",
    "requests_stay_in_their_chat": "rows show no numbers of chats",
    "partner_goes_where_asked": "rows do not show where a partner was to go",
    "counts_are_right": "asked of the core only",
    "policies_know_the_latest": "asked of the core only",
}


def watcher_results(watcher: Watcher, policy: str, source: str = "on the kernel's rows") -> list[Result]:
    """Returns the verdict on each invariant, in their order.

    Args:
        watcher: one that has taken all rows of a run.
        policy: the specification of the policy at work.
        source: whose rows they were, for the details.
    """
    seen = watcher.seen | (_PAIRED if watcher.pairings else 0) | (1 << codes.PARTED_NEXT if watcher.partings else 0)
    unasked = dict(_NOT_SHOWN)
    if not watcher.never_repeats:
        unasked["no_partner_twice_running"] = f"not a promise of {policy}"
    if watcher.least == NO_POOL:
        unasked["work_conserving"] = f"rows alone cannot show it under {policy}"
    names = [invariant.__name__ for invariant in INVARIANTS]
    if watcher.unsound != SOUND:
        reason = f"not plainly sound {source} from event {watcher.unsound:,} on"
        return [Result(name, Verdict.NOT_ASKED, unasked.get(name, reason)) for name in names]
    for name, subjects in _SUBJECTS.items():
        if not (seen & subjects if subjects > 0 else watcher.events):
            unasked.setdefault(name, "nothing to check")
    done = f"{watcher.events:,} events, {source}"
    return [
        Result(name, Verdict.NOT_ASKED, unasked[name]) if name in unasked else Result(name, Verdict.OK, done)
        for name in names
    ]
