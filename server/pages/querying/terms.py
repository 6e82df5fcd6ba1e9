"""Terms that a request holds, as results in JSON have them: those that a page is to show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from kg.errors import Problem
from server.http.protocol import ProtocolError
from server.lookup import Term

MOST: Final = 250
"""Terms of one request: more than a window shows at once."""
LONGEST: Final = 10_000
"""Characters of one of them."""
_JSON: Final = "application/json"
_KINDS: Final[Mapping[str, str]] = MappingProxyType({"uri": "iri", "bnode": "blank"})
_STATED: Final = ("xml:lang", "datatype", "its:dir")
"""What a literal may say of itself beside its text (SPARQL 1.1 JSON results, section 3.2.2, and its draft for 1.2)."""


def read_terms(content_type: str, body: bytes) -> tuple[Term, ...]:
    """The terms of a body: a list in JSON of terms as results in JSON have them; triples are no such terms.

    :raises ProtocolError: 415 if the body is no JSON, 400 if it is no such list, or has more than `MOST` terms or
        one of more than `LONGEST` characters

    >>> read_terms("application/json", b'[{"type": "literal", "value": "fin", "xml:lang": "fr"}]')[0].language
    'fr'
    """
    if content_type.partition(";")[0].strip().lower() != _JSON:
        problem = Problem("media-type", f"the media type {content_type[:40]!r} is not JSON", hint=f"send {_JSON}")
        raise ProtocolError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, problem)
    try:
        given = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _refused("the body is no JSON in UTF-8") from None
    if not isinstance(given, list) or len(given) > MOST:
        raise _refused(f"the body is no list of {MOST} terms at most")
    return tuple(_term(number, it) for number, it in enumerate(given))


def _term(number: int, given: object) -> Term:
    match given:
        case {"type": "uri" | "literal" | "bnode" as kind, "value": str(value), **more}:
            stated = [it for name in _STATED if isinstance(it := more.get(name, ""), str)]
        case _:
            raise _refused(f"term {number} is no IRI, literal or blank node of SPARQL results in JSON")
    if len(stated) < len(_STATED) or stated[-1] not in {"", "ltr", "rtl"} or more.get("its:dir") == "":
        raise _refused(f"term {number} says what no literal can say of itself")
    term = Term("literal", value, *stated) if kind == "literal" else Term(_KINDS[kind], value)
    for text in (term.value, term.language, term.datatype):
        if len(text) > LONGEST:
            raise _refused(f"term {number} has more than {LONGEST:,} characters")
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise _refused(f"term {number} holds half a character, which no text in UTF-8 does")
    return term


def _refused(cause: str) -> ProtocolError:
    return ProtocolError(HTTPStatus.BAD_REQUEST, Problem("parameter", cause))
