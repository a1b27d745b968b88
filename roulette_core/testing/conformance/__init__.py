"""Conformance kits: tests that authors run on their policies (``checks.py``) and their apps (``wrapper.py``).

Needs the extra ``testing``: hypothesis and pytest.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401
    import pytest as _pytest  # noqa: F401
except ImportError as missing:
    raise ImportError(
        f"the conformance kits need {missing.name}: pip install 'roulette-core[testing]'", name=missing.name
    ) from missing

from roulette_core.testing.built_in import claims_of
from roulette_core.testing.claims import Claims
from roulette_core.testing.conformance.checking import checked, findings
from roulette_core.testing.conformance.checks import CHECKS, Check
from roulette_core.testing.conformance.policy_tests import PolicyTests, policy_test
from roulette_core.testing.conformance.promise_check import Promise, PromiseCheck, StepResult, examined
from roulette_core.testing.conformance.promises import (
    can_be_restored,
    deadlines_end,
    draws_all_it_can,
    equal_chances,
    explains_itself,
    first_come_first_served,
    looks_at_blocks,
    maximum_waiting,
    never_repeats,
)
from roulette_core.testing.conformance.report import Finding, findings_data, findings_lines
from roulette_core.testing.conformance.subject import Effort, Subject
from roulette_core.testing.conformance.wrapper import WrapperTests, wrapper_test
from roulette_core.testing.conformance.wrapper_stage import (
    AsyncWrapper,
    Lists,
    Made,
    Renumbers,
    Restores,
    StageFault,
    Told,
    UserEvent,
    Wrapper,
)
from roulette_core.testing.virtual_time import VirtualTimeLoop

__all__ = [
    "CHECKS",
    "AsyncWrapper",
    "Check",
    "Claims",
    "Effort",
    "Finding",
    "Lists",
    "Made",
    "PolicyTests",
    "Promise",
    "PromiseCheck",
    "Renumbers",
    "Restores",
    "StageFault",
    "StepResult",
    "Subject",
    "Told",
    "UserEvent",
    "VirtualTimeLoop",
    "Wrapper",
    "WrapperTests",
    "can_be_restored",
    "checked",
    "claims_of",
    "deadlines_end",
    "draws_all_it_can",
    "equal_chances",
    "examined",
    "explains_itself",
    "findings",
    "findings_data",
    "findings_lines",
    "first_come_first_served",
    "looks_at_blocks",
    "maximum_waiting",
    "never_repeats",
    "policy_test",
    "wrapper_test",
]
