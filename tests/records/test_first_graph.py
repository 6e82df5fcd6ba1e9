"""The first graph itself: every fact, every quote, every promise about what is published."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from patience import trials
from rdflib.compare import to_canonical_graph

from kg import export, pipeline, store
from kg.config import read_config
from kg.errors import EvidenceError
from kg.release import Release, open_release
from kg.terms import PREFIXES, ZEL

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/zellige/"
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def rows(release: Release, text: str) -> list[tuple[str, ...]]:
    found = store.read(release.store_path).query(PREFIX + text)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in found]


@pytest.fixture(scope="module")
def facts(shared: Path) -> list[dict[str, str]]:
    text = (shared / "design" / "facts-seed.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_fact_is_there_with_its_modality_words_and_offsets(built: Release, facts: list[dict[str, str]]) -> None:
    found = rows(
        built,
        """SELECT ?fact ?modality ?sentence ?start ?end ?exact ?checkable WHERE { GRAPH ?g {
             ?claim zel:statedIn <https://w3id.org/zellige/doc/seed> ; zel:factId ?fact ; zel:modality ?m ;
                    zel:checkable ?checkable ; zel:supportedBy ?evidence .
             ?evidence zel:sentenceNumber ?sentence ; oa:hasTarget/oa:hasSelector ?p , ?q .
             ?p oa:start ?start ; oa:end ?end . ?q oa:exact ?exact
             BIND (REPLACE(STR(?m), "^.*/", "") AS ?modality) } }""",
    )
    wanted = [
        (
            fact["id"],
            fact["modality"].split(" (")[0],
            fact["sentence"],
            fact["start"],
            fact["end"],
            fact["phrase"],
            "true" if fact["checkable"] == "yes" else "false",
        )
        for fact in facts
    ]
    assert len(wanted) == 103
    assert sorted(found) == sorted(wanted)


def test_every_fact_of_the_other_documents_has_a_claim(built: Release, shared: Path) -> None:
    lines = (shared / "design" / "facts-elsewhere.tsv").read_text(encoding="utf-8").splitlines()[1:]
    wanted = {line.split("\t")[0] for line in lines}
    found = {row[0] for row in rows(built, "SELECT DISTINCT ?f { GRAPH ?g { ?c zel:factId ?f } }")}
    assert wanted <= found


def test_the_quotes_hold_against_the_text(shared: Path) -> None:
    from small_project import kg

    done = kg("verify", "--sources", shared / "sources", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("103 quotes match in 1 documents")


def test_one_altered_character_is_told_with_the_claims_line(shared: Path, tmp_path: Path) -> None:
    from kg.ontology.own import vocabulary_of
    from kg.records import read_records, verify

    config = read_config(ROOT, {})
    records = read_records(config, vocabulary_of(config))
    name = records.documents["seed"].text_file or ""
    text = (shared / "sources" / name).read_text(encoding="utf-8")
    pick = random.Random(7)
    for claim in pick.sample([c for c in records.claims.values() if c.document == "seed"], 12):
        evidence = claim.evidence[0]
        assert evidence.start is not None
        assert evidence.end is not None
        at = pick.randrange(evidence.start, evidence.end)
        (tmp_path / name).write_text(text[:at] + "#" + text[at + 1 :], encoding="utf-8")
        with pytest.raises(EvidenceError) as caught:
            verify(records, tmp_path)
        lines = [str(problem) for problem in caught.value.problems]
        assert any(line.startswith(f"{evidence.position}: claim '{claim.id}'") for line in lines)
        assert evidence.position.path.startswith("data/claims/")


def test_nothing_of_the_publishers_text_is_in_the_project_but_short_phrases(shared: Path) -> None:
    text = (shared / "sources" / "ai-made-in-morocco.ar.txt").read_text(encoding="utf-8")
    for path in [*ROOT.glob("data/**/*"), *ROOT.glob("docs/**/*"), *ROOT.glob("ontology/**/*")]:
        body = path.read_bytes().decode(errors="replace") if path.is_file() else ""  # pictures are files too
        for start in range(0, len(text) - 90, 30):
            assert text[start : start + 90] not in body, path


def test_every_triple_of_the_default_graph_is_stated_or_registered(built: Release) -> None:
    database = store.read(built.store_path)
    named = {(q.subject, q.predicate, q.object) for q in database if not isinstance(q.graph_name, ox.DefaultGraph)}
    for quad in database.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        assert (quad.subject, quad.predicate, quad.object) in named


def test_no_plan_reads_as_done_in_the_default_graph(built: Release) -> None:
    # Independent of the rule: a planned statement that is shown must touch something that says it is pending.
    shown = rows(
        built,
        """SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o . GRAPH ?c { ?s ?p ?o }
             GRAPH ?g { ?c zel:modality ?m } FILTER (?m IN (
               <https://w3id.org/zellige/scheme/modality/planned>, <https://w3id.org/zellige/scheme/modality/announced>,
               <https://w3id.org/zellige/scheme/modality/target>)) }""",
    )
    pending = {
        row[0]
        for row in rows(built, "SELECT DISTINCT ?x { ?x zel:lifecycleStatus ?s FILTER (!STRENDS(STR(?s), '/done')) }")
    }
    pending |= {
        row[0]
        for row in rows(
            built, "SELECT DISTINCT ?x { ?x a ?k FILTER (?k IN (zel:Target, zel:Goal, zel:Measure, zel:Announcement)) }"
        )
    }
    pending |= {row[0] for row in rows(built, "SELECT DISTINCT ?x { ?t zel:targetQuantity ?x }")}
    assert shown
    for subject, predicate, value in shown:
        assert subject in pending or value in pending, (subject, predicate, value)


def test_opinions_and_unreviewed_claims_stay_out_of_the_default_graph(built: Release) -> None:
    assert rows(built, "SELECT ?s { ?s zel:characterisedAs ?words }") == []
    assert rows(built, "SELECT ?o { <https://w3id.org/zellige/id/jazari-project> zel:namedAfter ?o }") == []
    assert rows(built, "SELECT ?o { <https://w3id.org/zellige/id/event-ai-made-in-morocco> zel:eventDate ?o }") == []


def test_the_two_libraries_read_the_release_alike(built: Release) -> None:
    lines = list(built.lines())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, inside its parser
        dataset = rdflib.Dataset()
        dataset.parse(data="\n".join(lines), format="nquads")
        seen = {(s.n3(), p.n3(), o.n3(), "" if g is None else g.n3()) for s, p, o, g in dataset.quads()}
    wanted = set()
    for quad in ox.parse("\n".join(lines), ox.RdfFormat.N_QUADS):
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
        wanted.add((str(quad.subject), str(quad.predicate), as_rdflib(quad.object), graph))
    assert {(s, p, o, g.replace("<urn:x-rdflib:default>", "")) for s, p, o, g in seen} == wanted


def as_rdflib(term: object) -> str:
    if isinstance(term, ox.Literal):
        plain = term.language is None and term.datatype.value == PREFIXES["xsd"] + "string"
        # normalize=False: what the file says, so that a rewriting by the other side would show.
        literal = rdflib.Literal(
            term.value,
            lang=term.language,
            datatype=None if plain or term.language else rdflib.URIRef(term.datatype.value),
            normalize=False,
        )
        return literal.n3()
    return str(term)


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml"])
def test_exports_of_the_default_graph_read_back_alike(name: str, built: Release) -> None:
    buffer = io.BytesIO()
    export.export(built, name, buffer)
    formats = {
        "turtle": (ox.RdfFormat.TURTLE, "turtle"),
        "ntriples": (ox.RdfFormat.N_TRIPLES, "nt"),
        "rdfxml": (ox.RdfFormat.RDF_XML, "xml"),
    }
    by_ox = {str(quad.triple) for quad in ox.parse(buffer.getvalue(), formats[name][0])}
    stored = store.read(built.store_path).quads_for_pattern(None, None, None, ox.DefaultGraph())
    assert by_ox == {str(quad.triple) for quad in stored}
    graph = rdflib.Graph().parse(data=buffer.getvalue(), format=formats[name][1])
    other = rdflib.Graph().parse(data="".join(f"{t} .\n" for t in by_ox), format="nt")
    assert set(to_canonical_graph(graph)) == set(to_canonical_graph(other))


@pytest.mark.parametrize("name", ["nquads", "trig", "jsonld"])
def test_exports_of_everything_read_back_alike(name: str, built: Release) -> None:
    buffer = io.BytesIO()
    export.export(built, name, buffer)
    formats = {
        "nquads": (ox.RdfFormat.N_QUADS, "nquads"),
        "trig": (ox.RdfFormat.TRIG, "trig"),
        "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    }
    assert store.canonical_lines(ox.parse(buffer.getvalue(), formats[name][0])) == list(built.lines())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, inside its parser
        dataset = rdflib.Dataset()
        dataset.parse(data=buffer.getvalue(), format=formats[name][1])
        seen = {(s.n3(), p.n3(), o.n3()) for s, p, o, _ in dataset.quads()}
    assert seen == {
        (str(q.subject), str(q.predicate), as_rdflib(q.object))
        for q in ox.parse("\n".join(built.lines()), ox.RdfFormat.N_QUADS)
    }


def copy_of_the_project(folder: Path) -> Path:
    for name in ("ontology", "vocabulary", "data"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "kg.toml", folder)
    return folder


def test_two_builds_in_two_folders_are_the_same_to_the_byte(built: Release, tmp_path: Path) -> None:
    again = pipeline.build(read_config(copy_of_the_project(tmp_path / "elsewhere"), {}), lambda _: None)
    assert again.id == built.id
    for name in ("graph.nq.gz", "manifest.json", "void.ttl", "report.ttl", "report.json"):
        assert (again.path / name).read_bytes() == (built.path / name).read_bytes(), name


def test_killed_builds_leave_the_last_good_release(built: Release, tmp_path: Path) -> None:
    project = copy_of_the_project(tmp_path / "project")
    config = read_config(project, {})
    pipeline.build(config, lambda _: None)
    claims = project / "data" / "claims" / "seed-event.yaml"
    whole = claims.read_text(encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    pick = random.Random(20)
    took = 3.0
    for number in range(trials(10)):
        # Another release each time, so that a build which got through is a new one and not a finding of the old.
        claims.write_text(
            whole.replace("It took place in Rabat.", f"It took place in Rabat ({number})."), encoding="utf-8"
        )
        started = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-m", "kg", "build", "-q"], cwd=project, env=environ, stdout=subprocess.DEVNULL
        )
        try:
            child.wait(timeout=pick.uniform(0, took))
            took = time.monotonic() - started
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
        release = open_release(project / "releases")
        assert rows(release, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [
            (str(release.manifest["counts"]["default_triples"]),)
        ]
        assert rows(release, f"SELECT ?n {{ GRAPH ?g {{ <{BASE}claim/F005> <{ZEL}gloss> ?n }} }}")
    pipeline.build(config, lambda _: None)
    assert not list((project / "releases").glob(".building-*"))
