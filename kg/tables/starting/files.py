"""The files of a project of tables: copies, mappings, the register, and what is said of each as a document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kg.rml.guesses.trees import Tree
from kg.rml.guesses.turtle import quoted
from kg.rml.looking import Home, spoken
from kg.scaffold import Start
from kg.tables.register import REGISTER
from kg.tables.starting.looking import looked
from kg.tables.starting.model import Begun
from kg.tables.starting.proving import proofs
from kg.tables.starting.terms import vocabulary

_FOLDER: Final = "data/tables"
_OF_TABLES: Final = """\
# Which tables there are, and what stands behind their rows; $(column) is a cell of the row. Whether what they say was
# done, is planned or was announced (modality), and whether somebody has looked at it (reviewStatus), is said here.
tables:
"""
_OF_DOCUMENTS: Final = """\
# The documents: here the tables. Say who published each, when, and under which licence.
documents:
"""


def start(paths: Sequence[Path], base: str, name: str, languages: Sequence[str]) -> Start:
    """What a project of some tables begins with, beside the files of the scaffold.

    :param languages: of the project; names that do not say theirs are in it, if there is one alone
    :raises UsageError: if a file is absent or no table by its name, or two have one name
    :raises StorageError: if the system cannot read one
    :raises DataError: with file and line, if one is no table, or rows make no terms
    """
    home = Home.of(base, languages, f"{base}ont#")
    tables = looked(paths, home)
    files: dict[str, bytes] = {}
    register, documents, told = [_OF_TABLES], [_OF_DOCUMENTS], []
    for table in tables:
        content = table.path.read_bytes()
        mapping = f"{table.path.name.partition('.')[0]}.rml.ttl"
        files[f"{_FOLDER}/{table.path.name}"] = content
        files[f"{_FOLDER}/{mapping}"] = table.draft.text.encode()
        identity = _identity(table)
        register += _entry(table, mapping, identity)
        documents += _document(table, content, name, spoken(languages))
        things = "1 thing" if len(table.values) == 1 else f"{len(table.values)} things"
        told.append(f"{table.path.name}: {things} -> {_FOLDER}/{mapping} says what a row states")
        told += (f"{table.path.name}: {text}" for text in _remarks(table))
    texts = {
        f"{_FOLDER}/{REGISTER}": "".join(register),
        "data/sources.yaml": "".join(documents),
        "vocabulary/terms.ttl": vocabulary(tables, home.terms, languages),
        **proofs(tables, base, home.terms),
    }
    files |= {path: text.encode() for path, text in texts.items()}
    told.append(f"what they state is called done and reviewed: {_FOLDER}/{REGISTER} is the place to say otherwise")
    return Start(files, tuple(told))


def _identity(table: Begun) -> str | None:
    """The name of a row's claim, if cells name each row."""
    keys = table.draft.key.columns
    if not table.draft.key.is_unique:
        return None
    names = [key.name.replace("(", "\\(").replace(")", "\\)") for key in keys]
    return "-".join([table.slug, *(f"$({name})" for name in names)])


def _is_hashed(table: Begun) -> bool:
    """Whether cells that name rows have signs that the name of a claim cannot have."""
    sample, key = table.draft.sample, table.draft.key
    return key.is_unique and not key.makes_claim_ids(sample.columns, sample.rows)


def _remarks(table: Begun) -> Iterator[str]:
    """What the person should know of what was guessed."""
    sample, key = table.draft.sample, table.draft.key
    if sample.tree is not None:
        yield from _left_of(sample.tree)
    if (summed := sample.summed) is not None:
        yield f"the row {quoted(summed.word)} has the sum of {quoted(summed.of)}, and is left out"
    if sample.telling is not None:
        yield "what lies below the table is taken for notes, and left out"
    if not key.is_unique:
        yield "no column names each row: the table is one claim"
    elif _is_hashed(table):
        names = " and ".join(quoted(column.name) for column in key.columns)
        yield f"{names} names each row, by more than letters and digits: a hash of it names its claim"


def _left_of(tree: Tree) -> Iterator[str]:
    """What of the records of a tree the mapping leaves out."""
    if tree.within:
        own = "holds records of its own, and is" if len(tree.within) == 1 else "hold records of their own, and are"
        yield f"{_listed(tree.within)} {own} left out: a view makes rows of them (docs/views.md)"
    if tree.torn:
        what = "is a value in some records and holds" if len(tree.torn) == 1 else "are values in some records and hold"
        yield f"{_listed(tree.torn)} {what} records or nothing in others: the values are left out"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _entry(table: Begun, mapping: str, identity: str | None) -> Iterator[str]:
    yield f"  {table.slug}:\n"
    yield f"    file: {quoted(table.path.name)}\n"
    yield f"    mapping: {quoted(mapping)}\n"
    yield f"    document: {table.slug}\n"
    yield f"    id: {quoted(identity or table.slug)}\n"
    yield "    grouped: true\n" if identity is None else ""
    yield "    hashed: true\n" if _is_hashed(table) else ""
    if left_out := table.draft.sample.left_out_by:
        yield "    leaveOut:\n"
        yield from (
            f"      {quoted(column)}: [{', '.join(map(quoted, values))}]\n" for column, values in left_out.items()
        )
    yield "    modality: done\n"
    yield "    reviewStatus: reviewed\n"


def _document(table: Begun, content: bytes, publisher: str, language: str) -> Iterator[str]:
    yield f"  {table.slug}:\n"
    yield f"    title: {{{language}: {quoted(table.path.name)}}}\n"
    yield f"    language: {language}\n"
    yield f"    publisher: {quoted(publisher)}\n"
    yield "    licence: Not stated yet.\n"
    yield f"    sha256: {hashlib.sha256(content).hexdigest()}\n"
