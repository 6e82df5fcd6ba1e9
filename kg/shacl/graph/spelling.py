"""How terms are spelled in N-Quads: which spellings are the canonical one, and what the others stand for.

A spelling is canonical here only where that is certain from its bytes alone; all others are asked of Oxigraph's parser,
so what is wrong is refused by it and what is spelled otherwise (`\\u` escapes, capitals in a language tag, `xsd:string`
written out) becomes the one form that Oxigraph writes.
"""

from __future__ import annotations

import re
from typing import Final

import pyoxigraph as ox

# The characters of RFC 3987 that stand for themselves, in UTF-8 up to U+CFFF; what lies above is left to the parser.
_WIDE: Final = rb"|\xc2[\xa0-\xbf]|[\xc3-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec][\x80-\xbf]{2}"
_PLAIN: Final = rb"-A-Za-z0-9._~!$&'()*+,;=:@"
_PATH: Final = rb"(?:[" + _PLAIN + rb"/]++|%[0-9A-Fa-f]{2}" + _WIDE + rb")*+"
_MORE: Final = rb"(?:[" + _PLAIN + rb"/?]++|%[0-9A-Fa-f]{2}" + _WIDE + rb")*+"
_IRI: Final = (
    rb"<[A-Za-z][A-Za-z0-9+.-]*+:(?://[A-Za-z0-9.-]*+(?::[0-9]{0,4}+)?+(?=[/?#>])|(?!//))"
    + _PATH
    + rb"(?:\?"
    + _MORE
    + rb")?+(?:#"
    + _MORE
    + rb")?+>"
)
_IMPLIED: Final = (
    rb"(?!http://www\.w3\.org/2001/XMLSchema#string>|http://www\.w3\.org/1999/02/22-rdf-syntax-ns#(?:l|dirL)angString>)"
)
_BLANK: Final = rb"_:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?+"
_TEXT: Final = rb'"[^"\\\x00-\x1f\x7f\xef]*+(?:(?:\\[tbnrf"\\]|\xef(?!\xbf[\xbe\xbf])..)[^"\\\x00-\x1f\x7f\xef]*+)*+"'
_LANGUAGE: Final = rb"@[a-z]{2,3}(?:-[a-z]{4})?+(?:-(?:[a-z]{2}|[0-9]{3}))?+"
_TERM: Final = (
    rb"(?:" + _IRI + rb"|" + _TEXT + rb"(?:" + _LANGUAGE + rb"|\^\^<" + _IMPLIED + _IRI[1:] + rb")?+|" + _BLANK + rb")"
)
_CANONICAL: Final = re.compile(rb"(?:" + _TERM + rb"\n)*+", re.DOTALL)
# A literal that ends where it seems to; an IRI that does is one without a mark of another term in it.
_WHOLE: Final = re.compile(
    rb'<[^<>" \t\r]*>|"[^"\\\r]*(?:\\.[^"\\\r]*)*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^<[^<>" \t\r]*>)?'
)


def are_canonical(spellings: list[bytes]) -> bool:
    """Whether each of these terms, which have no line ends, is certainly spelled as Oxigraph writes it.

    >>> are_canonical([b"<urn:a>", b'"a"@fr', b"_:a"]), are_canonical([b'"a"@FR']), are_canonical([b"<a>"])
    (True, False, False)
    """
    lines = b"\n".join((*spellings, b""))
    return _is_utf8(lines) and _CANONICAL.fullmatch(lines) is not None


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def canonical(spelling: bytes) -> bytes | None:
    """The form that Oxigraph writes of a term in another spelling; None where it cannot be told without its line.

    >>> canonical(b'"\\\\u0061"@FR'), canonical(b'"a"^^<http://www.w3.org/2001/XMLSchema#string>'), canonical(b"<a>")
    (b'"a"@fr', b'"a"', None)
    """
    if _WHOLE.fullmatch(spelling) is None:
        return None
    try:
        (quad,) = ox.parse(b"<urn:s> <urn:p> " + spelling + b" .", format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        return None
    return str(quad.object).encode()
