"""Which facts of a release may go to Wikidata: stated as done by a reviewed source, with an address, about real things.

A fact leaves when a claim states it that is reviewed, uncontradicted and not inferred, of the modality done or
allocated; when it stands in the default graph; when its subject is no mere plan; when a property of Wikidata says the
same; when its value is an item that is known beyond doubt, a date or a quantity that Wikidata can hold; and when the
document has a full address. Whatever fails one of these is withheld with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pyoxigraph as ox

from kg import store
from kg.export.wikidata.model import (
    Contribution,
    Item,
    ItemValue,
    Quantity,
    Reference,
    Statement,
    Time,
    Unsuited,
    Value,
    Withheld,
)
from kg.export.wikidata.properties import Counterpart, Kind
from kg.release import Release
from kg.terms import PREFIXES, SCHEME, Minter, expand, in_order

_PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

_FACTS: Final = """
SELECT DISTINCT ?s ?p ?o ?url WHERE {{
  VALUES ?modality {{ <{scheme}modality/done> <{scheme}modality/allocated> }}
  GRAPH <{claims}> {{
    ?claim zel:modality ?modality ; zel:reviewStatus <{scheme}review/reviewed> ; zel:statedIn ?document .
    FILTER NOT EXISTS {{ ?claim zel:inferred true }}
    FILTER NOT EXISTS {{
      ?claim (zel:contradicts|^zel:contradicts) ?other . ?other zel:reviewStatus <{scheme}review/reviewed> .
      FILTER (?other != ?claim)
    }}
    OPTIONAL {{ ?document schema:url ?url ; zel:addressComplete true }}
  }}
  GRAPH ?claim {{ ?s ?p ?o }}
  ?s ?p ?o .
}}
"""
_PLANS: Final = """
SELECT DISTINCT ?s WHERE {{
  ?s zel:lifecycleStatus ?status
  FILTER (?status NOT IN (<{scheme}status/done>, <{scheme}status/active>, <{scheme}status/in-force>))
}}
"""
_REGISTER: Final = """
SELECT ?s ?p ?o WHERE {{
  GRAPH <{entities}> {{ ?s ?p ?o }}
  FILTER (?p IN (rdf:type, rdfs:label, skos:exactMatch))
}}
"""
_CLASSES: Final = """
SELECT ?s ?p ?o WHERE {{
  GRAPH <{ontology}> {{ ?s ?p ?o }}
  FILTER (?p IN (rdfs:subClassOf, rdfs:label) && isIRI(?o) || ?p = rdfs:label)
}}
"""

_ANY_THING: Final = expand("owl:Thing")
_NAMES: Final = frozenset({expand("zel:name"), expand("zel:acronym")})
_EXACT: Final = frozenset({f"{SCHEME}exactness/exact"})

NO_PROPERTY: Final = "no checked property of Wikidata says this"
NO_ADDRESS: Final = "no source with a full address"
PLAN: Final = "its subject is planned or announced"
NO_LABEL: Final = "its subject has no label"
UNDECIDED: Final = "its subject has a candidate item that nobody has decided on"
NO_ITEM: Final = "its value has no item that is known beyond doubt"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a release knows of things and classes."""

    items: dict[str, str] = field(default_factory=dict)
    types: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    labels: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    parents: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    plans: set[str] = field(default_factory=set)

    def is_a(self, thing: str, kind: str) -> bool:
        """Whether the register has a thing under a class or a class below it."""
        waiting, seen = list(self.types.get(thing, ())), set()
        while waiting:
            current = waiting.pop()
            if current == kind:
                return True
            if current not in seen:
                seen.add(current)
                waiting.extend(self.parents.get(current, ()))
        return False


def contribution(
    release: Release,
    retrieved: dt.date,
    *,
    undecided: Collection[str] = (),
    properties: Sequence[Counterpart],
) -> Contribution:
    """What a release gives to Wikidata.

    `retrieved` is the day on which somebody opened the sources and found the facts there. `undecided` are the IRIs of
    things with a candidate item that is neither verified nor rejected: such a thing is not created. `properties` are
    those of Wikidata for ours.

    :raises ReleaseError: if the release cannot be read
    """
    database = store.read(release.store_path)
    mint = Minter(release.base)
    graphs = {name: mint.graph(name) for name in ("claims", "entities", "ontology")}
    ask = _Asker(database, {**graphs, "scheme": SCHEME})
    return _Selection(ask, _known(ask), retrieved, frozenset(undecided), properties).run()


