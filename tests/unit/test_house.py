"""The rules of the house, kept by the code itself."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = sorted(path for package in ("kg", "server") for path in (ROOT / package).rglob("*.py"))
TRIALS = sorted(path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py"))

# A module imports only from floors below its own. Within a package of one floor, modules may import each other.
FLOORS = {
    "kg.errors": 0, "kg.terms": 0, "kg.paths": 0, "kg.folding": 0, "kg.files": 0, "kg.collecting": 0,
    "kg.quoting": 0, "kg.encodings": 0,
    "kg.config": 1, "kg.dates": 1, "kg.scaffold": 1, "kg.positions": 1, "kg.vocabulary": 1, "kg.rdf": 1,
    "kg.records": 2, "kg.sparql": 2, "kg.ontology": 2, "kg.rml": 2,
    "kg.store": 3, "kg.shacl": 3, "kg.description": 3, "kg.linking": 3,
    "kg.search": 3, "kg.documents": 3, "kg.authoring": 3,
    "kg.runs": 4, "kg.loading": 4, "kg.tables": 4, "kg.rdfdata": 4,
    "kg.release": 5,
    "kg.inputs": 5,
    "kg.export": 6, "kg.difference": 6, "kg.competency": 6, "kg.preparation": 6,
    "kg.pipeline": 7,
    "kg.cli": 8, "kg.__main__": 9,
}  # fmt: skip
# Rooms within a floor, lowest first; a module outside of them (its package's surface) may import any.
ROOMS = (
    (
        "kg.rml.mapping",
        "kg.rml.functions",
        "kg.rml.sources",
        "kg.rml.targets",
        "kg.rml.joins",
        "kg.rml.compile",
        "kg.rml.views",
        "kg.rml.run",
        "kg.rml.spark",
    ),
    ("kg.shacl.graph", "kg.shacl.shapes", "kg.shacl.constraints"),
    ("server.engine", "server.http", "server.pages"),
)
SERVER_MAY = {"kg.errors", "kg.terms", "kg.paths", "kg.folding", "kg.config", "kg.sparql", "kg.search"}
HEAVY = {
    "rdflib",
    "pyshacl",
    "oxrdflib",
    "pyoxigraph",
    "flask",
    "jinja2",
    "uvicorn",
    "yaml",
    "lxml",
    "duckdb",
    "openpyxl",
    "mammoth",
    "pypdf",
    "icu",
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a module imports anywhere, those of functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def room(module: str) -> str | None:
    """The entry of `FLOORS` that a module belongs to."""
    return max((r for r in FLOORS if module == r or module.startswith(r + ".")), key=len, default=None)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_downwards(path: Path) -> None:
    here = name_of(path)
    own = room(here)
    for imported in imports(path):
        target = room(imported)
        if here.startswith("server"):
            assert target is None or target in SERVER_MAY, imported
            assert imported.split(".")[0] not in {"rdflib", "oxrdflib", "pyshacl"}, imported
        elif target is not None and target != own:
            assert own is not None, f"{here} stands on no floor"
            below = FLOORS[target] < FLOORS[own] or target == "kg.errors"
            assert below, f"{here} imports {imported}"


@pytest.mark.parametrize("rooms", ROOMS, ids=lambda rooms: rooms[0].rpartition(".")[0])
def test_rooms_of_a_floor_import_downwards(rooms: tuple[str, ...]) -> None:
    def place(module: str) -> int | None:
        return next((i for i, room in enumerate(rooms) if module == room or module.startswith(room + ".")), None)

    for path in MODULES:
        here = place(name_of(path))
        for imported in imports(path):
            there = place(imported)
            if here is not None and there is not None:
                assert there <= here, f"{name_of(path)} imports {imported}"


def test_files_do_not_import_in_circles() -> None:
    names = {name_of(path): path for path in MODULES}
    graph = {name: {found for found in imports(path) if found in names} - {name} for name, path in names.items()}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_folder_is_crowded() -> None:
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES)
    folders.update(path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py"))
    assert {folder: count for folder, count in folders.items() if count > 15} == {}


# Queries of shapes run on a store in memory, and a literal is asked of one for its form: neither is a release.
OPEN_STORES = {
    "kg.records.statements",
    "kg.store",
    "kg.description.beside",
    "kg.store.rule",
    "kg.shacl.sparql.store",
    "kg.shacl.shapes.sparql.queries",
}


def test_only_the_store_opens_a_store() -> None:
    for path in MODULES:
        if name_of(path).startswith("kg.") and name_of(path) not in OPEN_STORES:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.Attribute) and node.attr == "Store"), name_of(path)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_rooms_of_tests_are_small_too() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in TRIALS}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_is_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_the_command_line_imports_nothing_heavy_to_show_its_help() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from kg.cli.main import kg;"
        "kg.main(['--help'], standalone_mode=False);"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "Usage:" in done.stdout
    assert done.stderr.strip() == "[]"


def test_files_that_are_begun_first_are_there() -> None:
    tree = ast.parse((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    (names,) = (
        ast.literal_eval(one.value)
        for one in tree.body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "LONGEST"
    )
    assert [name for name in names if not (ROOT / name).is_file()] == []
