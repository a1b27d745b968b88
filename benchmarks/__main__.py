"""Prints one figure of a report as an SVG file: ``python -m benchmarks REPORT.json "Closed model, version 1" 1000``."""

import json
import sys
from pathlib import Path

from benchmarks.export import from_data
from benchmarks.page import picture


def main(report_file: str, title: str, users: str) -> None:
    """Prints the figure of the section with a title, for so many users; the report is one that ``--json`` wrote."""
    report = from_data(json.loads(Path(report_file).read_text(encoding="utf-8")))
    (section,) = (each for suite in report.suites for each in suite.findings.sections if each.title == title)
    sys.stdout.write(picture(section, int(users), f"{title}, {int(users):,} users"))


if __name__ == "__main__":
    main(*sys.argv[1:])
