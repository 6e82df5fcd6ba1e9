"""What JSON-LD would lose without a word: keys that no context knows, prefixes that stand for nothing, relative names.

The parser does what the standard says (JSON-LD 1.1 API, section 5.1.2): a key that expands to no IRI is dropped with
all below it. So a file is read once more, within a context that gives every such key an IRI of a place that does not
exist, and what comes out there is what would be lost. A context at an address is never fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Final, cast

import pyoxigraph as ox

from kg.errors import DataError, Position, Problem, nearest
from kg.rdf import STDIN, FollowedLines, RdfFile, local_words, unreadable
from kg.rml.mapping.json_text import NotJson, parsed
from kg.terms import PREFIXES

RELATIVE: Final = "relative-iri"
"""The code of an error about a relative IRI without a base."""
_TWICE: Final = "key-twice"
_LOSING: Final = frozenset({"lost-key", "prefix", _TWICE})
"""The codes of what is lost, or is no name that anybody else writes."""
_TOLD: Final = 5
_LOST: Final = "urn:x-lost:"
_BASE: Final = "http://relative.invalid/"
_HEAD: Final = b'{"@context":{"@vocab":"%s"},"@graph":' % _LOST.encode()
_REMOTE: Final = "LoadDocumentCallback"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!//)")
_SCHEMES: Final = frozenset({"urn", "mailto", "tel", "doi", "info", "tag", "data", "did", "geo", "ark", "hdl", "news"})
"""Schemes of IRIs without an authority that are no prefixes that somebody forgot."""
_JSON: Final = json.JSONDecoder()
_BLOCK: Final = 5000
"""Statements that are searched at once."""
_SUSPECT: Final = re.compile(
    rf"<(?:{re.escape(_BASE)}|{_LOST}|(?!(?:{'|'.join(sorted(_SCHEMES))}):)[A-Za-z][A-Za-z0-9+.-]*:(?!//))".encode()
)
"""What begins an IRI that is looked at: a relative one, a key of no context, or a scheme that may be a prefix."""
_CONTEXTS: Final = 1 << 20
"""Bytes of a file, from its beginning, in which contexts are looked through for what stands twice in them."""
_CONTEXT: Final = re.compile(r'"@context"\s*:\s*(?=[{\[])')
_SIGN: Final = re.compile(r"[^\n]")
_CONTEXT_AT: Final = re.compile(rb'"@context"\s*:\s*(?:\[[^\]{}]*)?"([a-z]+://[^"]*)"|"@import"\s*:\s*"([^"]*)"')


@dataclass(slots=True)
class Looked:
    """What was found in a file."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def lost_in(file: RdfFile) -> tuple[str, ...]:
    """What a file says and its statements do not, in words, where that is no fault: the standard passes over it.

    Of other syntaxes than JSON-LD, of standard input, which can be read once, and of what does not parse: nothing.

    :raises StorageError: if the system cannot read it
    """
    if file.syntax != ox.RdfFormat.JSON_LD or file.path == STDIN:
        return ()
    looked = look(RdfFile(file.path, file.syntax, file.address), file.shown)
    found = [one for one in looked.problems if one.code in _LOSING]
    more = len(found) - _TOLD
    told = tuple(map(str, found[:_TOLD]))
    return (*told, f"{more:,} more names of {file.shown} are in no context") if more > 0 else told


def look(file: RdfFile, name: str) -> Looked:
    """Look for what a file of JSON-LD, called `name` in errors, says and its statements would not.

    :raises StorageError: if the system cannot read it
    """
    found = Looked()
    found.problems += _twice(file, name)
    if _is_sound(file):
        return found
    with file.opened() as content:
        lines = FollowedLines(content)
        remote: dict[str, int] = {}
        text = cast("BinaryIO", _WrappedLines(lines, remote))
        told: dict[tuple[str, str], Problem] = {}
        try:
            base = file.base or _BASE
            for quad in ox.parse(text, ox.RdfFormat.JSON_LD, base_iri=base, rename_blank_nodes=True):
                for what, problem in _lost(quad, lines, name, is_based=file.base is not None):
                    told.setdefault(what, problem)
        except SyntaxError as error:
            told[("syntax", "")] = _unreadable(error, lines, name, remote)
        except DataError as error:
            found.problems += error.problems
    found.problems += told.values()
    return found


def _twice(file: RdfFile, name: str) -> Iterator[Problem]:
    """What stands twice in one context, which a parser passes over (JSON-LD 1.1, section 9: keys are unique).

    :raises StorageError: if the system cannot read it
    """
    try:
        with file.opened() as content:
            text = content.read(_CONTEXTS).decode(errors="replace")
    except DataError:  # what is wrong with the file is told by who reads all of it
        return
    at = 0
    while (found := _CONTEXT.search(text, at)) is not None:
        try:
            _, at = _JSON.raw_decode(text, found.end())
        except (json.JSONDecodeError, RecursionError):  # it is cut, or the parser will say what is wrong
            return
        try:
            parsed(text[found.end() : at])
        except NotJson as error:
            # Read again where it stands, so that the places told are those of the file.
            yield _told_twice(text[: found.end()], text[found.end() : at], name, error)
            return


