"""The page of states is what the table says."""

import subprocess
import sys

from tests.support.fences import ROOT


def test_the_page_of_states_is_up_to_date():
    command = [sys.executable, ROOT / "docs" / "make_states.py"]
    made = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    page = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert page == made, "run: python docs/make_states.py > docs/states.md"
