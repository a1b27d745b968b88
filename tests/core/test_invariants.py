"""The invariants on journals written by hand: each sees its own breach, in words, and at the right entry."""

from collections.abc import Sequence
from typing import Any

import pytest

from roulette_core import (
    Audience,
    Block,
    Blocked,
    BulkLeave,
    Effect,
    Event,
    Join,
    Joined,
    Leave,
    Left,
    Lobby,
    LobbyLine,
    Next,
    Paired,
    Parted,
    PrivateLine,
    Reason,
    Refused,
    Returned,
    Roulette,
    Say,
    Searching,
    Start,
    State,
    Tick,
    Unblock,
    Unblocked,
)
from roulette_core.testing import INVARIANTS, Checker, Verdict, all_hold
from roulette_core.testing.fast_path import fast_path
from tests.core.custom import NewestFirst
from tests.core.scenarios import join_all, start_all

Entry = tuple[float, Event, Sequence[Effect]]


def paired(first: str, second: str, chat: int = 1) -> Paired:
    """Two users are paired, who are called by what they are."""
    return Paired(first, second, first, second, chat)


def parted(user: str, partner: str, cause: Any, chat: int = 1, left_behind: Any = "searching") -> Parted:
    return Parted(user, partner, cause, user, partner, chat, left_behind)


def private(sender: str, recipient: str, text: str, chat: int = 1) -> PrivateLine:
    return PrivateLine(sender, recipient, text, sender, chat)


def lobby(sender: str, text: str) -> LobbyLine:
    return LobbyLine(sender, text, sender)


ARRIVE: list[Entry] = [(0.0, Join(user, user), [Joined(user, user)]) for user in "abcd"]
"""Entries 0 to 3: a, b, c and d are in the lobby."""
CHAT: list[Entry] = [
    *ARRIVE,
    (1.0, Start("a"), [Searching("a")]),
    (2.0, Start("b"), [Searching("b"), paired("a", "b")]),
]
"""Entries 4 and 5: a and b are in private."""
BLOCKED: list[Entry] = [*CHAT, (2.0, Block("a"), [parted("a", "b", "block")])]
"""Entry 6: a has blocked b, and both search."""

POOL: list[Entry] = [(2.5, Start("c"), [Searching("c")])]
"""A further entry: c is searching."""
TWO: list[Entry] = [
    *CHAT,
    (3.0, Start("c"), [Searching("c")]),
    (3.0, Next("a"), [parted("a", "b", "next"), paired("a", "c", 2)]),
]
"""Entries 4 to 7: the chat of a and b is over, a and c are in private, b is searching."""

