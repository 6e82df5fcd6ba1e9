"""Every address of the server but those of reconciliation: SPARQL, the things of the graph, pages, operation."""

from __future__ import annotations

from typing import Final

from kg.terms import LANGUAGES
from server.http.protocol import FORM, QUERY
from server.http.results import JSON_LD
from server.openapi.answers import DATA, EVERY, PAGES, RDF, RESULTS, problem
from server.openapi.entrances import ENTRANCES
from server.openapi.model import Answer, Content, Object, Operation, Parameter, Route, reference
from server.openapi.schemas import IRI
from server.pages import describe
from server.pages.citing.formats import STYLES
from server.pages.facts.incoming import LAST_PAGE as OF_REFERENCES
from server.pages.facts.matrix import LAST_PAGE as OF_FACTS
from server.pages.facts.matrix import SHOWS
from server.pages.plain import nodes
from server.pages.querying.asked import IRIS, LAST_SIZE, LONGEST, NAMES
from server.pages.querying.drawn.columns import SHOWN

_SPARQL, _DATA, _SITE, _OPERATION = "SPARQL", "Linked data", "Pages", "Operation"
_FAILED: Final = (problem(500), problem(503))
_KEPT: Final = ("Vary", "Cache-Control", "ETag", *EVERY)
_NAMED: Final = ("Vary", "Cache-Control", "Content-Language", *EVERY)
_UNCHANGED: Final = Answer(304, "The client has the answer already", (), ("ETag", *EVERY))
_READ: Final = (_UNCHANGED, problem(412), *_FAILED)
"""What else a GET may be answered whose answer can be kept."""
_SPOKEN: Final = ("lang", "acceptLanguage", "ifNoneMatch")
_DATASET: Final = ("defaultGraph", "namedGraph", "view")
_PART: Final = Answer(206, "The part asked for by `Range`", (Content(("*/*",), "File"),), ("Content-Range", *EVERY))
_FILE: Final = (_PART, problem(404), problem(416), *_READ)


def _sparql() -> Route:
    headers = (*_KEPT, "Content-Encoding", "Dataset-View", "Federation-Receipt", "Query-Warnings", "Sparql-Prefixes")
    answer = Answer(200, "The answer, or a page for a browser", RESULTS, headers)
    fails = tuple(problem(status) for status in (400, 403, 406, 429, 500, 502, 503, 504))
    query = Parameter(
        "query", "query", reference("schemas", "Query"), "The query; without it the service describes itself"
    )
    asked = ("resultFormat", "timeout", "receipt", "explain", "collation", *_DATASET)
    return Route(
        "/sparql",
        (
            Operation(
                "get", "querySparql", "Answer a query, or describe the service", _SPARQL,
                (answer, _UNCHANGED, *fails), (query, *asked, "lang", "ifNoneMatch"),
                description="SPARQL 1.1 Protocol, section 2.1.1. Unknown parameters are passed over. An answer that "
                "fails after its beginning was sent is broken off: the connection ends before the body does.",
            ),
            Operation(
                "post", "postSparql", "Answer a query", _SPARQL,
                (answer, *fails, problem(412), problem(413), problem(415)), (*asked, "lang", "ifNoneMatch"),
                (Content((FORM,), "QueryForm"), Content((QUERY,), "Query")),
                description="SPARQL 1.1 Protocol, sections 2.1.2 and 2.1.3. Parameters may stand in the address and "
                "in a form. A request with no body and the parameter `query` in the address is answered too.",
            ),
        ),
        ("/sparql/",),
    )  # fmt: skip


