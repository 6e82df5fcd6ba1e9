r"""Literals that the store writes in another form than the file does, found by their text while the file is loaded.

The store keeps the values of the types that it knows, and writes each in one form (RDF 1.1 Concepts, section 3.3,
allows it): `05` comes back as `5`, xsd:int as xsd:integer, `"0"^^xsd:boolean` as `false`. Reading every statement once
more would cost a fifth of the loading; here only a literal whose text is no canonical form is looked at, and all else
is skipped by one regular expression. What is not written in the Turtle family is read once more all the same.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.rdf.files import RdfFile
from kg.rdf.packing import bare

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
EXAMPLES: Final = 3
"""How many rewritten literals are shown."""
Kept = Callable[[Iterable[ox.Literal]], Mapping[ox.Literal, ox.Literal]]
"""Of some literals those that the store changes, and into which."""

_BATCH: Final = 20_000
_TEXTS: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_DERIVED: Final = (
    "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip
_KNOWN: Final = frozenset(
    XSD + name
    for name in (*_DERIVED, "integer", "decimal", "double", "float", "boolean", "dateTime", "date", "time", "gYear",
                 "gYearMonth", "gMonthDay", "gMonth", "gDay", "dateTimeStamp", "duration", "dayTimeDuration",
                 "yearMonthDuration")
)  # fmt: skip
"""The datatypes whose literals the store may write anew."""

_XSD: Final = rb"(?:xsd:|<http://www\.w3\.org/2001/XMLSchema\#)"
_INTEGER: Final = rb"(?:0|-?[1-9][0-9]{0,17})"
_DECIMAL: Final = rb"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{0,17}[1-9]"
_TIME: Final = (
    rb"-?[0-9]{4}-[01][0-9](?:-[0-3][0-9](?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]*[1-9])?+)?+)?+Z?+"
)
_PLAIN: Final = rb"""(?:
  [\s;,.()\[\]{}|@]++
| <<\(?+ | \)?+>> | <[^>]*+>
| [A-OQ-Za-oq-z_:\x80-\xff][^\s;,()\[\]{}"'<\#^]*+ | [Pp](?!refix\s|REFIX\s)[^\s;,()\[\]{}"'<\#^]*+
| \#[^\n]*+
| (?:%b|%b)(?=[\s;,)\]}]|\.\s)
| "(?!"")[^"\\]*+(?:\\.[^"\\]*+)*+"(?:@[A-Za-z0-9-]++)?+(?!\^\^)
| "%b"\^\^
| "%b"\^\^<http://www\.w3\.org/2001/XMLSchema\#integer>
| "%b"\^\^<http://www\.w3\.org/2001/XMLSchema\#(?:decimal|double|float)>
)*+""" % (_INTEGER, _DECIMAL, _TIME, _INTEGER, _DECIMAL)
_STRING: Final = rb"""\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3}
| "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+" | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"""
# What is rewritten whatever its value: it needs to be counted alone.
_SURE: Final = rb"""(?P<sure>
  "-?[0-9]{1,18}"\^\^%b(?:%b)\b>?+
| "[01]"\^\^%bboolean\b>?+
| "[+-]?[0-9]{1,15}\.[0-9]{0,14}0"\^\^%bdecimal\b>?+
| [+-]?[0-9]{1,15}(?:\.[0-9]{0,14}0|(?:\.[0-9]{0,15})?[eE][+-]?[0-9]{1,2})(?=[\s;,)\]]|\.\s)
)""" % (_XSD, "|".join(_DERIVED).encode(), _XSD, _XSD)
_TOKEN: Final = re.compile(
    _PLAIN
    + rb"""(?:"""
    + _SURE
    + rb"""|
  @?+[Pp](?:refix|REFIX)\s++(?P<prefix>[^\s:]*+):\s*+<(?P<iri>[^>]*+)>
| (?P<text>"""
    + _STRING
    + rb""")(?:\^\^(?:<(?P<type>[^>]*+)>|(?P<name>[^\s:;,()\[\]{}"'<]*+):(?P<local>[\w-]*+))|@[A-Za-z0-9-]++)?+
| (?P<number>[+-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+)
| . | \Z)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class Forms:
    """How many literals of what was loaded the store writes in another form, and the first of them."""

    kept: Kept
    count: int = 0
    examples: list[tuple[ox.Literal, ox.Literal]] = field(default_factory=list)
    _waiting: dict[tuple[str, str], int] = field(default_factory=dict)

    @contextmanager
    def beside(self, file: RdfFile) -> Iterator[None]:
        """Look at a file in a thread of its own, while the store loads it without the interpreter's lock."""
        with ThreadPoolExecutor(1, "forms") as thread:
            looking = thread.submit(self.read, file)
            yield
            looking.result()

    def read(self, file: RdfFile) -> None:
        """Look at a file, which is RDF: what is none is found when it is loaded."""
        if file.syntax in _TEXTS and bare(file.path) == file.path and file.path.stat().st_size:
            with file.path.open("rb") as content, mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as text:
                self.scan(text)
        else:
            self._parse(file)
        self.settle()

    def scan(self, text: bytes | mmap.mmap) -> None:
        """Look at the text of whole statements in the Turtle family."""
        prefixes: dict[bytes, bytes] = {}
        for found in _TOKEN.finditer(text):
            kind = found.lastgroup
            if kind == "sure" and len(self.examples) >= EXAMPLES:
                self.count += 1
            elif kind == "iri":
                prefixes[found["prefix"]] = found["iri"]
            elif kind is not None:
                candidate = _literal(found["sure"] or found[0], kind, found, prefixes)
                if candidate is not None:
                    self._take(*candidate)

    def settle(self) -> None:
        """Ask the store about those that wait for it."""
        waiting = {ox.Literal(text, datatype=ox.NamedNode(kind)): n for (text, kind), n in self._waiting.items()}
        self._waiting.clear()
        changed = self.kept(waiting)
        for literal in filter(changed.__contains__, waiting):
            self.count += waiting[literal]
            if len(self.examples) < EXAMPLES:
                self.examples.append((literal, changed[literal]))

    def told(self) -> tuple[str, ...]:
        """What is to be said of them: nothing, or a line."""
        if not self.count:
            return ()
        shown = ", ".join(f"{_short(literal)} as {_short(form)}" for literal, form in self.examples)
        more = ", ..." if self.count > len(self.examples) else ""
        kept = "literal is" if self.count == 1 else "literals are"
        return (f"{self.count} {kept} kept by value, in another form than the file has: {shown}{more}",)

    def _take(self, lexical: str, datatype: str) -> None:
        key = lexical, datatype
        self._waiting[key] = self._waiting.get(key, 0) + 1
        if len(self._waiting) >= (_BATCH if len(self.examples) >= EXAMPLES else EXAMPLES):
            self.settle()

    def _parse(self, file: RdfFile) -> None:
        with file.opened() as content:
            try:
                for quad in ox.parse(content, format=file.syntax, base_iri=file.address):
                    term = quad.object
                    if type(term) is ox.Literal and term.language is None and term.datatype.value in _KNOWN:
                        self._take(term.value, term.datatype.value)
            except (SyntaxError, OSError, ValueError):
                return  # loading it says what is wrong


def _literal(sure: bytes, kind: str, found: re.Match[bytes], prefixes: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    """The lexical form and the datatype of a token; None for what has no datatype that the store may write anew."""
    if kind == "sure":
        text, typed, name = sure.partition(b"^^")
        if not typed:
            return text.decode(), XSD + _type_of(text)
        return _unquoted(text), XSD + re.split(rb"[:#]", name)[-1].rstrip(b">").decode()
    if kind == "number":
        return found["number"].decode(), XSD + _type_of(found["number"])
    if kind not in {"type", "local"}:
        return None
    iri = found["type"] if kind == "type" else prefixes.get(found["name"], b"") + found["local"]
    datatype = iri.decode("utf-8", "replace")
    return (_unquoted(found["text"]), datatype) if datatype in _KNOWN else None


def _type_of(number: bytes) -> str:
    """The datatype of a bare number of Turtle (section 2.5.2)."""
    if b"e" in number or b"E" in number:
        return "double"
    return "decimal" if b"." in number else "integer"


def _unquoted(text: bytes) -> str:
    """The lexical form of a short one: what holds escapes is none of a number or a time."""
    quotes = 3 if text[:3] in {b'"""', b"'" * 3} else 1
    return text[quotes:-quotes].decode("utf-8", "replace")


def _short(literal: ox.Literal) -> str:
    return str(literal).replace(f"<{XSD}", "xsd:").replace(">", "")
