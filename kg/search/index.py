"""The text index of a release: one file of SQLite's FTS5, made as the lines pass, and only read afterwards.

The file follows from the lines: the same lines, words (`kg.search.words.VERSION`), stemmer and SQLite give the same
bytes. What it was made of is noted in it, and an index that was made of something else is stale.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kg.errors import StorageError
from kg.search.texts import Thing, things_of
from kg.search.words import VERSION, skeleton, words_of

FORMAT: Final = 1
_SCHEMA: Final = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, link INTEGER NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, types TEXT NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, link INTEGER NOT NULL, name INTEGER NOT NULL,
 language TEXT NOT NULL, value TEXT NOT NULL, graphs TEXT NOT NULL);
CREATE TABLE above (class INTEGER NOT NULL, super INTEGER NOT NULL, PRIMARY KEY (super, class)) WITHOUT ROWID;
CREATE TABLE spelling (skeleton TEXT NOT NULL, form TEXT NOT NULL, texts INTEGER NOT NULL,
 PRIMARY KEY (skeleton, form)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(name, name_stem, text, text_stem, facet, content='', tokenize='ascii');
"""
_ASIDE: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -32768; BEGIN;
"""
"""The cache is in kB: with the 2 MB that it has otherwise, pages are written and read again all the time."""
_SPELT: Final = (
    "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, col)",
    """INSERT INTO spelling SELECT skeleton(term), term, sum(doc) FROM vocabulary
     WHERE col IN ('name', 'text') AND skeleton(term) <> '' GROUP BY term""",
    "DROP TABLE temp.vocabulary",
)
_LATER: Final = ("CREATE UNIQUE INDEX term_iri ON term (iri)", "CREATE INDEX text_thing ON text (thing)")
_PLACED: Final = "INSERT INTO words (rowid, name, name_stem, text, text_stem, facet) VALUES (?, ?, ?, ?, ?, ?)"
_MANY: Final = 1000


def made_of(graph: str) -> Mapping[str, str]:
    """What an index is noted to be made of: the SHA-256 of the lines, and what makes words of them."""
    stemmer = version("snowballstemmer")
    return {"format": str(FORMAT), "graph": graph, "stemmer": stemmer, "words": str(VERSION)}


def is_current(path: Path, graph: str) -> bool:
    """Whether an index was made of these lines by this program, whole."""
    return path.is_file() and noted(path) == made_of(graph)


def noted(path: Path) -> Mapping[str, str]:
    """What an index was made of; nothing if there is none that can be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            return dict(file.execute("SELECT key, value FROM about ORDER BY key"))
    except sqlite3.Error:
        return {}


def make(blocks: Iterable[Iterable[bytes]], path: Path, graph: str) -> None:
    """Make the index of sorted N-Quads lines at `path`, which is replaced when the index is whole.

    Memory does not grow with the lines; beside the index there is for a while a file that may be twice as large.

    :param graph: the SHA-256 of the lines
    :raises StorageError: if it cannot be written
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    packed = aside.with_name(f"{aside.name}.packed")
    try:
        with closing(sqlite3.connect(aside, isolation_level=None)) as file:
            _fill(file, things_of(blocks), made_of(graph))
            file.execute("VACUUM INTO ?", (str(packed),))
        packed.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{path}: the text index cannot be written: {error}", hint="look at the disk") from None
    finally:
        for left in (aside, packed):
            left.unlink(missing_ok=True)


def _fill(file: sqlite3.Connection, things: Iterator[Thing], about: Mapping[str, str]) -> None:
    # The file is made aside and thrown away after a failure: nothing in it needs to outlast one.
    file.executescript(_ASIDE)
    for statement in _SCHEMA.strip().split(";\n"):
        file.execute(statement.removesuffix(";"))
    file.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
    writer = _Writer(file)
    for thing in things:
        writer.take(thing)
    writer.end()
    file.execute("INSERT INTO words(words) VALUES ('optimize')")
    file.create_function("skeleton", 1, skeleton, deterministic=True)
    for statement in (*_SPELT, *_LATER):
        file.execute(statement)
    file.execute("COMMIT")


class _Writer:
    """Gives things, texts and terms their numbers, and writes many rows at once."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._terms: dict[str, int] = {}
        self._links: set[int] = set()
        self._things = self._number = 0
        self._named: list[tuple[object, ...]] = []
        self._texts: list[tuple[object, ...]] = []
        self._words: list[tuple[object, ...]] = []

    def take(self, thing: Thing) -> None:
        """Add a thing and its texts."""
        self._things += 1
        types = [self._term(iri) for iri in thing.types]
        facets = " ".join(f"k{number}" for number in types)
        self._named.append((self._things, thing.iri, " ".join(map(str, types))))
        for text in thing.texts:
            self._number += 1
            link = self._term(text.link)
            self._links.add(link)
            language = text.language.lower()
            # An IRI has no space in it; the default graph stands as an empty one.
            graphs = f" {' '.join(text.graphs)} "
            self._texts.append((self._number, self._things, link, int(text.is_name), text.language, text.value, graphs))
            forms, stems = columns_of(text.value, language)
            row = (forms, stems, "", "") if text.is_name else ("", "", forms, stems)
            tongue = f" l{language.split('-', 1)[0]}" if language else ""
            self._words.append((self._number, *row, f"p{link}{' n' if text.is_name else ''}{tongue} {facets}"))
        if thing.above:
            above = [(self._term(thing.iri), self._term(iri)) for iri in thing.above]
            self._file.executemany("INSERT OR IGNORE INTO above VALUES (?, ?)", above)
        if len(self._words) >= _MANY:
            self._write()

    def end(self) -> None:
        """Write what is left."""
        self._write()
        terms = ((number, iri, int(number in self._links)) for iri, number in self._terms.items())
        self._file.executemany("INSERT INTO term VALUES (?, ?, ?)", terms)

    def _term(self, iri: str) -> int:
        return self._terms.setdefault(iri, len(self._terms) + 1)

    def _write(self) -> None:
        self._file.executemany("INSERT INTO thing VALUES (?, ?, ?)", self._named)
        self._file.executemany("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?, ?)", self._texts)
        self._file.executemany(_PLACED, self._words)
        self._named, self._texts, self._words = [], [], []


def columns_of(text: str, language: str) -> tuple[str, str]:
    """The forms and the stems of a text, as the index holds them."""
    forms: list[str] = []
    stems: list[str] = []
    for form, others in words_of(text, language):
        forms.append(form)
        stems += others
    return " ".join(forms), " ".join(stems)
