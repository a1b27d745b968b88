"""Every story that was worth keeping is played again."""

from pathlib import Path

import pytest

from tests.support.story import play

STORIES = sorted(Path(__file__).with_name("corpus").iterdir())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_that_was_worth_keeping_goes_well(story: Path) -> None:
    assert play(story.read_bytes()).stopped


def test_the_corpus_is_small() -> None:
    assert 5 <= len(STORIES) < 50
    assert all(story.stat().st_size <= 600 for story in STORIES)