_CITED: Final = tuple(
    Content((style.media_type,), "References" if style.media_type.endswith("json") else "Text") for style in STYLES
)
_FOUND: Final = Answer(
    200,
    "What is said of it, or a page, or the reference to it",
    (*DATA, *_CITED),
    (*_KEPT, "Link", "Content-Disposition"),
)
_CITE: Final = Parameter(
    "cite", "query", {"type": "string", "enum": [style.name for style in STYLES]},
    "The format of a reference to it; goes before `format`", may_be_empty=True,
)  # fmt: skip
_PARTS: Final = (
    Parameter("show", "query", {"type": "string", "enum": list(SHOWS)}, "Which claims a page shows", may_be_empty=True),
    Parameter("facts", "query", {"type": "integer", "minimum": 0, "maximum": OF_FACTS}, "A page of what is said"),
    Parameter("of", "query", IRI, "Only what refers to it by this property", may_be_empty=True),
    Parameter("page", "query", {"type": "integer", "minimum": 0, "maximum": OF_REFERENCES}, "A page of that"),
)
_TERMS: Final = Answer(200, "The terms, or a page", DATA, _KEPT)
_GRAPH: Final = Answer(200, "Its triples, or a page", RDF, _KEPT)
_GRAPH_FAILS: Final = (problem(400), problem(404), problem(406), problem(429), *_READ)


def _graph_store() -> Route:
    answer = Answer(200, "The triples of the graph", RDF[:-1], (*_KEPT, "Content-Encoding"))
    named = Parameter("graph", "query", {"type": "string", "format": "iri"}, "The graph, by its IRI")
    default = Parameter("default", "query", {"type": "string"}, "The default graph", may_be_empty=True)
    return Route(
        "/rdf-graph-store",
        (
            Operation(
                "get", "readGraphStore", "A graph, whole", _SPARQL, (answer, *_GRAPH_FAILS),
                (named, default, "graphFormat", "timeout", "ifNoneMatch"),
                description="SPARQL 1.1 Graph Store HTTP Protocol, sections 4.2 and 5.2: either `graph` or `default`.",
            ),
        ),
    )  # fmt: skip


def _thing(
    kind: str, operation: str, summary: str,
    answers: tuple[Answer | str, ...] = (_FOUND, problem(400), problem(404), problem(406), *_READ),
    *asked: Parameter | str,
) -> Route:  # fmt: skip
    name = Parameter(
        "name", "path", {"type": "string", "minLength": 1}, "The rest of the IRI; may hold slashes", required=True
    )
    return Route(
        f"/{kind}/{{name}}",
        (
            Operation(
                "get", operation, summary, _DATA,
                answers, (name, *(asked or ("dataFormat", _CITE, *_PARTS)), *_SPOKEN),
            ),
        ),
    )  # fmt: skip


def _contexts() -> tuple[Route, ...]:
    content = (Content((JSON_LD.media_type,), "Context"),)
    newest = Answer(200, "A JSON-LD context", content, ("Cache-Control", "ETag", *EVERY))
    version = Parameter(
        "version", "path", {"type": "string", "minLength": 1}, "The beginning of its hash", required=True
    )
    return (
        Route(
            "/context.jsonld",
            (
                Operation(
                    "get", "readContext", "The JSON-LD context of the ontology", _DATA, (newest, *_READ),
                    ("ifNoneMatch",),
                ),
            ),
        ),
        Route(
            "/context/{version}.jsonld",
            (
                Operation(
                    "get", "readContextVersion", "One version of it, which never changes", _DATA,
                    (newest, problem(404), *_READ), (version, "ifNoneMatch"),
                ),
            ),
        ),
    )  # fmt: skip


def _resource() -> Route:
    elsewhere = Answer(303, "Leads to the address of the thing", (PAGES,), ("Location", *EVERY))
    iri = Parameter(
        "iri", "query", {"type": "string", "pattern": f"^{nodes.NAME}$"},
        "An absolute IRI, or `_:` and the identifier of a blank node, which holds until the server ends", required=True,
    )  # fmt: skip
    return Route(
        "/resource",
        (
            Operation(
                "get", "readResource", "Anything that the release describes, wherever its IRI lives", _DATA,
                (_FOUND, elsewhere, problem(400), problem(404), problem(406), *_READ),
                (iri, "pageFormat", _CITE, *_PARTS, *_SPOKEN),
                description="An IRI that has an address of its own here is found there: 303.",
            ),
        ),
    )  # fmt: skip


_OF_INDEX: Final = Parameter(
    "page", "query", {"type": "integer", "minimum": 0, "maximum": describe.LAST_PAGE}, "A page of the index of terms"
)


