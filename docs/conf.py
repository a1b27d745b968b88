"""How Sphinx builds the pages and the reference into one site, without the network.

    uv run --group docs sphinx-build --fail-on-warning -c docs . site

The source directory is the checkout itself, so that a link leads to the same place here and on a forge.
"""

import ast
import functools
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, GoogleDocstring
from sphinx.pycode import ModuleAnalyzer

ROOT = Path(__file__).parents[1]

project = "ChatRoulette"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/README"
include_patterns = ["*.md", "docs/**.md", "roulette_core/README.md"]
suppress_warnings = ["misc.highlighting_failure"]  # a transcript is shown as it is, cut short or not

myst_heading_anchors = 4
smartquotes_action = "D"  # dashes only: a literal type keeps its quotes

html_theme = "furo"
html_title = project
html_show_copyright = False
html_copy_source = False

add_module_names = False
maximum_signature_line_length = 90
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True}

GOOGLE_STYLE = Config(napoleon_numpy_docstring=False)


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """Appends the table of contents to the index, in its order; a forge would show it as a block of code."""
    if page == root_doc:
        links = (path for path in re.findall(r"\]\(([\w./]+)\.md\)", source[0]) if not path.startswith(".."))
        entries = [*dict.fromkeys(links), "/CONTRIBUTING", "/CHANGELOG", "/README", "/roulette_core/README"]
        source[0] += "\n".join(["", "```{toctree}", ":hidden:", "", *entries, "```", ""])


def read_google_style(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Reads the sections of a docstring; that of data or of a property has none, only colons that look like them."""
    declared = getattr(obj, "__dataclass_fields__", {}) if what == "class" else {}
    helped = [f"    {name}: {field.metadata['help']}" for name, field in declared.items() if "help" in field.metadata]
    lines += ["Attributes:", *helped, ""] if helped else []
    if what not in ("data", "attribute", "property"):
        lines[:] = GoogleDocstring(lines, GOOGLE_STYLE, app, what, name, obj, options).lines()


def leave_out_aliases(app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Leaves out fields of a NamedTuple that have no docstring of their own: their class describes them."""
    return True if (getattr(obj, "__doc__", None) or "").startswith("Alias for field number") else None


@functools.cache
def describe_data(module: str) -> dict[str, list[str]]:
    """Lets autodoc find the docstrings of constants and type aliases that a face takes from other modules.

    Returns:
        Name → the lines of its docstring, of everything that the module declares or imports from ours.
    """
    analyzer = ModuleAnalyzer.for_module(module)
    analyzer.analyze()
    for node in ast.parse(analyzer.code).body:
        home = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        if home.startswith(("roulette_core.", "transports.")) and not module.startswith(f"{home}."):
            described = describe_data(home)
            for name in (alias.name for alias in node.names if alias.name in described):
                analyzer.attr_docs.setdefault(("", name), described[name])
    return {name: lines for (owner, name), lines in analyzer.attr_docs.items() if not owner}


def setup(app: Sphinx) -> None:
    """Connects the functions above."""
    for face in re.findall(r"currentmodule:: (\S+)", "".join(map(Path.read_text, ROOT.glob("docs/reference/*.md")))):
        describe_data(face)
    app.connect("source-read", add_contents)
    app.connect("autodoc-process-docstring", read_google_style)
    app.connect("autodoc-skip-member", leave_out_aliases)
