"""The tally beside the slow way to the same figures; both builds; rows that cannot be."""

import pickle
from collections.abc import Iterator
from itertools import islice
from random import Random

import pytest
from hypothesis import given

from roulette_core import State
from roulette_core.testing import Verdict
from sim import measure
from sim.rows import Columns, codes
from tests.sim.measure.plain_figures import differences
from tests.sim.measure.pure_tally import pure
from tests.sim.measure.sessions import Session, figures_of, sessions, some_session
from tests.support.rows import moves_of, rows_of

PURE = pure()


@given(session=sessions())
def test_figures_are_those_of_the_slow_way(session: Session) -> None:
    assert differences(figures_of(measure, session), session) == []


@pytest.mark.parametrize("seed", range(40))
def test_both_builds_give_the_same_bytes(seed: int) -> None:
    session = some_session(seed)
    assert pickle.dumps(figures_of(measure, session)) == pickle.dumps(figures_of(PURE, session))


def damaged(columns: Columns, chance: Random, users: int) -> Columns:
    """Returns rows of which some have another code, and some another user, perhaps one who cannot be."""
    times, kinds, firsts, seconds = (column.copy() for column in columns)
    for _ in range(chance.randint(1, 10)):
        row = chance.randrange(len(times))
        kinds[row] = chance.choice((kinds[row], chance.randrange(-128, 128)))
        anyone = (-(2**31), -1, chance.randrange(users), users, users + 3)
        firsts[row] = chance.choice((firsts[row], *anyone))
        seconds[row] = chance.choice((seconds[row], *anyone, 2**31 - 1))
        if kinds[row] & codes.KIND != codes.JOINED:
            firsts[row] = chance.choice((firsts[row], 2**31 - 1))
    return Columns(times, kinds, firsts, seconds)


@pytest.mark.parametrize("part", range(3))
def test_rows_that_cannot_be_do_no_harm(part: int) -> None:
    """They give figures of some kind, the same in both builds; lists would not take an index that is too large."""
    for seed in range(30 * part, 30 * part + 30):
        session = some_session(seed)
        worse = session._replace(columns=damaged(session.columns, Random(seed), 9))
        assert pickle.dumps(figures_of(measure, worse)) == pickle.dumps(figures_of(PURE, worse))


def failed(session: Session) -> set[str]:
    return {check.name for check in figures_of(measure, session).checks if check.verdict is Verdict.FAILED}


def plain_session(seed: int) -> Session:
    """A session that is measured from its beginning and goes on for a second after its last row."""
    session = some_session(seed)
    end = float(session.columns.times[-1]) + 1.0
    return session._replace(start=0.0, end=end, known_end=end)


def with_one_pairing_spoilt(session: Session) -> Iterator[tuple[str, Session]]:
    """Yields sessions of which one pairing is lost, or of a user who does not search."""
    columns = session.columns
    joined = set(columns.firsts[columns.codes & codes.KIND == codes.JOINED].tolist())
    pool: set[int] = set()
    for number, row in enumerate(rows_of(columns)):
        if row.code == codes.PAIRED:
            kinds, firsts = columns.codes.copy(), columns.firsts.copy()
            kinds[number] &= codes.LAST
            yield "lost", session._replace(columns=columns._replace(codes=kinds))
            if others := sorted(joined - pool):
                firsts[number] = others[number % len(others)]
                yield "moved", session._replace(columns=columns._replace(firsts=firsts))
        for user, state in moves_of(row):
            (pool.add if state is State.SEARCHING else pool.discard)(user)


def test_littles_law_or_conservation_finds_a_pairing_that_is_lost_or_of_another_user() -> None:
    """Not all: some of those who are confused are in the same state again at once, or before any time passes."""
    found: dict[str, list[bool]] = {"lost": [], "moved": []}
    for seed in range(30):
        session = plain_session(seed)
        assert failed(session) == set()
        for how, worse in islice(with_one_pairing_spoilt(session), 10):
            found[how].append(bool(failed(worse)))
    assert all(len(each) > 60 and sum(each) > 0.9 * len(each) for each in found.values())


@pytest.mark.nightly
def test_figures_of_many_sessions_are_those_of_the_slow_way() -> None:
    for seed in range(40, 10_000):
        session = some_session(seed)
        assert differences(figures_of(measure, session), session) == [], seed
