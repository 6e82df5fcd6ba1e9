"""Every command of every page is run by a test, or its page says in a remark why it is not.

A remark `<!-- not run: why -->` stands right above a block that needs what no test has: a cluster, an hour, a person. A
page whose blocks follow one another is run whole by a test of its own; the blocks of all other pages are run here, each
by itself, beside the first graph and its server. What stands within lines is compared with the commands that there are.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from serving import running

from kg.cli.main import kg
from kg.release import Release

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")
PAGES = [*NAMES, *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))]
FOLLOWED = {
    "docs/tutorial.md": "docs/test_tutorial.py",
    "docs/tables-tutorial.md": "docs/test_tables_tutorial.py",
    "docs/validate.md": "docs/test_validate.py",
    "docs/targets.md": "docs/test_targets.py",
    "examples/README.md": "docs/test_examples.py",
}
"""Pages whose blocks are one script, and the test that runs it."""
ELSEWHERE = {("docs/rdf-input.md", "kg init orchard"): "rdfdata/test_starting.py"}
"""Single blocks that another test runs, by their page and how they begin."""
FILES = {
    "old.ttl": "<http://boats.example/tern> <http://boats.example/length> 7 .\n",
    "new.ttl": "<http://boats.example/tern> a <http://boats.example/Boat> ; <http://boats.example/length> 8 .\n",
    "ont.ttl": "<http://boats.example/Boat> a <http://www.w3.org/2000/01/rdf-schema#Class> .\n",
    "shapes.ttl": """@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://boats.example/BoatShape> a sh:NodeShape ; sh:targetClass <http://boats.example/Boat> ;
  sh:property [ sh:path <http://boats.example/length> ; sh:minCount 1 ] .
""",
}
"""What pages take for granted that a reader has."""
ADDRESS = "http://127.0.0.1:8000"
FENCE = re.compile(r"(?:^<!-- (.*) -->\n)?^( *)```(sh|bash|shell|console)\n(.*?)^\2```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True)
class Block:
    """Commands that stand together on a page, and why they are not run, if they are not."""

    page: str
    line: int
    language: str
    text: str
    remark: str

    @property
    def commands(self) -> str:
        """What one types: in a session what follows the prompt."""
        if self.language != "console":
            return self.text
        return "\n".join(line[2:] for line in self.text.splitlines() if line.startswith("$ "))

    @property
    def is_run_elsewhere(self) -> bool:
        """Whether a test of its page runs it; that of the README runs sessions of one query, and the one with an error."""
        is_session = self.language == "console" and re.match(r"\$ kg (query|verify --sources altered\b)", self.text)
        return bool(is_session) or any(self.page == page and self.text.startswith(it) for page, it in ELSEWHERE)


def blocks(page: str) -> Iterator[Block]:
    """All blocks of commands of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start(3)) + 1
        yield Block(page, line, found[3], found[4], found[1] or "")


BLOCKS = [block for page in PAGES for block in blocks(page)]
RUN = [
    block
    for block in BLOCKS
    if not block.remark.startswith("not run: ") and block.page not in FOLLOWED and not block.is_run_elsewhere
]


@pytest.fixture(scope="module")
def place(built: Release, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A project with the first graph, its releases and what translators need, and the address of its server."""
    folder = tmp_path_factory.mktemp("pages") / "project"
    folder.mkdir()
    for name in ("kg.toml", "data", "ontology", "vocabulary"):
        (folder / name).symlink_to(root / name)
    (folder / "releases").symlink_to(built.path.parent)
    (folder / "locale").mkdir()
    words = shutil.copytree(root / "server" / "pages" / "locale", folder / "server" / "pages" / "locale")
    shutil.copy(words / "messages.pot", folder)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with running(built.path.parent, root, folder.parent) as (url, _):
        yield folder, url


@pytest.mark.parametrize("block", RUN, ids=lambda block: f"{block.page}:{block.line}")
def test_the_commands_of_a_block_do_what_they_say(block: Block, place: tuple[Path, str], follow: Follow) -> None:
    folder, url = place
    script = "set -o pipefail\n" + block.commands.replace(ADDRESS, url)
    done = follow(script.replace("curl -s ", "curl -sS --fail-with-body "), folder)
    assert done.returncode == 0, f"{block.page}:{block.line}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert done.stdout + done.stderr or block.commands.startswith("kg export"), (
        f"{block.page}:{block.line} says nothing"
    )


def test_most_blocks_are_run() -> None:
    left_out = [block for block in BLOCKS if block.remark.startswith("not run: ")]
    assert len(left_out) * 2 < len(BLOCKS)
    assert all(len(block.remark) > len("not run: ") + 10 for block in left_out)
    # A remark that is misspelt would be read by nobody.
    strange = [block.remark for block in BLOCKS if block.remark and not re.match("not run: |made: |end", block.remark)]
    assert strange == []


@pytest.mark.parametrize(("page", "test"), [*FOLLOWED.items(), *((page, it) for (page, _), it in ELSEWHERE.items())])
def test_a_page_that_is_followed_is_followed_by_its_test(page: str, test: str) -> None:
    assert page.rpartition("/")[2] in (ROOT / "tests" / test).read_text(encoding="utf-8")
    assert not [block for block in blocks(page) if block.remark.startswith("not run: ")]


def found(words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command that words name, and what is left of them."""
    command: click.Command | None = kg
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command, rest = command.get_command(click.Context(command), rest[0]), rest[1:]
    return command, rest


def fault(line: str) -> str | None:
    """What is wrong with a command: one of ours that there is not, or an option that it does not have."""
    words = line.split()
    match words:
        case ["kg", name, *_] if not re.fullmatch(r"[a-z]+|-{1,2}\w[\w-]*", name):
            return None
        case ["kg", *_]:
            command, rest = found(words)
            if command is None:
                return "there is no such command"
            known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"-h", "--help"}
            unknown = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)} - known
            return f"it has no {', '.join(sorted(unknown))}" if unknown else None
        case ["make", target, *_]:
            return (
                None if re.search(rf"^{re.escape(target)}:", MAKEFILE, re.MULTILINE) or "=" in target else "no target"
            )
        case ["python" | "pytest", file, *_] if "/" in file:
            return None if (ROOT / file.partition("::")[0]).exists() else f"there is no {file}"
    return None


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [
        line.partition(" #")[0] for block in blocks(page) for line in block.commands.replace("\\\n", " ").splitlines()
    ]
    commands = [part.strip() for line in [*lines, *CODE.findall(text)] for part in re.split(r"&&|\|\||\| ", line)]
    faults = {command: why for command in commands if (why := fault(command))}
    assert faults == {}


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("kg biuld", "there is no such command"),
        ("kg build --outt x", "it has no --outt"),
        ("kg add document x --titel y", "it has no --titel"),
        ("make nothing", "no target"),
        ("pytest tests/absent.py", "there is no tests/absent.py"),
        ("kg build --out x", None),
        ("kg FILE", None),
    ],
)
def test_a_command_that_is_not_there_is_noticed(command: str, why: str | None) -> None:
    assert fault(command) == why
