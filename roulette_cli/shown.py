"""What commands print in which a user, or what a user wrote, may have had a say."""

from __future__ import annotations

from collections.abc import Iterable


def show(texts: Iterable[str]) -> None:
    """Prints lines in which a policy of the user's own may have had its say."""
    from roulette_core import harmless

    for text in texts:
        for line in text.split("\n"):
            print(harmless.line(line))
