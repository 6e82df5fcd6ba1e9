"""The kinds that values are of, as far as it matters to the engine: of one kind it knows the order.

A kind is `iri`, `blank`, or the name of a literal's datatype where the engine handles all that it stands for: `string`,
`language` (text with a tag), `integer` and `decimal` within its bounds, `float` and `double` but for NaN, `boolean`,
`dateTime` with a zone, and `date`, `gYear` and `gYearMonth` without one. All others are `other`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from kg.sparql.language.syntax import BlankNode, Iri, Literal, TripleTerm

Kinds: TypeAlias = "frozenset[str] | None"
"""All kinds that are possible; None if nothing is known. What binds nothing has none."""

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NONE: Final[frozenset[str]] = frozenset()
NODES: Final = frozenset({"iri", "blank"})
TEXTS: Final = frozenset({"string", "language"})
LOOKED_UP: Final = TEXTS | {"iri"}
"""The kinds of which the engine keeps the values in a table of their own, not in the statement."""
_NUMBER: Final = r"-?+(?:0|[1-9][0-9]{0,17}+)"
_DAY: Final = (
    r"(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|[0-9]{4}-(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|[0-9]{4}-(?:0[13578]|1[02])-31|[0-9]{2}(?:0[48]|[2468][048]|[13579][26])-02-29|2000-02-29)"
)
_CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
_FORMS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        name: re.compile(form)
        for name, form in {
            "integer": _NUMBER,
            "decimal": rf"{_NUMBER}(?:\.[0-9]{{1,17}}+)?",
            "float": r"[+-]?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]{1,2})?",
            "double": r"[+-]?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]{1,2})?",
            "boolean": r"true|false",
            "dateTime": f"{_DAY}T{_CLOCK}{_ZONE}",
            "date": _DAY,
            "gYearMonth": r"[0-9]{4}-(?:0[1-9]|1[0-2])",
            "gYear": r"[0-9]{4}",
        }.items()
    }
)


def kind_of_literal(lexical: str, datatype: str, language: str | None) -> str:
    """The kind of a literal.

    >>> kind_of_literal("5", XSD + "integer", None), kind_of_literal("9" * 20, XSD + "integer", None)
    ('integer', 'other')
    """
    if datatype == XSD + "string":
        return "string"
    if language is not None:
        return "language" if datatype == _RDF + "langString" else "other"
    name = datatype.removeprefix(XSD)
    form = _FORMS.get(name) if name != datatype else None
    return name if form is not None and form.fullmatch(lexical) else "other"


def kind_of_term(term: Iri | Literal | TripleTerm | BlankNode) -> str:
    """The kind of a term that is written out."""
    match term:
        case Iri():
            return "iri"
        case BlankNode():
            return "blank"
        case Literal():
            return kind_of_literal(term.lexical, term.datatype, term.language)
        case TripleTerm():
            return "other"
    raise ValueError(f"no term: {term!r}")


def quicker_by_engine(kinds: Kinds) -> bool:
    """Whether the engine sorts values of these kinds as the standard says, and sooner than by keys of ours.

    It looks up a text or an IRI in its store at each comparison, a key is made once.

    >>> quicker_by_engine(frozenset({"integer", "decimal"})), quicker_by_engine(frozenset({"string"}))
    (True, False)
    """
    return in_order(kinds) and not (kinds or NONE) & LOOKED_UP


def in_order(kinds: Kinds) -> bool:
    """Whether the engine sorts values of these kinds as the standard says: nodes, and literals of one kind.

    >>> in_order(frozenset({"iri", "integer", "decimal"})), in_order(frozenset({"integer", "string"})), in_order(None)
    (True, False, False)
    """
    if kinds is None or "other" in kinds:
        return False
    literals = kinds - NODES
    return len(literals) <= 1 or literals <= EXACT


EXACT: Final = frozenset({"integer", "decimal"})
