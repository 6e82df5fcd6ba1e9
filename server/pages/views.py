"""What the pages show, read from a release into frozen values: no markup here, no request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.terms import PREFIXES, ZEL
from server.lookup import Label, Term, iri_ref, labels, select
from server.lookup import Row as Answer
from server.pages import describe
from server.pages.language import order
from server.releases import Release

_DCT: Final = PREFIXES["dct"]
_SHOWN_AS_CLAIMS: Final = "zel:assertedBy, zel:statedIn, oa:hasSource, prov:wasDerivedFrom, dct:isPartOf, prov:used"
_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple."""

    subject: Term
    property: Term
    value: Term


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a document that carry a claim, and their place in it."""

    text: str | None
    start: str | None
    end: str | None
    sentence: str | None
    document: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a table that a claim was made from."""

    iri: str
    table: str
    file: str
    """Its file and its place there: `tables/dams.csv#row=2`."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with everything that is known of it."""

    iri: str
    identifier: str
    statements: tuple[Statement, ...]
    metadata: Mapping[str, tuple[Term, ...]]
    """Values by property IRI."""
    quotes: tuple[Quote, ...]
    rows: tuple[Row, ...] = ()

    def values(self, name: str) -> tuple[Term, ...]:
        """The values of a property of the ontology, by its name.

        >>> ClaimView("i", "F1", (), {ZEL + "modality": (Term("iri", "m"),)}, ()).values("modality")
        (Term(kind='iri', value='m', language='', datatype=''),)
        """
        return self.metadata.get(ZEL + name, ())


