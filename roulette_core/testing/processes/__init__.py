"""Child processes: all that this project starts are started here, and end with the process that started them."""

from roulette_core.testing.processes.python_process import ChildFailed, last_words, python_process, run_python
from roulette_core.testing.processes.worker_pool import worker_pipes, worker_pool

__all__ = ["ChildFailed", "last_words", "python_process", "run_python", "worker_pipes", "worker_pool"]
