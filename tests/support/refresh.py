"""Runs the commands of a page's console blocks anew and writes what they print.

``python -m tests.support.refresh [PAGE [FOLDER]]``: the README, and a folder to run them in, unless named. A block that
leaves out parts of the output goes on leaving them out: it keeps the paragraphs that begin as before.
"""

import sys
from pathlib import Path

from tests.support.fences import GAP, ROOT, Step, steps
from tests.support.terminal import run_plain


def paragraphs(text: str) -> list[str]:
    """The parts of an output between its empty lines, without trailing blanks."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n").split("\n\n")


def title(paragraph: str) -> str:
    """The first line of a paragraph, up to where its columns of figures begin."""
    return paragraph.lstrip("\n").partition("\n")[0].strip().partition("  ")[0]


def refreshed(step: Step, seen: str) -> str:
    """The output to be shown now for a step, given what its command printed."""
    if GAP not in step.output.splitlines():
        return "\n".join(line.rstrip() for line in seen.splitlines())
    wanted = {title(paragraph) for paragraph in paragraphs(step.output)} - {GAP}
    kept: list[str] = []
    for paragraph in paragraphs(seen):
        if title(paragraph) in wanted:
            kept.append(paragraph)
        elif kept[-1:] != [GAP]:
            kept.append(GAP)
    return "\n" * (not seen.splitlines()[0].strip()) + "\n\n".join(kept)


def refresh(page: str = "README.md", folder: str = ".") -> None:
    """Rewrites the outputs on a page, running its commands in a folder."""
    path = ROOT / page
    text = path.read_text(encoding="utf-8")
    for step in steps(page):
        shown = refreshed(step, run_plain(step.command, Path(folder)).stdout)
        text = text.replace(f"$ {step.command}\n{step.output}", f"$ {step.command}\n{shown}")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh(*sys.argv[1:])
