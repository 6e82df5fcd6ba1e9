"""pySHACL as the reference: one run on graphs in memory, its answer read into a `Report`, its failures into errors.

pySHACL parses the text of every `sh:sparql` query anew for each focus node, which is two thirds of its time. It puts
its queries to the data graph; so the data graph that it is given here is one that keeps prepared queries, for one run.
Nothing is patched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import pyshacl
from pyparsing import ParseBaseException, ParseResults
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query, SPARQLError
from rdflib.query import Result as QueryResult
from rdflib.term import Node

from kg.errors import ShapesError, UsageError
from kg.shacl.judge.memory import is_memory_graph, quiet
from kg.shacl.judge.paths import read_path
from kg.shacl.judge.shapes import check_shapes, prepared_shapes
from kg.shacl.paths import path_text
from kg.shacl.report import Message, Report, Result, literal_text, make_report

_CACHED_QUERIES: Final = 512
_DEPTH: Final = 60
"""Shapes inside shapes, two levels for each; circles are refused before."""
_LEAVING: Final = {"DatasetClause": "FROM", "GraphGraphPattern": "GRAPH", "ServiceGraphPattern": "SERVICE"}
_MALFORMED: Final = (
    ReportableRuntimeError,  # pySHACL's own refusals, ShapeLoadError and ConstraintLoadError among them
    ParseBaseException,  # SPARQL that does not parse
    SPARQLError,
    re.error,  # sh:pattern
    AssertionError,  # the rest is what pySHACL lets through when a shape is not what SHACL, section 2, asks for
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


def validate(data: Graph, shapes: Graph, focus: Iterable[str] | None = None, *, keep_queries: bool = True) -> Report:
    """Validate a graph in memory against a shapes graph (SHACL 1.0 Core, SHACL-SPARQL and targets of SHACL-AF).

    With `focus`, only the nodes of these IRIs are validated, as far as a shape targets them: what depends on them
    elsewhere is not. An empty `focus` validates nothing. `keep_queries` is the switch of the query cache.

    :raises ShapesError: if the shapes are malformed, recursive or beyond what is supported
    :raises TypeError: if a graph is not one that rdflib keeps in memory: the verdict could be false there
    """
    for graph in (data, shapes):
        if not is_memory_graph(graph):
            raise TypeError(f"validation needs a graph in memory, not {type(graph).__name__}: use memory_graph()")
    check_shapes(shapes)
    nodes = None if focus is None else sorted(set(map(_focus_iri, focus)))
    if nodes == []:
        return Report()
    with quiet():
        return make_report(
            _results(_run(PreparedGraph(data, keep=keep_queries), prepared_shapes(shapes), nodes), shapes)
        )


class PreparedGraph(Graph):
    """A view of a graph that parses each query text once, and no query that would leave the graph.

    `FROM` and `SERVICE` make rdflib fetch from the network what a shapes file names, and `GRAPH` needs a dataset.
    """

    def __init__(self, graph: Graph, *, keep: bool = True) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier)
        self._prepared: Callable[[str], Query] = lru_cache(_CACHED_QUERIES)(self._prepare) if keep else self._prepare

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> QueryResult:
        prepared = self._prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)

    def _prepare(self, text: str) -> Query:
        parsed = parseQuery(text)
        prologue, body = list(_parts(parsed[0])), list(_parts(parsed[1]))
        declared = {part.prefix for part in prologue if part.name == "PrefixDecl"}
        unknown = {part.prefix or "" for part in body if part.name == "pname"} - {prefix or "" for prefix in declared}
        if unknown:
            names = ", ".join(f"{prefix}:" for prefix in sorted(unknown))
            raise ShapesError(f"a query of a shape uses prefixes without sh:declare: {names}")
        for part in body:
            if part.name in _LEAVING:
                raise ShapesError(f"a query of a shape must not leave the data graph ({_LEAVING[part.name]})")
        return translateQuery(parsed)


def _parts(part: object) -> Iterator[CompValue]:
    if isinstance(part, CompValue):
        yield part
        for inner in part.values():
            yield from _parts(inner)
    elif isinstance(part, list | tuple | ParseResults):
        for inner in part:
            yield from _parts(inner)


def _focus_iri(node: str) -> str:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", node):
        raise UsageError(f"only an IRI can be named as a focus node, not {node!r}")
    return node


def _run(data: Graph, shapes: Graph, focus: list[str] | None) -> Graph:
    try:
        _, answer, _ = pyshacl.validate(
            data,
            shacl_graph=shapes,
            focus_nodes=focus,
            max_validation_depth=_DEPTH,
            advanced=(None, SH.target, None) in shapes,  # of SHACL-AF only targets get here, see check_shapes
        )
    except _MALFORMED as error:
        raise ShapesError(f"the shapes cannot be used: {_one_line(error)}") from error
    if isinstance(answer, Graph):
        return answer
    raise ShapesError(f"the shapes cannot be used: {_one_line(answer)}")


def _one_line(error: object) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _results(answer: Graph, shapes: Graph) -> Iterator[Result]:
    for node in answer.objects(None, SH.result):
        yield Result(
            focus=_required(answer, node, SH.focusNode),
            severity=_required(answer, node, SH.resultSeverity),
            component=_required(answer, node, SH.sourceConstraintComponent),
            shape=_optional(answer, node, SH.sourceShape),
            path=next((path_text(read_path(answer, path)) for path in answer.objects(node, SH.resultPath)), None),
            value=_optional(answer, node, SH.value),
            messages=tuple(sorted(_messages(answer, node, shapes), key=lambda m: (m.language or "", m.text))),
        )


def _messages(answer: Graph, node: Node, shapes: Graph) -> Iterator[Message]:
    """What the shapes say of a result, each text in its language.

    pySHACL forgets the language of a message that a query has filled in, and where a shape says nothing it makes up
    texts that list values in the order of hashes: those are dropped.
    """
    sources = (*answer.objects(node, SH.sourceShape), *answer.objects(node, SH.sourceConstraint))
    written = [text for source in sources for text in shapes.objects(source, SH.message) if isinstance(text, Literal)]
    if not written and _required(answer, node, SH.sourceConstraintComponent).startswith(str(SH)):
        return
    for text in answer.objects(node, SH.resultMessage):
        if isinstance(text, Literal):
            yield Message(str(text), text.language or _language_of(str(text), written))


def _language_of(text: str, written: list[Literal]) -> str | None:
    """The language of the message that `text` is, with its variables filled in."""
    for message in written:
        parts = map(re.escape, re.split(r"\{[?$]\w+\}", str(message)))
        if re.fullmatch(".*".join(parts), text, re.DOTALL):
            return message.language
    return None


def _required(answer: Graph, node: Node, predicate: URIRef) -> str:
    found = _optional(answer, node, predicate)
    if found is None:
        raise AssertionError(f"a result without {predicate}")
    return found


def _optional(answer: Graph, node: Node, predicate: URIRef) -> str | None:
    return next((_term(term) for term in answer.objects(node, predicate)), None)


def _term(term: Node) -> str:
    match term:
        case URIRef():
            return str(term)
        case BNode():
            return f"_:{term}"
        case Literal():
            datatype = None if term.datatype == XSD.string else term.datatype
            return literal_text(str(term), datatype, term.language)
    raise TypeError(f"not a term of RDF 1.1: {term!r}")
