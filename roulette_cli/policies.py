"""``--policy``: a user's own policy may fail in any way, and its failure is reported in two lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from roulette_cli.errors import BadUsage, CommandError


def require_policy(specification: str) -> None:
    """Checks before a long run that a policy can be made. Raises ``BadUsage`` or ``CommandError``."""
    from roulette_core import make_policy

    with policy_errors(specification):
        make_policy(specification)


@contextmanager
def policy_errors(specification: str) -> Iterator[None]:
    """Reports errors of a policy as the policy's. What it prints goes to stderr, since stdout is for data.

    Raises:
        BadUsage: there is no such policy.
        CommandError: it failed.
    """
    from roulette_core import BadPolicy, BadRecording, RouletteError
    from roulette_core.policies import POLICIES, SHORT

    try:
        with redirect_stdout(sys.stderr):
            yield
    except BadPolicy as error:
        raise BadUsage(str(error), "docs/policies.md lists the policies and their parameters") from error
    except (CommandError, BadRecording, OSError):
        raise
    except (Exception, SystemExit) as error:
        if specification.partition(":")[0] in {*POLICIES, *SHORT}:
            raise
        what = str(error) if isinstance(error, RouletteError) else f"{type(error).__name__}: {error}{_place(error)}"
        raise CommandError(
            f"the policy {specification} failed: {what}", "docs/policies.md says what a policy must do"
        ) from error


def _place(error: BaseException) -> str:
    """Returns where an error was raised, in this process or in another that made a run."""
    import traceback

    elsewhere = getattr(error.__cause__, "place", None)
    if elsewhere:
        return f" ({elsewhere})"

    frames = traceback.extract_tb(error.__traceback__)
    return f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
