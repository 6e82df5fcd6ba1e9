"""How the cost of a build grows with what people write: ten times the claims or rows, beside the CPU that they take.

    python bench/growth.py [--small N] [--times N] [--rounds N] [--proof N N ...]

Two projects are made at two sizes, with reviewed claims and the evidence that reviewed claims have.

* claims: in files of 500, each of a thing of its own, with a reference to another thing, a tie to another claim, a
  gloss and a quote with its offsets in a text; the text is there for `kg verify`.
* rows: a table that is itself a document, every row of it reviewed, in three languages, with a number.

Printed are medians of CPU seconds of a process and its children, without those of an interpreter that only imports
the builder: for a build without the proof, for reading claims, for `kg verify`, for 1,000 wrong names among them. A
ratio of ten is linear; below ten is what does not grow at all. Then what the proof takes for each claim, at several
sizes: it is flat when no query of a shape looks at the whole graph.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOML = '[project]\nname = "measured"\nbase = "https://example.org/measured/"\n'
IN_FILE = 500
"""Claims in one file: the limit of a file's size is 8 MB."""
WORDS = "Le barrage n° {n} de la région sera achevé avant la saison des pluies."
QUOTED = "sera achevé"
SOURCES = """\
documents:
  note:
    title: {{fr: Une note}}
    language: fr
    publisher: Example
    licence: Made for a measurement.
    sha256: {sha256}
    text: {text}
"""
FILE = "statedIn: note\nassertedBy: note\nreviewStatus: reviewed\ncheckable: true\nclaims:\n"
CLAIM = """\
- id: N{n}
  gloss: {{en: Dam no. {n} will be finished.}}
  modality: done
  compatibleWith: N{other}
  says: {{id: dam-{n}, name: {{fr: Barrage {n}, ar: سد {n}}}, namedAfter: dam-{other}, locatedIn: {place}}}
  evidence: {{sentence: {sentence}, start: {start}, end: {end}, exact: {quoted}}}
"""
ENTITY = "  dam-{n}: {{type: Project, label: {{ar: سد {n}, fr: Barrage {n}, en: Dam {n}}}}}\n"
PLACE = "  region: {type: Place, label: {ar: الجهة, fr: La région, en: The region}}\n"
HEADER = "code,name_ar,name_fr,name_en,height\n"
ROW = "{n},سد رقم {n},Barrage n° {n},{english},{n}.25\n"
TABLES = """\
tables:
  dams:
    document: note
    id: D$(code)
    modality: done
    checkable: true
    reviewStatus: reviewed
"""
MAP = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix zel: <https://w3id.org/zellige/ont#> .
<#dams> a rml:TriplesMap ;
    rml:logicalSource [ rml:referenceFormulation rml:CSV ;
        rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "dams.csv" ] ] ;
    rml:subjectMap [ rml:template "id/dam-{code}" ; rml:class schema:Thing ] ;
    rml:predicateObjectMap [ rml:predicate zel:name ;
        rml:objectMap [ rml:reference "name_ar" ; rml:language "ar" ] ,
            [ rml:reference "name_fr" ; rml:language "fr" ] , [ rml:reference "name_en" ; rml:language "en" ] ] ;
    rml:predicateObjectMap [ rml:predicate schema:height ;
        rml:objectMap [ rml:reference "height" ; rml:datatype xsd:decimal ] ] .
"""


def begin(folder: Path, text: str, name: str, entities: str) -> Path:
    """The files that both kinds of project have."""
    (folder / "data").mkdir(parents=True)
    (folder / "kg.toml").write_text(TOML, encoding="utf-8")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    (folder / "data" / "sources.yaml").write_text(SOURCES.format(sha256=sha256, text=name), encoding="utf-8")
    (folder / "data" / "entities.yaml").write_text(entities, encoding="utf-8")
    return folder


def written(folder: Path, count: int, *, faulty: bool = False) -> Path:
    """A project of claims that people wrote, with the text that they quote; every tenth of the faulty ones has a name
    that nobody knows.
    """
    lines, spans, blocks, start = [], [], [], 0
    for n in range(count):
        line = WORDS.format(n=n)
        lines.append(line)
        spans.append([start, start + len(line)])
        at = start + line.index(QUOTED)
        place = f"regoin{n}" if faulty and n % 10 == 0 else "region"
        span = {"sentence": n + 1, "start": at, "end": at + len(QUOTED), "quoted": QUOTED}
        blocks.append(CLAIM.format(n=n, other=n - 1 if n else count - 1, place=place, **span))
        start += len(line) + 1
    text = "".join(f"{line}\n" for line in lines)
    begin(folder, text, "note.txt", "entities:\n" + PLACE + "".join(ENTITY.format(n=n) for n in range(count)))
    with (folder / "data" / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(f"    sentences: {spans}\n")
    for name in ("claims", "texts"):
        (folder / "data" / name).mkdir()
    (folder / "data" / "texts" / "note.txt").write_text(text, encoding="utf-8")
    for first in range(0, count, IN_FILE):
        path = folder / "data" / "claims" / f"c{first:06}.yaml"
        path.write_text(FILE + "".join(blocks[first : first + IN_FILE]), encoding="utf-8")
    return folder


def tabular(folder: Path, count: int) -> Path:
    """A project of one table, which is a document, all of whose rows are reviewed."""
    rows = (ROW.format(n=n, english="" if n % 10 == 0 else f"Dam no. {n}") for n in range(count))
    text = HEADER + "".join(rows)
    place = begin(folder, text, "dams.csv", "entities: {}\n") / "data" / "tables"
    place.mkdir()
    (place / "tables.yaml").write_text(TABLES, encoding="utf-8")
    (place / "dams.rml.ttl").write_text(MAP, encoding="utf-8")
    (place / "dams.csv").write_text(text, encoding="utf-8")
    return folder


BEGIN = """
import resource, shutil, sys
from pathlib import Path
from kg import pipeline
from kg.config import read_config
from kg.errors import KgError
from kg.records import read_records, verify
from kg import shacl
from kg.shacl import Report
from kg.terms import Minter
from kg.ontology.own import vocabulary_of

