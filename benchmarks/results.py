"""The results of a benchmark: frozen numbers with their median and spread."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One number per run, at least one, in the order of the runs."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a sample needs at least one value")

    @property
    def median(self) -> float:
        """Returns the middle value, which one disturbed run does not change."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """Returns the least value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """Returns the greatest value."""
        return max(self.values)

    @property
    def spread(self) -> float:
        """Returns (high − low) / median, without unit; 0 if all values are equal."""
        width = self.high - self.low
        return width / abs(self.median) if width and self.median else 0.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one subject did, run by run."""

    subject: str  # a policy, a program
    task: str
    users: int  # how many there were
    unit: str  # of the values, such as ``events/s``
    sample: Sample  # one value per run; exact measurements have one value
    pace: Sample | None = None  # of the machine, before each run: see ``harness.pace_of_machine``


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measurement divided by another, run by run.

    Each ratio is of two values measured one shortly after the other: a disturbance of the machine that lasts longer
    affects both, and cancels out.
    """

    subject: str  # the numerator's
    subject_users: int
    baseline: str  # the denominator's subject
    baseline_users: int
    task: str
    sample: Sample


def ratio(subject: Measurement, baseline: Measurement) -> Ratio:
    """Divides two measurements pair by pair.

    Raises:
        ValueError: their units or their numbers of runs differ, or a value of the baseline is zero.
    """
    if subject.unit != baseline.unit or len(subject.sample.values) != len(baseline.sample.values):
        raise ValueError("only measurements with the same unit and as many runs can be compared")
    pairs = zip(subject.sample.values, baseline.sample.values, strict=True)
    if 0 in baseline.sample.values:
        raise ValueError("a baseline of zero cannot be compared with")
    sample = Sample(tuple(over / under for over, under in pairs))
    return Ratio(subject.subject, subject.users, baseline.subject, baseline.users, subject.task, sample)


@dataclass(frozen=True, slots=True)
class Section:
    """Measurements that belong in one table, a row each, and their comparisons."""

    title: str
    explanation: str  # how to read it: what was timed, and what was not
    measurements: tuple[Measurement, ...]
    ratios: tuple[Ratio, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What a suite returns: its tables; and what was left out, why, and how to enable it, one line each."""

    sections: tuple[Section, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The findings of one suite, how long it took, and reasons for caution, with remedies, one line each."""

    suite: str
    wall_seconds: float
    findings: Findings
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What the numbers depend on and may be published, as ``platform`` has it: no host name, no path."""

    python: str
    implementation: str
    system: str
    architecture: str
    processors: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run of the benchmarks, in which each timing was repeated ``runs`` times."""

    machine: Machine
    quick: bool
    runs: int
    suites: tuple[SuiteResult, ...]
