"""A mapping in RML-Core as people would have written it in 2019: the other way round, by other means."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

RML = "http://w3id.org/rml/"
RR = "http://www.w3.org/ns/r2rml#"
OLD = "http://semweb.mmlab.be/ns/rml#"
QL = "http://semweb.mmlab.be/ns/ql#"
_OLD = {"logicalSource", "source", "referenceFormulation", "iterator", "reference", "LogicalSource"}
_NEW = {"URI", "UnsafeIRI", "baseIRI", "childMap", "parentMap", "languageMap", "datatypeMap"}
_NAME = re.compile(r"\$((?:\.[A-Za-z_][A-Za-z0-9_]*)+)|\$\['([^'.\[\]]*)'\]")


def aged(text: str) -> str:
    """The mapping with `rr:`, `ql:`, file names as texts, and paths without `$`."""
    quads = list(parse(text.encode(), RdfFormat.TURTLE, base_iri="http://mapping.invalid/"))
    files = {quad.subject: quad.object for quad in quads if quad.predicate.value == RML + "path"}
    made = []
    for quad in quads:
        if quad.subject in files:
            continue
        term = quad.object
        if quad.predicate.value == RML + "source" and term in files:
            term = files[term]
        elif isinstance(term, Literal):
            term = _old_literal(quad.predicate.value.removeprefix(RML), term)
        made.append(Quad(_old(quad.subject), _old(quad.predicate), _old(term)))
    prefixes = {"rr": RR, "rml": OLD, "ql": QL}
    return serialize(made, format=RdfFormat.TURTLE, prefixes=prefixes).decode()


def _old(term: NamedNode | BlankNode | Literal) -> NamedNode | BlankNode | Literal:
    if not isinstance(term, NamedNode) or not term.value.startswith(RML):
        return term
    name = term.value[len(RML) :]
    if name in {"CSV", "JSONPath", "XPath"}:
        return NamedNode(QL + name)
    return term if name in _NEW else NamedNode((OLD if name in _OLD else RR) + name)


def _old_literal(name: str, term: Literal) -> Literal:
    if name in {"reference", "child", "parent"}:
        return Literal(_old_path(term.value))
    if name == "template":
        hole = re.compile(r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}")
        return Literal(hole.sub(lambda found: "{" + _old_path(found[1]) + "}", term.value))
    return Literal(term.value.replace("[*]", ".[*]")) if name == "iterator" else term


def _old_path(path: str) -> str:
    found = _NAME.fullmatch(path)
    return path if found is None else (found[1] or "." + found[2])[1:]
