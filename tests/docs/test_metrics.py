"""The page of figures is what the table says, and is found from the other pages."""

import subprocess
import sys

from tests.support.fences import ROOT


def test_the_page_of_figures_is_up_to_date() -> None:
    command = [sys.executable, ROOT / "docs" / "make_metrics.py"]
    made = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert page == made, "run: python docs/make_metrics.py > docs/metrics.md"


def test_it_has_everything_that_the_data_have() -> None:
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    for key in ("format", "setting", "policies", "differences", "notes", "partial", "verdict", "minus"):
        assert f"`{key}`" in page
