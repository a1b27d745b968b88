"""The page about wrappers: its adapter is tried in tests/core/conformance, and its dialogue is what happens."""

import doctest

from tests.support.fences import fences

PAGE = "docs/wrappers.md"


def test_the_dialogue_on_the_page_is_what_happens():
    (dialogue,) = fences(PAGE, "pycon")
    test = doctest.DocTestParser().get_doctest(dialogue.text, {}, PAGE, PAGE, 0)
    shown: list[str] = []
    assert doctest.DocTestRunner().run(test, out=shown.append).failed == 0, "".join(shown)