@dataclass(frozen=True, slots=True)
class Section:
    """A list of claims under a heading; `cut` tells that there are more."""

    heading: str
    claims: tuple[ClaimView, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A thing with its own page."""

    iri: str
    facts: tuple[Statement, ...]
    references: tuple[Statement, ...]
    references_cut: bool
    sections: tuple[Section, ...]
    labels: Mapping[str, Label]
    origin: tuple[Statement, ...] = ()
    """Of a table: the runs that made claims of its rows, and what they used."""


@dataclass(frozen=True, slots=True)
class TermView:
    """A term of the ontology."""

    iri: str
    anchor: str
    types: tuple[str, ...]
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]
    relations: tuple[Statement, ...]


def read_resource(release: Release, iri: str, language: str) -> ResourceView | None:
    """A thing's page, or None if the release says nothing of it.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it, base, engine = iri_ref(iri), release.base, release.engine
    places = "UNION ".join(
        f"{{ GRAPH <{base}graph/{name}> {{ {it} ?p ?o }} }}" for name in ("entities", "claims", "ontology")
    )
    facts = _statements(
        select(engine, f"SELECT DISTINCT ?p ?o WHERE {{ {{ {it} ?p ?o }} UNION {places} }}", "p", "o"), iri
    )
    references = select(
        engine,
        f"SELECT DISTINCT ?s ?p WHERE {{ {{ ?s ?p {it} }} UNION {{ GRAPH <{base}graph/ontology> {{ ?s ?p {it} }} }}"
        f" UNION {{ GRAPH <{base}graph/claims> {{ ?s ?p {it} FILTER(?p NOT IN ({_SHOWN_AS_CLAIMS})) }} }} }}"
        f" ORDER BY ?p ?s LIMIT {describe.LIMIT + 1}",
    )
    sections = tuple(
        section
        for heading, pattern in (
            ("claims_about", describe.mentioning(iri, base)),
            ("claims_by", describe.related(iri, base, "zel:assertedBy")),
            ("claims_in", describe.related(iri, base, "zel:statedIn")),
            ("claims_from", describe.related(iri, base, "prov:wasDerivedFrom/dct:isPartOf")),
        )
        if (section := _section(release, heading, pattern)).claims
    )
    if not (facts or references or sections):
        return None
    incoming = tuple(Statement(row["s"], row["p"], Term("iri", iri)) for row in references[: describe.LIMIT])
    origin = _origin(release, iri)
    mentioned = _iris(facts, incoming, origin, *(claim_iris(c) for s in sections for c in s.claims))
    names = labels(engine, base, {iri, *mentioned}, order(language))
    return ResourceView(iri, facts, incoming, len(references) > describe.LIMIT, sections, names, origin)


def _origin(release: Release, iri: str) -> tuple[Statement, ...]:
    if not iri.startswith(release.minter.table("")):
        return ()
    pattern = f"GRAPH <{release.base}graph/claims> {{ {describe.runs(iri)} ?s ?p ?o }}"
    rows = select(release.engine, f"SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}", "p", "o")
    newest = sorted(rows, key=lambda row: row["s"].value, reverse=True)
    return tuple(Statement(row["s"], row["p"], row["o"]) for row in newest)


def _section(release: Release, heading: str, pattern: str) -> Section:
    rows = select(release.engine, f"{pattern} ORDER BY ?claim LIMIT {describe.LIMIT + 1}")
    found = [row["claim"].value for row in rows]
    return Section(heading, read_claims(release, found[: describe.LIMIT]), len(found) > describe.LIMIT)


def read_claims(release: Release, iris: Sequence[str]) -> tuple[ClaimView, ...]:
    """The claims of these names, in this order; names that are no claims are left out.

    :raises ValueError: if one of `iris` is no absolute IRI
    """
    if not iris:
        return ()
    values = f"VALUES ?c {{ {' '.join(map(iri_ref, iris))} }}"
    claims = f"<{release.base}graph/claims>"
    metadata: dict[str, dict[str, list[Term]]] = {}
    for row in select(release.engine, f"SELECT ?c ?p ?o WHERE {{ {values} GRAPH {claims} {{ ?c ?p ?o }} }}", "p", "o"):
        metadata.setdefault(row["c"].value, {}).setdefault(row["p"].value, []).append(row["o"])
    statements: dict[str, list[Statement]] = {}
    for row in select(
        release.engine, f"SELECT ?c ?s ?p ?o WHERE {{ {values} GRAPH ?c {{ ?s ?p ?o }} }}", "s", "p", "o"
    ):
        statements.setdefault(row["c"].value, []).append(Statement(row["s"], row["p"], row["o"]))
    quotes, rows = _quotes(release, values), _rows(release, values)
    return tuple(
        _claim(iri, metadata[iri], statements.get(iri, ()), quotes.get(iri, ()), rows.get(iri, ()))
        for iri in iris
        if _is_claim(metadata.get(iri, {}))
    )


def _is_claim(metadata: Mapping[str, Iterable[Term]]) -> bool:
    return any(term.value == f"{ZEL}Claim" for term in metadata.get(_TYPE, ()))


def _claim(
    iri: str,
    metadata: Mapping[str, Iterable[Term]],
    statements: Iterable[Statement],
    quotes: Iterable[Quote],
    rows: Iterable[Row],
) -> ClaimView:
    known = {name: tuple(terms) for name, terms in metadata.items()}
    identifiers = known.get(f"{_DCT}identifier", ())
    name = identifiers[0].value if identifiers else iri.rpartition("/")[2]
    return ClaimView(iri, name, tuple(statements), known, tuple(quotes), tuple(rows))


def _quotes(release: Release, values: str) -> Mapping[str, list[Quote]]:
    rows = select(
        release.engine,
        f"""SELECT ?c ?evidence ?n ?document ?language ?text ?start ?end WHERE {{
          {values} GRAPH <{release.base}graph/claims> {{
            ?c zel:supportedBy ?evidence .
            OPTIONAL {{ ?evidence zel:sentenceNumber ?n }}
            OPTIONAL {{ ?evidence oa:hasTarget ?target .
              OPTIONAL {{ ?target oa:hasSource ?document . OPTIONAL {{ ?document dct:language ?language }} }}
              OPTIONAL {{ ?target oa:hasSelector/oa:exact ?text }}
              OPTIONAL {{ ?target oa:hasSelector ?place . ?place oa:start ?start ; oa:end ?end }} }} }} }}""",
        "c",
        "evidence",
        "start",
    )
    quotes: dict[str, list[Quote]] = {}
    for row in rows:
        text, start, end, sentence, document = (_value(row, k) for k in ("text", "start", "end", "n", "document"))
        language = _value(row, "language") or ""
        quotes.setdefault(row["c"].value, []).append(Quote(text, start, end, sentence, document, language))
    return quotes


def _rows(release: Release, values: str) -> Mapping[str, list[Row]]:
    answers = select(
        release.engine,
        f"""SELECT ?c ?row ?table ?file WHERE {{ {values} GRAPH <{release.base}graph/claims> {{
          ?c prov:wasDerivedFrom ?row . ?row dct:isPartOf ?table ; csvw:rownum ?n .
          OPTIONAL {{ ?table zel:fileName ?file }} }} }} ORDER BY ?c ?n""",
    )
    rows: dict[str, list[Row]] = {}
    for answer in answers:
        iri, table = answer["row"].value, answer["table"].value
        file = f"{_value(answer, 'file') or table}#{iri.partition('#')[2]}"
        rows.setdefault(answer["c"].value, []).append(Row(iri, table, file))
    return rows


def _value(row: Answer, name: str) -> str | None:
    return row[name].value if name in row else None


def claim_iris(claim: ClaimView) -> frozenset[str]:
    """Every IRI that a page about the claim shows."""
    documents = {quote.document for quote in claim.quotes if quote.document}
    values = {term.value for terms in claim.metadata.values() for term in terms if term.kind == "iri"}
    tables = {row.table for row in claim.rows}
    return frozenset({*documents, *tables, *values, *claim.metadata, *_iris(claim.statements)})


def _iris(*groups: Iterable[Statement] | frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for group in groups:
        for item in group:
            if isinstance(item, Statement):
                found.update(t.value for t in (item.subject, item.property, item.value) if t.kind == "iri")
            else:
                found.add(item)
    return frozenset(found)


def _statements(rows: Iterable[Answer], subject: str) -> tuple[Statement, ...]:
    return tuple(Statement(Term("iri", subject), row["p"], row["o"]) for row in rows)


def read_vocabulary(release: Release, language: str) -> tuple[tuple[TermView, ...], Mapping[str, Label]]:
    """The terms of the ontology in alphabetical order, and the labels of what they refer to."""
    graph = f"<{release.base}graph/ontology>"
    rows = select(
        release.engine,
        f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o"
        f' FILTER(STRSTARTS(STR(?s), "{ZEL}") || STRSTARTS(STR(?s), "{release.base}ont#")) }} }}',
        "s",
        "p",
        "o",
    )
    rows.sort(key=lambda row: row["s"].value.lower())
    by_term: dict[str, list[Statement]] = {}
    for row in rows:
        by_term.setdefault(row["s"].value, []).append(Statement(row["s"], row["p"], row["o"]))
    names = labels(release.engine, release.base, _iris(*by_term.values()), order(language))
    return tuple(_term_view(iri, statements, language) for iri, statements in by_term.items()), names


def _term_view(iri: str, statements: Sequence[Statement], language: str) -> TermView:
    text = {"label": PREFIXES["rdfs"] + "label", "definition": PREFIXES["skos"] + "definition"}
    return TermView(
        iri,
        iri.rpartition("#")[2],
        tuple(s.value.value for s in statements if s.property.value == _TYPE),
        _texts(statements, text["label"], language),
        _texts(statements, text["definition"], language),
        tuple(s for s in statements if s.property.value not in {_TYPE, *text.values()}),
    )


def _texts(statements: Iterable[Statement], prop: str, language: str) -> tuple[Label, ...]:
    texts = [Label(s.value.value, s.value.language) for s in statements if s.property.value == prop]
    wanted = order(language)
    return tuple(sorted(texts, key=lambda t: wanted.index(t.language) if t.language in wanted else len(wanted)))
