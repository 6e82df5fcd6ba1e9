"""Tables of solutions: read from SPARQL results in JSON or XML, every term in the spelling of SPARQL.

A term is kept as the text that names it in a query (`<http://e/>`, `"Rabat"@fr`), for two things are done with it:
it is compared, and it is written into a VALUES block. A blank node is kept as `_:label`, which no VALUES block takes.

What comes from elsewhere is not trusted: a body that is no complete result is a failure, a language tag or an IRI
that RDF does not know is repaired, and the repairs are counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.errors import Cause
from kg.sparql.solutions_xml import read_xml
from kg.sparql.unusable import UnusableAnswer, incomplete

Term = str
Row = tuple[Term | None, ...]

JSON_TYPE: Final = "application/sparql-results+json"
XML_TYPE: Final = "application/sparql-results+xml"
_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions in the order in which they came: a multiset, so a row may stand in it twice."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    repaired: int = 0
    """Terms that were repaired."""


def read_table(body: bytes, media_type: str, wanted: Sequence[str] | None = None) -> Table:
    """Read a result of SELECT (SPARQL 1.1 Query Results JSON Format; SPARQL Query Results XML Format).

    With `wanted` the table has these variables in this order, whatever else the answer holds.

    :raises UnusableAnswer: if the body is cut, is something else, lacks a wanted variable, or holds a term that is
        none and cannot be repaired

    >>> body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}},{}]}}'
    >>> read_table(body, JSON_TYPE)
    Table(variables=('x',), rows=(('"1"',), (None,)), repaired=0)
    """
    names: Sequence[str]
    bindings: Iterable[Mapping[str, Any]]
    if media_type == XML_TYPE:
        names, bindings = read_xml(body)
    else:
        names, bindings = _read_json(body)
    variables = tuple(names if wanted is None else wanted)
    missing = sorted(set(variables) - set(names))
    if missing:
        listed = ", ".join(f"?{name}" for name in missing)
        raise UnusableAnswer(Cause.VARIABLES, f"the answer is one to another question: {listed} is not in it")
    spelling = _Spelling()
    known = set(names)
    rows = []
    for binding in bindings:
        if not binding.keys() <= known:
            raise UnusableAnswer(Cause.VARIABLES, "a row of the answer binds a variable that its head does not name")
        rows.append(tuple(spelling.term(binding[name]) if name in binding else None for name in variables))
    return Table(variables, tuple(rows), spelling.repaired)


def is_blank(term: Term | None) -> bool:
    """Whether a term is a blank node.

    >>> is_blank("_:b0"), is_blank('"_:b0"')
    (True, False)
    """
    return term is not None and term.startswith("_:")


def values_block(variables: Iterable[str], rows: Iterable[Row]) -> str:
    """Inline data with these rows (SPARQL 1.1 Query, section 10.2).

    >>> values_block(["x", "y"], [("<http://e/>", None)])
    'VALUES (?x ?y) { (<http://e/> UNDEF) }'
    >>> values_block(["x"], [])
    'VALUES ?x { }'
    """
    names = [f"?{name}" for name in variables]
    if len(names) == 1:
        body = " ".join(row[0] or "UNDEF" for row in rows)
        return f"VALUES {names[0]} {{ {body} }}" if body else f"VALUES {names[0]} {{ }}"
    body = " ".join("(" + " ".join(term or "UNDEF" for term in row) + ")" for row in rows)
    return f"VALUES ({' '.join(names)}) {{ {body} }}" if body else f"VALUES ({' '.join(names)}) {{ }}"


# --- bodies


def _read_json(body: bytes) -> tuple[list[str], Iterable[Mapping[str, Any]]]:
    try:
        answer = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise incomplete(body, b"{", error) from None
    match answer:
        case {"head": {"vars": [*names]}, "results": {"bindings": [*rows]}}:
            if all(isinstance(name, str) for name in names) and all(isinstance(row, dict) for row in rows):
                return names, rows
    raise UnusableAnswer(Cause.NO_RESULTS, "the answer is JSON, but no table of SPARQL results")


# --- terms

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_NOT_IN_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_SUSPECT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|[\[\]]")
_SUBTAG: Final = 8
_RENAMED: Final[Mapping[str, str]] = {
    # Codes of Wikimedia projects that are no language tags, and the tags that stand for them.
    "be-x-old": "be-tarask", "fiu-vro": "vro", "roa-rup": "rup", "zh-classical": "lzh", "zh-min-nan": "nan",
    "zh-yue": "yue", "bat-smg": "sgs",
}  # fmt: skip


class _Spelling:
    """Spells terms, each distinct IRI and tag checked once."""

    def __init__(self) -> None:
        self.repaired = 0
        self._iris: dict[str, tuple[str, bool]] = {}
        self._tags: dict[str, tuple[str, bool]] = {}

    def term(self, binding: Any) -> Term:
        match binding:
            case {"type": "uri", "value": str(iri)}:
                return self._iri(iri)
            case {"type": "literal" | "typed-literal", "value": str(value)}:
                return self._literal(value, binding.get("xml:lang"), binding.get("datatype"), binding)
            case {"type": "bnode", "value": str(label)}:
                return f"_:{label}"
        raise UnusableAnswer(Cause.TERM, f"the answer holds what is no term of RDF 1.1: {str(binding)[:80]}")

    def _literal(self, value: str, tag: Any, datatype: Any, binding: Mapping[str, Any]) -> Term:
        if "its:dir" in binding:
            raise UnusableAnswer(Cause.TERM, "the answer holds a literal with a base direction")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnusableAnswer(Cause.TERM, "the answer holds a string that is no Unicode text") from None
        text = f'"{value.translate(_ESCAPES)}"'
        match tag, datatype:
            case str(), _:
                return f"{text}@{self._tag(tag)}"
            case None, None:
                return text
            case None, str():
                return text if datatype == _XSD_STRING else f"{text}^^{self._iri(datatype)}"
        raise UnusableAnswer(Cause.TERM, f"the answer holds what is no literal: {str(binding)[:80]}")

    def _iri(self, iri: str) -> str:
        if iri not in self._iris:
            legal = next((form for form in _iri_forms(iri) if _is_iri(form)), None)
            if legal is None:
                raise UnusableAnswer(Cause.TERM, f"the answer holds what is no IRI: {iri[:80]!r}")
            self._iris[iri] = f"<{legal}>", legal != iri
        spelled, repaired = self._iris[iri]
        self.repaired += repaired
        return spelled

    def _tag(self, tag: str) -> str:
        if tag not in self._tags:
            legal = repair_tag(tag)
            self._tags[tag] = legal, legal != tag
        spelled, repaired = self._tags[tag]
        self.repaired += repaired
        return spelled


def _iri_forms(iri: str) -> Iterator[str]:
    yield iri
    escaped = _NOT_IN_IRI.sub(lambda found: quote(found[0], safe=""), iri)
    yield escaped
    yield _SUSPECT.sub(lambda found: quote(found[0], safe=""), escaped)


def _is_iri(iri: str) -> bool:
    try:
        NamedNode(iri)
        iri.encode()
    except ValueError:
        return False
    return not _NOT_IN_IRI.search(iri)


def repair_tag(tag: str) -> str:
    """A language tag that is well-formed (BCP 47, section 2.1): the same, its modern name, or a private one.

    >>> repair_tag("pt-BR"), repair_tag("zh-classical"), repair_tag("de-verylongsubtag"), repair_tag("")
    ('pt-BR', 'lzh', 'de-x-verylong-subtag', 'und')
    """
    if _is_tag(tag):
        return tag
    if tag.lower() in _RENAMED:
        return _RENAMED[tag.lower()]
    first, _, rest = tag.partition("-")
    if not _is_tag(first):
        first, rest = "und", tag
    pieces = [
        part[start : start + _SUBTAG]
        for part in re.split(r"[^0-9A-Za-z]+", rest)
        for start in range(0, len(part), _SUBTAG)
    ]
    return "-".join((first, "x", *pieces)) if pieces else first


def _is_tag(tag: str) -> bool:
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return tag.isascii()
