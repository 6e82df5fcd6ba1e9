"""What a view costs: tables mapped as they are, and as views, without and with one left join.

    python bench/mapper_views.py [--rows 300000] [--rounds 5] [--keep FOLDER] [--peers FOLDER]
    python bench/mapper_views.py --memory [--rows 1000000]

Of the generated tables of `bench/mapper.py`, people become ten triples each: from their own table, from a view on it,
and from a view that has three of the ten from the small table of cities. Memberships become six triples each: from
their own table, and from a view that has two of the six from people, a table that is nearly as large and must be read
beside it; a table of memberships that has these two columns already says what such triples cost without a join.
Interleaved; medians of CPU seconds of the whole process, and of how many times those of the run in the
same round: between rounds the machine may be another one. The first round is not counted. The run ends with 1 if a
view, or a left join with a small table, costs more than twice the same mapping without; of the join with a table
whose file is larger than the first, the figure is told, and what reading that table alone costs.

With `--peers`, morph-kgc lives in a virtual environment below that folder, made there if it is absent. It has no
logical views; the nearest is its own form, a query of DuckDB over the two tables with the same left join, and the same
six triples a row.

With `--memory`, what two views take at most: a left join of so many rows with as many, whose index goes to disk, and
so many lines of JSON with records within. It ends with 1 at 200 MB.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mapper import beside, measure, morph_settings, peer  # noqa: E402
from mappers import tables  # noqa: E402

MORPH = "morph-kgc"
MOST = 2
MEGABYTES = 200
HEAD = "@prefix rml: <http://w3id.org/rml/> .\n@prefix ex: <https://example.org/terms#> .\n"
PEOPLE = ("id", "name_ar", "name_fr", "name_en", "born", "email", "city")
MEMBERSHIPS = ("id", "person", "project", "role", "since")
CITY = {"city_ar": "name_ar", "city_fr": "name_fr", "population": "population"}
PERSON = {"person_fr": "name_fr", "born": "born"}


def source(table: str) -> str:
    """A logical source."""
    return f'[ rml:referenceFormulation rml:CSV ; rml:source [ a rml:RelativePathSource ; rml:path "{table}.csv" ] ]'


def fields(named: dict[str, str]) -> str:
    """Fields of references."""
    made = (f'[ a rml:ExpressionField ; rml:fieldName "{n}" ; rml:reference "{r}" ]' for n, r in named.items())
    return f"rml:field {' , '.join(made)}"


def view(table: str, columns: tuple[str, ...], more: str = "") -> str:
    """A view on a table, with all of its columns."""
    own = fields({name: name for name in columns})
    return f"[ a rml:LogicalView ; rml:viewOn {source(table)} ; {own} {more} ]"


def left_join(table: str, child: str, named: dict[str, str]) -> str:
    """A left join with the rows of another table by their ids."""
    other = view(table, ("id", *named.values()))
    condition = f'rml:joinCondition [ rml:child "{child}" ; rml:parent "id" ]'
    return f"; rml:leftJoin [ rml:parentLogicalView {other} ; {condition} ; {fields(named)} ]"


def mapping(folder: Path, name: str, logical: str, cells: tuple[str, ...]) -> Path:
    """One triples map."""
    pairs = (
        f'    rml:predicateObjectMap [ rml:predicate ex:p{n} ; rml:objectMap [ rml:reference "{cell}" ] ]'
        for n, cell in enumerate(cells)
    )
    subject = 'rml:subjectMap [ rml:template "https://example.org/thing/{id}" ]'
    text = f"{HEAD}ex:m a rml:TriplesMap ;\n    rml:logicalSource {logical} ;\n    {subject} ;\n"
    path = folder / f"{name.replace(' ', '-')}.rml.ttl"
    path.write_text(text + " ;\n".join(pairs) + " .\n", encoding="utf-8")
    return path


def join_before(folder: Path) -> None:
    """Write memberships with the columns of people that the view joins."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        people = {row["id"]: [row[name] for name in PERSON.values()] for row in csv.DictReader(file)}
    with (
        (folder / "memberships.csv").open(encoding="utf-8", newline="") as file,
        (folder / "joined.csv").open("w", encoding="utf-8", newline="") as joined,
    ):
        writer = csv.writer(joined)
        writer.writerow([*MEMBERSHIPS, *PERSON])
        for row in csv.DictReader(file):
            writer.writerow([*row.values(), *people.get(row["person"], [""] * len(PERSON))])


def mappings(folder: Path) -> dict[str, Path]:
    """The mappings that are compared."""
    own = (*PEOPLE, "name_fr", "name_en", "born")
    joined = (*PEOPLE, *CITY)
    of_person = ("id", "project", "role", "since", *PERSON)
    with_city = view("people", PEOPLE, left_join("cities", "city", CITY))
    with_person = view("memberships", MEMBERSHIPS, left_join("people", "person", PERSON))
    return {
        "people": mapping(folder, "people", source("people"), own),
        "view of people": mapping(folder, "view of people", view("people", PEOPLE), own),
        "people and cities": mapping(folder, "people and cities", with_city, joined),
        "memberships": mapping(folder, "memberships", source("memberships"), (*MEMBERSHIPS, "person")),
        "people, one column": mapping(folder, "people, one column", source("people"), ("id",)),
        "joined before": mapping(folder, "joined before", source("joined"), of_person),
        "memberships and people": mapping(folder, "memberships and people", with_person, of_person),
    }


