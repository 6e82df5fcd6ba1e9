"""Where the statements of a Turtle or TriG document stand: its grammar walked a second time, for lines only.

The parser that reads mappings tells triples and no lines. This one tells, for every predicate and object as they are
written, the line of the object; what it does not understand it leaves out.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.rdf.grammar import RDF, SCHEME

_TYPE: Final = RDF + "type"
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
      | (?P<text>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<mark>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?) | (?P<typed>\^\^)
      | (?P<blank>_:[\w](?:[\w.\-]*[\w\-])?)
      | (?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+))
      | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:
                 (?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]|\.(?=[\w:\-%\\.]))*)
      | (?P<word>[A-Za-z]+) | (?P<sign><<\(?|\)?>>|\{\||\|\}|[.;,\[\](){}~])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_FIRST: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
_BLANK: Final = "[]"
_TRIPLE: Final = "<<>>"
Key = tuple[str, str]
"""A predicate, and an object: an IRI in angle brackets, a text in quotes, any blank node, or any triple term."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of Turtle: its kind, its text, the line and the character that it begins on."""

    kind: str
    text: str
    line: int
    start: int


class Places:
    """The lines of statements, to be asked for in the order of the document."""

    def __init__(self, text: str, base: str) -> None:
        walk = _Walk(tokens_of(text), base)
        walk.run()
        self._lines = walk.lines

    def line_of(self, predicate: NamedNode, term: NamedNode | BlankNode | Literal | Triple) -> int | None:
        """The line of the next statement of a predicate and an object; nothing if it is not known.

        >>> places = Places('@prefix e: <http://e/> .\\ne:s e:p "a" ;\\n e:p "b" , [ e:q 7 ] .', "http://b/")
        >>> p = NamedNode("http://e/p")
        >>> places.line_of(p, Literal("b")), places.line_of(p, Literal("a")), places.line_of(p, Literal("a"))
        (3, 2, None)
        """
        # Annotations state triples of reifiers that are not written: which of all is meant cannot be told.
        lines = None if isinstance(term, Triple) else self._lines.get((predicate.value, _key(term)))
        return lines.popleft() if lines else None


def _key(term: NamedNode | BlankNode | Literal) -> str:
    match term:
        case NamedNode():
            return f"<{term.value}>"
        case Literal():
            return f'"{term.value}'
        case BlankNode():
            return _BLANK
    raise TypeError(term)


def tokens_of(text: str) -> deque[Token]:
    """The tokens of a document, without blanks and comments, up to what is none."""
    found: deque[Token] = deque()
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match[0], line, at))
        line += match[0].count("\n")
        at = match.end()
    return found


def plain(text: str) -> str:
    """A text without its escapes (Turtle, section 6.4)."""

    def one(found: re.Match[str]) -> str:
        if found[3]:
            return _ESCAPES.get(found[3], found[3])
        return chr(int(found[1] or found[2], 16))

    return _ESCAPE.sub(one, text) if "\\" in text else text


class _Walk:
    """Goes through the tokens by the grammar (Turtle, section 6.5)."""

    def __init__(self, tokens: deque[Token], base: str) -> None:
        self._tokens, self._base = tokens, base
        self._prefixes: dict[str, str] = {}
        self.lines: dict[Key, deque[int]] = {}

    def run(self) -> None:
        """Note every statement that is understood."""
        try:
            while self._tokens:
                self._statement()
        except (IndexError, ValueError):
            return  # the rest is told without lines

    def _next(self) -> Token:
        return self._tokens.popleft()

    def _take(self, text: str) -> bool:
        if self._tokens[0].text != text:
            return False
        self._tokens.popleft()
        return True

    def _statement(self) -> None:
        if self._take("}"):  # of TriG, whose graphs are blocks with a name before them, or none
            return
        word = self._tokens[0].text.lstrip("@").lower() if self._tokens[0].kind in {"mark", "word"} else ""
        if word in {"prefix", "base"}:
            is_old = self._next().text.startswith("@")
            name = self._next().text[:-1] if word == "prefix" else None
            iri = self._iri(self._next())
            if name is None:
                self._base = iri
            else:
                self._prefixes[name] = iri
            if is_old:
                self._take(".")
            return
        if word == "graph":
            self._next()
        if self._take("{"):
            return
        self._object()
        if self._take("{"):
            return
        if not self._take("."):
            self._predicates()
            self._take(".")

    def _bracketed(self, begin: str) -> str:
        match begin:
            case "[":
                self._predicates()
                self._take("]")
                return _BLANK
            case "(":
                while not self._take(")"):
                    self._noted(_FIRST)
                return _BLANK
            case "<<(" | "<<":
                return self._inner(")>>" if begin == "<<(" else ">>")
        raise ValueError(begin)

    def _annotations(self) -> None:
        """Reifiers of the statement before, and what is said of them (RDF 1.2 Turtle, section 2.10)."""
        while self._tokens[0].text in {"~", "{|"}:
            if self._take("~"):
                if self._tokens[0].kind in {"iri", "name", "blank"} or self._tokens[0].text == "[":
                    self._object()
            else:
                self._next()
                self._predicates()
                self._take("|}")

    def _inner(self, end: str) -> str:
        """A triple term, or a triple that is reified where it stands."""
        self._object()
        self._iri(self._next())
        self._object()
        self._annotations()
        if not self._take(end):
            raise ValueError(self._tokens[0])
        return _TRIPLE if end == ")>>" else _BLANK

    def _predicates(self) -> None:
        while self._tokens[0].text not in {".", "]", "}", "|}"}:
            if self._take(";"):
                continue
            predicate = self._iri(self._next())
            while True:
                self._noted(predicate)
                if not self._take(","):
                    break

    def _noted(self, predicate: str) -> None:
        line = self._tokens[0].line
        key = self._object()
        self.lines.setdefault((predicate, key), deque()).append(line)
        self._annotations()

    def _object(self) -> str:
        token = self._next()
        match token.kind, token.text:
            case "sign", begin:
                return self._bracketed(begin)
            case "blank", _:
                return _BLANK
            case "text", text:
                size = 3 if text.startswith(('"""', "'" * 3)) else 1
                if self._tokens[0].kind == "mark":
                    self._next()
                elif self._tokens[0].kind == "typed":
                    self._tokens.popleft()
                    self._next()
                return f'"{plain(text[size:-size])}'
            case "number" | "word", text if text != "a":
                return f'"{text}'
        return f"<{self._iri(token)}>"

    def _iri(self, token: Token) -> str:
        match token.kind:
            case "iri":
                iri = plain(token.text[1:-1])
                return iri if SCHEME.match(iri) else urljoin(self._base, iri)
            case "name":
                prefix, _, local = token.text.partition(":")
                return self._prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
            case "word" if token.text == "a":
                return _TYPE
        raise ValueError(token)
