"""Runs the checks of a policy: here ``roulette check`` and pytest come in."""

from collections.abc import Iterator
from dataclasses import replace

from roulette_core.testing.conformance.checks import CHECKS, Check
from roulette_core.testing.conformance.findings import Finding
from roulette_core.testing.conformance.search import NotTheSameTwice
from roulette_core.testing.conformance.subject import Subject
from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit
from roulette_core.testing.verdict import Verdict


def checked(check: Check, subject: Subject, sound: bool = True) -> Finding:
    """Runs one check; what is not claimed is skipped.

    Args:
        check: what to check.
        subject: the policy.
        sound: whether the contract is known to be kept, or not known to be broken. Who fails in any way then has
            failed; else that says nothing about what was to be checked.
    """
    if check.claim and getattr(subject.claims, check.claim) in (False, None):
        return Finding(check.name, Verdict.NOT_ASKED, f"not claimed: {check.claim}")
    try:
        with time_limit(subject.effort.deadline):
            return replace(check.run(subject), name=check.name)
    except NotTheSameTwice:
        detail = "the same history went differently a second time: something is kept that is not the policy's own"
        return Finding(check.name, Verdict.FAILED, detail)
    except TimeLimitExceeded as error:
        return Finding(check.name, Verdict.FAILED, f"the policy hangs: {error}")
    except (Exception, SystemExit) as error:  # a policy of one's own may fail in any way
        verdict = Verdict.FAILED if sound else Verdict.NOT_ASKED
        return Finding(check.name, verdict, f"the policy failed: {type(error).__name__}: {error}")


def findings(subject: Subject) -> Iterator[Finding]:
    """Runs all checks, one after the other; what does not do the same twice is not worth the others."""
    sound = True
    for check in CHECKS:
        finding = checked(check, subject, sound)
        yield finding
        sound = sound and (check.claim != "" or finding.verdict is not Verdict.FAILED)
        if check is CHECKS[0] and not sound:
            rest = (each.name for each in CHECKS[1:])
            yield from (Finding(name, Verdict.NOT_ASKED, "it does not do the same twice") for name in rest)
            return
