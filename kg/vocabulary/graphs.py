"""Terms and concepts of RDF files: OWL 2, RDF Schema and SKOS, as projects and others write them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, cast

import pyoxigraph as ox

from kg.errors import Position, Problem
from kg.terms import PREFIXES, expand, normalise_text
from kg.vocabulary.model import DATATYPES, Kind, Own, Term, Vocabulary
from kg.vocabulary.reading import Reader

SYNTAXES: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(map(expand, ("owl:Class", "rdfs:Class")), "class"),
    **dict.fromkeys(
        map(expand, ("owl:ObjectProperty", "owl:SymmetricProperty", "owl:TransitiveProperty")), "object"
    ),
    expand("owl:DatatypeProperty"): "data",
    **dict.fromkeys(map(expand, ("rdf:Property", "owl:AnnotationProperty", "owl:FunctionalProperty")), "property"),
}  # fmt: skip
_CHARACTERISTICS: Final = {
    expand("owl:SymmetricProperty"): "symmetric",
    expand("owl:TransitiveProperty"): "transitive",
    expand("owl:FunctionalProperty"): "functional",
}
_TYPE, _LABEL, _DEFINED_BY = map(expand, ("rdf:type", "rdfs:label", "rdfs:isDefinedBy"))
_CONCEPT, _CONCEPT_SCHEME = expand("skos:Concept"), expand("skos:ConceptScheme")
_PREFERRED: Final = expand("skos:prefLabel")
_LABELS: Final = (_LABEL, _PREFERRED)
_DEFINITIONS: Final = tuple(map(expand, ("skos:definition", "rdfs:comment", "dct:description", "skos:scopeNote")))
_DOMAINS: Final = (expand("rdfs:domain"), expand("schema:domainIncludes"), "http://schema.org/domainIncludes")
_RANGES: Final = (expand("rdfs:range"), expand("schema:rangeIncludes"), "http://schema.org/rangeIncludes")
_ABOVE: Final = {"class": expand("rdfs:subClassOf")}
_XSD: Final = PREFIXES["xsd"]
_SIMPLE: Final = frozenset(
    base + name
    for base in ("http://schema.org/", "https://schema.org/")
    for name in ("Text", "Number", "Integer", "Float", "Boolean", "Date", "DateTime", "Time", "URL", "DataType")
)
"""What schema.org calls its literals."""
_WHOLE: Final = frozenset(
    _XSD + name
    for name in ("int", "long", "short", "byte", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong")
)
_DESCRIBED: Final = re.compile(r'^(?:<([^>]*)>|([\w-]*:[^\s;,]*)(?=\s))|(?:about|ID|@id)"?\s*[=:]\s*"([^"]*)"')
_MENTIONED: Final = re.compile(r"[\w:/#-]*[\w-]")
_BUILT_IN: Final = (PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"], _XSD)
_NAMED: Final = 5
"""Terms without a label that are named; all are counted."""
_OF_VOCABULARIES: Final = (*_BUILT_IN, PREFIXES["skos"])
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass
class Brought:
    """What the files of a project bring along, while they are read."""

    terms: list[Term] = field(default_factory=list)
    concepts: dict[str, dict[str, str]] = field(default_factory=dict)
    """By scheme and name, the IRI."""
    schemes: dict[str, str] = field(default_factory=dict)
    """The IRIs of schemes by name."""
    individuals: dict[str, str] = field(default_factory=dict)
    """The IRIs of further things that are described, each with a class of it."""
    statements: list[ox.Triple] = field(default_factory=list)
    """What the files say and is published as it stands."""
    remarks: list[str] = field(default_factory=list)


class GraphFile(Reader):
    """One RDF file: what it says of each node."""

    def __init__(self, path: Path, own: Own, below: Vocabulary, faults: list[Problem]) -> None:
        super().__init__(path, faults, own.name(path))
        self._own, self._below = own, below
        self._known = {term.iri for term in below.terms}
        self._said: dict[str, dict[str, list[Node]]] = {}
        self._text = ""
        self._bare: list[str] = []
        """What lacks a label, where that is no fault."""

    def read(self, brought: Brought) -> None:
        """Add the terms and concepts of the file, and what it says of them, to what was brought."""
        self._text = self.text()
        quads = self._quads()
        left = 0
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode | ox.Triple):
                about = self._said.setdefault(quad.subject.value, defaultdict(list))
                about[quad.predicate.value].append(quad.object)
            else:
                left += 1
        if left and not self._own.is_whole:
            what = "statements with blank nodes (restrictions, unions, lists) are left aside"
            brought.remarks.append(f"{self.shown}: {left} {what}")
        kinds = {iri: kind for iri in self._said if (kind := self._kind(iri))}
        classes = {iri for iri, kind in kinds.items() if kind == "class"}
        classes |= {term.iri for term in self._below.classes.values()} | {
            t.iri for t in brought.terms if t.kind == "class"
        }
        self._read_schemes(brought)
        schemes = {iri: name for name, iri in brought.schemes.items()}
        brought.terms += [self._term(iri, kind, classes, schemes) for iri, kind in kinds.items()]
        concepts = {iri for members in brought.concepts.values() for iri in members.values()}
        for iri in self._said.keys() - kinds.keys() - concepts:
            classed = [kind for kind in self._iris(iri, _TYPE) if not kind.startswith(_OF_VOCABULARIES)]
            if classed and _local(iri):
                brought.individuals[iri] = min(classed)
        brought.statements += self._statements()
        if self._bare:
            shown, more = ", ".join(self._bare[:_NAMED]), len(self._bare) - _NAMED
            what = f"{len(self._bare)} terms lack a label in a language of the project: {shown}"
            brought.remarks.append(f"{self.shown}: {what}{f' and {more} more' if more > 0 else ''}")

    def _quads(self) -> list[ox.Quad]:
        form = SYNTAXES[self._path.suffix.lower()]
        if form == ox.RdfFormat.RDF_XML and not self._text.lstrip().startswith("<"):
            form = ox.RdfFormat.TURTLE  # an .owl file may be either
        try:
            base = self._own.namespace.removesuffix("#")
            return list(ox.parse(self._text.encode(), form, base_iri=base if base.startswith("http") else None))
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            self.fault(line, f"not {form.name}: {getattr(error, 'msg', None) or error}")
            return []

    def _kind(self, iri: str) -> str:
        """What a node is of; empty for what is no term, or one that is known already."""
        if iri in self._known or iri.startswith(_BUILT_IN) or not _local(iri):
            return ""
        kinds = {_KINDS[kind] for kind in self._iris(iri, _TYPE) if kind in _KINDS}
        for kind in ("class", "object", "data"):
            if kind in kinds:
                return kind
        return self._kind_of_property(iri) if "property" in kinds else ""

    def _kind_of_property(self, iri: str) -> str:
        """A property that does not say what its values are has things where a class is among them, else literals."""
        ranges = [value for name in _RANGES for value in self._iris(iri, name)]
        things = [v for v in ranges if not v.startswith((_XSD, PREFIXES["rdf"])) and v not in _SIMPLE]
        return "object" if [value for value in things if value != expand("rdfs:Literal")] else "data"

    def _iris(self, iri: str, *names: str) -> list[str]:
        said = self._said.get(iri, {})
        return [value.value for name in names for value in said.get(name, ()) if isinstance(value, ox.NamedNode)]

    def _texts(self, iri: str, names: Iterable[str]) -> dict[str, str]:
        """The texts of a node by language, the best property first; what says none is in ours, if it is one."""
        found: dict[str, str] = {}
        for name in names:
            for value in sorted(self._said.get(iri, {}).get(name, ()), key=str):
                if isinstance(value, ox.Literal):
                    found.setdefault(value.language or self._own.unsaid, normalise_text(" ".join(value.value.split())))
        return found

    def line(self, iri: str) -> int:
        """The line where a node is described, as well as it can be told: the first that begins with its name."""
        name = _local(iri)
        return self._described.get(name) or self._mentioned.get(name, 1)

    @cached_property
    def _described(self) -> Mapping[str, int]:
        """For each name with which a line begins, or that stands in an attribute for subjects, the first such line."""
        return self._first(_DESCRIBED)

    @cached_property
    def _mentioned(self) -> Mapping[str, int]:
        return self._first(_MENTIONED)

    def _first(self, pattern: re.Pattern[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for number, line in enumerate(self._text.splitlines(), 1):
            for match in pattern.finditer(line):
                found.setdefault(_local(match[match.lastindex or 0]), number)
        return found

    def _term(self, iri: str, kind: str, classes: set[str], schemes: Mapping[str, str]) -> Term:
        above = [value for value in self._iris(iri, _ABOVE.get(kind, expand("rdfs:subPropertyOf"))) if value != iri]
        domains = [value for value in self._iris(iri, *_DOMAINS) if value != expand("owl:Thing")]
        labels = self._texts(iri, _LABELS)
        if iri.startswith(self._own.namespace):
            self._demand(iri, labels, "label")
        return Term(
            name=_local(iri),
            iri=iri,
            kind=cast("Kind", kind),
            parent=above[0] if above else expand("owl:Thing" if kind == "class" else f"owl:top{kind.title()}Property"),
            domain=domains[0] if len(domains) == 1 and domains[0] in classes else None,
            range=self._range(iri, kind, classes),
            scheme=next((schemes[v] for v in self._iris(iri, expand("rdfs:seeAlso")) if v in schemes), None),
            labels=labels,
            definitions=self._texts(iri, _DEFINITIONS),
            characteristics=tuple(sorted(_CHARACTERISTICS[v] for v in self._iris(iri, _TYPE) if v in _CHARACTERISTICS)),
            disjoint_with=(),
            alignments=(),
            since="",
            deprecated=None,
            replaced_by=None,
            position=Position(self.shown, self.line(iri)),
            further_parents=tuple(above[1:]),
        )

    def _range(self, iri: str, kind: str, classes: set[str]) -> str | None:
        ranges = self._iris(iri, *_RANGES)
        if len(ranges) != 1 or kind == "class":
            return None
        if kind == "object":
            return ranges[0] if ranges[0] in classes else None
        return expand("xsd:integer") if ranges[0] in _WHOLE else ranges[0] if ranges[0] in DATATYPES else None

    def _demand(self, iri: str, texts: Mapping[str, str], what: str) -> None:
        """What the project itself names has a label in its languages, unless it says that this may lack."""
        missing = [tag for tag in self._own.languages if not texts.get(tag)]
        if missing and self._own.labelled:
            hint = "add it; or say labelled = false in [vocabulary] of kg.toml: they are counted, and no faults"
            self.fault(self.line(iri), f"{_local(iri)} has no {what} in {', '.join(missing)}", hint)
        elif missing:
            self._bare.append(_local(iri))

    def _read_schemes(self, brought: Brought) -> None:
        """The schemes and concepts of the file; concepts may be added to schemes that are known already."""
        known = {self._below.scheme_iri(name): name for name in self._below.concepts}
        known |= {iri: name for name, iri in brought.schemes.items()}
        for iri in self._said:
            if iri not in known and _CONCEPT_SCHEME in self._iris(iri, _TYPE):
                name = _local(iri.rstrip("/#")).lower()
                is_taken = name in self._below.concepts or name in brought.schemes
                if is_taken and self._is_own(iri):
                    self.fault(self.line(iri), f"there is a scheme '{name}' already", "give it another name")
                    continue
                if is_taken:  # of others nobody here can give it another name
                    name = f"{self._path.stem.lower()}-{name}"
                    brought.remarks.append(f"{self.shown}: there is a scheme of this name already: <{iri}> is '{name}'")
                known[iri] = name
                brought.schemes[name] = iri
                brought.concepts.setdefault(name, {})
                if self._is_own(iri):
                    self._demand(iri, self._texts(iri, (_PREFERRED, _LABEL, expand("dct:title"))), "skos:prefLabel")
        self._read_concepts(brought, known)

    def _read_concepts(self, brought: Brought, known: Mapping[str, str]) -> None:
        here = [iri for iri in brought.schemes.values() if iri in self._said]
        topped = self._topped()
        lost: list[str] = []
        for iri in self._said:
            if _CONCEPT not in self._iris(iri, _TYPE):
                continue
            said = self._iris(iri, expand("skos:inScheme"), expand("skos:topConceptOf")) or topped.get(iri, [])
            inside = said or (here if len(here) == 1 else [])
            scheme = next((known[value] for value in inside if value in known), None)
            if scheme is None and not said and not self._is_own(iri):
                lost.append(iri)  # of others, who can say nothing of it here
                continue
            if scheme is None:
                hint = f"say skos:inScheme: the schemes are {', '.join(sorted(known.values()))}"
                self.fault(self.line(iri), f"the concept {_local(iri)} is in no scheme that is known", hint)
                continue
            name = _local(iri)
            members = {**self._below.concepts.get(scheme, {}), **brought.concepts.setdefault(scheme, {})}
            if members.get(name, iri) != iri:
                self.fault(self.line(iri), f"the scheme '{scheme}' has a concept '{name}' already", "name it otherwise")
                continue
            brought.concepts[scheme][name] = iri
            brought.schemes.setdefault(scheme, self._below.scheme_iri(scheme))
            if self._is_own(iri):
                self._demand(iri, self._texts(iri, (_PREFERRED,)), "skos:prefLabel")

        if lost:
            what = f"{len(lost)} concepts are in no scheme, and cannot be named in claims: <{lost[0]}>"
            brought.remarks.append(f"{self.shown}: {what}{' and others' if len(lost) > 1 else ''}")

    def _topped(self) -> Mapping[str, list[str]]:
        """For each concept that only its scheme speaks of, the schemes."""
        found: dict[str, list[str]] = defaultdict(list)
        for scheme in self._said:
            for iri in self._iris(scheme, expand("skos:hasTopConcept")):
                found[iri].append(scheme)
        return found

    def _is_own(self, iri: str) -> bool:
        return iri.startswith((self._own.schemes, self._own.namespace))

    def _statements(self) -> Iterator[ox.Triple]:
        """What is published of the file: of each node that no vocabulary below describes; labels once a language."""
        homes = [iri for iri in self._said if expand("owl:Ontology") in self._iris(iri, _TYPE)]
        for iri, said in self._said.items():
            if iri in self._known or iri.startswith(_BUILT_IN):
                continue
            subject = ox.NamedNode(iri)
            for name, values in said.items():
                texts = [v for v in values if isinstance(v, ox.Literal)] if name in _LABELS else []
                for value in values:
                    if value not in texts:
                        yield ox.Triple(subject, ox.NamedNode(name), value)
                for tag, text in (self._texts(iri, (name,)) if texts else {}).items():
                    yield ox.Triple(subject, ox.NamedNode(name), ox.Literal(text, language=tag))
            kinds = self._iris(iri, _TYPE)
            is_individual = _CONCEPT not in kinds and any(not kind.startswith(_OF_VOCABULARIES) for kind in kinds)
            # Some write the address of the vocabulary as a text.
            if (_LABEL in said or is_individual) and not self._iris(iri, _DEFINED_BY):
                home = homes[0] if homes else _namespace(iri).rstrip("#")
                yield ox.Triple(subject, ox.NamedNode(_DEFINED_BY), ox.NamedNode(home))


def _local(iri: str) -> str:
    """The name of a term in its namespace.

    >>> _local("http://xmlns.com/foaf/0.1/name"), _local("http://example.org/ont#"), _local("urn:x:a")
    ('name', '', 'a')
    """
    return re.split(r"[/#:]", iri)[-1]


def _namespace(iri: str) -> str:
    return iri.removesuffix(_local(iri))
