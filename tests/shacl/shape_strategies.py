"""Random shapes and data in Turtle: every component of SHACL Core, every path and target, odd values."""

from __future__ import annotations

from hypothesis import strategies as st

PREFIXES = """
@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NODES = [":a", ":b", ":c", "_:x", "_:y"]
CLASSES = [":A", ":B", ":C"]
PREDICATES = [":p", ":q", ":r"]
LITERALS = [
    "1", "2", "3", "-1", "01", "1.0", "1.50", "2e0", "true", "false", '"a"', '"b"', '"ab c"', '""', '"1"',
    '"a"@en', '"b"@en', '"a"@fr', '"a"@ar-ma', '"2026-01-01"^^xsd:date', '"2026-12-31"^^xsd:date', '"x"^^xsd:integer',
    '"2026-02-30"^^xsd:date', '"2026-01-01T00:00:00Z"^^xsd:dateTime', '"300"^^xsd:byte', '"a"^^:own', '"é٣"',
]  # fmt: skip
CANONICAL = [x for x in LITERALS if x not in {"01", "1.0", "1.50", "2e0", '"300"^^xsd:byte', "false", '""'}]
"""Those that a store keeps as they are spelled, and that rdflib does not take for no subject at all."""
NUMBERS = ["1", "2", "3", "-1", "1.5", "2.5e0", "0", "1.0", "01"]
"""What can be compared: else pySHACL takes IRIs for comparable, and ends at a blank node (SHACL, section 4.5.3)."""
SIMPLE = [":p", "[ sh:inversePath :q ]", "( :p :q )", "[ sh:alternativePath ( :p :r ) ]", "[ sh:oneOrMorePath :p ]"]
"""Paths that rdflib can parse where they are written into a query."""
QUERIES = [
    "SELECT $this { $this :p ?any }", "SELECT DISTINCT $this ?value { $this :p ?value FILTER (isLiteral(?value)) }",
    "SELECT $this ?value { $this :q ?value FILTER NOT EXISTS { ?value :p ?any } }",
    "SELECT $this ?value { $this :p ?value ; :q ?value }", "SELECT $this ?value { ?value :r $this }",
    "SELECT $this { { FILTER (isIRI($this)) } $this a ?kind }", "SELECT $this ?value { $this :p/:q ?value }",
    "SELECT DISTINCT $this ?value { $this (:p|^:q)+ ?value }", "SELECT $this ?path { $this ?path :a }",
    "SELECT $this { OPTIONAL { $this :p ?v } FILTER (!bound(?v)) }", "SELECT $this { FILTER ($this = :a) }",
    "SELECT $this ?value { { $this :p ?value } UNION { $this :q ?value } FILTER (?value != :b) }",
    "SELECT $this { $this :p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this ?value { $this :p ?value FILTER (lang(?value) = 'en' || ?value = 2) }",
    "SELECT $this { $this a/rdfs:subClassOf* :A }",
]  # fmt: skip
PATH_QUERIES = [
    "SELECT DISTINCT $this ?value { $this $PATH ?value FILTER (isIRI(?value)) }",
    "SELECT $this { FILTER NOT EXISTS { $this $PATH ?any } }",
]
FOUND = [
    "SELECT ?this { ?this a :A }", "SELECT DISTINCT ?this { ?x :p ?this }", "SELECT ?this { ?this :p ?x MINUS { ?this :q ?y } }",
    "SELECT ?this { VALUES ?this { :a :b } }", "SELECT ?this { ?this :p ?x } GROUP BY ?this HAVING (COUNT(?x) > 1)",
    "SELECT ?this { ?x :q ?this FILTER (isLiteral(?this)) }", "SELECT ?this { { ?this :p :a } UNION { ?this :r ?y } }",
]  # fmt: skip
DECLARED = """
:prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] ,
  [ sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#"^^xsd:anyURI ] .
:Having a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:parameter [ sh:path :what ] ; sh:prefixes :prefixes ;
  sh:select "SELECT ?this { ?this :p $what }" .
:Fewer a sh:ConstraintComponent ; sh:parameter [ sh:path :fewer ] ; sh:nodeValidator [ a sh:SPARQLSelectValidator ;
  sh:prefixes :prefixes ; sh:select "SELECT $this { $this :p ?v } GROUP BY $this HAVING (COUNT(?v) >= $fewer)" ] .
:Only a sh:ConstraintComponent ; sh:parameter [ sh:path :only ] ; sh:validator [ a sh:SPARQLAskValidator ;
  sh:prefixes :prefixes ; sh:ask "ASK { FILTER ($value = $only || EXISTS { $value :q $only }) }" ] .
"""
DATATYPES = [
    "xsd:integer",
    "xsd:decimal",
    "xsd:double",
    "xsd:string",
    "rdf:langString",
    "xsd:date",
    "xsd:boolean",
    "xsd:byte",
]
KINDS = ["sh:IRI", "sh:BlankNode", "sh:Literal", "sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral", "sh:IRIOrLiteral"]
PATTERNS = ['"a"', '"^a"', '"b$"', '"^[ab]+$"', '"A" ; sh:flags "i"', '"[0-9]{2,}"', '"."']


def any_of(values):
    return st.sampled_from(values)


@st.composite
def data(draw, literals=LITERALS, nodes=NODES):
    """A data graph of a few nodes, classes and properties."""
    lines = [PREFIXES]
    above, kinds = st.tuples(any_of(CLASSES), any_of(CLASSES)), st.tuples(any_of(NODES), any_of(CLASSES))
    lines += [f"{a} rdfs:subClassOf {b} ." for a, b in draw(st.lists(above, max_size=3))]
    lines += [f"{node} a {kind} ." for node, kind in draw(st.lists(kinds, max_size=5))]
    for _ in range(draw(st.integers(1, 12))):
        value = draw(any_of(nodes) | any_of(literals)) if nodes else draw(any_of(literals))
        lines.append(f"{draw(any_of(NODES))} {draw(any_of(PREDICATES))} {value} .")
    return "\n".join(lines)


def paths(depth: int = 2):
    simple = any_of(PREDICATES)
    if depth == 0:
        return simple
    inner = paths(depth - 1)
    return st.one_of(
        simple,
        simple,
        simple.map(lambda p: f"[ sh:inversePath {p} ]"),
        st.tuples(inner, inner).map(lambda ps: f"( {ps[0]} {ps[1]} )"),
        st.tuples(inner, inner).map(lambda ps: f"[ sh:alternativePath ( {ps[0]} {ps[1]} ) ]"),
        st.tuples(any_of(["zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"]), inner).map(
            lambda x: f"[ sh:{x[0]} {x[1]} ]"
        ),
    )


def lists(of, least=1, most=3):
    return st.lists(of, min_size=least, max_size=most).map(lambda items: f"( {' '.join(items)} )")


@st.composite
def constraints(draw, called: list[str], *, in_property: bool):
    """Some constraints of one shape; each parameter once, but for those that may be repeated."""
    said: list[str] = []

    def perhaps(local, strategy, often=0.12):
        if draw(st.floats(0, 1)) < often:
            said.append(f"sh:{local} {draw(strategy)}")

    perhaps("class", any_of(CLASSES))
    perhaps("datatype", any_of(DATATYPES))
    perhaps("nodeKind", any_of(KINDS))
    perhaps("minLength", st.integers(1, 3).map(str))
    perhaps("maxLength", st.integers(0, 3).map(str))
    perhaps("pattern", any_of(PATTERNS))
    perhaps("languageIn", lists(any_of(['"en"', '"fr"', '"ar"', '"ar-MA"'])))
    perhaps("in", lists(any_of([*NODES[:3], *LITERALS[:12]]), 1, 5))
    perhaps("hasValue", any_of([*NODES[:3], *LITERALS]))
    perhaps("equals", any_of(PREDICATES))
    perhaps("disjoint", any_of(PREDICATES))
    if called:
        for local in ("and", "or", "xone"):
            perhaps(local, lists(any_of(called)), 0.15)
        perhaps("not", any_of(called), 0.15)
        perhaps("node", any_of(called), 0.15)
    if in_property:
        perhaps("minCount", st.integers(0, 2).map(str), 0.3)
        perhaps("maxCount", st.integers(0, 2).map(str), 0.3)
        perhaps("uniqueLang", st.just("true"))
        if called and draw(st.floats(0, 1)) < 0.2:
            said.append(f"sh:qualifiedValueShape {draw(any_of(called))}")
            said.append(f"sh:{draw(any_of(['qualifiedMinCount', 'qualifiedMaxCount']))} {draw(st.integers(0, 2))}")
            if draw(st.booleans()):
                said.append("sh:qualifiedValueShapesDisjoint true")
    return said


def query(text):
    return f'[ a sh:SPARQLConstraint ; sh:prefixes :prefixes ; sh:select "{text}" ]'


@st.composite
def asked(draw):
    """Constraints and targets in SPARQL of a node shape."""
    found = st.one_of(
        any_of(FOUND).map(lambda text: f'[ a sh:SPARQLTarget ; sh:prefixes :prefixes ; sh:select "{text}" ]'),
        any_of([":a", ":b", "1", '"a"@en']).map(lambda value: f"[ a :Having ; :what {value} ]"),
    )
    said = [f"sh:target {target}" for target in draw(st.lists(found, max_size=2))]
    said += [f"sh:sparql {query(text)}" for text in draw(st.lists(any_of(QUERIES), max_size=2, unique=True))]
    said += [f":fewer {number}" for number in draw(st.lists(st.integers(1, 3), max_size=1))]
    return said + [f":only {value}" for value in draw(st.lists(any_of([":a", "2", '"a"']), max_size=1))]


@st.composite
def ordered_shapes(draw):
    """Shapes that compare numbers with limits and with one another."""
    limit = any_of(["0", "1", "2", "1.5", "2.0e0"])
    local = any_of(["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"])
    said = [f"sh:{name} {draw(limit)}" for name in draw(st.lists(local, max_size=2, unique=True))]
    pairs = any_of(["lessThan", "lessThanOrEquals"])
    said += [f"sh:{name} {draw(any_of(PREDICATES))}" for name in draw(st.lists(pairs, max_size=2, unique=True))]
    path = draw(any_of([*PREDICATES, "( :p :q )", "[ sh:alternativePath ( :p :r ) ]"]))
    return f"{PREFIXES} :S sh:targetSubjectsOf :p , :q ; sh:property :P . :P sh:path {path} ; {' ; '.join(said) or ':a :b'} ."


@st.composite
def shapes(draw, *, in_sparql=False):
    """A shapes graph: some node shapes that call only those before them, with property shapes of their own."""
    lines = [PREFIXES, DECLARED if in_sparql else ""]
    called: list[str] = []
    for number in range(draw(st.integers(1, 3))):
        name = f":S{number}"
        said = ["a sh:NodeShape", *draw(constraints(called, in_property=False))]
        for part in range(draw(st.integers(0, 3))):
            prop = f":S{number}P{part}"
            is_asked = in_sparql and draw(st.booleans())
            path = draw(any_of(SIMPLE) if is_asked else paths())
            body = [f"sh:path {path}", *draw(constraints(called, in_property=True))]
            if is_asked:
                body.append(f"sh:sparql {query(draw(any_of(PATH_QUERIES)))}")
            lines.append(f"{prop} {' ; '.join(body)} .")
            said.append(f"sh:property {prop}")
        if draw(st.floats(0, 1)) < 0.15:
            ignored = draw(any_of(["( rdf:type :r )", "( rdf:type )", "()"]))
            said.append(f"sh:closed {draw(any_of(['true', 'true', 'false']))} ; sh:ignoredProperties {ignored}")
        if in_sparql:
            said += draw(asked())
        for _ in range(draw(st.integers(0, 2))):
            target = draw(
                st.one_of(
                    any_of([*NODES[:3], *LITERALS[:4]]).map(lambda n: f"sh:targetNode {n}"),
                    any_of(CLASSES).map(lambda c: f"sh:targetClass {c}"),
                    any_of(PREDICATES).map(lambda p: f"sh:targetSubjectsOf {p}"),
                    any_of(PREDICATES).map(lambda p: f"sh:targetObjectsOf {p}"),
                )
            )
            said.append(target)
        if draw(st.floats(0, 1)) < 0.1:
            said.append(draw(any_of(["sh:deactivated true", "sh:severity sh:Warning", 'sh:message "no"@en'])))
        lines.append(f"{name} {' ; '.join(said)} .")
        called.append(name)
    return "\n".join(lines)
