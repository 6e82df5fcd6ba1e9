"""Random shapes, data and changes: what is proved after a change is what is proved of the whole."""

from __future__ import annotations

import io
import os

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ShapesError
from kg.shacl import Report, shapes_graph
from kg.shacl.gate import Judged, gate_columns, judged
from kg.shacl.incremental.packing import Packed, pack
from kg.shacl.incremental.revalidating import State, revalidate
from kg.shacl.shapes.files import ShapesGraph
from kg.store import canonical_lines, in_store_form
from shacl.shape_strategies import CLASSES, LITERALS, NODES, PREDICATES, PREFIXES, any_of, data, paths, shapes

ONTOLOGY = "http://e/ontology"
EXAMPLES = int(os.environ.get("KG_DELTAS", "70"))
GRAPHS = [":g", ":h", ":i"]
QUERIES = [
    "SELECT $this ?value WHERE { $this :p ?value }",
    "SELECT $this WHERE { $this :p ?x . ?x :q ?y . FILTER NOT EXISTS { ?y :r $this } }",
    "SELECT $this ?value WHERE { $this (:p|^:q) ?value ; :r ?z FILTER (?z != 2) }",
    "SELECT $this ?value WHERE { $this :p ?value . ?value :p* $this }",
    "SELECT $this ?value WHERE { $this :p* ?value }",
    "SELECT $this ?value WHERE { $this :p ?x . ?value :q ?x }",
    "SELECT $this (COUNT(?x) AS ?value) WHERE { $this :p/:q ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this ?value WHERE { $this ?any ?value . FILTER (isLiteral(?value)) }",
    "SELECT $this WHERE { $this a ?kind . FILTER EXISTS { ?other a ?kind ; :q 1 } }",
    "SELECT $this WHERE { $this :q ?x OPTIONAL { ?x :p ?y } FILTER (!bound(?y)) }",
    "SELECT $this WHERE { ?x :r $this . ?x :p|:q ?y FILTER (isIRI(?y)) }",
]
ASKS = [
    "ASK { FILTER (isIRI($value)) }",
    "ASK { $value :q ?x }",
    "ASK { $this :r $value . FILTER NOT EXISTS { $value :p $this } }",
]


@st.composite
def queried(draw):
    """Shapes with queries, on which a component of one's own has been hung."""
    lines = [
        ':prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] .',
        ":Own a sh:ConstraintComponent ; sh:parameter [ sh:path :own ] .",
        f':Own sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes :prefixes ; sh:ask "{draw(any_of(ASKS))}" ] .',
    ]
    for number in range(draw(st.integers(0, 2))):
        path = f" sh:path {draw(paths())} ;" if draw(st.booleans()) else ""
        query = draw(any_of(QUERIES))
        own = " ; :own 1" if draw(st.booleans()) else ""
        target = draw(
            any_of(["sh:targetClass :A", "sh:targetSubjectsOf :p", "sh:targetNode :a", "sh:targetObjectsOf :q"])
        )
        lines.append(f':Q{number} {target} ;{path} sh:sparql [ sh:prefixes :prefixes ; sh:select "{query}" ]{own} .')
    return "\n".join(lines)


@st.composite
def circular(draw):
    """Shapes that call themselves by way of others."""
    target = draw(any_of(["sh:targetNode :a", "sh:targetClass :A", "sh:targetSubjectsOf :p"]))
    inner = draw(any_of(["sh:node :R", "sh:property :T"]))
    path = draw(paths(1))
    return (
        f"{PREFIXES} :R a sh:NodeShape ; {target} ; sh:property [ sh:path :p ; {inner} ] , [ sh:path :q ; sh:minCount 1 ] ."
        f" :T a sh:PropertyShape ; sh:path {path} ; sh:node :R ."
    )


def read(*texts: str) -> ShapesGraph | None:
    """Shapes, unless they are refused."""
    quads = [quad for text in texts for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)]
    try:
        return shapes_graph(quads)
    except ShapesError:
        return None


@st.composite
def statements(draw, most: int = 6):
    """Lines of one graph or another."""
    said = []
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.integers(0, 9))
        node = draw(any_of(NODES))
        if kind == 0:
            triple = f"{draw(any_of(CLASSES))} rdfs:subClassOf {draw(any_of(CLASSES))} ."
        elif kind < 4:
            triple = f"{node} a {draw(any_of(CLASSES))} ."
        else:
            triple = f"{node} {draw(any_of(PREDICATES))} {draw(any_of(NODES) | any_of(LITERALS))} ."
        graph = draw(any_of([*GRAPHS, "", "", ":ontology"] if kind else ["", ":ontology"]))
        said.append(f"{graph} {{ {triple} }}" if graph else triple)
    return "\n".join(said)


def lines(*texts: str) -> set[str]:
    """What a release would hold of them: no blank nodes, literals in the form of the store."""
    text = PREFIXES + "\n".join(part.replace("_:", ":blank_") for part in texts)
    return set(canonical_lines(in_store_form(ox.parse(text, format=ox.RdfFormat.TRIG))))


def opened(found: Judged) -> State:
    """What was found, kept and taken up again."""
    file = io.BytesIO()
    pack(found.columns, file)
    return State.opened(Packed(memoryview(file.getvalue())), found.verdicts)


def told(report: Report) -> tuple[str, dict[str, int]]:
    """All that a report tells, reasons and details included, which are no part of equality."""
    return repr(report.results), dict(report.coverage)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_proved_after_changes_is_what_is_proved_of_the_whole(drawn: st.DataObject) -> None:
    levels = [
        drawn.draw(st.builds(read, shapes(), queried()) | st.builds(read, circular()) | st.builds(read, shapes()))
        for _ in range(drawn.draw(st.integers(2, 3)))
    ]
    if None in levels:
        return
    now = lines(drawn.draw(data()), drawn.draw(statements()))
    state = opened(judged(gate_columns(sorted(now), ONTOLOGY), levels))
    for _ in range(drawn.draw(st.integers(1, 3))):
        gone = set(drawn.draw(st.lists(any_of(sorted(now)), max_size=3))) if now else set()
        new = lines(drawn.draw(statements())) - now
        removed, added = ([line.encode() for line in sorted(part)] for part in (gone, new))
        now = now - gone | new
        found = revalidate(state, removed, added, ONTOLOGY, levels)
        whole = judged(gate_columns(sorted(now), ONTOLOGY), levels)
        assert told(found.report) == told(whole.report)
        state = found.state
        again = revalidate(state, [], [], ONTOLOGY, levels)
        assert (again.proved, told(again.report)) == (0, told(whole.report))
