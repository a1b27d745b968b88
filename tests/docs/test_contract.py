"""The page about the contract: what it shows is what happens, and it forgets no error of the caller."""

import copy
import doctest
import pickle

import roulette_core
from roulette_core import Join, Roulette, RouletteError, Start
from tests.support.fences import ROOT, fences

PAGE = "docs/contract.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")


def test_what_the_page_shows_is_what_happens() -> None:
    text = "".join(fence.text for fence in fences(PAGE, "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    shown: list[str] = []
    assert doctest.DocTestRunner().run(test, out=shown.append).failed == 0, "".join(shown)
    assert len(test.examples) > 10


def test_copies_by_all_three_ways_go_on_exactly_alike() -> None:
    roulette = Roulette("uniform", seed=7)
    for user in range(6):
        roulette.handle(Join(user, f"n{user}"), 0.0)
    copies = [copy.copy(roulette), copy.deepcopy(roulette), pickle.loads(pickle.dumps(roulette))]
    answers = [[each.handle(Start(user), 1.0) for user in range(6)] for each in [*copies, roulette]]
    assert answers == [answers[0]] * 4


def test_every_error_of_handle_is_named() -> None:
    of_data = {"RouletteError", "BadSnapshot", "BadRecording", "BadPolicy", "BadOption", "TimeRanBack"}
    errors = {
        name
        for name in roulette_core.__all__
        if isinstance(kind := getattr(roulette_core, name), type) and issubclass(kind, RouletteError)
    }
    assert [name for name in errors - of_data if f"`{name}`" not in TEXT] == []
