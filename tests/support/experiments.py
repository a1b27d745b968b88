"""Experiments as the report takes them, for tests: figures with their intervals."""

from sim.measure import Interval
from sim.population import Scenario
from sim.report import FIGURES, Sample
from sim.report.figure import Taken
from sim.results import PolicyRuns, Run, Setting
from sim.run import simulate


def sample_of(policy: str, scenario: Scenario, *runs: Run, seed: int = 0) -> Sample:
    """Some runs of one policy, as one sample."""
    figures = runs[0].figures
    setting = Setting(
        scenario.name,
        scenario.users,
        len(runs),
        seed,
        figures.seconds,
        figures.start,
        scenario.kinds,
        scenario.mean_chat_seconds,
    )
    return Sample(setting, PolicyRuns(policy, runs))


def experiment(policy: str, scenario: Scenario, seed: int, seconds: float, runs: int = 1) -> Sample:
    """Makes so many runs of a scenario, after its own warm-up."""
    made = (simulate(policy, scenario, seed, number, seconds) for number in range(runs))
    return sample_of(policy, scenario, *made, seed=seed)


def taken(sample: Sample, key: str) -> Taken:
    """One of the figures of the report."""
    return FIGURES[key].take(sample)


def interval(sample: Sample, key: str) -> Interval:
    """The interval of one of the figures."""
    found = taken(sample, key).interval
    assert found is not None
    return found
