"""Every Python example of the documentation passes ``mypy --strict``, as its reader would save it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.fences import ROOT, fences

PAGES = sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("[dr]*/*.md")])


class Example(NamedTuple):
    module: str
    text: str


def examples() -> list[Example]:
    """All examples. A name that an example imports is kept; one that a later example takes over, or no example, not."""
    found: dict[str, Example] = {}
    texts = [(page, number, fence.text) for page in PAGES for number, fence in enumerate(fences(page, "python"))]
    imported = {module for _, _, text in texts for module in re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)}
    for page, number, text in texts:
        other = f"{Path(page).stem.lower()}_example_{number}"
        module = named(page, text) or other
        if module in found:
            found[f"{module} replaced by {other}"] = found[module]._replace(module=f"before_{other}")
        found[module] = Example(module if module in imported else other, text)
    return list(found.values())


def named(page: str, text: str) -> str | None:
    """The module that an example is to be saved as: by its first line, or by the sentence before it."""
    if match := re.match(r"# (\w+)\.py\n", text):
        return match[1]
    before = (ROOT / page).read_text(encoding="utf-8").partition(f"```python\n{text}")[0].rpartition("```")[2]
    names = re.findall(r"[Ss]aved?\s(?:this\s|it\s)?as\s`(\w+)\.py`", before)
    return names[-1] if names else None


def mypy(folder: Path, written: list[Example]) -> str:
    for example in written:
        (folder / f"{example.module}.py").write_text(example.text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, sorted(folder.glob("*.py")))]
    # In the checkout, for its settings and its cache: what the examples import has been checked already.
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for Unix sockets, too")
def test_every_example_passes_the_strict_type_checker(tmp_path: Path) -> None:
    found = examples()
    assert {"roulette_bot", "json_chat", "unix_chat", "my_policies"} <= {example.module for example in found}
    assert len(found) >= 15
    # Planted, so that one run shows both that the others are right and that a wrong one would be found.
    planted = Example("planted", "from unix_chat import serve_unix\n\nserve_unix(1)\n")
    fault, *others, summary = mypy(tmp_path, [*found, planted]).splitlines()
    assert not others, "\n".join([fault, *others])
    assert "planted.py:3: error: Argument 1 to" in fault, fault
    assert summary.startswith("Found 1 error in 1 file")
