"""The entry of a document in `sources.yaml`: written, checked as a build checks it, and added to the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import Position, Problem, RecordError, UsageError
from kg.positions import Faults, Table, Value, parse_yaml
from kg.quoting import exactly
from kg.records.documents import read_documents
from kg.records.fields import is_nothing

_NAME: Final = "sources.yaml"
_NOTHING: Final = re.compile(rb"^(documents[ \t]*:)[ \t]*(?:\{[ \t\r\n]*\}|null|~)", re.MULTILINE)
"""A list of documents that is written out as an empty one."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a document, and of its text."""

    slug: str
    title: str
    language: str
    """Language of the text, and of the title."""
    publisher: str
    licence: str
    address: str | None
    date: str | None
    """EDTF."""
    sha256: str
    """Hash of the text's bytes."""
    text_file: str
    sentences: Sequence[tuple[int, int]]
    extractor: str | None
    original: str | None
    """Hash of the file that the text was taken from; None where that is the text."""


def entry(described: Described) -> str:
    """The lines below `documents:`, indented by two blanks.

    :raises UsageError: with everything in it that a build would refuse
    """
    try:
        f"{described.title}{described.publisher}{described.licence}".encode()
    except UnicodeEncodeError:
        raise UsageError("what is said of the document is not UTF-8", hint="set the terminal to UTF-8") from None
    lines = "".join(f"    {line}\n" for line in _lines(described))
    text = f"  {described.slug}:\n{lines}"
    faults = Faults()
    read_documents(parse_yaml(f"documents:\n{text}".encode(), _NAME), faults)
    if faults:
        raise UsageError(problems=[Problem(UsageError.code, one.message, hint=one.hint) for one in faults.problems])
    return text


def _lines(one: Described) -> Iterator[str]:
    yield f"title: {{{one.language}: {exactly(one.title)}}}"
    yield f"language: {one.language}"
    yield f"publisher: {exactly(one.publisher)}"
    yield f"licence: {exactly(one.licence)}"
    if one.address is not None:
        yield f"address: {exactly(one.address)}"
        yield "addressComplete: true"
    if one.date is not None:
        yield f"date: {exactly(one.date)}"
    if one.original is not None:
        yield f"original: {one.original}"
    if one.extractor is not None:
        yield f"extractor: {exactly(one.extractor)}"
    yield f"sha256: {one.sha256}"
    yield f"text: {exactly(one.text_file)}"
    if one.sentences:
        yield f"sentences: [{', '.join(f'[{start}, {end}]' for start, end in one.sentences)}]"


def registered(content: bytes | None, name: str, slug: str, lines: str) -> bytes:
    """The file `sources.yaml` (None if there is none) with the entry behind all others; nothing else is changed.

    :raises RecordError: if the file cannot be read, has that document already, or is written in a way in which no
        lines can be added to it

    >>> lines = "  two:\\n    title: {}\\n"
    >>> print(registered(b"documents:\\n  one: {}\\n", "sources.yaml", "two", lines).decode(), end="")
    documents:
      one: {}
      two:
        title: {}
    """
    if content is None or not content.strip():
        return f"documents:\n{lines}".encode()
    if (begun := _begun(content, name, lines)) is not None:
        _body(begun, name, lines)
        return begun
    body = _body(content, name, lines)
    if slug in body.entries:
        hint = "give the new one another --name, or take the old one out"
        raise RecordError(f"there is a document '{slug}' already", position=body.keys[slug], hint=hint)
    column = next(iter(body.keys.values())).column or 1
    shifted = re.sub("^ {2}", " " * (column - 1), lines, flags=re.MULTILINE)
    written = _ended(content) + shifted.encode()
    if set(_body(written, name, lines).entries) != {*body.entries, slug}:
        raise _by_hand(f"{name} does not end with a document", body.position, lines)
    return written


def of_same_text(content: bytes, name: str, described: Described) -> list[tuple[str, Position]]:
    r"""The other documents of a file that have the same text, or were taken from the same file, and where they stand.

    >>> one = Described("two", "t", "en", "p", "l", None, None, "a1", "two.txt", (), None, None)
    >>> [(slug, at.line) for slug, at in of_same_text(b"documents:\n  one: {sha256: a1}\n", "sources.yaml", one)]
    [('one', 2)]
    """
    root = parse_yaml(content, name)
    body = root.get("documents") if isinstance(root, Table) else None
    if not isinstance(body, Table):
        return []
    ours = {described.sha256, described.original or described.sha256}
    others = [(slug, known) for slug, known in body if slug != described.slug and isinstance(known, Table)]
    return [(slug, body.keys[slug]) for slug, known in others if ours & _hashes(known)]


def _hashes(known: Table) -> set[str]:
    values = (known.get("sha256"), known.get("original"))
    return {value.text for value in values if isinstance(value, Value)}


def _begun(content: bytes, name: str, lines: str) -> bytes | None:
    """The file with its first document, if it holds none yet: remarks, or `documents:` with nothing behind; or None."""
    if all(not line.strip() or line.lstrip().startswith(b"#") for line in content.splitlines()):
        return _ended(content) + f"documents:\n{lines}".encode()
    root = parse_yaml(content, name)
    body = root.get("documents") if isinstance(root, Table) and not root.in_braces else None
    if not is_nothing(body) and not (isinstance(body, Table) and not body.entries):
        return None
    return _ended(_NOTHING.sub(rb"\g<1>", content, count=1)) + lines.encode()


def _ended(content: bytes) -> bytes:
    return content if content.endswith(b"\n") or not content else content + b"\n"


def _body(content: bytes, name: str, lines: str) -> Table:
    """What stands below `documents:`, if lines can be added to it."""
    root = parse_yaml(content, name)
    body = root.get("documents") if isinstance(root, Table) and not root.in_braces else None
    if not isinstance(body, Table) or body.in_braces or not body.entries:
        raise _by_hand(f"{name} has no 'documents:' with lines of its own for each", root.position, lines)
    return body


def _by_hand(message: str, position: Position, lines: str) -> RecordError:
    return RecordError(message, position=position, hint=f"add it by hand:\n{lines}")
