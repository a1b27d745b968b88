"""Work measured without a clock: how many bytecode instructions the interpreter executes."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def count_instructions(work: Callable[[], object]) -> int:
    """Runs a function and counts the bytecode instructions that it and all Python code it calls execute.

    What happens inside functions written in C is not seen. The number is the same on every run of the same work,
    but differs between versions of Python.
    """
    executed = 0

    def trace(frame: FrameType, happening: str, _: Any) -> Any:
        nonlocal executed
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if happening == "opcode":
            executed += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return executed
