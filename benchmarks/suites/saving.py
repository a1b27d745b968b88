"""Measures what it costs to survive a kill: a line in a journal for each event, or a snapshot after each."""

import json
import os
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.effort import Effort
from benchmarks.harness import Contender, Progress, Work, measure
from benchmarks.results import Findings, Measurement, Section, ratio
from benchmarks.suites.workload import Workload, nexts
from roulette_core.journal import LEAST, Journal

_POLICY = "no-repeat"
_TASK = "Next, saved"
_EXPLANATION = (
    "Users at random ask for the next, and each event is saved before the following one. The journal's new file with "
    "its snapshot is included. With fsync, each event waits for the disk; no new file is included. The ratios are to "
    "events that are not saved."
)
_SYNCED = 200
"""How many events of a run wait for the disk."""

_LINE = 50
"""About as many bytes has a line with a ``Next``."""


def run(effort: Effort, progress: Progress) -> Findings:
    """Times events that are saved in several ways, by population."""
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory() as folder:
        for users in effort.saved_populations:
            progress(f"saving: {users:,} users arrive")
            measurements += measure(_contenders(Workload(_POLICY, users), effort, Path(folder)), effort.runs, progress)
    unsaved = {each.users: each for each in measurements if each.subject == "not saved"}
    ratios = tuple(ratio(each, unsaved[each.users]) for each in measurements if each is not unsaved[each.users])
    return Findings((Section(_TASK, _EXPLANATION, tuple(measurements), ratios),))


def _contenders(workload: Workload, effort: Effort, folder: Path) -> list[Contender]:
    ways = {
        "not saved": partial(workload.work, nexts, effort.events),
        "journal": partial(_journaled, workload, folder / "flushed"),
        "journal, fsync": partial(_journaled, workload, folder / "synced", _SYNCED),
        "snapshot": partial(_snapshots, workload, max(1, 2_000 // workload.users), folder / "snapshot"),
    }
    return [Contender(way, _TASK, workload.users, "events/s", prepare) for way, prepare in ways.items()]


def _journaled(workload: Workload, path: Path, synced: int = 0) -> Work:
    """Returns work that writes a line for each event, and waits for the disk if some are to be ``synced``.

    Without waiting it writes as many as a file holds, so that one new file, with its snapshot, is included.
    """
    roulette = workload.roulette
    journal = Journal(path, roulette, fsync=synced > 0)
    held = max(LEAST, path.stat().st_size) // _LINE
    agenda = workload.agenda(nexts, synced or held)
    if synced and hasattr(os, "sync"):
        os.sync()  # or waiting for the disk would be for what other contenders have written

    def handle_all() -> float:
        with journal:
            for event, now in agenda:
                journal.append(event, now, roulette.handle(event, now))
        return len(agenda)

    return handle_all


def _snapshots(workload: Workload, count: int, path: Path) -> Work:
    """Returns work that writes a snapshot after each event."""
    agenda = workload.agenda(nexts, count)

    def handle_all() -> float:
        for event, now in agenda:
            workload.roulette.handle(event, now)
            path.write_text(json.dumps(workload.roulette.snapshot()))
        return len(agenda)

    return handle_all