def of_morph(folder: Path, python: str, output: Path) -> list[str]:
    """How morph-kgc makes what the join of two tables makes here."""
    person = ", ".join(f"p.{column} AS {name}" for name, column in PERSON.items())
    own = ", ".join(f"m.{name} AS {name}" for name in ("id", "project", "role", "since"))
    files = (f"'{folder / name}.csv'" for name in ("memberships", "people"))
    query = "SELECT {}, {} FROM {} m LEFT JOIN {} p ON m.person = p.id".format(own, person, *files)
    cells = ("id", "project", "role", "since", *PERSON)
    path = mapping(folder, MORPH, f'[ rml:query """{query}""" ]', cells)
    return [python, "-m", "morph_kgc", str(morph_settings(folder, path, output))]


def run(folder: Path, rows: int, rounds: int, peers: Path | None) -> bool:
    """Generate, measure, print; whether joins are within their bounds."""
    tables.write(folder, round(rows / tables.SHARES["people"]))
    join_before(folder)
    made = mappings(folder)
    start = [sys.executable, "-m", "kg", "map"]
    outputs = {name: folder / f"{path.stem}.nq" for name, path in made.items()}
    commands = {name: [*start, str(path), "-q", "-o", str(outputs[name])] for name, path in made.items()}
    if python := peers and peer(MORPH, peers):
        outputs[MORPH] = folder / f"{MORPH}.nt"
        commands[MORPH] = of_morph(folder, python, outputs[MORPH])
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = measure(command, folder / "errors.txt", looks=False).cpu
            costs[name] += [cost] if number else []
    median = {name: statistics.median(found) for name, found in costs.items()}
    for name, seconds in median.items():
        lines = sum(1 for _ in outputs[name].open("rb"))
        print(f"{name:24} {seconds:6.2f} CPU s {lines:10,} triples {lines / seconds / 1000:6.0f} k/s")
    ratios = {}
    for name, plain in (
        ("view of people", "people"),
        ("people and cities", "people"),
        ("memberships and people", "memberships"),
    ):
        ratios[name] = beside(costs, name, plain)
        print(f"{name} / {plain}: {ratios[name]:.2f}x CPU")
    read = beside(costs, "people, one column", "memberships")
    same = beside(costs, "joined before", "memberships")
    print(f"of the last, {read:.2f}x is what a mapping of one column of people costs, and {same:.2f}x what the same")
    print(f"triples cost of a table that was joined before (at most {MOST} for the others)")
    if MORPH in median:
        print(f"morph-kgc / memberships and people: {beside(costs, MORPH, 'memberships and people'):.1f}x CPU")
    return max(ratios["view of people"], ratios["people and cities"]) <= MOST


def trees(folder: Path, rows: int) -> Path:
    """Lines of JSON with two records within each, and the mapping of a view of them."""
    with (folder / "ports.jsonl").open("w", encoding="utf-8") as file:
        for number in range(rows):
            berths = [{"name": f"B{n}", "depth": 8 + (number + n) % 9} for n in range(2)]
            file.write(json.dumps({"port": f"p{number}", "berths": berths}) + "\n")
    file_source = '[ a rml:RelativePathSource ; rml:path "ports.jsonl" ]'
    lines = f'[ rml:referenceFormulation rml:JSONPath ; rml:iterator "$" ; rml:source {file_source} ]'
    berth = (
        f'rml:field [ rml:fieldName "berth" ; rml:iterator "$.berths[*]" ; {fields({"id": "$.name", "d": "$.depth"})} ]'
    )
    own = fields({"id": "$.port"})
    logical = f"[ a rml:LogicalView ; rml:viewOn {lines} ; {own} ; {berth} ]"
    return mapping(folder, "nested", logical, ("berth.id", "berth.d"))


def weigh(folder: Path, rows: int) -> bool:
    """Measure memory; whether it is within its bound."""
    tables.write(folder, round(rows / tables.SHARES["people"]))
    worst = 0.0
    for path in (mappings(folder)["memberships and people"], trees(folder, rows)):
        command = [sys.executable, "-m", "kg", "map", str(path), "-o", "/dev/null"]
        cost = measure(command, folder / "errors.txt")
        told = (folder / "errors.txt").read_text(encoding="utf-8").strip()
        print(f"{path.stem}: {told}: {cost.megabytes:.0f} MB, {cost.cpu:.1f} CPU s", flush=True)
        worst = max(worst, cost.megabytes)
    return worst <= MEGABYTES


def main() -> None:
    """Read the options and measure in a temporary folder, or in one that is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, help="rows of the table of people: 300000, for memory 1000000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="measure memory, and not time")
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    parser.add_argument("--peers", type=Path, help="a folder for the environment of morph-kgc")
    options = parser.parse_args()
    options.peers = options.peers and options.peers.resolve()
    with tempfile.TemporaryDirectory() as made:
        folder = (options.keep or Path(made)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if options.memory:
            is_well = weigh(folder, options.rows or 1_000_000)
        else:
            is_well = run(folder, options.rows or 300_000, options.rounds, options.peers)
    raise SystemExit(int(not is_well))


if __name__ == "__main__":
    main()