def _told_twice(before: str, context: str, name: str, error: NotJson) -> Problem:
    try:
        parsed(_SIGN.sub(" ", before) + context)
    except NotJson as placed:
        error = placed
    hint = "the last one counts: take the other out, or call one of them otherwise"
    return Problem(_TWICE, f"in '@context', {error}", Position(name, error.line), hint=hint)


def _is_sound(file: RdfFile) -> bool:
    """Whether nothing of a file can be lost: its statements are written out, and searched as bytes, many at once.

    To look at each, and to follow the lines, takes twice as long as the parser itself; that is for files in which
    something is found, or seems to be.

    :raises StorageError: if the system cannot read it
    """
    try:
        with file.opened() as content:
            text = cast("BinaryIO", _Wrapped(content))
            quads = ox.parse(text, ox.RdfFormat.JSON_LD, base_iri=file.base or _BASE, rename_blank_nodes=True)
            while block := [*islice(quads, _BLOCK)]:
                if _SUSPECT.search(ox.serialize(block, format=ox.RdfFormat.N_QUADS) or b""):
                    return False
    except (SyntaxError, DataError):
        return False
    return True


class _Wrapped:
    """A file within a context of its own; lines keep their numbers."""

    def __init__(self, file: FollowedLines | BinaryIO) -> None:
        self._file = file
        self._stage = 0
        self._head = _HEAD

    def read(self, size: int = -1) -> bytes:
        if self._stage == 0:
            given = self._head if size < 0 else self._head[:size]
            self._head = self._head[len(given) :]
            self._stage = 0 if self._head else 1
            return given
        line = self._read(size)
        if line or self._stage == 2:  # noqa: PLR2004 -- the end has been given
            return line
        self._stage = 2
        return b"}"

    def _read(self, size: int) -> bytes:
        return self._file.read(size)


class _WrappedLines(_Wrapped):
    """The same, whose addresses of contexts are noted with their lines."""

    def __init__(self, lines: FollowedLines, remote: dict[str, int]) -> None:
        super().__init__(lines)
        self._lines, self._remote = lines, remote

    def _read(self, size: int) -> bytes:
        line = self._lines.read(size)
        for found in _CONTEXT_AT.finditer(line):
            self._remote.setdefault((found[1] or found[2]).decode("utf-8", "replace"), self._lines.number)
        return line


def _unreadable(error: SyntaxError, lines: FollowedLines, name: str, remote: dict[str, int]) -> Problem:
    if _REMOTE in str(error):
        address, line = next(iter(remote.items()), ("", lines.number))
        what = f"the context {address} is at an address" if address else "a context is at an address"
        what += ", and nothing is fetched"
        hint = "write it into the file: its text may be copied from there"
        return Problem("remote-context", what, Position(name, line), hint=hint)
    return unreadable(error, name, ox.RdfFormat.JSON_LD, error.lineno or lines.number or 1).problems[0]


_Told = tuple[tuple[str, str], Problem]


def _lost(quad: ox.Quad, lines: FollowedLines, name: str, *, is_based: bool) -> Iterator[_Told]:
    """What is wrong with the IRIs of a statement, each with its kind."""
    for number, term in enumerate((quad.predicate, quad.subject, quad.object, quad.graph_name)):
        iri, is_key = term.value if isinstance(term, ox.NamedNode) else "", number == 0
        if iri.startswith(_LOST):
            key = iri.removeprefix(_LOST)
            at = Position(name, lines.line_with(json.dumps(key, ensure_ascii=False).encode()))
            what = f"the key '{key}' is in no context: it and its values would be lost" if is_key else (
                f"the name '{key}' is in no context: it would be lost"
            )  # fmt: skip
            yield ("lost", key), Problem("lost-key", what, at, hint="add it to '@context', or write its IRI")
        elif iri.startswith(_BASE) and not is_based:
            key = iri.removeprefix(_BASE)
            at = Position(name, lines.line_with(key.encode()))
            hint = "write it in full, or give the file a base: '@base' in '@context', or 'base:' where it is described"
            yield ("relative", key), Problem(RELATIVE, f"the relative IRI '{key}' has no base", at, hint=hint)
        elif (found := _SCHEME.match(iri)) and found[1].lower() not in _SCHEMES:
            at = Position(name, lines.line_with(iri.encode()) if is_key else lines.line_with(local_words(iri)))
            known = PREFIXES.get(found[1])
            also = nearest(found[1], PREFIXES) if known is None else f"it may be <{known}>"
            what = f"'{iri}' is written with the prefix '{found[1]}', which stands for nothing here"
            why = "a prefix is in '@context', and its IRI ends in / or # (or has '@prefix': true)"
            yield ("prefix", found[1]), Problem("prefix", what, at, hint=f"{why}; {also}" if also else why)
