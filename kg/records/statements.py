"""Statements by name -> JSON-LD nodes: every name is resolved to an IRI, every value to its canonical form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph as ox

from kg.dates.writing import date_meant
from kg.errors import Suggestions, nearest
from kg.positions import Faults, Node, Sequence, Table, Value, cures
from kg.quoting import IN_BRACES
from kg.records.documents import class_iris
from kg.records.fields import OWN_TERMS, describe, language_map
from kg.terms import PREFIXES, SCHEME, ZEL, Minter, canonical_decimal, is_countable, is_date, is_edtf
from kg.vocabulary import Term, Vocabulary

_XSD: Final = PREFIXES["xsd"]
_LANG_STRING: Final = PREFIXES["rdf"] + "langString"
_EDTF: Final = PREFIXES["edtf"] + "EDTF"
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_SHOWN: Final = 40
"""Longest number that an error repeats whole."""
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_DATE_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,18})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?", re.ASCII
)
_SIGNED: Final = re.compile(r"0|-?[1-9]\d*", re.ASCII)
_ANY: Final = ox.NamedNode("urn:x:any")
_INTEGER: Final = re.compile(r"0|[1-9]\d*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that a statement may use, and the IRI it stands for."""

    vocabulary: Vocabulary
    mint: Minter
    documents: frozenset[str]
    entities: frozenset[str]
    claims: frozenset[str]

    def candidates(self, kind: str) -> Mapping[str, str]:
        """Name -> IRI of everything that may stand as a value of the object properties of a kind (`kind_of`)."""
        if kind == _CLAIMS:
            return {name: self.mint.claim(name) for name in self.claims}
        documents = {name: self.mint.document(name) for name in self.documents}
        if kind == _DOCUMENTS:
            return documents
        if kind == _THINGS:
            entities = {name: self.mint.entity(name) for name in self.entities}
            return {**self.vocabulary.values, **documents, **entities}
        return self.vocabulary.concepts[kind.removeprefix(SCHEME)]


_CLAIMS: Final = ZEL + "Claim"
_DOCUMENTS: Final = ZEL + "SourceDocument"
_THINGS: Final = ZEL


NOBODY_WRITES: Final = "a build makes its statements, and nobody writes them"


def below(term: Term, properties: Mapping[str, Term]) -> str:
    """What to write in place of a derived property."""
    names = sorted(name for name, other in properties.items() if other.parent == term.iri)
    return f"write what it follows from: {', '.join(names)}" if names else "take it out"


_DECLARED: Final[Mapping[str, str]] = MappingProxyType(
    {
        _CLAIMS: "no claim has that id: correct it, or write that claim",
        _DOCUMENTS: "describe it in sources.yaml, or correct the name",
    }
)
"""What to do about a name of a claim or of a document that nobody knows."""
_FEW: Final = 12
"""Names of a scheme that an error lists."""


