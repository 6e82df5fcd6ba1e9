"""The site of the documentation, built by `make docs`; a link or an anchor that leads nowhere is an error.

Its source is the whole checkout, so that a link means the same here as on a forge: pages that are listed below become
pages, and other files that are linked go along as downloads.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent

project = "Zellige"
author = "The Zellige founders"
project_copyright = author
release = version = str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
language = "en"

extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["docs/*.md", "examples/README.md", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
nitpicky = True
smartquotes = False  # two hyphens are an option
myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline"]
# Turtle and SPARQL of the drafts are more than the colours know of.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "Zellige"
html_static_path = ["site"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_additional_pages = {"index": "redirect.html"}
templates_path = ["site/templates"]


def keep_columns(_: Sphinx, document: nodes.document) -> None:
    """Part the columns of what a command has printed: between two cells in Arabic they would change places.

    An invisible mark from left to right (U+200E) stands in the gap, as the Unicode Bidirectional Algorithm has it.
    """
    for block in document.findall(nodes.literal_block):
        if block.get("language") in {"console", "text"}:
            block.rawsource = re.sub(r"(?<=\S)  (?=\s*\S)", " \u200e ", block.astext())
            block[:] = [nodes.Text(block.rawsource)]


def setup(app: Sphinx) -> None:
    """Tell the generator of this."""
    app.connect("doctree-read", keep_columns)
