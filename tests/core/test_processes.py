"""Child processes: what they import, what they report, and that they end with their parent."""

import os
import signal
import sys

import pytest

from roulette_core.testing.processes import ChildFailed, python_process, run_python, worker_pipes, worker_pool


def test_a_program_has_the_path_of_this_process_in_its_order(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("MINE = 1")
    (tmp_path / "only_here.py").write_text("PLACE = __name__")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    program = "import json, only_here, sys; print(json.dumps([only_here.PLACE, *sys.argv[1:]]))"
    assert run_python(program, "a b", "ü") == '["only_here", "a b", "\\u00fc"]\n'


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", r"it said nothing \(exit status 3\)"),
        ("import sys; sys.exit('error: no room\\nhint: none')", "error: no room"),
        ("import os; os.kill(os.getpid(), 9)", "signal 9"),
    ],
)
def test_a_program_that_fails_is_quoted(program, says):
    with pytest.raises(ChildFailed, match=f"^{says}$"):
        run_python(program)


def test_a_program_that_hangs_is_ended():
    with pytest.raises(ChildFailed, match=r"not finished after 0\.1 s"):
        run_python("import time; time.sleep(600)", seconds=0.1)


def test_a_program_ends_with_the_block():
    with python_process("import time; time.sleep(600)") as process:
        pass
    assert process.returncode == -15


def test_a_program_leaves_no_descriptor_open():
    before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        run_python("")
    assert len(os.listdir("/dev/fd")) == before


def test_workers_end_with_the_block_even_if_they_are_busy():
    with worker_pool(2) as submit:
        pids = {submit(os.getpid).result() for _ in range(8)}
        for _ in pids:
            submit(eval, "__import__('time').sleep(600)")
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def echo(pipe):
    """Sends back what is sent, with the signals that the process is deaf to."""
    deaf = [number.name for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])]
    while True:
        pipe.send((pipe.recv(), os.getpid(), deaf))


def test_workers_are_talked_with_hear_no_ctrl_c_and_end_with_the_block():
    with worker_pipes(2, echo) as pipes:
        for number, pipe in enumerate(pipes):
            pipe.send(number)
        told = [pipe.recv() for pipe in pipes]
    assert [number for number, _, _ in told] == [0, 1]
    assert len({process for _, process, _ in told}) == 2
    assert all("SIGINT" in deaf for _, _, deaf in told)
    for _, process, _ in told:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_no_workers_need_no_process():
    with worker_pipes(0, echo) as pipes:
        assert pipes == []
