"""A vocabulary of a project's own beside the packaged one: tables, RDF files and LinkML schemas of one folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from kg.errors import Position, Problem, VocabularyError
from kg.terms import ZEL
from kg.vocabulary.graphs import SYNTAXES, Brought, GraphFile
from kg.vocabulary.linkml import LinkmlFile
from kg.vocabulary.model import EVERYWHERE, Own, Term, Vocabulary
from kg.vocabulary.table import Rules, Table

_TABLE: Final = ".csv"
_LINKML: Final = frozenset({".yaml", ".yml"})
_DOCUMENTATION: Final = frozenset({".md", ".rst", ".txt", ".html", ".pdf", ".png", ".svg"})


def extended(below: Vocabulary, own: Own) -> Vocabulary:
    """The vocabulary with what the project brings along: its terms and schemes, and prefixes of others.

    :raises VocabularyError: naming every fault of every file with its line
    :raises UsageError: if a file needs a library that is not installed
    """
    files = own_files(own)
    home = {own.prefix: own.namespace} if files else {}
    below = replace(below, prefixes={**below.prefixes, **own.prefixes, **home})
    if not files:
        return below
    faults: list[Problem] = []
    brought = Brought()
    for path in files:
        if path.suffix.lower() in SYNTAXES:
            GraphFile(path, own, below, faults).read(brought)
    described = frozenset(term.iri for term in brought.terms)
    _leave_data(brought, own)
    for path in files:
        if path.suffix.lower() in _LINKML:
            LinkmlFile(path, own, below, faults).read(brought)
    whole = _merged(below, brought, own)
    rules = Rules.of(own, whole)
    for path in files:
        if path.suffix.lower() == _TABLE:
            brought.terms += Table(path, faults, rules, own.name(path)).read(whole.concepts)
    faults += _twice(brought.terms)
    if faults:
        raise VocabularyError(problems=sorted(faults, key=lambda p: (p.position or Position("", 0), p.message)))
    return replace(_merged(below, brought, own), files=files, described=described)


def _leave_data(brought: Brought, own: Own) -> None:
    """Leave aside what files say of terms by properties that they define: it is data, and held to their ranges."""
    ours = {term.iri for term in brought.terms if term.kind != "class" and not term.iri.startswith(EVERYWHERE)}
    kept = [triple for triple in brought.statements if triple.predicate.value not in ours]
    left = len(brought.statements) - len(kept)
    brought.statements[:] = kept
    if left and not own.is_whole:
        brought.remarks.append(f"vocabulary: {left} statements by properties of its own are left aside: they are data")


def own_files(own: Own) -> tuple[Path, ...]:
    """The files of the folder that are read, in the order of their names.

    :raises VocabularyError: naming each that would not be read
    """
    if not own.folder.is_dir():
        return ()
    read = {_TABLE, *SYNTAXES, *_LINKML}
    found = [path for path in sorted(own.folder.iterdir()) if not path.name.startswith(".")]
    stray = [p for p in found if not p.is_file() or p.suffix.lower() not in read | _DOCUMENTATION]
    if stray:
        hint = f"terms stand in *{', *'.join(sorted(read))}: name it so, or move it elsewhere"
        told = [f"{own.name(path)} is not read" for path in stray]
        raise VocabularyError(problems=[Problem(VocabularyError.code, text, hint=hint) for text in told])
    return tuple(path for path in found if path.suffix.lower() in read)


def _twice(terms: Iterable[Term]) -> Iterator[Problem]:
    """Terms that two files give."""
    first: dict[tuple[bool, str], Term] = {}
    for term in terms:
        other = first.setdefault((term.kind == "class", term.iri), term)
        if other is not term:
            what = f"{term.name} is given by {other.position.path}:{other.position.line} already"
            yield Problem(VocabularyError.code, what, term.position, hint="keep one of them")


def _merged(below: Vocabulary, brought: Brought, own: Own) -> Vocabulary:
    classes = [term for term in brought.terms if term.kind == "class"]
    properties = [term for term in brought.terms if term.kind != "class"]
    ambiguous: dict[str, tuple[str, ...]] = {}
    concepts = {name: dict(members) for name, members in below.concepts.items()}
    for name, members in brought.concepts.items():
        concepts.setdefault(name, {}).update(members)
    return replace(
        below,
        classes=_named(below, below.classes, classes, own, ambiguous),
        properties=_named(below, below.properties, properties, own, ambiguous),
        concepts=concepts,
        schemes={**below.schemes, **brought.schemes},
        namespaces=(*below.namespaces, own.namespace),
        ambiguous=ambiguous,
        own=frozenset(term.iri for term in brought.terms),
        individuals=dict(sorted(brought.individuals.items())),
        statements=tuple(brought.statements),
        remarks=tuple(brought.remarks),
    )


def _named(
    vocabulary: Vocabulary,
    below: Mapping[str, Term],
    terms: list[Term],
    own: Own,
    ambiguous: dict[str, tuple[str, ...]],
) -> Mapping[str, Term]:
    """The terms by the name that is written in claims.

    A name that a term of the project shares with a packaged one is ambiguous, and both are written with their
    prefixes; so are those of others that share one. A packaged term keeps its name where another's has it too, and
    where it is what claims themselves are described by.
    """
    found = dict(below)
    times = Counter(term.name for term in terms)
    for term in terms:
        there = below.get(term.name)
        is_kept = there is not None and (there.domain == f"{ZEL}Claim" or not term.iri.startswith(own.namespace))
        if there is None and times[term.name] == 1:
            found[term.name] = term
            continue
        found[vocabulary.compress(term.iri)] = term
        if is_kept:
            continue
        others = (there, *(other for other in terms if other.name == term.name))
        ambiguous[term.name] = tuple(vocabulary.compress(one.iri) for one in others if one is not None)
        if there is not None and found.pop(term.name, None) is not None:
            found[vocabulary.compress(there.iri)] = there
    return found