def _vocabulary() -> tuple[Route, ...]:
    return (
        Route(
            "/ont",
            (
                Operation(
                    "get",
                    "readVocabulary",
                    "The vocabulary",
                    _DATA,
                    (_TERMS, problem(400), problem(404), problem(406), *_READ),
                    (_OF_INDEX, "dataFormat", *_SPOKEN),
                ),
            ),
        ),
        _thing(
            "ont",
            "readVersion",
            "The vocabulary, by the IRI of its version",
            (_TERMS, problem(400), problem(404), problem(406), *_READ),
            _OF_INDEX,
            "dataFormat",
        ),
        _thing("term", "readTerm", "A term of the vocabulary by its name"),
        _any_term(),
    )


def _any_term() -> Route:
    iri = Parameter(
        "iri", "query", {"type": "string", "pattern": f"^{nodes.NAME}$"}, "An absolute IRI, which no blank node has",
        required=True,
    )  # fmt: skip
    answers = (_FOUND, problem(400), problem(404), problem(406), *_READ)
    return Route(
        "/term",
        (
            Operation(
                "get", "readAnyTerm", "A term of any namespace that the release describes", _DATA,
                answers, (iri, "dataFormat", *_SPOKEN),
            ),
        ),
    )  # fmt: skip


def _data() -> tuple[Route, ...]:
    described = Answer(200, "VoID and DCAT, or a page", DATA, (*_KEPT, "Link"))
    dump = Answer(
        200, "N-Quads, compressed", (Content(("application/gzip",), "File"),),
        ("Content-Disposition", "ETag", "Link", *EVERY),
    )  # fmt: skip
    return (
        _thing("id", "readThing", "A thing, and the claims that mention it"),
        _thing("doc", "readDocument", "A source document"),
        _thing("scheme", "readConcept", "A concept, or a scheme of concepts"),
        _thing("claim", "readClaim", "A claim: what it states, who says so, where, and in which words"),
        _thing("graph", "readGraph", "A graph, whole", (_GRAPH, *_GRAPH_FAILS), "pageFormat", "timeout"),
        _resource(),
        *_vocabulary(),
        Route(
            "/dataset",
            (
                Operation(
                    "get", "describeDataset", "What the release is, in VoID and DCAT or as a page", _DATA,
                    (described, problem(406), *_READ), ("dataFormat", *_SPOKEN),
                ),
            ),
        ),
        _view(),
        *_contexts(),
        Route(
            "/download/graph.nq.gz",
            (
                Operation(
                    "get", "downloadGraph", "Every quad of the release, sorted", _DATA, (dump, *_FILE),
                    ("ifNoneMatch",),
                ),
            ),
        ),
        *map(_statements, ("csv", "parquet"), ("text/csv", "application/vnd.apache.parquet")),
    )  # fmt: skip


def _statements(kind: str, media_type: str) -> Route:
    headers = ("Content-Disposition", "ETag", "Link", *EVERY)
    table = Answer(200, "A row for each statement of each claim", (Content((media_type,), "File"),), headers)
    said = f"All statements with their evidence, as one table ({kind})"
    operation = Operation(
        "get", f"downloadStatements{kind.title()}", said, _DATA, (table, *_FILE), ("ifNoneMatch",)
    )  # fmt: skip
    return Route(f"/download/statements.{kind}", (operation,))


def _view() -> Route:
    return Route(
        "/view/{name}",
        (
            Operation(
                "get", "describeView", "The address of a view: leads to the description of the release", _DATA,
                (Answer(303, "Where it is described", (), ("Location", *EVERY)), problem(404)),
                (Parameter("name", "path", {"type": "string", "minLength": 1}, "Its name", required=True),),
            ),
        ),
    )  # fmt: skip


def _arranged() -> tuple[Parameter, ...]:
    """How the page of queries shows answers, and which questions."""
    shown: Object = {"type": "string", "enum": [NAMES, IRIS]}
    drawn: Object = {"type": "string", "enum": list(SHOWN)}
    rows: Object = {"type": "integer", "minimum": 1, "maximum": LAST_SIZE}
    only: Object = {"type": "string", "maxLength": LONGEST}
    return (
        Parameter("sort", "query", {"type": "string"}, "The column to sort by, falling after `-`", may_be_empty=True),
        Parameter("show", "query", shown, "What stands for things that have names", may_be_empty=True),
        Parameter("as", "query", drawn, "How the rows are shown, where they suit", may_be_empty=True),
        Parameter("rows", "query", rows, "Rows of a page, as many as it has room for", may_be_empty=True),
        Parameter("only", "query", only, "Only rows that have all these words", may_be_empty=True),
        Parameter("find", "query", {"type": "string"}, "Words of the questions to begin with", may_be_empty=True),
    )


