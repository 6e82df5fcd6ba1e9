"""The documentation as a site: built whole, and no page, link or anchor of it leads nowhere."""

from __future__ import annotations

import importlib.util
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FAULTY = """# Index

[a page that is not there](absent.md), [an anchor that is not there](other.md#absent), [one of this page](#absent).

```{toctree}
other
```
"""


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """What `make docs` runs."""
    if importlib.util.find_spec("furo") is None or importlib.util.find_spec("myst_parser") is None:
        pytest.skip("the generator of the site is not installed here: pip install 'zellige[docs]'")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-n",
        "-q",
        "-c",
        str(DOCS),
        str(source),
        str(target),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    done = build(ROOT, tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
    pages = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.html")}
    assert {f"docs/{path.stem}.html" for path in DOCS.glob("*.md")} <= pages
    assert {"README.html", "CONTRIBUTING.html", "CHANGELOG.html", "SECURITY.html", "examples/README.html"} <= pages
    # A link of the README leads to a page of the site, as it does on a forge.
    assert 'href="docs/claims.html#the-default-graph"' in (tmp_path / "site" / "README.html").read_text("utf-8")
    assert "url=docs/index.html" in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_what_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "source" / "docs"
    source.mkdir(parents=True)
    (source / "index.md").write_text(FAULTY, encoding="utf-8")
    (source / "other.md").write_text("# Other\n", encoding="utf-8")
    (source / "lost.md").write_text("# In no table of contents\n", encoding="utf-8")
    done = build(source.parent, tmp_path / "site")
    assert done.returncode == 1
    for fault in (
        r"index\.md:3.*absent\.md",
        r"index\.md:3.*other.*absent",
        r"index\.md:3.*'absent'",
        r"lost\.md.*toctree",
    ):
        assert re.search(fault, done.stderr), (fault, done.stderr)


@pytest.mark.parametrize("page", sorted(path.stem for path in DOCS.glob("*.md") if path.stem != "index"))
def test_a_page_has_its_place_in_the_index(page: str) -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    places = [
        line for line in index.splitlines() if re.fullmatch(rf"{re.escape(page)}|[^<]+ <{re.escape(page)}>", line)
    ]
    assert len(places) == 1, f"write '{page}' into one of the four toctrees of docs/index.md"


def test_what_the_reference_says_of_the_program_is_what_the_program_says() -> None:
    """Options of every command, settings with their defaults, codes: told by name where a section is lacking."""
    generate = runpy.run_path(str(DOCS / "generate.py"))
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    made = generate["made"](page)
    blocks = re.compile(r"^<!-- made: (.*?) -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
    now = {block[1]: block[0] for block in blocks.finditer(made)}
    then = {block[1]: block[0] for block in blocks.finditer(page)}
    stale = [name for name, text in now.items() if then.get(name) != text]
    assert stale == [], f"run 'make reference': docs/reference.md says something else of {', '.join(stale)}"
    assert made == page


def test_every_setting_says_what_it_means() -> None:
    generate = runpy.run_path(str(DOCS / "generate.py"))
    empty = [row for text in generate["blocks"]().values() for row in text.splitlines() if row.endswith("|  |")]
    assert empty == [], "write a docstring below the field, or a help of the option"


def test_a_command_without_a_section_is_told_by_its_name() -> None:
    generate = runpy.run_path(str(DOCS / "generate.py"))
    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    shorter = re.sub(r"^### `kg diff A B`\n.*?(?=^##)", "", page, flags=re.MULTILINE | re.DOTALL)
    with pytest.raises(generate["Missing"], match=r"has no section for kg diff: write one"):
        generate["made"](shorter)
    emptied = re.sub(r"^<!-- made: kg diff -->\n.*?<!-- end -->\n", "", page, flags=re.MULTILINE | re.DOTALL)
    assert generate["made"](emptied) == page
    with pytest.raises(generate["Missing"], match=r"the block 'kg absent' is of nothing that there is"):
        generate["made"](page.replace("made: kg diff -->", "made: kg absent -->"))