def kind_of(term: Term) -> str:
    """Which names may stand as a value of an object property: those of a scheme, claims, documents, or all things."""
    if term.scheme is not None:
        return SCHEME + term.scheme
    return term.range if term.range in {_CLAIMS, _DOCUMENTS} else _THINGS


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The names of one kind, and hints for those that are none of them."""

    iris: Mapping[str, str]
    hints: Suggestions
    made: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """References that were made, each once: ten thousand claims name the same place."""

    def references(self, name: str) -> list[dict[str, str]] | None:
        """The one reference that a name makes, in a list, which nobody changes; None for a name that nobody knows."""
        found = self.made.get(name)
        if found is None and name in self.iris:
            found = self.made[name] = [{"@id": self.iris[name]}]
        return found


class Resolver:
    """Turns the nodes below `says:` into JSON-LD, reporting every name that it does not know."""

    def __init__(self, names: Names, faults: Faults) -> None:
        self._names, self._faults = names, faults
        self._candidates: dict[str, _Candidates] = {}
        self._hints = Suggestions(names.entities)

    def node(self, table: Table) -> dict[str, Any]:
        """One node and those inside it; `id` names an entity, `type` its classes, the rest are properties."""
        result: dict[str, Any] = {"@id": self._subject(table)}
        if table.get("type") is not None:
            result["@type"] = list(class_iris(table.get("type"), table, self._names.vocabulary, self._faults))
        result.update(self.properties(table, skip=("id", "type")))
        return result

    def _subject(self, table: Table) -> str:
        """The IRI of `id`: an entity by its name, or a concept as `scheme/name`."""
        node = table.get("id")
        name = node.text if isinstance(node, Value) else ""
        scheme, _, concept = name.partition("/")
        if name in self._names.entities:
            return self._names.mint.entity(name)
        known = self._names.vocabulary.concepts.get(scheme, {})
        if concept in known:
            return known[concept]
        place = node.position if node is not None else table.position
        hint = nearest(concept, known) or self._hints.nearest(name) or "declare it in entities.yaml"
        self._faults.add("unknown-entity", f"unknown entity '{name}'" if name else "no 'id'", place, hint, name)
        return ZEL

    def properties(self, table: Table, skip: Iterable[str] = ()) -> dict[str, Any]:
        """The properties of a mapping, by IRI, with their values in JSON-LD."""
        result: dict[str, Any] = {}
        vocabulary = self._names.vocabulary
        known = vocabulary.properties
        for key, value in table:
            if key in skip:
                continue
            term = vocabulary.property_named(key)
            if term is None:
                hint = vocabulary.hint(key, [*known, *skip]) or (IN_BRACES if table.in_braces else OWN_TERMS)
                self._faults.add("unknown-term", f"unknown term '{key}'", table.keys[key], hint)
            elif term.derived:
                self._faults.add(
                    "derived-term", f"'{key}' is derived: {NOBODY_WRITES}", table.keys[key], below(term, known)
                )
            else:
                made = self.value(term, value)
                result[term.iri] = [*result[term.iri], *made] if term.iri in result else made
        return result

    def value(self, term: Term, node: Node) -> list[Any]:
        """The value or values of one property."""
        if term.kind == "object":
            if isinstance(node, Value) and (found := self._known(term).references(node.text)) is not None:
                return found
            return [self._reference(term, item) for item in _each(node)]
        if term.range == _LANG_STRING or (term.range is None and isinstance(node, Table)):
            by_language = language_map(node, term.name, self._faults)
            return [{"@value": text, "@language": tag} for tag, texts in by_language.items() for text in texts]
        return [self._literal(term, item) for item in _each(node)]

    def _reference(self, term: Term, node: Node) -> Any:
        if isinstance(node, Table):
            return self.node(node)
        candidates = self._known(term)
        name = node.text if isinstance(node, Value) else ""
        if (found := candidates.references(name)) is not None:
            return found[0]
        where = f"the scheme '{term.scheme}' has no" if term.scheme else "unknown"
        hint = cures.separated(name) or candidates.hints.nearest(name)
        if hint is None:
            hint = self._unlike(term, candidates)
        self._faults.add("unknown-name", f"{where} name '{name}'", node.position, hint, None if term.scheme else name)
        return {"@id": ZEL}

    def _unlike(self, term: Term, candidates: _Candidates) -> str:
        """What to do about a name that is like none of those that may stand there."""
        if term.scheme is None:
            return _DECLARED.get(kind_of(term), "declare it in entities.yaml, or correct the name")
        names = list(candidates.iris)
        return f"one of {', '.join(names)}" if len(names) <= _FEW else f"kg terms {term.scheme} lists what there is"

    def _known(self, term: Term) -> _Candidates:
        """The names of a kind, gathered when a reference of that kind is first met: there may be very many."""
        kind = kind_of(term)
        if kind not in self._candidates:
            iris = self._names.candidates(kind)
            self._candidates[kind] = _Candidates(iris, Suggestions(iris))
        return self._candidates[kind]

    def _literal(self, term: Term, node: Node) -> Any:
        datatype = term.range or _XSD + "string"
        if not isinstance(node, Value) or node.value is None:
            self._faults.add("wrong-type", f"'{term.name}' must be a value, not {describe(node)}", node.position)
            return None
        reader = _READERS.get(datatype)
        if reader is None:
            raise ValueError(f"no way to write a value of {datatype}, the range of {term.name}")
        try:
            return reader(node)
        except ValueError as error:
            message, hint = (*error.args, None)[:2]
            self._faults.add("wrong-type", f"'{term.name}': {message}", node.position, hint)
            return None


def _each(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _typed(lexical: str, datatype: str) -> dict[str, str]:
    return {"@value": lexical, "@type": datatype}


def _digits(text: str, pattern: re.Pattern[str]) -> str | None:
    """How a text is written that is a number of a pattern but for its digits, if it is one."""
    cure = cures.number(text)
    written = cure.removeprefix("write ")
    return cure if written != text and pattern.fullmatch(written) else None


def _matching(pattern: re.Pattern[str], datatype: str, wanted: str) -> Callable[[Value], dict[str, str]]:
    def read(node: Value) -> dict[str, str]:
        if not pattern.fullmatch(node.text):
            raise ValueError(f"{node.text!r} is no {wanted}", _digits(node.text, pattern))
        return _typed(node.text, datatype)

    return read


def _edtf(node: Value) -> dict[str, str]:
    if not is_edtf(node.text):
        raise ValueError(*_no_date(node.text))
    return _typed(node.text, _EDTF)


def no_date(text: str) -> str:
    """What is said of a text that should be an EDTF date."""
    message, hint = _no_date(text)
    return f"{message} ({hint})"


def _no_date(text: str) -> tuple[str, str]:
    hint = date_meant(text) or "write 2025, 2025-07, 2025-07-01 or 2024/2026"
    return f"{text!r} is no EDTF date of the calendar", hint


def _date(node: Value) -> dict[str, str]:
    if not is_date(node.text):
        raise ValueError(f"{node.text!r} is no day of the calendar such as 2025-07-01")
    return _typed(node.text, _XSD + "date")


def _decimal(node: Value) -> dict[str, str]:
    if type(node.value) not in {int, float}:
        raise ValueError(f"{node.text!r} is no number", cures.number(node.text))
    return _countable(canonical_decimal(node.text), _XSD + "decimal")


def _positive(node: Value) -> dict[str, str]:
    if not _INTEGER.fullmatch(node.text) or node.text == "0":
        raise ValueError(f"{node.text!r} is no whole number above 0", _digits(node.text, _INTEGER))
    return _countable(node.text, _XSD + "integer")


def _whole(node: Value) -> dict[str, str]:
    if not _INTEGER.fullmatch(node.text):
        raise ValueError(f"{node.text!r} is no whole number", _digits(node.text, _INTEGER))
    return _countable(node.text, _XSD + "integer")


def _signed(node: Value) -> dict[str, str]:
    if not _SIGNED.fullmatch(node.text):
        raise ValueError(f"{node.text!r} is no whole number")
    return _countable(node.text, _XSD + "integer")


def _double(node: Value) -> dict[str, str]:
    if type(node.value) not in {int, float}:
        raise ValueError(f"{node.text!r} is no number")
    return _canonical(node.text, _XSD + "double")


def _date_time(node: Value) -> dict[str, str]:
    if not _DATE_TIME.fullmatch(node.text) or not is_date(node.text[:10]):
        raise ValueError(f"{node.text!r} is no day with its time such as 2025-07-01T09:30:00Z")
    return _canonical(node.text, _XSD + "dateTime")


def _canonical(text: str, datatype: str) -> dict[str, str]:
    """A value in the form that the store keeps."""
    kept = ox.Store()
    kept.add(ox.Quad(_ANY, _ANY, ox.Literal(text, datatype=ox.NamedNode(datatype))))
    (quad,) = kept
    return _typed(str(quad.object.value), datatype) if isinstance(quad.object, ox.Literal) else _typed(text, datatype)


def _countable(lexical: str, datatype: str) -> dict[str, str]:
    """A number that queries can compare.

    :raises ValueError: if it has more digits than the engine counts with
    """
    if not is_countable(lexical, whole=datatype != _XSD + "decimal"):
        raise ValueError(uncountable(lexical))
    return _typed(lexical, datatype)


def uncountable(lexical: str) -> str:
    """What is said of a number that has too many digits."""
    short = lexical if len(lexical) <= _SHOWN else lexical[:_SHOWN] + "…"
    return f"{short} has more digits than queries count with (18 before the point, 18 after)"


def _boolean(node: Value) -> dict[str, str]:
    if not isinstance(node.value, bool):
        raise ValueError(f"{node.text!r} is neither true nor false", cures.truth(node.text))
    return _typed(node.text, _XSD + "boolean")


def _text(node: Value) -> dict[str, str]:
    return {"@value": node.text}


# Oxigraph keeps every kind of integer as xsd:integer, so that is what is written; the shapes check the bounds.
_READERS: Final[Mapping[str, Callable[[Value], dict[str, str]]]] = {
    _XSD + "string": _text,
    _XSD + "anyURI": lambda node: _typed(node.text, _XSD + "anyURI"),
    _XSD + "boolean": _boolean,
    _XSD + "decimal": _decimal,
    _XSD + "positiveInteger": _positive,
    _XSD + "nonNegativeInteger": _whole,
    _XSD + "integer": _signed,
    _XSD + "dateTime": _date_time,
    _XSD + "double": _double,
    _XSD + "gYear": _matching(_YEAR, _XSD + "gYear", "year of four digits"),
    _XSD + "gYearMonth": _matching(_MONTH, _XSD + "gYearMonth", "year and month such as 2025-07"),
    _XSD + "date": _date,
    _EDTF: _edtf,
}