class _Asker:
    def __init__(self, database: Any, names: Mapping[str, str]) -> None:
        self._database, self._names = database, names

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The answers, in order; that of the engine is no total order, and may end the process."""
        found = self._database.query(_PROLOGUE + query.format(**self._names))
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError(query)
        return iter(sorted(map(tuple, found), key=lambda row: tuple(map(_place, row))))

    def values(self, thing: str, curie: str) -> list[Any]:
        """The values of a property in the default graph."""
        found = self._database.quads_for_pattern(
            ox.NamedNode(thing), ox.NamedNode(expand(curie)), None, ox.DefaultGraph()
        )
        return [quad.object for quad in found]


def _place(term: Any) -> tuple[str, ...]:
    """The place of a term among others: nothing, blank nodes, IRIs, literals by their text."""
    match term:
        case None:
            return ("",)
        case ox.BlankNode():
            return "1", term.value
        case ox.NamedNode():
            return "2", term.value
        case ox.Literal():
            return "3", term.value, term.language or "", term.datatype.value
    raise TypeError(term)


def _known(ask: _Asker) -> _Known:
    known = _Known()
    for query in (_REGISTER, _CLASSES):
        for subject, predicate, value in ask.rows(query):
            match predicate.value:
                case iri if iri == expand("rdfs:label"):
                    known.labels[subject.value].setdefault(value.language or "", value.value)
                case iri if iri == expand("skos:exactMatch"):
                    if value.value.startswith(PREFIXES["wd"]):
                        known.items[subject.value] = value.value.removeprefix(PREFIXES["wd"])
                case iri if iri == expand("rdf:type"):
                    known.types[subject.value].append(value.value)
                case iri if iri == expand("rdfs:subClassOf"):
                    known.parents[subject.value].append(value.value)
                case other:
                    raise ValueError(other)
    known.plans.update(subject.value for (subject,) in ask.rows(_PLANS))
    return known


class _Selection:
    def __init__(
        self,
        ask: _Asker,
        known: _Known,
        retrieved: dt.date,
        undecided: frozenset[str],
        properties: Sequence[Counterpart],
    ) -> None:
        self._ask, self._known, self._retrieved, self._undecided = ask, known, retrieved, undecided
        self._properties = {expand(one.ours): one for one in properties}
        self._statements: dict[str, list[Statement]] = defaultdict(list)
        self._names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._withheld: list[Withheld] = []

    def run(self) -> Contribution:
        facts: dict[tuple[Any, Any, Any], list[str]] = defaultdict(list)
        for subject, predicate, value, url in self._ask.rows(_FACTS):
            facts[subject, predicate, value] += [] if url is None else [url.value]
        for (subject, predicate, value), urls in facts.items():
            if predicate.value in _NAMES:
                self._names[subject.value][value.language or "en"].append(value.value)
                continue
            try:
                self._statements[subject.value].append(self._statement(subject.value, predicate.value, value, urls))
            except Unsuited as reason:
                self._withheld.append(Withheld(str(reason), subject.value, predicate.value, value.value))
        items = tuple(self._item(iri, statements) for iri, statements in sorted(self._statements.items()) if statements)
        return Contribution(items, tuple(sorted(self._withheld)))

    def _statement(self, subject: str, predicate: str, value: Any, urls: list[str]) -> Statement:
        counterpart = self._properties.get(predicate)
        if counterpart is None:
            raise Unsuited(NO_PROPERTY)
        kind = expand(counterpart.subjects)
        if kind != _ANY_THING and not self._known.is_a(subject, kind):
            raise Unsuited(f"{counterpart.theirs} is for another kind of subject")
        if not urls:
            raise Unsuited(NO_ADDRESS)
        if subject in self._known.plans:
            raise Unsuited(PLAN)
        if subject not in self._known.items:
            if subject in self._undecided:
                raise Unsuited(UNDECIDED)
            if not self._known.labels.get(subject):
                raise Unsuited(NO_LABEL)
        references = tuple(Reference(url, self._retrieved) for url in urls)
        return Statement(counterpart.theirs, self._value(counterpart.kind, value), references)

    def _value(self, kind: Kind, value: Any) -> Value:
        match kind:
            case Kind.ITEM:
                qid = self._known.items.get(value.value) if isinstance(value, ox.NamedNode) else None
                if qid is None:
                    raise Unsuited(NO_ITEM)
                return ItemValue(qid)
            case Kind.TIME:
                return Time.of_edtf(value.value)
            case Kind.QUANTITY:
                return self._quantity(value.value)
        raise ValueError(kind)

    def _quantity(self, thing: str) -> Quantity:
        """The quantity that a node of the default graph describes; one that is only about right needs bounds."""
        numbers = {
            name: [Decimal(one.value) for one in self._ask.values(thing, f"zel:{name}")]
            for name in ("numericValue", "lowerBound", "upperBound")
        }
        if len(numbers["numericValue"]) != 1:
            raise Unsuited("a quantity without one number")
        bounds = numbers["lowerBound"] + numbers["upperBound"]
        is_bounded = len(numbers["lowerBound"]) == len(numbers["upperBound"]) == 1
        exactness = {one.value for one in self._ask.values(thing, "zel:exactness")}
        if not is_bounded and (bounds or not exactness <= _EXACT):
            raise Unsuited("a quantity that is not exact and has no two bounds")
        units = [self._known.items.get(one.value) for one in self._ask.values(thing, "zel:unit")]
        if None in units or len(units) > 1:
            raise Unsuited("a quantity whose unit has no item that is known beyond doubt")
        lower, upper = bounds if is_bounded else (None, None)
        return Quantity(numbers["numericValue"][0], lower, upper, units[0] if units else None)

    def _item(self, iri: str, statements: list[Statement]) -> Item:
        qid = self._known.items.get(iri)
        if qid is not None:
            return Item(iri, qid, tuple(statements), {}, {}, {})
        labels = _in_order(self._known.labels.get(iri, {}))
        kinds = self._known.types.get(iri, [])[:1]
        descriptions = _in_order(self._known.labels.get(kinds[0], {}) if kinds else {})
        names = self._names.get(iri, {})
        aliases = {
            language: tuple(sorted({name for name in names.get(language, ()) if name != labels.get(language)}))
            for language in in_order(names)
        }
        return Item(iri, None, tuple(statements), labels, descriptions, {tag: a for tag, a in aliases.items() if a})


def _in_order(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: texts[language] for language in in_order(texts)}