def spent():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)

config = read_config(Path().resolve(), {})
vocabulary = vocabulary_of(config)
started = spent()
"""
END = "\nprint(spent() - started)\n"
UNPROVED = """
shutil.rmtree("releases", ignore_errors=True)
shacl.Proofs.prove = lambda *_, **__: shacl.Proof(Report(), 0, None)
pipeline.build(config, lambda _: None)
"""
WAYS = {
    "build without the proof": UNPROVED,
    "reading": "read_records(config, vocabulary)",
    "kg verify": "verify(read_records(config, vocabulary), Path('data/texts'))",
    "reading, 1 in 10 names unknown": """
try:
    read_records(config, vocabulary)
except KgError as error:
    assert error.problems
""",
}
PROOF = """
taken = []
whole = shacl.Proofs.prove
def timed(*given, **named):
    before = spent()
    report = whole(*given, **named)
    taken.append(spent() - before)
    return report
shutil.rmtree("releases", ignore_errors=True)
shacl.Proofs.prove = timed
pipeline.build(config, lambda _: None)
print(taken[0])
"""


def cpu(script: str, folder: Path) -> float:
    """The CPU seconds that a script prints, run in the folder of a project."""
    command = [sys.executable, "-c", BEGIN + script]
    environ = {"PYTHONPATH": str(ROOT), "PATH": ""}
    ran = subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environ, text=True)
    return float(ran.stdout)


def main() -> None:
    """Measure, interleaved, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=1000, help="claims or rows of the smaller projects")
    parser.add_argument("--times", type=int, default=10, help="how many times as many the larger ones have")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--proof", type=int, nargs="*", default=[250, 500, 1000, 2000], help="claims that are proved")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        growth(Path(name), (given.small, given.small * given.times), given.rounds)
        proof(Path(name), given.proof)


def growth(folder: Path, sizes: tuple[int, int], rounds: int) -> None:
    """What ten times the data take, beside what the data take."""
    kinds = {
        "rows": [tabular(folder / f"rows-{n}", n) for n in sizes],
        "claims": [written(folder / f"claims-{n}", n) for n in sizes],
        "faulty claims": [written(folder / f"faulty-{n}", n, faulty=True) for n in sizes],
    }
    cases = [("rows", "build without the proof"), *(("claims", way) for way in list(WAYS)[:3])]
    cases.append(("faulty claims", list(WAYS)[3]))
    taken: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for number in range(rounds):
        for kind, way in cases:
            small, large = (cpu(WAYS[way] + END, project) for project in kinds[kind])
            taken.setdefault((kind, way), []).append((small, large))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    print(f"{sizes[0]:,} and {sizes[1]:,}, CPU seconds, medians of {rounds}")
    for (kind, way), pairs in taken.items():
        small, large = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{kind:14} {way:31} {small:7.2f} {large:8.2f}   {large / small:5.1f} times")


def proof(folder: Path, sizes: list[int]) -> None:
    """What the proof takes for each claim, at several sizes."""
    for n in sizes:
        told = []
        for kind, make in (("claims", written), ("rows", tabular)):
            took = cpu(PROOF, make(folder / f"proof-{kind}-{n}", n))
            told.append(f"{kind} {took:7.2f} s, {1000 * took / n:6.2f} ms each")
        print(f"the proof of {n:6,} reviewed  " + "   ".join(told))


if __name__ == "__main__":
    main()
