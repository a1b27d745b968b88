"""The page about benchmarks: its example runs and renders, and it names what there is."""

import io

from rich.console import Console

from benchmarks.effort import QUICK
from benchmarks.results import Machine, Report, SuiteResult
from benchmarks.suites import SUITES
from benchmarks.terminal import render
from tests.support.fences import ROOT, fences

PAGE = "docs/benchmarks.md"


def test_the_example_is_a_suite():
    (example,) = fences(PAGE, "python")
    scope = {}
    exec(compile(example.text, PAGE, "exec"), scope)
    report = Report(Machine("", "", "", "", 1), True, QUICK.runs, (SuiteResult("sorting", 1.0, scope["findings"]),))
    console = Console(file=io.StringIO(), width=80)
    render(report, console)
    assert "ordered does" in console.file.getvalue()


def test_every_suite_has_its_row_and_its_paragraph():
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    for name in SUITES:
        assert f"\n| `{name}` |" in text
        assert f"\n**{name}.**" in text
