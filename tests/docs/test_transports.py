"""The page about transports: its transport passes, as its reader would run it."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

from roulette_core import Roulette
from tests.support.fences import ROOT, fences, steps
from transports.gateway import Gateway
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


def test_every_output_of_the_gateway_is_whole_lines_and_the_calls_on_the_page_exist() -> None:
    gateway = Gateway(Roulette("v1"))
    outputs = [output for connection in (1, 2, 3) for output in gateway.connected(connection, 0.0)]
    said = b'ada\nhelp\nhe|bob\nstart\n|{"hello":1,"name":"carol"}\n{"type":"start"}\nnonsense\n'.split(b"|")
    for connection, data in enumerate(said, start=1):
        for piece in (data[:5], data[5:]):
            outputs += gateway.received(connection, piece, 0.0)
    outputs += [*gateway.tick(500.0), *gateway.goodbye(501.0)]
    lines = [what for _, what in outputs if isinstance(what, bytes)]
    assert len(lines) > 10
    assert all(line.endswith(b"\r\n") for line in lines)
    table = (ROOT / PAGE).read_text(encoding="utf-8").partition("## What the gateway is told")[2].partition("\n## ")[0]
    for call in re.findall(r"`(\w+)\(([\w, ]*)\)`", table):
        parameters = inspect.signature(getattr(Gateway, call[0])).parameters
        assert [*parameters][1:] == [{"id": "connection"}.get(name, name) for name in filter(None, call[1].split(", "))]
