"""Runs the checks of a policy, for ``roulette check`` and for pytest."""

from collections.abc import Iterator
from dataclasses import replace

from roulette_core.errors import BrokenPolicy
from roulette_core.testing.conformance.checks import CHECKS, Check
from roulette_core.testing.conformance.pairings import NEVER_PAIRED, pairs_any
from roulette_core.testing.conformance.report import Finding
from roulette_core.testing.conformance.search import NotTheSameTwice
from roulette_core.testing.conformance.subject import Subject
from roulette_core.testing.processes import ChildFailed
from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit
from roulette_core.testing.verdict import Verdict


def checked(check: Check, subject: Subject, sound: bool = True) -> Finding:
    """Runs one check. A check of something that is not claimed is not asked.

    ``sound`` is False if the contract is known to be broken: then an error of the policy says nothing about this check.
    """
    if check.claim and getattr(subject.claims, check.claim) in (False, None):
        return Finding(check.name, Verdict.NOT_ASKED, f"not claimed: {check.claim}")
    try:
        with time_limit(subject.effort.deadline):
            return replace(check.run(subject), name=check.name)
    except BrokenPolicy as error:
        return Finding(check.name, Verdict.FAILED if sound else Verdict.NOT_ASKED, str(error))
    except NotTheSameTwice:
        detail = "the same history took another course a second time: the policy uses state outside itself"
        return Finding(check.name, Verdict.FAILED, detail)
    except TimeLimitExceeded as error:
        return Finding(check.name, Verdict.FAILED, f"the policy hangs: {error}")
    except ChildFailed as error:
        return Finding(check.name, Verdict.FAILED, f"in a process of its own, the policy failed: {error}")
    except (Exception, SystemExit) as error:  # a custom policy may fail in any way
        verdict = Verdict.FAILED if sound else Verdict.NOT_ASKED
        return Finding(check.name, verdict, f"the policy failed: {error!r}")


def findings(subject: Subject) -> Iterator[Finding]:
    """Runs all checks, one after the other; none but the first if the policy is not deterministic.

    Where no users are ever paired, nothing was asked.
    """
    sound, paired = True, pairs_any(subject.make)
    for check in CHECKS:
        finding = checked(check, subject, sound)
        if not paired and (finding.verdict is Verdict.OK or (check.claim and finding.verdict is Verdict.FAILED)):
            finding = Finding(check.name, Verdict.NOT_ASKED, NEVER_PAIRED)
        yield finding
        sound = sound and (check.claim != "" or finding.verdict is not Verdict.FAILED)
        if check is CHECKS[0] and not sound:
            rest = (each.name for each in CHECKS[1:])
            yield from (Finding(name, Verdict.NOT_ASKED, "the policy is not deterministic") for name in rest)
            return
