"""``roulette check``: checks a pairing policy, and compares it with the built-in ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from roulette_cli.durations import read_duration
from roulette_cli.errors import BadUsage, CommandError
from roulette_cli.interrupts import interruptible
from roulette_cli.option_groups import grouped, option
from roulette_cli.output import JsonFile, console, publish, require_json_file, show
from roulette_cli.policies import policy_errors, require_policy
from roulette_cli.progress import Advance, NoProgress, Track, progress_bar

if TYPE_CHECKING:
    from roulette_core.testing.conformance import Claims, Finding, Subject
    from sim.comparison import Comparison

FORMAT = 1
SIMULATED_SECONDS = 1800.0


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """What is checked, and for how long."""

    claim: list[str] | None = option(None, "Additional claim to check; repeatable.", "NAME")
    waive: list[str] | None = option(None, "Default claim to skip; repeatable.", "NAME")
    most_waiting: int | None = option(None, "Claim that at most N users are left waiting between events.", "N", least=0)
    budget: str = option("30s", "Approximate duration of the checks: 30s, 10m …", "TIME")
    seed: int = option(0, "Random seed of the simulations.", "S", least=0)
    alone: bool = option(False, "Do not compare it with the built-in policies.")


@grouped
def check(
    policy: Annotated[
        str,
        typer.Argument(
            metavar="POLICY", help="Pairing policy: my_module:MyPolicy, uniform:minimum=5 …", show_default=True
        ),
    ] = "no-repeat",
    *,
    options: Annotated[CheckOptions, "Options"],
    json_file: JsonFile = None,
    no_progress: NoProgress = False,
) -> int:
    """Check a pairing policy: its contract, its claims, its cost.

    Each failure is shown as a minimal history and as a test to keep. Exit status 1 if a check fails, or if no
    users were ever paired.
    """
    from roulette_core.testing import Verdict, all_hold, overall
    from roulette_core.testing.conformance import CHECKS, Effort, Subject

    _require_extra()
    require_policy(policy)
    require_json_file(json_file)
    seconds = read_duration(options.budget)
    claims = _claims(policy, options)
    with _no_traces(), progress_bar(enabled=not no_progress) as track, policy_errors(policy):
        findings: list[Finding] = []
        compared: Comparison | None = None
        with interruptible() as interruption:
            _find(findings, Subject(policy, claims, Effort.within(seconds, options.seed)), track(policy, len(CHECKS)))
            # Of a policy that breaks its contract there is nothing to compare.
            if all_hold(findings[:2]) and overall(findings) is Verdict.OK and not options.alone:
                compared = _compared(policy, options.seed, track)
    _publish(policy, findings, compared, json_file, interruption.happened)
    return interruption.status or (0 if overall(findings) is Verdict.OK else 1)


def _require_extra() -> None:
    try:
        import hypothesis  # noqa: F401 (whether it is there)
        import pytest  # noqa: F401
    except ModuleNotFoundError as error:
        hint = "pip install 'roulette-chat[testing]'"
        raise CommandError(f"roulette check needs {error.name}, which is not installed", hint) from error


@contextmanager
def _no_traces() -> Iterator[None]:
    """Keeps the notes of Hypothesis out of the working directory, and removes them at the end."""
    import os
    from tempfile import TemporaryDirectory

    from hypothesis.configuration import set_hypothesis_home_dir

    if "HYPOTHESIS_STORAGE_DIRECTORY" in os.environ:  # the user has said where
        yield
        return
    with TemporaryDirectory(prefix="roulette-check-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _claims(policy: str, options: CheckOptions) -> Claims:
    """Returns the policy's own claims, or the default ones, with what was claimed and waived."""
    from dataclasses import asdict, replace

    from roulette_core import make_policy
    from roulette_core.testing.conformance import claims_of

    claims, claim, waive = claims_of(make_policy(policy)), options.claim or [], options.waive or []
    known = [name for name, value in asdict(claims).items() if isinstance(value, bool)]
    for name in (*claim, *waive):
        if name not in known:
            raise BadUsage(f"there is no claim {name!r}", f"choose from {', '.join(known)}")
    changes = {**dict.fromkeys(claim, True), **dict.fromkeys(waive, False)}
    claims = replace(claims, **changes)
    return claims if options.most_waiting is None else replace(claims, most_waiting=options.most_waiting)


def _find(found: list[Finding], subject: Subject, advance: Advance) -> None:
    """Adds a finding for each check. If it is interrupted, those that remain were not asked."""
    from roulette_core.testing import Verdict
    from roulette_core.testing.conformance import CHECKS, Finding, findings

    try:
        for finding in findings(subject):
            found.append(finding)
            advance(len(found))
    finally:
        found += [Finding(check.name, Verdict.NOT_ASKED, "stopped before it ended") for check in CHECKS[len(found) :]]


def _compared(policy: str, seed: int, track: Track) -> Comparison:
    import os

    from sim.comparison import compare

    bars: dict[str, Advance] = {}

    def progress(scenario: str, total: float, done: float) -> bool:
        if scenario not in bars:
            bars[scenario] = track(f"simulating {scenario}", total)
        bars[scenario](done)
        return False

    return compare(policy, seed, SIMULATED_SECONDS, os.cpu_count() or 1, progress)


def _publish(
    policy: str, findings: list[Finding], compared: Comparison | None, json_file: str | None, partial: bool
) -> None:
    from roulette_core.testing.conformance import findings_data, findings_lines
    from sim.report import comparison_to_json, render_comparison

    def report() -> None:
        show(findings_lines(policy, findings))
        if compared is not None:
            print()
            render_comparison(compared, console())

    data = {"format": FORMAT, **findings_data(policy, findings), **comparison_to_json(compared)}
    publish(report, data, json_file, partial)
