"""What functions cost: the same table mapped without any, and with ten functions a row, one of them in another.

    python bench/mapper_functions.py [--rows 300000] [--rounds 5] [--keep FOLDER] [--peers FOLDER]

People of the generated tables of `bench/mapper.py` become ten triples each, once from references and once from what
functions make of the same cells: capitals, blanks, a replacement, a regular expression of RE2, a part, a length, a
concatenation, a hash, a date by format, a choice. A third mapping splits each name and has as many triples as there
are words. Interleaved; medians of CPU seconds of the whole process, and of how many times those of the run beside it in
the same round: between rounds the machine may be another one. The first round is not counted.

With `--peers`, morph-kgc lives in a virtual environment below that folder, made there if it is absent, and runs a
mapping of ten functions of GREL that both know, under one process; so does this mapper.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from mapper import beside, measure, morph_settings, peer  # noqa: E402
from mappers import tables  # noqa: E402

OWN = '[ a rml:RelativePathSource ; rml:path "people.csv" ]'
MORPH = "morph-kgc"
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

GREL = (
    ("toUpperCase", "name_fr"),
    ("string_trim", "name_ar"),
    ("string_replace", "name_en", ("p_string_find", " "), ("p_string_replace", "-")),
    ("string_substring", "born", ("param_int_i_from", "0"), ("param_int_i_opt_to", "4")),
    ("string_length", "name_ar"),
    ("string_md5", "id"),
    ("string_sha1", "city"),
    ("toLowerCase", "name_en"),
    ("string_startsWith", "email", ("string_sub", "person1")),
    ("string_indexOf", "name_fr", ("string_sub", "é")),
)
"""Functions of GREL with the cell that they take and their constants, by the names that morph-kgc knows."""


def object_map(inside: str, number: int) -> str:
    """A predicate-object map."""
    return f"    rml:predicateObjectMap [ rml:predicate ex:p{number} ; rml:objectMap [ {inside} ] ]"


def call(name: str, cell: str, *constants: str) -> str:
    """A function of a cell and constants."""
    inputs = [f'[ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference "{cell}" ] ]']
    inputs += [f'[ rml:parameter fn:{n} ; rml:inputValue "{text}" ]' for n, text in enumerate(constants, 2)]
    return f"rml:functionExecution [ rml:function fn:{name} ; rml:input {' , '.join(inputs)} ]"


def grel(name: str, cell: str, *constants: tuple[str, str]) -> str:
    """A function of GREL of a cell and constants."""
    inputs = [f'[ rml:parameter grel:valueParameter ; rml:inputValueMap [ rml:reference "{cell}" ] ]']
    inputs += [f'[ rml:parameter grel:{parameter} ; rml:inputValue "{text}" ]' for parameter, text in constants]
    return f"rml:functionExecution [ rml:function grel:{name} ; rml:input {' , '.join(inputs)} ]"


def mapping(folder: Path, name: str, objects: list[str]) -> Path:
    """One mapping of the table of people."""
    text = (ROOT / "bench" / "mappers" / "functions.rml.ttl").read_text(encoding="utf-8")
    text = text.replace("SOURCE(people)", OWN)
    pairs = " ;\n".join(object_map(inside, number) for number, inside in enumerate(objects))
    path = folder / f"{name}.rml.ttl"
    path.write_text(text.replace("OBJECTS", pairs), encoding="utf-8")
    return path


def kg(mapping: Path, output: Path) -> list[str]:
    """What maps here."""
    return [sys.executable, "-m", "kg", "map", str(mapping), "-q", "-o", str(output)]


def run(folder: Path, rows: int, rounds: int, peers: Path | None) -> None:
    """Generate, measure, print."""
    tables.write(folder, round(rows / tables.SHARES["people"]))
    plain = [f'rml:reference "{cell}"' for cell in CELLS]
    made = {
        "without": mapping(folder, "without", plain),
        "ten functions": mapping(folder, "with", [call(*one) for one in WITH]),
        "one reference": mapping(folder, "reference", [plain[1]]),
        "split": mapping(folder, "split", [call("split", "name_fr", " ")]),
    }
    python = peer("morph-kgc", peers) if peers else None
    if python:
        made["ten of GREL"] = mapping(folder, "grel", [grel(*one) for one in GREL])
    outputs = {name: folder / f"{path.stem}.nq" for name, path in made.items()}
    commands = {name: kg(path, outputs[name]) for name, path in made.items()}
    if python:
        theirs, output = folder / "theirs.ttl", folder / "theirs.nt"
        text = made["ten of GREL"].read_text(encoding="utf-8")
        theirs.write_text(text.replace(OWN, f'"{folder / "people.csv"}"'), encoding="utf-8")
        commands[MORPH] = [python, "-m", "morph_kgc", str(morph_settings(folder, theirs, output))]
        outputs[MORPH] = output
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = measure(command, folder / "errors.txt", looks=False).cpu
            costs[name] += [cost] if number else []
    median = {name: statistics.median(found) for name, found in costs.items()}
    for name, seconds in median.items():
        lines = sum(1 for _ in outputs[name].open("rb"))
        print(f"{name:16} {seconds:6.2f} CPU s {lines:10,} triples {lines / seconds / 1000:6.0f} k/s")
    print(f"ten functions / without: {beside(costs, 'ten functions', 'without'):.2f}x CPU (at most 3)")
    print(f"split / one reference: {beside(costs, 'split', 'one reference'):.2f}x CPU (at most 1.5)")
    if python:
        print(f"morph-kgc / ours, ten of GREL: {beside(costs, MORPH, 'ten of GREL'):.1f}x CPU")


def main() -> None:
    """Read the options and measure in a temporary folder, or in one that is kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=300_000, help="rows of the table of people")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    parser.add_argument("--peers", type=Path, help="a folder for the environment of morph-kgc")
    options = parser.parse_args()
    options.peers = options.peers and options.peers.resolve()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        run(options.keep.resolve(), options.rows, options.rounds, options.peers)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), options.rows, options.rounds, options.peers)


if __name__ == "__main__":
    main()
