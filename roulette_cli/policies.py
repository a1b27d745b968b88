"""``--policy``: one of the user's own may fail in any way, and be told of it in two lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from roulette_cli.errors import BadUsage, CommandError


def require_policy(specification: str) -> None:
    """Finds out before a long run, not in it. Raises ``BadUsage`` or ``CommandError``."""
    from roulette_core import make_policy

    with blaming(specification):
        make_policy(specification)


@contextmanager
def blaming(specification: str) -> Iterator[None]:
    """Tells what is a policy's fault; one of the user's own may fail in any way. What it prints is talk, not data.

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
        raise BadUsage(str(error), "docs/policies.md says what there is, and what each takes") from error
    except (CommandError, BadRecording, OSError):
        raise
    except (Exception, SystemExit) as error:
        if specification.partition(":")[0] in {*POLICIES, *SHORT}:
            raise
        what = str(error) if isinstance(error, RouletteError) else f"{type(error).__name__}: {error}{_place(error)}"
        raise CommandError(
            f"the policy {specification} failed: {what}", "docs/policies.md says what it owes"
        ) from error


def _place(error: BaseException) -> str:
    """Where an error was raised."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
