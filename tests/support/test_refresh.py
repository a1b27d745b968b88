from tests.support.fences import Step
from tests.support.refresh import refreshed

SEEN = "           \n heading   1\n\n speed     2\n fast\n\n rest      3\n"


def test_a_whole_output_is_replaced():
    assert refreshed(Step("c", "old"), SEEN) == "\n heading   1\n\n speed     2\n fast\n\n rest      3"


def test_paragraphs_left_out_stay_out():
    assert refreshed(Step("c", " heading   9\n\n…\n\n rest     8"), SEEN) == "\n heading   1\n\n…\n\n rest      3"
    assert refreshed(Step("c", " heading   9\n\n…"), SEEN) == "\n heading   1\n\n…"
