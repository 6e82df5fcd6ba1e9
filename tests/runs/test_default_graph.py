"""The default graph, derived from lines as they pass, is what the published rule says: the queries are asked too."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_samples import BASE, RULE, sample_quads

from kg import pipeline
from kg.config import read_config
from kg.rdf.rows import ROW
from kg.runs import Drawing, Workshop
from kg.runs.default import RULE as DONE_BY_HAND
from kg.runs.default import Scan
from kg.runs.derivation import Derivation
from kg.runs.survey import survey
from kg.store import derive_default, parse_lines, parse_rule
from kg.terms import SCHEME, ZEL, expand

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = [ROOT, *sorted(path.parent for path in (ROOT / "examples").glob("*/kg.toml"))]


def derived(quads: Iterable[ox.Quad], base: str, size: int = 1000) -> tuple[list[str], dict[str, str]]:
    """The derived graphs and the reasons, the lines passing in blocks of a size."""
    stated = f"<{base}graph/stated>".encode()
    lines = sorted({f"{quad} .\n".encode() for quad in quads})
    blocks = [lines[at : at + size] for at in range(0, len(lines), size)]
    scan = Scan(base, parse_rule(RULE).lists)
    for block in reversed(blocks):
        scan(ROW.findall(b"".join(block)))
    admission = scan.close()
    seen = survey(admission, lambda: (b"".join(block) for block in blocks))
    led = b"".join(seen.lines(stated)).splitlines(keepends=True)
    given = sorted({*lines, *led})
    blocks = [given[at : at + size] for at in range(0, len(given), size)]
    derivation = Derivation(admission, seen, base)
    passed = [(line, row) for both in derivation(blocks) for line, row in zip(*both, strict=True)]
    assert [line for line, _ in passed] == sorted({line for line, _ in passed})
    views = (b"", stated, f"<{base}graph/other>".encode())
    assert [line for line, row in passed if row[3] not in views] == [line for line in lines if not is_default(line)]
    found = [line.decode().removesuffix("\n") for line, row in passed if row[3] in views]
    withheld = {claim[1:-1].decode(): reason for claim, reason in derivation.withheld().items()}
    return found, dict(sorted(withheld.items()))


def is_default(line: bytes) -> bool:
    (quad,) = parse_lines([line.decode()])
    return quad.graph_name == ox.DefaultGraph()


def by_the_rule(quads: Iterable[ox.Quad], base: str) -> tuple[list[str], dict[str, str]]:
    found = derive_default(quads, RULE, base)
    return sorted(f"{quad} ." for quad in found.quads), dict(found.withheld)


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if "//" in name else expand(name))


CLAIMS = [node(f"{BASE}claim/C{n}") for n in range(4)]
THINGS = [node(f"{BASE}id/t{n}") for n in range(5)]
METADATA, REGISTER, ONTOLOGY = (node(f"{BASE}graph/{name}") for name in ("claims", "entities", "ontology"))
TEXTS = [ox.Literal('a "b" \\ <c> .'), ox.Literal("ا", language="ar"), ox.Literal(f"{BASE}id/t0")]
STATUS = [node(f"{SCHEME}status/{name}") for name in ("done", "active", "in-force", "planned", "piloted")]
KINDS = [node(ZEL + name) for name in ("Target", "Goal", "Measure", "Announcement", "Roadmap")]
MODALITIES = [node(f"{SCHEME}modality/{name}") for name in
              ("done", "allocated", "announced", "planned", "target", "claimed", "other")]  # fmt: skip
REVIEWS = [node(f"{SCHEME}review/{name}") for name in ("reviewed", "located", "contested", "rejected")]
PATHS = [node(f"zel:{name}") for name in ("date", "place", "topic")]
LEADS = [node(f"zel:{name}") for name in ("eventDate", "takesPlaceIn", "focusesOn", "signedAt", "announcedAt")]
things, claims = st.sampled_from(THINGS), st.sampled_from(CLAIMS)


def stated(graph: st.SearchStrategy[ox.NamedNode]) -> st.SearchStrategy[ox.Quad]:
    """What a claim, the register or the ontology says."""
    return st.one_of(
        st.builds(ox.Quad, things, st.just(node("rdf:type")), st.sampled_from(KINDS), graph),
        st.builds(ox.Quad, things, st.just(node("zel:lifecycleStatus")), st.sampled_from([*STATUS, *TEXTS]), graph),
        st.builds(ox.Quad, things, st.just(node("zel:targetQuantity")), st.sampled_from([*THINGS, *TEXTS]), graph),
        st.builds(ox.Quad, things, st.just(node("zel:partnerOf")), st.sampled_from([*THINGS, *TEXTS]), graph),
        st.builds(ox.Quad, things, st.just(node("zel:reviewStatus")), st.sampled_from(REVIEWS), graph),
        st.builds(ox.Quad, things, st.sampled_from(LEADS), st.sampled_from([*THINGS[:3], TEXTS[0]]), graph),
    )


ABOUT_CLAIMS = st.one_of(
    st.builds(ox.Quad, claims, st.just(node("rdf:type")), st.just(node(ZEL + "Claim")), st.just(METADATA)),
    st.builds(
        ox.Quad, claims, st.just(node("zel:modality")), st.sampled_from([*MODALITIES, TEXTS[0]]), st.just(METADATA)
    ),
    st.builds(
        ox.Quad,
        claims,
        st.just(node("zel:reviewStatus")),
        st.sampled_from([*REVIEWS, *[REVIEWS[0]] * 6, ox.Literal("a/b\nc/d")]),
        st.just(METADATA),
    ),
    st.builds(ox.Quad, claims, st.just(node("zel:contradicts")), claims, st.just(METADATA)),
    st.builds(ox.Quad, claims, st.just(node("zel:about")), things, st.just(METADATA)),
    stated(st.just(METADATA)),
)
LABELS = [node(name) for name in ("rdfs:label", "owl:sameAs", "skos:exactMatch", "skos:closeMatch", "skos:note")]
REGISTERED = st.one_of(
    stated(st.just(REGISTER)),
    st.builds(ox.Quad, things, st.sampled_from(LABELS), st.sampled_from([*TEXTS, *THINGS]), st.just(REGISTER)),
)
PUT_BELOW = st.builds(
    ox.Quad, st.sampled_from(LEADS[:3]), st.just(node("rdfs:subPropertyOf")), st.sampled_from(PATHS), st.just(ONTOLOGY)
)
CORPORA = st.tuples(
    st.lists(ABOUT_CLAIMS, max_size=14),
    st.lists(stated(claims), max_size=14),
    st.lists(REGISTERED, max_size=8),
    st.lists(st.one_of(stated(st.just(ONTOLOGY)), PUT_BELOW), max_size=6),
).map(lambda parts: [quad for part in parts for quad in part])


def test_the_rule_is_the_published_one() -> None:
    assert parse_rule(RULE).pattern == DONE_BY_HAND


@settings(max_examples=400, deadline=None)
@given(quads=CORPORA, size=st.integers(1, 5))
def test_any_corpus_has_the_default_graph_and_the_reasons_of_the_rule(quads: list[ox.Quad], size: int) -> None:
    assert derived(quads, BASE, size) == by_the_rule(quads, BASE)


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_the_sample_has_them_too(size: int) -> None:
    found, withheld = derived(sample_quads(), BASE, size)
    assert (found, withheld) == by_the_rule(sample_quads(), BASE)
    assert set(withheld.values()) == {"claimed", "contested", "plan-without-pending-thing"}
    assert len(found) > 10


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_projects_have_them_too(project: Path, tmp_path: Path) -> None:
    config = dataclasses.replace(read_config(project, {}), releases_dir=tmp_path / "releases")
    with Workshop(config.releases) as workshop:
        stated = pipeline.gather(config, str, None, workshop, pipeline.prepare(config, str))
        quads = list(parse_lines(line.decode() for block in stated.drawing.blocks() for line in block))
    assert derived(quads, config.project.base) == by_the_rule(quads, config.project.base)


def test_another_rule_is_run_as_it_stands(tmp_path: Path) -> None:
    """Only one remark more: the same graph by another way. Then no labels: another graph."""
    lines = {}
    for name, rule in {
        "published": RULE,
        "remark": f"{RULE}# a remark\n",
        "no labels": RULE.replace("VALUES ?p { rdf:type rdfs:label", "VALUES ?p { skos:note", 1),
    }.items():
        drawing = Drawing(BASE, parse_rule(rule), lambda: tmp_path)
        drawing.entry.quads(sample_quads())
        seen: list[tuple[bytes, int]] = []
        drawn = drawing.draw(hash, lambda *taken, to=seen: to.append((taken[0], len(taken[1]))))
        lines[name] = list(drawn.graph.lines())
        assert b"".join(block for block, _ in seen).decode().splitlines() == lines[name]
        assert sum(rows for _, rows in seen) == len(lines[name])
        assert sum(drawn.withheld.values()) == 3
    assert lines["published"] == lines["remark"]
    facts = {name: {line for line in found if is_default(line.encode())} for name, found in lines.items()}
    assert facts["no labels"] < facts["published"]
    assert list(tmp_path.iterdir()) == []
