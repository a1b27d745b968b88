"""The library's own front page: its dialogue is what happens, and every name on it exists."""

import doctest
import re

import roulette_core
from tests.support.fences import ROOT, fences

PAGE = "roulette_core/README.md"


def test_the_dialogue_is_what_happens():
    text = "".join(fence.text for fence in fences(PAGE, "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    shown: list[str] = []
    assert doctest.DocTestRunner().run(test, out=shown.append).failed == 0, "".join(shown)


def test_every_name_is_the_librarys():
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    for name in re.findall(r"`([A-Z]\w+)`", text):
        assert name in roulette_core.__all__
    for specification in re.findall(r"`([a-z-]+(?::\w+=\d+[\w=,]*)?)`[,\n]", text.partition("A policy decides")[2]):
        assert roulette_core.make_policy(specification).name
