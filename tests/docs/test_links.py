"""Every page can be found from the index, and every link within the checkout leads somewhere."""

import re

import pytest

from tests.support.fences import ROOT

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder, pattern in ((ROOT, "*.md"), (ROOT / "docs", "**/*.md"), (ROOT / "roulette_core", "*.md"))
    for path in folder.glob(pattern)
)


def links(page: str) -> list[str]:
    """The targets within the checkout that a page links to, relative to its top."""
    text = re.sub(r"^```.*?^```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if ":" not in target]
    folder = (ROOT / page).parent
    return [(folder / target).resolve().relative_to(ROOT.resolve()).as_posix() for target in targets if target]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    assert [target for target in links(page) if not (ROOT / target).exists()] == []


def test_the_index_names_every_page_of_the_documentation():
    pages = {page for page in PAGES if page.startswith("docs/")} - {"docs/README.md"}
    assert pages <= set(links("docs/README.md"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_title_and_no_line_too_long_to_read_in_a_terminal(page):
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    fenced, titles = False, 0
    for line in lines:
        fenced ^= line.startswith("```")
        titles += not fenced and line.startswith("# ")
        assert fenced or line.startswith("|") or len(line) <= 120, line
    assert titles == 1
