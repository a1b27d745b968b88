"""The page about the original: its sentences in bold are tests, and every test of the original is a sentence of it."""

import re

from tests.support.fences import ROOT

PAGE = (ROOT / "docs/original.md").read_text(encoding="utf-8")
TESTS = ROOT / "tests/transports"


def promised() -> set[str]:
    """The names of tests that the sentences in bold stand for."""
    sentences = re.findall(r"\*\*(.+?)\*\*", PAGE, re.DOTALL)
    return {re.sub(r"\W+", "_", f"test {sentence}".lower()).rstrip("_") for sentence in sentences}


def written(pattern: str) -> set[str]:
    """The names of the tests in files of this name."""
    found: set[str] = set()
    for path in TESTS.glob(pattern):
        found.update(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    return found


def test_every_sentence_in_bold_is_a_test() -> None:
    assert promised() <= written("test_original*.py") | written("gateway/test_original_defects.py")


def test_every_test_of_the_original_is_a_sentence_in_bold() -> None:
    assert written("test_original*.py") <= promised()
    assert written("test_original*.py")
