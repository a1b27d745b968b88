"""Who is of which kind: the same in every run."""

from hypothesis import given
from hypothesis import strategies as st

from sim.population import Persona, PersonaPopulation, composition, load
from tests.sim.population.seeds import seed

shares = st.lists(st.floats(0, 1e6) | st.integers(0, 5).map(float), min_size=1, max_size=6).filter(any)


@given(shares, st.integers(0, 300))
def test_each_kind_gets_its_share_rounded_up_or_down(shares, users):
    kinds = composition(shares, users)
    assert len(kinds) == users
    for kind, share in enumerate(shares):
        assert abs(kinds.count(kind) - users * share / sum(shares)) < 1 + 1e-9
        assert share or not kinds.count(kind)


@given(shares, st.integers(1, 300))
def test_kinds_are_interleaved_evenly(shares, users):
    """The first so many users hold each kind by its share, give or take one user for each kind."""
    kinds = composition(shares, users)
    for first in range(users):
        for kind in range(len(shares)):
            expected = kinds.count(kind) * first / users
            assert abs(kinds[:first].count(kind) - expected) <= len(shares)


def test_shares_by_largest_remainder():
    assert sorted(composition([3, 1], 200)) == [0] * 150 + [1] * 50
    assert composition([5, 4, 1], 10).count(2) == 1
    assert sorted(composition([1, 1, 1], 2)) == [0, 1], "of equal remainders, the first"
    assert sorted(composition([2, 2, 1], 3)) == [0, 1, 2]


def test_two_kinds_of_equal_share_take_turns():
    assert composition([1, 1], 6) == [0, 1, 0, 1, 0, 1]


def test_a_number_is_the_same_user_in_every_run():
    scenario = load("mixed", 97)
    kinds = [[scenario.population(seed(run)).kind_of(user) for user in range(97)] for run in range(3)]
    assert kinds[0] == kinds[1] == kinds[2]
    names = [persona.name for persona in scenario.personas]
    assert [names[kind] for kind in kinds[0][:6]] == ["patient", "lurker", "skipper", "chatterbox", "ghost", "patient"]


def test_newcomers_have_the_kind_of_their_persona():
    habits = {"lobby_seconds": 5.0, "chat_seconds": 50.0}
    personas = [Persona("a", share=1, **habits), Persona("b", arrivals_per_minute=60, stay_seconds=60, **habits)]
    population = PersonaPopulation(personas, 10, 1.0, seed(2))
    assert {population.kind_of(user) for user in range(10)} == {0}
    assert population.kind_of(10) == 1
