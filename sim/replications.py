"""Replications: independent runs of several policies with the same users, on as many cores as there are.

The seed of a run depends on the seed of the experiment and the number of the run alone, so results do not depend on how
many processes there are. This process takes runs itself, and is told by the others how far theirs are.
"""

import pickle
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stdout, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final, NamedTuple, TypeAlias

from roulette_core.testing.processes import ChildFailed, worker_pipes
from sim.engine import Progress
from sim.population import Scenario
from sim.results import PolicyRuns, Results, Run, Setting

Simulator: TypeAlias = Callable[..., Run]
"""Takes policy, scenario, seed, number of the run, duration, warm-up (each in seconds), and a callback ``progress``."""

TURN: Final = 0.05
"""Seconds between two looks at what the other processes have to say."""

_NO_TIME = 1e-9


class FromWorker(Exception):
    """The traceback of an error in another process, and where it was raised; the cause of the error in this one."""

    def __init__(self, text: str, place: str) -> None:
        super().__init__(f"\n{text}")
        self.place = place


class _Failure(NamedTuple):
    error: BaseException
    text: str
    place: str


class Task(NamedTuple):
    """One run under one policy, both by number."""

    run: int
    policy: int


@dataclass(frozen=True, slots=True)
class Experiment:
    """Policies, each with the same runs; see ``Setting`` for the rest.

    Attributes:
        simulate: makes one run; it can be pickled.
        policies: their specifications.
    """

    simulate: Simulator
    policies: tuple[str, ...]
    scenario: Scenario
    setting: Setting

    @property
    def run_seconds(self) -> float:
        """Simulated time of a run."""
        return self.setting.warmup_seconds + self.setting.duration_seconds

    @property
    def total_seconds(self) -> float:
        """Simulated time of all runs."""
        return self.run_seconds * self.setting.runs * len(self.policies)

    def tasks(self) -> list[Task]:
        """Returns all runs; first those with the first seed, so that whatever is finished can be compared."""
        return [Task(run, policy) for run in range(self.setting.runs) for policy in range(len(self.policies))]

    def perform(self, task: Task, progress: Progress) -> Run:
        """Makes one run."""
        setting = self.setting
        return self.simulate(
            self.policies[task.policy],
            self.scenario,
            setting.seed,
            task.run,
            setting.duration_seconds,
            setting.warmup_seconds,
            progress=progress,
        )