# invariant, policy, the sound beginning, the entry that breaks it
JOURNALS: list[tuple[str, str, list[Entry], Entry]] = [
    ("no_user_in_two_pairs", "no-repeat", CHAT, (3, Start("c"), [Searching("c"), paired("a", "c")])),
    ("partnership_is_mutual", "no-repeat", ARRIVE, (3, Start("a"), [Searching("a"), paired("a", "a")])),
    ("partnership_is_mutual", "no-repeat", CHAT, (3, Next("a"), [parted("a", "c", "next")])),
    ("partnership_is_mutual", "no-repeat", CHAT, (3, Next("c"), [parted("c", "b", "lobby")])),
    ("one_state_at_a_time", "no-repeat", CHAT, (3, Start("a"), [Searching("a")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Join("a", "e"), [Joined("a", "e")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Tick(), [Joined("a", "a")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Start("x"), [Searching("x")])),
    ("pool_is_the_searching", "no-repeat", ARRIVE, (3, Start("a"), [paired("a", "b")])),
    ("pool_is_the_searching", "no-repeat", ARRIVE, (3, Lobby("a"), [Returned("a")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [private("a", "c", "x")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [private("a", "b", "y")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [private("b", "a", "x")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [private("a", "b", "x")] * 2)),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Tick(), [private("a", "b", "x")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("a", "x"), [lobby("a", "x")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("c", "x"), [lobby("d", "x")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("c", "x"), [lobby("c", "y")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("c", "x"), [])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Next("a"), [parted("a", "b", "next"), parted("b", "a", "next")])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Lobby("a"), [Returned("a")])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Leave("a"), [Left("a", "a")])),
    (
        "no_partner_twice_running",
        "no-repeat",
        CHAT,
        (3, Next("a"), [parted("a", "b", "next"), paired("b", "a")]),
    ),
    ("work_conserving", "no-repeat", [*ARRIVE, (1.0, Start("a"), [Searching("a")])], (3, Start("b"), [Searching("b")])),
    ("work_conserving", "uniform:minimum=2", ARRIVE, (3, Tick(), [Searching("a"), Searching("b")])),
    ("work_conserving", "fresh", ARRIVE, (3, Start("a"), [Searching("a"), Searching("b")])),
    (
        "work_conserving",
        "fresh:patience=10",
        [*CHAT, (3.0, Next("a"), [parted("a", "b", "next")])],
        (13.0, Tick(), []),
    ),
    (
        "work_conserving",
        "waves:every=5",
        [*ARRIVE, (4.0, Start("a"), [Searching("a")]), (4.0, Start("b"), [Searching("b")])],
        (5.0, Tick(), []),
    ),
    (
        "work_conserving",
        "interests",
        [*ARRIVE, (4.0, Start("a", ("go",)), [Searching("a")])],
        (5.0, Start("b", ("chess", "go")), [Searching("b")]),
    ),
    (
        "work_conserving",
        "interests:patience=10",
        [*ARRIVE, (4.0, Start("a", ("go",)), [Searching("a")]), (4.0, Start("b", ("chess",)), [Searching("b")])],
        (14.0, Tick(), []),
    ),
    (
        "nothing_after_leaving",
        "no-repeat",
        [*ARRIVE, (3.0, Leave("a"), [Left("a", "a")])],
        (4, Say("a", "x"), [lobby("a", "x")]),
    ),
    (
        "nothing_after_leaving",
        "no-repeat",
        [*CHAT, (3.0, Leave("a"), [parted("a", "b", "leave"), Left("a", "a")])],
        (4, Say("b", "x"), [private("b", "a", "x")]),
    ),
    ("names_are_unique", "no-repeat", ARRIVE, (3, Join("e", "a"), [Joined("e", "a")])),
    ("only_users_who_exist", "no-repeat", ARRIVE, (3, Say("x", "y"), [lobby("x", "y")])),
    ("only_users_who_exist", "no-repeat", CHAT, (3, Say("a", "y"), [private("a", "x", "y")])),
    ("blocked_never_paired", "uniform:minimum=2", BLOCKED, (3, Tick(), [paired("a", "b")])),
    (
        "work_conserving",
        "waves:every=5",
        [*BLOCKED, (4.0, Start("c"), [Searching("c")])],
        (5.0, Tick(), []),
    ),
    ("blocked_never_paired", "waves:every=5", BLOCKED, (13, Tick(), [paired("b", "a")])),
    (
        "blocked_never_paired",
        "no-repeat",
        [*ARRIVE, (3.0, Join("e", "e", ("a",)), [Joined("e", "e")]), (3.0, Start("a"), [Searching("a")])],
        (4, Start("e"), [Searching("e"), paired("a", "e")]),
    ),
    ("chats_are_numbered", "no-repeat", [*CHAT, *POOL], (3, Tick(), [paired("c", "d", 1)])),
    ("chats_are_numbered", "no-repeat", CHAT, (3, Next("a"), [parted("a", "b", "next", 2)])),
    ("chats_are_numbered", "no-repeat", CHAT, (3, Say("a", "x"), [private("a", "b", "x", 2)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("a", "x", 1), [private("a", "c", "x", 2)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("a", "x", 0), [private("a", "c", "x", 2)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("b", "x", 1), [lobby("b", "x")])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Next("a", 1), [parted("a", "c", "next", 2)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Block("a", chat=1), [parted("a", "c", "block", 2)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Block("a", "b", 1), [Blocked("a", "b", "b")])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("a", "x", 1), [])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Next("a", 1), [])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("a", "x", 2), [Refused("a", Reason.CHAT_OVER)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("a", "x"), [Refused("a", Reason.CHAT_OVER)])),
    ("requests_stay_in_their_chat", "no-repeat", TWO, (4, Say("a", "x", 1), [Refused("a", Reason.NOT_IN_LOBBY)])),
    ("blocks_are_as_asked", "no-repeat", CHAT, (3, Block("a", "c"), [Blocked("a", "d", "d")])),
    ("blocks_are_as_asked", "no-repeat", CHAT, (3, Block("a", "c"), [Blocked("c", "a", "a")])),
    ("blocks_are_as_asked", "no-repeat", CHAT, (3, Block("a", "b"), [Blocked("a", "b", "b")])),
    ("blocks_are_as_asked", "no-repeat", CHAT, (3, Block("a", "c"), [parted("a", "b", "block")])),
    ("blocks_are_as_asked", "no-repeat", CHAT, (3, Block("a", "c"), [])),
    ("blocks_are_as_asked", "no-repeat", BLOCKED, (3, Unblock("b", "a"), [Unblocked("b", "a", "a")])),
    ("blocks_are_as_asked", "no-repeat", BLOCKED, (3, Unblock("a", "c"), [Unblocked("a", "b", "b")])),
    ("blocks_are_as_asked", "no-repeat", BLOCKED, (3, Unblock("a", "b"), [Refused("a", Reason.NOT_BLOCKED)])),
    ("blocks_are_as_asked", "no-repeat", BLOCKED, (3, Unblock("a", "b"), [])),
    (
        "partner_goes_where_asked",
        "no-repeat",
        CHAT,
        (3, Next("a", left_behind="lobby"), [parted("a", "b", "next", 1, "searching")]),
    ),
    (
        "partner_goes_where_asked",
        "no-repeat",
        CHAT,
        (3, BulkLeave(("a", "b")), [parted("a", "b", "leave", 1, "searching")]),
    ),
    ("partner_goes_where_asked", "no-repeat", TWO, (4, Next("a"), [parted("a", "c", "next", 2, "lobby")])),
    ("names_are_told", "no-repeat", ARRIVE, (3, Say("c", "x"), [LobbyLine("c", "x", "d")])),
    ("names_are_told", "no-repeat", CHAT, (3, Say("a", "x"), [PrivateLine("a", "b", "x", "b", 1)])),
    ("names_are_told", "no-repeat", [*CHAT, *POOL], (3, Tick(), [Paired("c", "d", "d", "c", 2)])),
    ("names_are_told", "no-repeat", CHAT, (3, Next("a"), [Parted("a", "b", "next", "a", "a", 1, "searching")])),
    ("names_are_told", "no-repeat", CHAT, (3, Block("a", "c"), [Blocked("a", "c", "a")])),
    ("names_are_told", "no-repeat", BLOCKED, (3, Unblock("a", "b"), [Unblocked("a", "b", "a")])),
    ("names_are_told", "no-repeat", ARRIVE, (3, Leave("a"), [Left("a", "b")])),
    ("names_are_told", "no-repeat", ARRIVE, (3, Join("e", "e"), [Joined("e", "f")])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Next("a"), [parted("a", "b", "lobby")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Tick(), [Searching("a")])),
    (
        "blocked_never_paired",
        "no-repeat",
        [*ARRIVE, (3.0, Join("e", "e", (), ("a",)), [Joined("e", "e")]), (3.0, Start("a"), [Searching("a")])],
        (4, Start("e"), [Searching("e"), paired("a", "e")]),
    ),
    (
        "work_conserving",
        "uniform:minimum=2",
        [*BLOCKED],
        (3, Unblock("a", "b"), [Unblocked("a", "b", "b")]),
    ),
    *(
        ("work_conserving", policy, BLOCKED, (3.0, Start("c"), [Searching("c")]))
        for policy in ("no-repeat", "uniform:minimum=2", "fresh", "interests")
    ),
]


def checked(policy: str, journal: Sequence[Entry], thorough: bool = False) -> Checker:
    checker = Checker(policy, thorough=thorough)
    for now, event, effects in journal:
        checker.check(now, event, effects)
    return checker


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(("invariant", "policy", "sound", "wrong"), JOURNALS)
def test_a_breach_is_seen_where_it_is(
    invariant: str, policy: str, sound: list[Entry], wrong: Entry, thorough: bool
) -> None:
    assert checked(policy, sound, thorough).breaches == []
    checker = checked(policy, [*sound, wrong], thorough)
    breach = next(breach for breach in checker.breaches if breach.invariant == invariant)
    assert (breach.entry, breach.now) == (len(sound), wrong[0])
    (result,) = [result for result in checker.results() if result.name == invariant]
    assert result.verdict is Verdict.FAILED
    assert breach.detail in result.detail


def test_every_invariant_has_a_journal_that_breaks_it() -> None:
    of_the_roulette = {"counts_are_right", "policies_know_the_latest"}
    assert {invariant for invariant, *_ in JOURNALS} | of_the_roulette == {each.__name__ for each in INVARIANTS}


@pytest.mark.parametrize("policy", ["no-repeat", "uniform:minimum=2", "tests.core.custom:NewestFirst"])
def test_a_sound_journal_breaks_nothing(policy: str) -> None:
    journal: list[Entry] = [
        *CHAT,
        (3.0, Join("e", "a"), [Refused("e", Reason.NAME_TAKEN)]),
        (3.0, Say("a", "x"), [private("a", "b", "x")]),
        (3.0, Say("a", "x", 1), [private("a", "b", "x")]),
        (3.0, Say("a", "x", 0), [Refused("a", Reason.NOT_IN_LOBBY)]),
        (3.0, Say("c", "x"), [lobby("c", "x")]),
        (3.0, Say("c", "x", 0), [lobby("c", "x")]),
        (3.0, Say("c", "x", 1), [Refused("c", Reason.CHAT_OVER)]),
        (3.0, Next("c", 1), [Refused("c", Reason.NOT_PRIVATE)]),
        (3.0, Block("a", "c", 1), [Blocked("a", "c", "c")]),
        (3.0, Unblock("a", "d"), [Refused("a", Reason.NOT_BLOCKED)]),
        (3.0, Unblock("a", "c"), [Unblocked("a", "c", "c")]),
        (4.0, Lobby("a"), [parted("a", "b", "lobby")]),
        (4.0, Leave("b"), [Left("b", "b")]),
        (5.0, Join("b", "b"), [Joined("b", "b")]),
        (5.0, Start("c"), [Searching("c")]),
        (5.0, Lobby("c"), [Returned("c")]),
    ]
    checker = checked(policy, journal)
    assert checker.breaches == []
    assert [result.name for result in checker.results()] == [invariant.__name__ for invariant in INVARIANTS]
    assert all_hold(checker.results())


def test_a_block_and_its_end_are_told_apart_by_direction() -> None:
    both: list[Entry] = [
        *BLOCKED,
        (3.0, Block("b", "a"), [Blocked("b", "a", "a")]),
        (3.0, Unblock("a", "b"), [Unblocked("a", "b", "b")]),
        (3.0, Unblock("a", "b"), [Refused("a", Reason.NOT_BLOCKED)]),
    ]
    checker = checked("uniform:minimum=2", both)
    assert checker.breaches == []
    assert checker.ledger.blocked["b"] == {"a"}
    checker.check(4.0, Unblock("b", "a"), [Unblocked("b", "a", "a"), paired("b", "a", 2)])
    assert checker.breaches == []


def test_two_partners_who_leave_at_once_say_nothing_of_where_others_go() -> None:
    journal: list[Entry] = [
        *TWO,
        (4.0, BulkLeave(("a", "c")), [parted("a", "c", "leave", 2, "lobby"), Left("a", "a"), Left("c", "c")]),
        (5.0, Start("d"), [Searching("d"), paired("b", "d", 3)]),
        (6.0, Next("d"), [parted("d", "b", "next", 3, "searching")]),
    ]
    fresh: list[Entry] = [*CHAT, (4.0, BulkLeave(("a", "b")), [parted("a", "b", "leave", 1, "lobby")])]
    assert checked("no-repeat", journal).breaches == []
    assert checked("no-repeat", fresh).ledger.left_behind is None


def test_a_core_that_counts_wrongly_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    roulette, checker = Roulette(), Checker()
    monkeypatch.setattr(
        Roulette, "counts", lambda self: dict.fromkeys((State.LOBBY, State.SEARCHING, State.PRIVATE), 0)
    )
    checker.check(0.0, Join("a", "a"), roulette.handle(Join("a", "a"), 0.0))
    checker.compare(roulette)
    assert {breach.invariant for breach in checker.breaches} == {"counts_are_right"}


@pytest.mark.parametrize("said", [Start("a", ("go",)), Start("a", (), {"role": "mentor"})])
def test_a_core_that_forgets_what_was_said_of_a_user_is_noticed(said: Start) -> None:
    roulette, checker = Roulette(), Checker()
    for event in (Join("a", "a"), Start("a", ("chess",), {"role": "mentee"})):
        checker.check(0.0, event, roulette.handle(event, 0.0))
    checker.compare(roulette)
    assert checker.breaches == []
    checker.check(0.0, said, [Searching("a")])
    checker.compare(roulette)
    assert {breach.invariant for breach in checker.breaches} == {"policies_know_the_latest"}


def test_a_start_while_searching_keeps_the_place() -> None:
    roulette, checker = Roulette(), Checker()
    for now, event in ((0.0, Join("a", "a")), (1.0, Start("a")), (2.0, Start("a", ("go",)))):
        checker.check(now, event, roulette.handle(event, now))
    assert checker.ledger.pool == {"a": 1.0}
    roulette.policy.pool["a"].since = 2.0
    checker.compare(roulette)
    assert {breach.invariant for breach in checker.breaches} == {"policies_know_the_latest"}


def test_a_block_holds_until_one_of_the_two_has_left() -> None:
    back: list[Entry] = [
        *BLOCKED,
        (3.0, Tick(), []),
        (4.0, Leave("b"), [Left("b", "b")]),
        (5.0, Join("b", "b"), [Joined("b", "b")]),
        (6.0, Start("b"), [Searching("b"), paired("a", "b", 2)]),
    ]
    assert checked("uniform:minimum=2", back).breaches == []


def test_a_ledger_accepts_a_block_of_a_user_against_themselves() -> None:
    journal: list[Entry] = [
        *ARRIVE,
        (1.0, Block("a"), [parted("a", "a", "block")]),
        (2.0, Leave("a"), [Left("a", "a")]),
    ]
    assert {breach.entry for breach in checked("no-repeat", journal).breaches} == {4}


def test_a_core_with_other_blocks_than_its_effects_is_noticed() -> None:
    roulette, checker = Roulette(), Checker()
    for event in (Join("a", "a"), Join("b", "b", ("a",))):
        checker.check(0.0, event, roulette.handle(event, 0.0))
    checker.compare(roulette)
    assert checker.breaches == []
    roulette.policy.blocks.forget("a")
    checker.compare(roulette)
    assert {breach.invariant for breach in checker.breaches} == {"blocked_never_paired", "blocks_are_as_asked"}


def test_an_invariant_that_was_not_asked_is_not_reported_ok() -> None:
    results = {result.name: result for result in checked("tests.core.custom:NewestFirst", ARRIVE).results()}
    assert results["work_conserving"].verdict is Verdict.NOT_ASKED
    assert results["work_conserving"].detail == "tests.core.custom:NewestFirst is not a built-in policy"
    assert results["no_partner_twice_running"].verdict is Verdict.NOT_ASKED
    assert (results["names_are_unique"].verdict, results["names_are_unique"].detail) == (Verdict.OK, "4 events")
    results = {result.name: result for result in checked("uniform", CHAT).results()}
    assert results["no_partner_twice_running"].detail == "not a promise of uniform"
    assert results["work_conserving"].verdict is Verdict.OK


def test_an_invariant_about_nothing_that_happened_is_not_reported_ok() -> None:
    assert {result.verdict for result in Checker().results()} == {Verdict.NOT_ASKED}
    verdicts = {result.name: result.verdict for result in checked("no-repeat", CHAT).results()}
    unasked = {name for name, verdict in verdicts.items() if verdict is Verdict.NOT_ASKED}
    assert unasked == {
        "private_line_reaches_partner",
        "lobby_line_reaches_lobby",
        "pairing_ends_once",
        "requests_stay_in_their_chat",
        "blocks_are_as_asked",
        "partner_goes_where_asked",
        "counts_are_right",
        "policies_know_the_latest",
    }


def test_the_number_of_breaches_kept_is_limited() -> None:
    checker = Checker(most=3)
    for _ in range(10):
        checker.check(0.0, Say("x", "y"), [lobby("x", "y")])
    assert len(checker.breaches) == 3


def test_a_core_whose_answers_contradict_its_effects_is_noticed() -> None:
    roulette = Roulette()
    join_all(roulette, "abcd")
    start_all(roulette, "abc")
    checker = Checker()
    checker.compare(roulette)
    assert {breach.invariant for breach in checker.breaches} == {
        "partnership_is_mutual",
        "one_state_at_a_time",
        "pool_is_the_searching",
        "names_are_unique",
        "chats_are_numbered",
        "counts_are_right",
    }


def test_a_core_that_agrees_with_its_effects_passes() -> None:
    roulette, checker = Roulette(NewestFirst()), Checker("tests.core.custom:NewestFirst")
    for event in (Join("a", "a"), Join("b", "b"), Start("a"), Start("b"), Say("a", "x"), Next("b"), Leave("a")):
        checker.check(0.0, event, roulette.handle(event, 0.0))
        checker.compare(roulette)
    assert checker.breaches == []


def test_the_fast_path_is_off_if_not_both_users_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(fast_path(never_repeats=True)) == {Paired, Parted}
    monkeypatch.setattr("roulette_core.testing.fast_path.audience", lambda effect: Audience((effect[0],)))
    assert set(fast_path(never_repeats=True)) == {Paired}
