"""The page about testing a policy: what it has one save and run is saved and run, from top to bottom."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from roulette_core.testing.conformance import CHECKS, Claims
from tests.support.fences import ROOT, agrees, fences
from tests.support.terminal import run_plain

PAGE = "docs/testing.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")


def save(text: str, folder: Path) -> None:
    """Saves an example under the name in its first line."""
    (folder / text.partition("\n")[0].removeprefix("# ")).write_text(text, encoding="utf-8")


def test_a_reader_who_follows_the_page_sees_what_it_shows(tmp_path: Path) -> None:
    for fence in fences(PAGE):
        if fence.language == "python":
            save(fence.text, tmp_path)
            continue
        command, _, output = fence.text.removeprefix("$ ").partition("\n")
        done = run_plain(command, tmp_path)
        assert (done.returncode, done.stderr) == (1 if "As a test:" in output else 0, "")
        assert agrees(output, done.stdout), done.stdout


def test_the_tests_of_the_page_pass_with_the_mended_policy_and_fail_with_the_first(tmp_path: Path) -> None:
    first, *others = fences(PAGE, "python")
    for fence in others:
        save(fence.text, tmp_path)
    pytest_of = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-k"]
    mended = subprocess.run([*pytest_of, "blocks"], cwd=tmp_path, capture_output=True, timeout=120)
    assert mended.returncode == 0, mended.stdout
    save(first.text, tmp_path)
    assert subprocess.run([*pytest_of, "test_looks_at_blocks"], cwd=tmp_path, timeout=120).returncode == 1


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_has_its_row(check) -> None:
    (row,) = re.findall(rf"^\| {check.name} \| (.*?) \|", TEXT, re.MULTILINE)
    default = "" if check.claim and getattr(Claims(), check.claim) is True else ", not by default"
    assert row == (f"`{check.claim}`{default}" if check.claim else row)
    assert (row in ("owed", "reported")) == (not check.claim)