def _pages() -> tuple[Route, ...]:
    page = Answer(200, "A page", (PAGES,), _NAMED)
    home = Answer(200, "A page", (PAGES,), ("ETag", "Link", *_NAMED))
    told = tuple(
        Answer(status, "A page that shows the query and what is wrong", (PAGES,), _NAMED) for status in (400, 500, 503)
    )
    number = Parameter(
        "page", "query", {"type": "integer", "minimum": 0, "maximum": describe.LAST_PAGE}, "Counts from 0"
    )
    text = Parameter("query", "query", reference("schemas", "Query"), "The query; without it there is an example")
    style = Answer(200, "The file", (Content(("*/*",), "File"),), ("ETag", "Cache-Control", *EVERY))
    filename = Parameter("filename", "path", {"type": "string", "minLength": 1}, "The name of a file", required=True)
    return (
        Route("/", (Operation("get", "readHome", "What the release holds", _SITE, (home, *_READ), _SPOKEN),)),
        Route(
            "/query",
            (
                Operation(
                    "get", "readQueryForm", "A form for a query, and its answers as a table", _SITE, (page, *told),
                    (text, *_DATASET, "explain", "collation", *_arranged(), number, *_SPOKEN[:2]),
                    description=f"In {', '.join(LANGUAGES)}, or a language that the site adds. "
                    "Programs ask `/sparql`. A page later than the last is the last.",
                ),
            ),
        ),
        Route(
            "/query/cells",
            (
                Operation(
                    "post", "showCells", "Terms of an answer as its page shows them, in the order given", _SITE,
                    (page, *map(problem, (400, 413, 415)), *_FAILED), (_arranged()[1], *_SPOKEN[:2]),
                    (Content(("application/json",), "ShownTerms"),),
                ),
            ),
        ),
        Route(
            "/favicon.ico",
            (Operation("get", "readIcon", "The icon of the site", _SITE, (style, *_FILE), ("ifNoneMatch",)),),
        ),
        Route(
            "/static/{filename}",
            (
                Operation(
                    "get", "readStatic", "Style sheets and pictures of the pages", _SITE, (style, *_FILE),
                    (filename, "ifNoneMatch"),
                ),
            ),
        ),
    )  # fmt: skip


def _operation() -> tuple[Route, ...]:
    health = Answer(200, "It serves", (Content(("application/json",), "Health"),), ("Link", "Cache-Control", *EVERY))
    alive = Answer(200, "It lives", (Content(("application/json",), "Life"),), ("Cache-Control", *EVERY))
    figures = Answer(200, "Figures for Prometheus", (Content(("text/plain",), "Figures"),), ("Cache-Control", *EVERY))
    document = Answer(
        200, "This document", (Content(("application/json",), "Document"),),
        ("Content-Encoding", *_KEPT),
    )  # fmt: skip
    return (
        Route(
            "/healthz",
            (
                Operation(
                    "get", "readHealth", "Whether queries are answered", _OPERATION,
                    (health, problem(500), problem(503)),
                ),
            ),
        ),
        Route("/livez", (Operation("get", "readLife", "That the process answers", _OPERATION, (alive, problem(500))),)),
        Route(
            "/metrics",
            (
                Operation(
                    "get", "readMetrics", "Figures, for clients on the same machine", _OPERATION,
                    (figures, problem(403), problem(500)),
                ),
            ),
        ),
        Route(
            "/openapi.json",
            (
                Operation(
                    "get", "readOpenApi", "This document", _OPERATION, (document, *_READ),
                    ("ifNoneMatch",),
                ),
            ),
        ),
    )  # fmt: skip


ROUTES: Final = (_sparql(), _graph_store(), *_data(), *ENTRANCES, *_pages(), *_operation())
