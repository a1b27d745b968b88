"""The page about transports: its transport passes, as its reader would run it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.fences import ROOT, fences, steps
from transports.testing.under_test import TransportUnderTest

PAGE = "docs/transports.md"


def test_the_transport_on_the_page_passes(tmp_path: Path) -> None:
    transport, tests = fences(PAGE, "python")
    (tmp_path / "unix_chat.py").write_text(transport.text, encoding="utf-8")
    (tmp_path / "test_unix_chat.py").write_text(tests.text, encoding="utf-8")
    ((command, shown),) = steps(PAGE)
    done = subprocess.run(
        [sys.executable, "-m", *command.split(), "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    (counted,) = re.findall(r"^(.+) in [\d.]+s$", shown, re.MULTILINE)
    assert f"\n{counted} in " in done.stdout


def test_the_claims_on_the_page_are_those_there_are() -> None:
    claims = {name for name, value in vars(TransportUnderTest).items() if not (name.startswith("_") or callable(value))}
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == claims
