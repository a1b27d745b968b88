"""Pictures of screens for the documentation, and the words in them.

``python -m tests.support.pictures`` takes those of the client anew, and writes the screens that the tests expect.
"""

import re
from xml.etree import ElementTree

from tests.support.fences import ROOT

PICTURES = ROOT / "docs" / "pictures"

_CELL = 12.2
"""How wide one character is in the SVG that rich writes."""


def screen_in(svg: str) -> str:
    """What a picture of a terminal shows, as lines of text without trailing blanks."""
    rows: dict[int, str] = {}
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        found = re.search(r"-line-(\d+)\)", element.get("clip-path", ""))
        if found is None or not (element.text or "").strip("\n"):
            continue
        row, column = int(found[1]), round(float(element.get("x", 0)) / _CELL)
        rows[row] = rows.get(row, "").ljust(column) + (element.text or "").replace("\xa0", " ")
    return "\n".join(rows.get(row, "").rstrip() for row in range(max(rows, default=-1) + 1))


def self_contained(svg: str) -> str:
    """A picture that fetches no fonts from elsewhere when somebody looks at it."""
    return re.sub(r"\s*(@font-face \{.*?\}|<!--.*?-->)", "", svg, flags=re.DOTALL).replace(
        "Fira Code, monospace", "monospace"
    )


def refresh() -> None:
    """Takes the client's picture anew, and its screens."""
    from tests.transports.client.terminal import tty

    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "chat.svg").write_text(self_contained(tty.picture("an evening")), encoding="utf-8")
    tty.GOLDEN.write_text(tty.all_screens(), encoding="utf-8")


if __name__ == "__main__":
    refresh()
