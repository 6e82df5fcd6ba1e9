"""What functions cost: the same table mapped without any, and with ten functions a row, one of them in another.

    python bench/mapper_functions.py [--rows 300000] [--rounds 5] [--keep FOLDER]

People of the generated tables of `bench/mapper.py` become ten triples each, once from references and once from what
functions make of the same cells: capitals, blanks, a replacement, a regular expression of RE2, a part, a length, a
concatenation, a hash, a date by format, a choice. A third mapping splits each name and has as many triples as there
are words. Interleaved; medians of CPU seconds of the whole process.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mapper import measure  # noqa: E402
from mappers import tables  # noqa: E402

CELLS = ("name_ar", "name_fr", "name_en", "born", "email", "city", "id", "name_fr", "name_en", "born")
WITH = (
    ("toUpperCase", "name_fr"),
    ("trim", "name_ar"),
    ("replace", "name_en", " ", "-"),
    ("regexReplace", "email", "@.*$", ""),
    ("substring", "born", "0", "4"),
    ("length", "name_ar"),
    ("concat", "city", "-town"),
    ("sha256", "id"),
    ("toDate", "born", "yyyy-MM-dd"),
    ("isNull", "email"),
)


def object_map(inside: str, number: int) -> str:
    """A predicate-object map."""
    return f"    rml:predicateObjectMap [ rml:predicate ex:p{number} ; rml:objectMap [ {inside} ] ]"


def call(name: str, cell: str, *constants: str) -> str:
    """A function of a cell and constants."""
    inputs = [f'[ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference "{cell}" ] ]']
    inputs += [f'[ rml:parameter fn:{n} ; rml:inputValue "{text}" ]' for n, text in enumerate(constants, 2)]
    return f"rml:functionExecution [ rml:function fn:{name} ; rml:input {' , '.join(inputs)} ]"


def mapping(folder: Path, name: str, objects: list[str]) -> Path:
    """One mapping of the table of people."""
    text = (ROOT / "bench" / "mappers" / "functions.rml.ttl").read_text(encoding="utf-8")
    text = text.replace("SOURCE(people)", '[ a rml:RelativePathSource ; rml:path "people.csv" ]')
    pairs = " ;\n".join(object_map(inside, number) for number, inside in enumerate(objects))
    path = folder / f"{name}.rml.ttl"
    path.write_text(text.replace("OBJECTS", pairs), encoding="utf-8")
    return path


def run(folder: Path, rows: int, rounds: int) -> None:
    """Generate, measure, print."""
    tables.write(folder, round(rows / tables.SHARES["people"]))
    plain = [f'rml:reference "{cell}"' for cell in CELLS]
    made = {
        "without": mapping(folder, "without", plain),
        "ten functions": mapping(folder, "with", [call(*one) for one in WITH]),
        "one reference": mapping(folder, "reference", [plain[1]]),
        "split": mapping(folder, "split", [call("split", "name_fr", " ")]),
    }
    costs: dict[str, list[float]] = {name: [] for name in made}
    for _ in range(rounds):
        for name, path in made.items():
            output = folder / f"{path.stem}.nq"
            command = [sys.executable, "-m", "kg", "map", str(path), "-q", "-o", str(output)]
            costs[name].append(measure(command, folder / "errors.txt", looks=False).cpu)
    median = {name: statistics.median(found) for name, found in costs.items()}
    for name, seconds in median.items():
        lines = sum(1 for _ in (folder / f"{made[name].name.removesuffix('.ttl')}.nq").open("rb"))
        print(f"{name:16} {seconds:6.2f} CPU s {lines:10,} triples {lines / seconds / 1000:6.0f} k/s")
    print(f"ten functions / without: {median['ten functions'] / median['without']:.2f}x CPU (at most 3)")
    print(f"split / one reference: {median['split'] / median['one reference']:.2f}x CPU")


def main() -> None:
    """Read the options and measure in a temporary folder, or in one that is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=300_000, help="rows of the table of people")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        run(options.keep.resolve(), options.rows, options.rounds)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), options.rows, options.rounds)


if __name__ == "__main__":
    main()
