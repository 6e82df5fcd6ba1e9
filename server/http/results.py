"""The formats of answers: media types as clients name them, and the one that the engine is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from kg.errors import Problem
from kg.sparql.guard import Form
from server.http.negotiation import choose
from server.http.protocol import ProtocolError

PAGE: Final = "text/html"


@dataclass(frozen=True, slots=True)
class Format:
    """One serialisation."""

    name: str
    """What `?format=` calls it."""
    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()
    """Other media types that a client may accept it as."""

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types under which it is offered, its own first."""
        return (self.media_type, *self.aliases)


def content_type(media_type: str) -> str:
    """A media type with its charset, where the type has one.

    >>> content_type("text/csv"), content_type("application/n-triples")
    ('text/csv; charset=utf-8', 'application/n-triples')
    """
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


JSON: Final = Format("json", "application/sparql-results+json", "srj", ("application/json",))
XML: Final = Format("xml", "application/sparql-results+xml", "srx", ("application/xml", "text/xml"))
CSV: Final = Format("csv", "text/csv", "csv")
TSV: Final = Format("tsv", "text/tab-separated-values", "tsv")
TURTLE: Final = Format("turtle", "text/turtle", "ttl", ("application/x-turtle",))
JSON_LD: Final = Format("jsonld", "application/ld+json", "jsonld", ("application/json",))
N_TRIPLES: Final = Format("ntriples", "application/n-triples", "nt", ("text/plain",))
RDF_XML: Final = Format("rdfxml", "application/rdf+xml", "rdf", ("application/xml", "text/xml"))
TRIG: Final = Format("trig", "application/trig", "trig", ("application/x-trig",))
N_QUADS: Final = Format("nquads", "application/n-quads", "nq", ("text/x-nquads",))

EXPLANATION: Final = Format("json", "application/json", "json")
PLAIN: Final = Format("text", "text/plain", "txt")

EXPLANATIONS: Final = (EXPLANATION, PLAIN)
"""What tells how an answer comes about."""
TABLES: Final = (JSON, XML, CSV, TSV)
BOOLEANS: Final = (JSON, XML)
"""The CSV and TSV results format defines no answer to ASK (SPARQL 1.1 CSV and TSV, section 1), so none is offered."""
GRAPHS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
QUADS: Final = (TRIG, N_QUADS)
"""Formats that name the graph of each triple; what has no graph is in the default graph."""
DATASETS: Final = (*GRAPHS, *QUADS)

NAMES: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "json": JSON,
        "xml": XML,
        "csv": CSV,
        "tsv": TSV,
        "turtle": TURTLE,
        "ttl": TURTLE,
        "jsonld": JSON_LD,
        "json-ld": JSON_LD,
        "ntriples": N_TRIPLES,
        "nt": N_TRIPLES,
        "rdfxml": RDF_XML,
        "rdf": RDF_XML,
        "trig": TRIG,
        "nquads": N_QUADS,
        "nq": N_QUADS,
    }
)
"""The values of `?format=`; `json` and `xml` of a graph are JSON-LD and RDF/XML, see `named`."""


def offered(form: Form) -> tuple[Format, ...]:
    """The formats for the answer to a query form, the preferred one first.

    :raises ValueError: if the form is none of the four
    """
    match form:
        case Form.SELECT:
            return TABLES
        case Form.ASK:
            return BOOLEANS
        case Form.CONSTRUCT | Form.DESCRIBE:
            return DATASETS
    raise ValueError(form)


def named(name: str, offers: tuple[Format, ...]) -> Format | None:
    """The offered format that `?format=` names, or None.

    >>> named("json", TABLES).media_type, named("json", GRAPHS).media_type
    ('application/sparql-results+json', 'application/ld+json')
    >>> named("csv", GRAPHS) is None
    True
    """
    name = name.strip().lower()
    if name in {"json", "xml"} and JSON_LD in offers:
        return JSON_LD if name == "json" else RDF_XML
    found = NAMES.get(name)
    return found if found in offers else next((f for f in offers if name in (f.name, *f.media_types)), None)


def wants_page(accept: str | None, offers: Sequence[Format]) -> bool:
    """Whether a client likes a page better than the formats offered; a program that names no type does not.

    >>> wants_page("text/html, */*;q=0.8", TABLES), wants_page("*/*", TABLES), wants_page(None, TABLES)
    (True, False, False)
    """
    accepted = [media_type for offer in offers for media_type in offer.media_types]
    return choose(accept, [*accepted, PAGE]) == PAGE


def pick(offers: tuple[Format, ...], asked: str | None, accept: str | None) -> tuple[Format, str]:
    """The format of an answer and the media type to state for it; `asked` is what `?format=` says.

    :raises ProtocolError: 406 if the client accepts none of the formats offered

    >>> pick(TABLES, None, "application/json")[1], pick(TABLES, "csv", "text/html")[1]
    ('application/json', 'text/csv')
    """
    listed = ", ".join(offer.name for offer in offers)
    if asked:
        found = named(asked, offers)
        if found is None:
            problem = Problem("not-acceptable", f"no format {asked!r} for this answer", hint=f"one of {listed}")
            raise ProtocolError(HTTPStatus.NOT_ACCEPTABLE, problem)
        return found, found.media_type
    # A name that is not a format's own is given to who asks for it, and after all others to who takes anything.
    by_type = {offer.media_type: offer for offer in offers}
    for offer in offers:
        for alias in offer.aliases:
            by_type.setdefault(alias, offer)
    chosen = choose(accept, tuple(by_type))
    if chosen is None:
        problem = Problem("not-acceptable", "none of the accepted formats fits this answer", hint=f"one of {listed}")
        raise ProtocolError(HTTPStatus.NOT_ACCEPTABLE, problem)
    return by_type[chosen], chosen
