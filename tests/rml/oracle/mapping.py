"""The oracle's reading of a mapping in Turtle: dictionaries."""

from __future__ import annotations

from pathlib import Path

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node
from rml.oracle.functions import read_call
from rml.oracle.terms import CSVW, RML, Fault, check_language, parse_template
from rml.oracle.views import read_view


def read_mapping(path: Path) -> dict[Node, dict]:
    """Triples maps by name."""
    try:
        graph = Graph().parse(
            data=path.read_text(encoding="utf-8"), format="turtle", publicID="http://mapping.invalid/"
        )
    except Exception as error:
        raise Fault("not Turtle") from error
    names = sorted(set(graph.subjects(RML.logicalSource)) | set(graph.subjects(RDF.type, RML.TriplesMap)))
    maps = {name: read_triples_map(graph, name) for name in names}
    for triples_map in maps.values():
        for pair in triples_map["pairs"]:
            for link in pair["links"]:
                if link["parent"] not in maps:
                    raise Fault("no such parent triples map")
                same = maps[link["parent"]]["source"] == triples_map["source"]
                if not link["joins"] and not same:
                    raise Fault("different sources need a join condition")
    return maps


def read_triples_map(graph: Graph, name: Node) -> dict:
    subjects = term_maps(graph, name, "subject")
    if len(subjects) != 1:
        raise Fault("a triples map has one subject map")
    owner = graph.value(name, RML.subjectMap)
    return {
        "source": read_source(graph, only(graph, name, RML.logicalSource)),
        "base": graph.value(name, RML.baseIRI),
        "subject": subjects[0],
        "classes": list(graph.objects(owner, RML["class"])) if owner is not None else [],
        "graphs": term_maps(graph, owner, "graph") if owner is not None else [],
        "conditions": conditions(graph, name) + conditions(graph, owner),
        "pairs": [read_pair(graph, node) for node in graph.objects(name, RML.predicateObjectMap)],
    }


def only(graph: Graph, node: Node, predicate: Node) -> Node:
    found = list(graph.objects(node, predicate))
    if len(found) != 1:
        raise Fault(f"exactly one {predicate}")
    return found[0]


def read_source(graph: Graph, node: Node) -> dict:
    if graph.value(node, RML.viewOn) is not None:
        return read_view(graph, node, read_source, expression, read_join)
    file = only(graph, node, RML.source)
    if graph.value(file, RML.root) not in {RML.MappingDirectory, None}:
        raise Fault("only sources beside the mapping")
    dialect = graph.value(file, CSVW.dialect)
    iterator = graph.value(node, RML.iterator)
    return {
        "path": str(only(graph, file, RML.path)),
        "formulation": only(graph, node, RML.referenceFormulation),
        "iterator": None if iterator is None else str(iterator),
        "delimiter": str(graph.value(dialect, CSVW.delimiter) or ",") if dialect is not None else ",",
        "nulls": sorted(str(value) for value in graph.objects(file, RML.null)),
    }


def read_pair(graph: Graph, node: Node) -> dict:
    objects, links = [], []
    for item in graph.objects(node, RML.objectMap):
        parent = graph.value(item, RML.parentTriplesMap)
        if parent is None:
            objects.append(term_map(graph, item, "object"))
        else:
            links.append(
                {"parent": parent, "joins": [read_join(graph, j) for j in graph.objects(item, RML.joinCondition)]}
            )
    objects += [{"kind": "object", "constant": value} for value in graph.objects(node, RML.object)]
    predicates = term_maps(graph, node, "predicate")
    if not predicates or not (objects or links):
        raise Fault("a predicate-object map has predicates and objects")
    more = {"graphs": term_maps(graph, node, "graph"), "conditions": conditions(graph, node)}
    return {"predicates": predicates, "objects": objects, "links": links, **more}


def read_join(graph: Graph, node: Node) -> dict:
    sides = {}
    for side in ("child", "parent"):
        maps = [expression(graph, item) for item in graph.objects(node, RML[f"{side}Map"])]
        maps += [{"reference": str(value)} for value in graph.objects(node, RML[side])]
        if len(maps) != 1:
            raise Fault(f"a join has one {side}")
        sides[side] = maps[0]
    return sides


def term_maps(graph: Graph, node: Node, kind: str) -> list[dict]:
    """The maps of a kind, written in full or as a constant shortcut."""
    found = [term_map(graph, item, kind) for item in graph.objects(node, RML[f"{kind}Map"])]
    constants = [{"kind": kind, "constant": value} for value in graph.objects(node, RML[kind])]
    for item in constants:
        check_constant(item)
    return found + constants


TERM_TYPES = {
    "subject": {RML.IRI, RML.URI, RML.UnsafeIRI, RML.BlankNode},
    "predicate": {RML.IRI, RML.URI, RML.UnsafeIRI},
    "graph": {RML.IRI, RML.URI, RML.UnsafeIRI, RML.BlankNode},
    "object": {RML.IRI, RML.URI, RML.UnsafeIRI, RML.BlankNode, RML.Literal},
    "datatype": {RML.IRI, RML.URI, RML.UnsafeIRI},
    "language": {RML.Literal},
}


def expression(graph: Graph, node: Node) -> dict:
    found = {}
    for name in ("constant", "reference", "template"):
        for value in graph.objects(node, RML[name]):
            if found:
                raise Fault("one of constant, reference and template")
            found[name] = value if name == "constant" else str(value)
    for value in graph.objects(node, RML.functionExecution):
        if found:
            raise Fault("one expression")
        found["call"] = read_call(graph, value, expression)
    if "template" in found:
        parse_template(found["template"])
    return found


def conditions(graph: Graph, node: Node | None) -> list[dict]:
    found = graph.objects(node, RML.condition) if node is not None else ()
    return [expression(graph, item) for item in found]


def term_map(graph: Graph, node: Node, kind: str) -> dict:
    result = {"kind": kind, **expression(graph, node), "conditions": conditions(graph, node)}
    result["languages"] = term_maps(graph, node, "language")
    result["datatypes"] = term_maps(graph, node, "datatype")
    if len(result["languages"]) + len(result["datatypes"]) > 1:
        raise Fault("one language map or one datatype map")
    given = graph.value(node, RML.termType)
    if "constant" in result:
        check_constant(result)
        return result
    if given is not None:
        result["termType"] = given
    elif kind == "language" or (
        kind == "object" and ({"reference", "call"} & set(result) or result["languages"] or result["datatypes"])
    ):
        result["termType"] = RML.Literal
    else:
        result["termType"] = RML.IRI
    if result["termType"] not in TERM_TYPES[kind]:
        raise Fault(f"a {kind} map makes no {result['termType']}")
    if not {"reference", "template", "call"} & set(result) and given != RML.BlankNode:
        raise Fault("an expression is missing")
    if (result["languages"] or result["datatypes"]) and result["termType"] != RML.Literal:
        raise Fault("only literals have a language or a datatype")
    return result


def check_constant(item: dict) -> None:
    value, kind = item["constant"], item["kind"]
    if isinstance(value, BNode):
        raise Fault("a constant is no blank node")
    if kind == "language":
        check_language(str(value))
    elif kind != "object" and not isinstance(value, URIRef):
        raise Fault(f"the constant of a {kind} map is an IRI")
