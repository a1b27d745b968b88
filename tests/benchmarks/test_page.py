"""The page stands alone, is sound XML where it is SVG, and says in words what its figures show."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

from benchmarks.__main__ import main
from benchmarks.export import to_data
from benchmarks.page import figure, picture, to_page
from benchmarks.results import Findings, Measurement, Sample, Section
from tests.benchmarks.test_terminal import OURS, REPORT, SIMPY

SVG = "{http://www.w3.org/2000/svg}"


class Elements(HTMLParser):
    """Fails at an element that is not closed where it should be."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_element_is_closed():
    elements = Elements()
    elements.feed(to_page(REPORT))
    elements.close()
    assert elements.open == []


def test_nothing_comes_from_elsewhere():
    text = to_page(REPORT).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|src=", text)
    assert "prefers-color-scheme: dark" in text


def test_each_figure_has_a_title_and_says_its_numbers():
    figures = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", to_page(REPORT), re.DOTALL)]
    assert figures
    for drawn in figures:
        assert drawn.attrib["role"] == "img"
        assert drawn.findtext(f"{SVG}title") and re.search(r"\d", drawn.findtext(f"{SVG}desc") or "")


def test_bars_are_as_long_as_their_medians():
    drawn = ElementTree.fromstring(figure([OURS, SIMPY], "Beside SimPy"))
    ours, simpy = (float(bar.attrib["width"]) for bar in drawn.iter(f"{SVG}rect"))
    assert abs(ours / simpy - OURS.sample.median / SIMPY.sample.median) < 0.01


def test_names_are_escaped():
    odd = Measurement("<b>&", "task", 1, "ms", Sample((1.0,)))
    suite = replace(REPORT.suites[0], findings=Findings((Section("<i>", "<u>", (odd,)),)))
    text = to_page(replace(REPORT, suites=(suite,)))
    assert not re.search(r"<[biu]>", text) and "&lt;b&gt;&amp;" in text


def test_a_figure_without_any_amount_is_drawn():
    assert "<rect" in figure([Measurement("A", "task", 1, "ms", Sample((0.0, -0.1)))], "Nothing")


def test_a_picture_is_a_file_of_its_own():
    drawn = ElementTree.fromstring(picture(REPORT.suites[1].findings.sections[0], 1_000, "Pairings a second"))
    assert [bar.attrib["class"] for bar in drawn.iter(f"{SVG}rect")] == ["ours", "other"]
    assert "prefers-color-scheme: dark" in (drawn.findtext(f"{SVG}style") or "")


def test_one_figure_of_a_report_is_printed(tmp_path, capsys):
    path = tmp_path / "report.json"
    path.write_text(json.dumps(to_data(REPORT)), encoding="utf-8")
    main(str(path), "Closed", "1000")
    assert ElementTree.fromstring(capsys.readouterr().out).findtext(f"{SVG}title") == "Closed, 1,000 users"
