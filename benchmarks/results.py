"""What came out of a benchmark: frozen numbers that know their median and spread, and nothing of screens."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One number per run, in the order of the runs.

    Attributes:
        values: the numbers, at least one.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a sample needs at least one value")

    @property
    def median(self) -> float:
        """The middle value: one disturbed run does not move it."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The least value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The greatest value."""
        return max(self.values)

    @property
    def spread(self) -> float:
        """(high − low) / median, without unit; 0 if all values are the same."""
        width = self.high - self.low
        return width / abs(self.median) if width and self.median else 0.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one subject did, run by run.

    Attributes:
        subject: who was measured: a policy, a program.
        task: what it had to do.
        users: how many users there were.
        unit: the unit of the values, such as ``events/s``.
        sample: one value per run; exact measurements have one.
    """

    subject: str
    task: str
    users: int
    unit: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as much one measurement is as another, run by run.

    Attributes:
        subject: whose value is divided, and
        subject_users: among how many users;
        baseline: by whose, and
        baseline_users: among how many users.
        task: what both had to do.
        sample: one ratio per run, of two values measured one shortly after the other: what disturbs the machine
            for longer than that disturbs both, and cancels out.
    """

    subject: str
    subject_users: int
    baseline: str
    baseline_users: int
    task: str
    sample: Sample


def ratio(subject: Measurement, baseline: Measurement) -> Ratio:
    """Divides two measurements pair by pair.

    Args:
        subject: the numerator.
        baseline: the denominator: the same unit, as many runs, no value zero.

    Raises:
        ValueError: the two cannot be compared.
    """
    if subject.unit != baseline.unit or len(subject.sample.values) != len(baseline.sample.values):
        raise ValueError("only measurements with the same unit and as many runs can be compared")
    pairs = zip(subject.sample.values, baseline.sample.values, strict=True)
    if 0 in baseline.sample.values:
        raise ValueError("a baseline of zero cannot be compared with")
    sample = Sample(tuple(over / under for over, under in pairs))
    return Ratio(subject.subject, subject.users, baseline.subject, baseline.users, subject.task, sample)


def find(measurements: Sequence[Measurement], subject: str, users: int) -> Measurement:
    """The one measurement of a subject among so many users. Raises ``LookupError``."""
    for measurement in measurements:
        if (measurement.subject, measurement.users) == (subject, users):
            return measurement
    raise LookupError(f"{subject} among {users} users was not measured")


@dataclass(frozen=True, slots=True)
class Section:
    """Measurements that belong in one table.

    Attributes:
        title: what the table shows.
        explanation: how to read it: what was timed, what was not.
        measurements: the rows' numbers.
        ratios: what they are compared by.
    """

    title: str
    explanation: str
    measurements: tuple[Measurement, ...]
    ratios: tuple[Ratio, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What a suite returns.

    Attributes:
        sections: its tables.
        skipped: what was left out, why, and how to have it, one line each.
    """

    sections: tuple[Section, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What one suite found, how long it took, and what to make of it.

    Attributes:
        suite: its name.
        wall_seconds: how long it took, all included.
        findings: what it returned.
        warnings: what to be careful about and what to do, one line each.
    """

    suite: str
    wall_seconds: float
    findings: Findings
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What the numbers depend on and may be told to strangers: no host name, no path.

    Attributes:
        python: the version, such as ``3.11.7``.
        implementation: ``CPython``, ``PyPy`` …
        system: ``Linux``, ``Darwin``, ``Windows`` …
        architecture: ``x86_64``, ``arm64`` …
        processors: how many logical processors; None if unknown.
    """

    python: str
    implementation: str
    system: str
    architecture: str
    processors: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run of the benchmarks.

    Attributes:
        machine: on what.
        quick: whether only small populations were measured.
        runs: how often each timing was repeated.
        suites: what each suite found.
    """

    machine: Machine
    quick: bool
    runs: int
    suites: tuple[SuiteResult, ...]
