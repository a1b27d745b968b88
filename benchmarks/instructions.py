"""Work measured without a clock: the number of bytecode instructions that the interpreter executes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import CodeType, FrameType
from typing import Any, TypeAlias

_Tick: TypeAlias = Callable[[], int]


def count_instructions(work: Callable[[], object]) -> int:
    """Calls a function, and counts the bytecode instructions that it and all Python code it calls execute.

    Work inside functions written in C is not counted. The number is the same on every run of the same work, but differs
    between versions of Python.
    """
    executed = count()
    with _watched(executed.__next__):
        work()
    return next(executed)


if sys.version_info >= (3, 12):
    # ``settrace`` would miss the first call of every function here.

    @contextmanager
    def _watched(tick: _Tick) -> Iterator[None]:
        monitoring = sys.monitoring
        tool = next(number for number in range(5, -1, -1) if monitoring.get_tool(number) is None)

        def executed(code: CodeType, offset: int) -> None:
            tick()

        monitoring.use_tool_id(tool, "instructions")
        monitoring.register_callback(tool, monitoring.events.INSTRUCTION, executed)
        monitoring.set_events(tool, monitoring.events.INSTRUCTION)
        try:
            yield
        finally:
            monitoring.set_events(tool, 0)
            monitoring.register_callback(tool, monitoring.events.INSTRUCTION, None)
            monitoring.free_tool_id(tool)

else:

    @contextmanager
    def _watched(tick: _Tick) -> Iterator[None]:
        def trace(frame: FrameType, happening: str, _: Any) -> Any:
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
            if happening == "opcode":
                tick()
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            yield
        finally:
            sys.settrace(before)
