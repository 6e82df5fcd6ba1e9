"""The row of this mapper in the community's implementation report of RML, as its CSV: testcase_id, status, notes.

    python bench/rml_report.py [--suites FOLDER] [-o zellige.csv]

FOLDER holds the test cases of the modules of RML, each module a folder with a `metadata.csv` and a folder for each
case; by default those of `../shared/suites`. Every case is run in a copy of its folder without what it should give.
`passed` is a run whose dataset is the one that is expected, in every output, compared by RDFC-1.0, or a run that fails
where it must; `inapplicable` is one whose source or target is refused by name, as the network is; anything else is
`failed`, with the first line of what was said. A summary goes to standard error.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.rml import Access, map_to

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from rml.cases_of_io import rdf_json, with_database  # noqa: E402
from rml.datasets import canonical, lenient_nquads  # noqa: E402 -- what the tests compare by
from rml.reading_back import unpacked  # noqa: E402

BASE = "http://example.com/"
REFUSED = ("are not read", "not fetched", "not part of this", "is not written", "no network")
DATABASE = "RMLSTC0006a"
"""The case whose rows are to be put into a database first: a file of SQLite here."""
OUTPUTS = ("output1", "output2", "output3")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--suites", type=Path, default=ROOT.parent / "shared" / "suites")
    parser.add_argument("-o", "--output", type=Path, help="a file; without it, standard output")
    arguments = parser.parse_args()
    suites = sorted(path.parent for path in arguments.suites.glob("rml-*/metadata.csv"))
    if not suites:
        sys.exit(f"there are no suites below {arguments.suites}: a suite is a folder with a metadata.csv")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("testcase_id", "status", "notes"))
    for suite in suites:
        rows = list(results(suite))
        writer.writerows(rows)
        counted = Counter(status for _, status, _ in rows)
        told = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
        print(f"{suite.name}: {len(rows)} cases: {told}", file=sys.stderr)
    if arguments.output is None:
        sys.stdout.write(text.getvalue())
    else:
        arguments.output.write_text(text.getvalue(), encoding="utf-8")


def results(suite: Path) -> Iterator[tuple[str, str, str]]:
    """The result of each case of a suite, in the order of its table."""
    with (suite / "metadata.csv").open(encoding="utf-8", newline="") as file:
        for case in csv.DictReader(file):
            yield case["ID"], *result(suite / case["ID"], case)


def result(folder: Path, case: dict[str, str]) -> tuple[str, str]:
    """The status of one case, and a note where it is not passed."""
    must_fail = case["error"] == "true"
    expected = [case[name] for name in OUTPUTS if case.get(name)]
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "case"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*expected) if expected else None)
        made = io.BytesIO()
        try:
            access = Access(targets=copy, working=copy)
            mapping = with_database(folder, copy) if case["ID"] == DATABASE else copy / case["mapping"]
            map_to(mapping, made, base=case.get("base_iri") or BASE, access=access)
        except KgError as error:
            note = str(error).splitlines()[0].replace(f"{copy}/", "")
            if must_fail:
                return "passed", ""
            return ("inapplicable" if any(part in note for part in REFUSED) else "failed"), note
        if must_fail:
            return "failed", "it should have been refused"
        notes = []
        for number, name in enumerate(expected):
            given = copy / name
            if number == 0 and not given.is_file():
                given.write_bytes(made.getvalue())
            if not given.is_file():
                return "failed", f"{name} was not written"
            found, wanted = read(given), read(folder / name)
            if canonical(found) == canonical(wanted):
                continue
            if canonical(map(plain, found)) != canonical(map(plain, wanted)):
                return "failed", f"{name} holds other statements"
            notes.append(f"{name} of the suite writes numbers as plain texts, against RML-Core")
    return "passed", "; ".join(notes)


def read(path: Path) -> list[ox.Quad]:
    """The statements of a file, packed or not, by its suffixes; `.rdfxml` is the suite's own."""
    content, suffix = unpacked(path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16").encode()
    if suffix == ".rdfjson":
        return list(rdf_json(json.loads(content)))
    form = ox.RdfFormat.RDF_XML if suffix == ".rdfxml" else ox.RdfFormat.from_extension(suffix[1:])
    try:
        return list(ox.parse(content, form or ox.RdfFormat.N_QUADS, base_iri=BASE, lenient=True))
    except SyntaxError:
        return lenient_nquads(content.decode().replace("\\u0020", " "))


def plain(quad: ox.Quad) -> ox.Quad:
    """A statement whose literal is a plain text."""
    text = quad.object
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(text.value) if isinstance(text, ox.Literal) else text)


if __name__ == "__main__":
    main()
