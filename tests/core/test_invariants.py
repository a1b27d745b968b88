"""The invariants on journals written by hand: each sees its own breach, in words, and at the right entry."""

from collections.abc import Sequence

import pytest

from roulette_core import (
    Audience,
    Block,
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
    Tick,
)
from roulette_core.testing import INVARIANTS, Checker, Verdict, all_hold
from roulette_core.testing.fast_path import fast_path
from tests.core.custom import NewestFirst
from tests.core.scenarios import join_all, start_all

Entry = tuple[float, Event, Sequence[Effect]]

ARRIVE: list[Entry] = [(0.0, Join(user, user), [Joined(user, user)]) for user in "abcd"]
"""Entries 0 to 3: a, b, c and d are in the lobby."""
CHAT: list[Entry] = [
    *ARRIVE,
    (1.0, Start("a"), [Searching("a")]),
    (2.0, Start("b"), [Searching("b"), Paired("a", "b")]),
]
"""Entries 4 and 5: a and b are in private."""
BLOCKED: list[Entry] = [*CHAT, (2.0, Block("a"), [Parted("a", "b", "block")])]
"""Entry 6: a has blocked b, and both search."""

# invariant, policy, the sound beginning, the entry that breaks it
JOURNALS: list[tuple[str, str, list[Entry], Entry]] = [
    ("no_user_in_two_pairs", "no-repeat", CHAT, (3, Start("c"), [Searching("c"), Paired("a", "c")])),
    ("partnership_is_mutual", "no-repeat", ARRIVE, (3, Start("a"), [Searching("a"), Paired("a", "a")])),
    ("partnership_is_mutual", "no-repeat", CHAT, (3, Next("a"), [Parted("a", "c", "next")])),
    ("partnership_is_mutual", "no-repeat", CHAT, (3, Next("c"), [Parted("c", "b", "lobby")])),
    ("one_state_at_a_time", "no-repeat", CHAT, (3, Start("a"), [Searching("a")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Join("a", "e"), [Joined("a", "e")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Tick(), [Joined("a", "a")])),
    ("one_state_at_a_time", "no-repeat", ARRIVE, (3, Start("x"), [Searching("x")])),
    ("pool_is_the_searching", "no-repeat", ARRIVE, (3, Start("a"), [Paired("a", "b")])),
    ("pool_is_the_searching", "no-repeat", ARRIVE, (3, Lobby("a"), [Returned("a")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [PrivateLine("a", "c", "x")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [PrivateLine("a", "b", "y")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [PrivateLine("b", "a", "x")])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [PrivateLine("a", "b", "x")] * 2)),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Say("a", "x"), [])),
    ("private_line_reaches_partner", "no-repeat", CHAT, (3, Tick(), [PrivateLine("a", "b", "x")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("a", "x"), [LobbyLine("a", "x")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("c", "x"), [LobbyLine("d", "x")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("c", "x"), [LobbyLine("c", "y")])),
    ("lobby_line_reaches_lobby", "no-repeat", CHAT, (3, Say("c", "x"), [])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Next("a"), [Parted("a", "b", "next"), Parted("b", "a", "next")])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Lobby("a"), [Returned("a")])),
    ("pairing_ends_once", "no-repeat", CHAT, (3, Leave("a"), [Left("a", "a")])),
    (
        "no_partner_twice_running",
        "no-repeat",
        CHAT,
        (3, Next("a"), [Parted("a", "b", "next"), Paired("b", "a")]),
    ),
    ("work_conserving", "no-repeat", [*ARRIVE, (1.0, Start("a"), [Searching("a")])], (3, Start("b"), [Searching("b")])),
    ("work_conserving", "uniform:minimum=2", ARRIVE, (3, Tick(), [Searching("a"), Searching("b")])),
    ("work_conserving", "fresh", ARRIVE, (3, Start("a"), [Searching("a"), Searching("b")])),
    (
        "work_conserving",
        "fresh:patience=10",
        [*CHAT, (3.0, Next("a"), [Parted("a", "b", "next")])],
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
        (4, Say("a", "x"), [LobbyLine("a", "x")]),
    ),
    (
        "nothing_after_leaving",
        "no-repeat",
        [*CHAT, (3.0, Leave("a"), [Parted("a", "b", "leave"), Left("a", "a")])],
        (4, Say("b", "x"), [PrivateLine("b", "a", "x")]),
    ),
    ("names_are_unique", "no-repeat", ARRIVE, (3, Join("e", "a"), [Joined("e", "a")])),
    ("only_users_who_exist", "no-repeat", ARRIVE, (3, Say("x", "y"), [LobbyLine("x", "y")])),
    ("only_users_who_exist", "no-repeat", CHAT, (3, Say("a", "y"), [PrivateLine("a", "x", "y")])),
    ("blocked_never_paired", "uniform:minimum=2", BLOCKED, (3, Tick(), [Paired("a", "b")])),
    (
        "work_conserving",
        "waves:every=5",
        [*BLOCKED, (4.0, Start("c"), [Searching("c")])],
        (5.0, Tick(), []),
    ),
    ("blocked_never_paired", "waves:every=5", BLOCKED, (13, Tick(), [Paired("b", "a")])),
    (
        "blocked_never_paired",
        "no-repeat",
        [*ARRIVE, (3.0, Join("e", "e", ("a",)), [Joined("e", "e")]), (3.0, Start("a"), [Searching("a")])],
        (4, Start("e"), [Searching("e"), Paired("a", "e")]),
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
    assert {invariant for invariant, *_ in JOURNALS} == {invariant.__name__ for invariant in INVARIANTS}


@pytest.mark.parametrize("policy", ["no-repeat", "uniform:minimum=2", "tests.core.custom:NewestFirst"])
def test_a_sound_journal_breaks_nothing(policy: str) -> None:
    journal: list[Entry] = [
        *CHAT,
        (3.0, Join("e", "a"), [Refused("e", Reason.NAME_TAKEN)]),
        (3.0, Say("a", "x"), [PrivateLine("a", "b", "x")]),
        (3.0, Say("c", "x"), [LobbyLine("c", "x")]),
        (4.0, Lobby("a"), [Parted("a", "b", "lobby")]),
        (4.0, Leave("b"), [Left("b", "b")]),
        (5.0, Join("b", "b"), [Joined("b", "b")]),
        (5.0, Start("c"), [Searching("c")]),
        (5.0, Lobby("c"), [Returned("c")]),
    ]
    checker = checked(policy, journal)
    assert checker.breaches == []
    assert [result.name for result in checker.results()] == [invariant.__name__ for invariant in INVARIANTS]
    assert all_hold(checker.results())


def test_a_block_holds_until_one_of_the_two_has_left() -> None:
    back: list[Entry] = [
        *BLOCKED,
        (3.0, Tick(), []),
        (4.0, Leave("b"), [Left("b", "b")]),
        (5.0, Join("b", "b"), [Joined("b", "b")]),
        (6.0, Start("b"), [Searching("b"), Paired("a", "b")]),
    ]
    assert checked("uniform:minimum=2", back).breaches == []


def test_a_ledger_accepts_a_block_of_a_user_against_themselves() -> None:
    journal: list[Entry] = [
        *ARRIVE,
        (1.0, Block("a"), [Parted("a", "a", "block")]),
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
    assert {breach.invariant for breach in checker.breaches} == {"blocked_never_paired"}


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
    assert unasked == {"private_line_reaches_partner", "lobby_line_reaches_lobby", "pairing_ends_once"}


def test_the_number_of_breaches_kept_is_limited() -> None:
    checker = Checker(most=3)
    for _ in range(10):
        checker.check(0.0, Say("x", "y"), [LobbyLine("x", "y")])
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
