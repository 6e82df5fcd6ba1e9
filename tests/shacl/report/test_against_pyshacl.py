"""The report in Turtle is that of pySHACL up to messages.

Each result is compared as the tree that it is the root of: pySHACL shares the path of a report among results and repeats
a shape that two nodes name, and it describes blank nodes of the data, which ours does not. `sh:detail` it has below
`sh:node` alone, and ours below `sh:and`, `sh:or`, `sh:xone` and `sh:qualifiedMinCount` too.
"""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph
from rdflib.term import Node

from kg.shacl import Columns, shapes_graph, validate
from kg.shacl.judge.memory import memory_graph

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
DATA = """
:a a :C ; :p 1 , "x" , :b ; :q [ :r "y"@fr ] ; :knows :b .
:b a :C ; :address :home . :home :street "s" .
"""
SHAPES = {
    "core": ":S a sh:NodeShape ; sh:targetClass :C ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :p ; sh:datatype xsd:integer ; sh:in ( 7 :b ) ; sh:maxCount 2 ] , [ sh:path ( :q [ sh:inversePath :z ] ) ; sh:minCount 1 ; sh:severity sh:Warning ] .",
    "detail": ":S sh:targetClass :C ; sh:property [ sh:path :address ; sh:node :Address ] . :Address sh:property [ sh:path :zip ; sh:minCount 1 ; sh:message 'zip'@en ] , [ sh:path :street ; sh:node [ sh:nodeKind sh:IRI ] ] .",
    "sparql": ":S sh:targetClass :C ; sh:sparql [ sh:message 'no {?value}' ; sh:select 'SELECT $this ?value WHERE { $this <http://e/p> ?value }' ] , :Named . :Named sh:select 'SELECT $this WHERE { $this <http://e/q> ?v }' .",
    "blank": "[] sh:targetClass :C ; sh:property [ sh:path :q ; sh:nodeKind sh:IRI ; sh:languageIn ( 'fr' ) ; sh:not [ sh:or ( [ sh:class :D ] [ sh:nodeKind sh:BlankNode ] ) ] ] .",
}  # fmt: skip


def tree(graph: Graph, node: Node) -> object:
    """What is said of a node, and of the blank nodes below it."""
    if not isinstance(node, BNode):
        return node.n3()
    said = ((p, value) for p, value in graph.predicate_objects(node) if p != SH.resultMessage)
    of_data = {SH.value, SH.focusNode}
    found = [(str(p), "_:" if p in of_data and isinstance(value, BNode) else tree(graph, value)) for p, value in said]
    return tuple(sorted(found, key=repr))


@pytest.mark.parametrize("shaped", SHAPES.values(), ids=SHAPES)
def test_a_report_in_turtle_is_that_of_pyshacl_up_to_messages(shaped: str) -> None:
    prefixes = f"{PREFIXES}@prefix rdf: <{RDF}> .\n"
    quads, shape_quads = (list(ox.parse(prefixes + text, format=ox.RdfFormat.TURTLE)) for text in (DATA, shaped))
    report = validate(Columns.from_quads(quads), shapes_graph(shape_quads), details=True)
    mine = Graph().parse(data=report.to_turtle(shape_quads), format="turtle")
    _, theirs, _ = pyshacl.validate(memory_graph(quads), shacl_graph=memory_graph(shape_quads))
    assert len(list(mine.objects(None, SH.result))) == len(list(theirs.objects(None, SH.result))) > 0
    trees = [tree(graph, next(graph.subjects(RDF.type, SH.ValidationReport))) for graph in (mine, theirs)]
    assert trees[0] == trees[1]


def test_what_no_result_names_is_not_described() -> None:
    shape_quads = list(ox.parse(PREFIXES + SHAPES["detail"], format=ox.RdfFormat.TURTLE))
    conforms = validate(Columns.from_quads([]), shapes_graph(shape_quads))
    assert conforms.to_turtle(shape_quads) == conforms.to_turtle()


def test_a_circle_of_blank_nodes_ends() -> None:
    shaped = "_:s sh:targetClass :C ; sh:nodeKind sh:Literal ; :seeAlso _:x . _:x :next _:y . _:y :next _:x ; sh:in ( 1 2 ) ."
    shape_quads = list(ox.parse(PREFIXES + shaped.replace("; sh:in ( 1 2 )", ""), format=ox.RdfFormat.TURTLE))
    report = validate(
        Columns.from_quads(ox.parse(PREFIXES + DATA, format=ox.RdfFormat.TURTLE)), shapes_graph(shape_quads)
    )
    assert len(Graph().parse(data=report.to_turtle(shape_quads), format="turtle")) > 20