def replicate(
    experiment: Experiment,
    jobs: int = 1,
    progress: Callable[[float], bool] = lambda done: False,
    guard: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> Results:
    """Makes all runs, in so many processes.

    Args:
        experiment: what is run.
        jobs: number of processes; with 1, this one alone.
        progress: called now and then with the simulated time of all runs so far; returns true to stop. Then what is
            finished is returned, or, if no run is finished under all policies, what each was at.
        guard: returns, for a policy, the context in which a run of it is made, or its error raised, in this process.

    Raises:
        BadPolicy: a policy's specification is invalid.
        BrokenPolicy: a policy broke its contract.
        ChildFailed: a process ended by itself.
    """
    tasks = experiment.tasks()
    with worker_pipes(min(jobs, len(tasks)) - 1, _work) as pipes:
        return _Replication(experiment, tasks, pipes, progress, guard).results()


class _Replication:
    """The runs that are still to do, that are made, and that are done."""

    def __init__(
        self,
        experiment: Experiment,
        tasks: list[Task],
        pipes: list[Connection],
        progress: Callable[[float], bool],
        guard: Callable[[str], AbstractContextManager[object]],
    ) -> None:
        self._experiment = experiment
        self._todo = deque(tasks)
        self._starting = list(pipes)
        self._idle: list[Connection] = []
        self._busy: dict[Connection, Task] = {}
        self._reached: dict[Task, float] = {}
        self._runs: dict[Task, Run] = {}
        self._progress = progress
        self._guard = guard
        self._looked = -TURN
        self._stopped = False

    def results(self) -> Results:
        """Makes the runs. Another process has its first one when it has started: by then all may be done."""
        for pipe in self._starting:
            pipe.send(self._experiment)
        self._look()
        while self._todo or self._busy:
            if self._todo:
                task = self._todo.popleft()
                with self._guarded(task):
                    run = self._experiment.perform(task, partial(self._during, task))
                self._finish(task, run)
            else:
                wait(self._busy, TURN)
            self._look()
        return self._collected()

    def _guarded(self, task: Task) -> AbstractContextManager[object]:
        return self._guard(self._experiment.policies[task.policy])

    def _during(self, task: Task, now: float) -> bool:
        """Called while this process makes a run itself."""
        if time.monotonic() - self._looked > TURN:
            self._reached[task] = now
            self._look()
        return self._stopped

    def _look(self) -> None:
        """Hears the others, gives them something to do, and tells how far all is."""
        self._looked = time.monotonic()
        for pipe in wait([*self._starting, *self._busy], 0):
            assert isinstance(pipe, Connection), "only pipes are waited for"
            self._hear(pipe, _told(pipe))
        while self._idle and self._todo:
            pipe = self._idle.pop()
            self._busy[pipe] = self._todo.popleft()
            pipe.send(self._busy[pipe])
        if self._progress(sum(self._reached.values())) and not self._stopped:
            self._stopped = True
            self._todo.clear()
            for pipe in self._busy:
                pipe.send(None)

    def _hear(self, pipe: Connection, told: Any) -> None:
        if pipe in self._starting:
            self._starting.remove(pipe)
            self._idle.append(pipe)
            return
        task = self._busy[pipe]
        if isinstance(told, _Failure):
            with self._guarded(task):
                raise told.error from FromWorker(told.text, told.place)
        if isinstance(told, float | int):
            self._reached[task] = told
        else:
            self._finish(task, told)
            del self._busy[pipe]
            self._idle.append(pipe)

    def _finish(self, task: Task, run: Run) -> None:
        self._reached[task] = run.figures.end
        if run.figures.seconds > 0 or not self._stopped:
            self._runs[task] = run

    def _collected(self) -> Results:
        """Returns what is finished under all policies; or else one run of each policy that has any."""
        policies, setting = range(len(self._experiment.policies)), self._experiment.setting
        whole = {task for task, run in self._runs.items() if not self._cut_off(run)}
        numbers = [n for n in range(setting.runs) if all(Task(n, policy) in whole for policy in policies)]
        found = []
        for policy in policies:
            made = sorted(task for task in self._runs if task.policy == policy)
            runs = tuple(self._runs[task] for task in made if task.run in numbers or not numbers)
            if runs:
                found.append(PolicyRuns(runs[0].policy, runs if numbers else runs[:1]))
        return Results(setting, tuple(found))

    def _cut_off(self, run: Run) -> bool:
        return self._stopped and run.figures.end < self._experiment.run_seconds - _NO_TIME


def _told(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError):
        raise ChildFailed("a process that made a run was killed") from None


def _work(pipe: Connection) -> None:
    """Makes runs in another process, until it is told nothing more. What a policy prints goes to stderr."""
    with redirect_stdout(sys.stderr), suppress(EOFError):
        experiment = pipe.recv()  # which imports what it needs
        pipe.send(None)
        while (task := pipe.recv()) is not None:
            try:
                told: Run | _Failure = experiment.perform(task, _telling(pipe))
            except (Exception, SystemExit) as error:
                told = _failure(error)
            pipe.send(told)


def _telling(pipe: Connection) -> Progress:
    """Returns a callback of a run that tells through a pipe how far it is, and ends it once anything is told back."""
    told = time.monotonic()

    def progress(now: float) -> bool:
        nonlocal told
        if time.monotonic() - told > TURN:
            told = time.monotonic()
            pipe.send(now)
        return pipe.poll()

    return progress


def _failure(error: BaseException) -> _Failure:
    """Returns an error as it can be sent, with its traceback as text; one of a kind that cannot, by its words."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else ""
    text = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    return _Failure(error, text, place)
