"""Different couples: counted exactly while they are few, and without bias beyond that."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sim.measure.couples import Couples, tag_of
from tests.sim.measure.pure_tally import pure


def test_users_have_different_tags_of_63_bits() -> None:
    tags = {tag_of(user) for user in range(50_000)}
    assert len(tags) == 50_000
    assert all(0 < tag < 1 << 63 for tag in tags)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=2_000))
def test_few_couples_are_counted_exactly(pairs: list[tuple[int, int]]) -> None:
    couples = Couples()
    couples.make_room(30)
    couples.make_room(61)
    for first, second in pairs:
        couples.add(couples.tags[first] ^ couples.tags[second])
    assert couples.count() == len({frozenset(pair) for pair in pairs if pair[0] != pair[1]})
    couples.clear()
    assert couples.count() == 0


def test_many_couples_are_estimated_from_a_sample() -> None:
    """With room for 2,048, the standard error is 1.2/√2,048 = 2.7 %; each couple is seen twice."""
    sampling = pure_couples(most=2_048)
    number = 40_000
    worst = 0.0
    errors = []
    for trial in range(4):
        couples = sampling()
        tags = [tag_of(1_000_000 * trial + user) for user in range(number)]
        for tag in [*tags, *tags]:
            couples.add(tag)
        assert couples.depth >= 4
        assert len(couples.table) <= 4 * 2_048
        errors.append(couples.count() / number - 1)
        worst = max(worst, abs(errors[-1]))
    assert worst < 5 * 1.2 / math.sqrt(2_048)
    assert abs(sum(errors) / len(errors)) < 3 * 1.2 / math.sqrt(2_048 * len(errors))


def pure_couples(most: int) -> type[Couples]:
    """Returns the set of couples with less room."""
    closing = pure({"couples": ("MOST: Final = 1 << 18", f"MOST: Final = {most}")})
    made: type[Couples] = type(closing.Tally(0, 1, 0.0).couples)
    return made
