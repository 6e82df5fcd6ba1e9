"""The description beside the data: a second store that says both, for queries that ask about the dataset.

A release's own store says what `graph.nq.gz` says and no more, so that every figure is one of facts. Beside it lies a
copy whose default graph holds the description as well; RocksDB makes it of links to the same files, which never
change. A query that names a term of the description is answered from there.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from kg.description.terms import ALL, named

FOLDER: Final = "described"
"""Beside the store."""
STORE: Final = "store"
TERMS: Final = "terms.json"
"""The terms that lead there, in the folder."""
_VOCABULARIES: Final = tuple(ALL[name] for name in ("dcat", "sd", "sh", "void", "void-ext"))
_TYPE: Final = named("rdf:type")
_BLOCK: Final = 1 << 20


def set_beside(store: Path, description: bytes) -> None:
    """Make the second store, of a store that nobody writes to and a description in Turtle; it appears when it is whole.

    What leads there is every term of its vocabularies that it uses and the data do not: whoever asks for what the
    data hold themselves is to get that alone.

    :raises OSError: if it cannot be written
    """
    folder = store.parent / FOLDER
    aside = folder.with_name(f".{FOLDER}-{secrets.token_hex(4)}")
    try:
        aside.mkdir()
        _fill(aside, store, description)
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(folder: Path, store: Path, description: bytes) -> None:
    triples = [quad.triple for quad in ox.parse(description, ox.RdfFormat.TURTLE)]
    try:
        data = ox.Store.read_only(str(store))
        terms = sorted(term.value for term in _terms(triples) if not _uses(data, term))
        data.backup(folder / STORE)
        both = ox.Store(folder / STORE)
        both.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in triples)
        both.flush()
    except RuntimeError as error:
        raise OSError(str(error)) from None
    (folder / TERMS).write_text(json.dumps(terms, indent=1) + "\n", encoding="utf-8")


def _terms(triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    """The properties and classes of the vocabularies of descriptions that are used."""
    used = {t.predicate for t in triples} | {t.object for t in triples if t.predicate == _TYPE}
    return {term for term in used if isinstance(term, ox.NamedNode) and term.value.startswith(_VOCABULARIES)}


def _uses(data: ox.Store, term: ox.NamedNode) -> bool:
    """Whether the data use a term as a property or as a class, in any graph."""
    properties = data.quads_for_pattern(None, term, None, None)
    members = data.quads_for_pattern(None, _TYPE, term, None)
    return any(True for _ in properties) or any(True for _ in members)


def parse_query(text: str) -> None:
    """See that a query without SERVICE parses.

    :raises SyntaxError: if it does not
    """
    ox.Store().query(text)


def asking(store: Path) -> Callable[[str], list[tuple[str, ...]]]:
    """A way to ask a store for rows of texts.

    :raises OSError: if it does not open
    """
    data = ox.Store.read_only(str(store))

    def ask(query: str) -> list[tuple[str, ...]]:
        rows = data.query(query)
        assert isinstance(rows, ox.QuerySolutions), "a SELECT"
        return [tuple("" if value is None else value.value for value in row) for row in rows]

    return ask


def write_default_graph(store: Path, take: Callable[[bytes], object]) -> None:
    """Give the default graph of a store to `take` as N-Triples, whole lines at a time, each subject's together.

    :raises OSError: if it does not open or cannot be read
    """
    lines = _Lines(take)
    data = ox.Store.read_only(str(store))
    data.dump(cast("IO[bytes]", lines), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    lines.finish()


class _Lines:
    """Takes pieces of a text, and hands them on in whole lines, many at once."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take
        self._held = bytearray()

    def write(self, piece: bytes) -> int:
        self._held += piece
        if len(self._held) >= _BLOCK:
            end = self._held.rfind(b"\n") + 1
            self._take(bytes(self._held[:end]))
            del self._held[:end]
        return len(piece)

    def flush(self) -> None:
        """Nothing waits but what is to be handed on together with more."""

    def finish(self) -> None:
        self._take(bytes(self._held))
