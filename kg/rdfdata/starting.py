"""A project out of files of RDF that were there before: which are data, ontology and shapes, and where each goes.

A file may be several of these: where it declares classes and describes things as well, it goes to both places.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, cast

import pyoxigraph as ox

from kg.errors import DataError, Problem, UsageError
from kg.rdf import RdfFile, bare, named, rdf_files, unreadable
from kg.rdfdata.jsonld import RELATIVE
from kg.rdfdata.jsonld import look as look_into
from kg.rdfdata.register import REGISTER
from kg.scaffold import Start
from kg.terms import PREFIXES, SCHEME, is_slug

DATA: Final = "data"
ONTOLOGY: Final = "ontology"
SHAPES: Final = "shapes"
_FOLDERS: Final = {DATA: "data/rdf", ONTOLOGY: "vocabulary", SHAPES: "shapes"}
_TYPE: Final = PREFIXES["rdf"] + "type"
_SHAPE_KINDS: Final = frozenset(PREFIXES["sh"] + name for name in ("NodeShape", "PropertyShape"))
_TERM_KINDS: Final = tuple(PREFIXES[name] for name in ("owl", "rdfs", "rdf"))
_OF_SHAPES: Final = PREFIXES["sh"]
_NEUTRAL: Final = frozenset({PREFIXES["owl"] + "NamedIndividual"})
_TAKEN: Final = frozenset({"claims", "domain", "terms"})
"""What the files of shapes are called that came with zellige."""
_OF_VOCABULARY: Final = frozenset({".ttl", ".nt", ".rdf", ".xml", ".owl", ".jsonld", ".trig", ".nq"})
_NO_SCHEME: Final = "No scheme found in an absolute IRI"


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was given."""

    path: Path
    syntax: ox.RdfFormat
    roles: frozenset[str]
    spaces: Mapping[str, int]
    """How many of the things of its data are named in each namespace."""
    needs_base: bool
    """Whether it has relative IRIs and no base of its own."""
    statements: int


def look(paths: Iterable[Path], roles: Mapping[str, Collection[Path]]) -> tuple[Given, ...]:
    """The files at some paths, each read once; folders give the files in and below them.

    :param roles: what somebody says that files are
    :raises UsageError: if one is absent or no RDF by its name, or there is none
    :raises DataError: with everything that does not parse
    """
    said: dict[Path, set[str]] = {}
    for role, files in roles.items():
        for path in (file for one in files for file in rdf_files(one)):
            said.setdefault(path, set()).add(role)
    found = [file for one in paths for file in rdf_files(one)]
    given: list[Given] = []
    problems: list[Problem] = []
    for path in dict.fromkeys([*found, *said]):
        try:
            given.append(_looked(path, frozenset(said.get(path, ()))))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems=problems)
    if not given:
        raise UsageError("there are no files of RDF", hint="name them: kg init FOLDER --from rdf FILES")
    return tuple(given)


def lying_in(folder: Path) -> tuple[Path, ...]:
    """The files of RDF that lie in a folder itself."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return tuple(path for path in found if path.is_file() and named(bare(path).suffix) is not None)


def _looked(path: Path, roles: frozenset[str]) -> Given:
    syntax = named(bare(path).suffix)
    if syntax is None:
        raise UsageError(f"{path} is no RDF file by its name", hint="name it .ttl, .trig, .nt, .nq, .rdf or .jsonld")
    needs_base = syntax == ox.RdfFormat.JSON_LD and _is_relative(RdfFile(path, syntax))
    try:
        file = RdfFile(path, syntax)
        seen = _Seen().take(_quads(file, file.address if needs_base else None))
    except SyntaxError as error:
        if _NO_SCHEME not in str(error):
            raise unreadable(error, path.as_posix(), syntax) from None
        needs_base = True
        seen = _again(RdfFile(path, syntax))
    return Given(path, syntax, roles or seen.roles(), seen.spaces, needs_base, seen.count)


def _is_relative(file: RdfFile) -> bool:
    """Whether JSON-LD has relative IRIs and no base, which its parser passes over.

    :raises DataError: with all else that would be lost
    """
    problems = look_into(file, file.shown).problems
    others = [problem for problem in problems if problem.code != RELATIVE]
    if others:
        raise DataError(problems=others)
    return bool(problems)


def _again(file: RdfFile) -> _Seen:
    try:
        return _Seen().take(_quads(file, file.address))
    except SyntaxError as error:
        raise unreadable(error, file.shown, file.syntax) from None


def _quads(file: RdfFile, base: str | None) -> Iterator[ox.Quad]:
    with file.opened() as content:
        yield from cast("Iterator[ox.Quad]", ox.parse(content, file.syntax, base_iri=base))


class _Seen:
    """What the statements of a file tell of it."""

    def __init__(self) -> None:
        self.count = 0
        self.spaces: Counter[str] = Counter()
        self._shapes: set[str] = set()
        self._terms: set[str] = set()
        self._others: set[str] = set()

    def take(self, quads: Iterable[ox.Quad]) -> _Seen:
        """Look at statements."""
        last = None
        for quad in quads:
            self.count += 1
            if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode):
                self._typed(str(quad.subject), quad.object.value)
            if isinstance(quad.subject, ox.NamedNode) and quad.subject != last:
                last = quad.subject
                self.spaces[_space(last.value)] += 1
        return self

    def _typed(self, subject: str, kind: str) -> None:
        if kind in _SHAPE_KINDS:
            self._shapes.add(subject)
        elif kind.startswith(_OF_SHAPES) or kind in _NEUTRAL:
            return
        elif kind.startswith(_TERM_KINDS):
            self._terms.add(subject)
        else:
            self._others.add(subject)

    def roles(self) -> frozenset[str]:
        """What the file is; data, if nothing tells it otherwise."""
        found = {
            SHAPES: bool(self._shapes),
            ONTOLOGY: bool(self._terms - self._shapes),
            DATA: bool(self._others - self._shapes),
        }
        return frozenset(role for role, is_it in found.items() if is_it) or frozenset({DATA})


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def base_of(given: Sequence[Given]) -> str | None:
    """Where the project's own IRIs may live: the place of most things of its data, if that is no known vocabulary's."""
    spaces: Counter[str] = Counter()
    for file in given:
        spaces.update(file.spaces if DATA in file.roles and not file.needs_base else {})
    known = tuple(PREFIXES.values())
    own = {space: n for space, n in spaces.items() if re.match("https?://[^/]+/", space) and space not in known}
    if not own:
        return None
    best = max(sorted(own), key=lambda space: own[space])
    return best[: best.rfind("/") + 1]


def start(given: Sequence[Given], base: str, name: str) -> Start:
    """The files of a project out of those that were given, and its register of them.

    :raises UsageError: if none of them is data
    """
    if not any(DATA in file.roles for file in given):
        hint = "name files with things in them, or say which it is: --data FILE"
        raise UsageError("none of these files is data", hint=hint)
    files: dict[str, bytes] = {}
    told: list[str] = []
    entries: list[str] = []
    slugs: set[str] = set()
    stating: list[str] = []
    for file in given:
        for role in sorted(file.roles):
            place = _free(_place(file, role), files)
            files[place] = _content(file, role)
            told.append(f"{file.path.name}: {role}, {file.statements} statements -> {place}")
            if role == DATA:
                stating += [place] if file.statements else []
                entries += _entry(PurePosixPath(place).name, file, slugs, base)
    head = [
        "# Which files of RDF there are, and how what they state is put and reviewed. What stands here is said of all",
        "# of them; a file may say it anew. docs/rdf-input.md of Zellige tells which keys there are.",
        f"publisher: {json.dumps(name, ensure_ascii=False)}",
        "modality: done",
        "reviewStatus: reviewed",
        "",
        "files:",
    ]
    register = f"{_FOLDERS[DATA]}/{REGISTER}"
    told.append(f"what they state is called done and reviewed: {register} is the place to say otherwise")
    files[register] = "\n".join([*head, *entries, ""]).encode()
    files["data/queries/files.tsv"] = _answer(stating).encode()
    return Start(files, tuple(told))


def _answer(places: Iterable[str]) -> str:
    """What the scaffold's question is answered: which files state something, and what the register says of them."""
    said = f"<{SCHEME}modality/done>\t<{SCHEME}review/reviewed>"
    return "?file\t?modality\t?review\n" + "".join(f"{ox.Literal(place)}\t{said}\n" for place in sorted(places))


def _place(file: Given, role: str) -> str:
    name = file.path.name
    if role == SHAPES:
        stem = bare(file.path).stem
        is_other = stem in _TAKEN or re.search("claim", stem, re.IGNORECASE)
        return f"{_FOLDERS[role]}/{'own' if is_other else stem}.ttl"
    plain = bare(file.path)
    if role == ONTOLOGY and plain != file.path:
        name = plain.name  # the vocabulary is read as it lies there
    if role == ONTOLOGY and plain.suffix.lower() not in _OF_VOCABULARY:
        is_n3 = file.syntax == ox.RdfFormat.N3
        return f"{_FOLDERS[role]}/{plain.stem}.{'ttl' if is_n3 else file.syntax.file_extension}"
    if plain.suffix.lower() == ".json":  # which is seldom RDF, and is not read for lying in a folder
        name = f"{plain.stem}.jsonld{name.removeprefix(plain.name)}"
    return f"{_FOLDERS[role]}/{name}"


def _free(place: str, taken: Collection[str]) -> str:
    path, number = PurePosixPath(place), 2
    stem, _, rest = path.name.partition(".")
    while str(path) in taken:
        path = path.with_name(f"{stem}-{number}.{rest}")
        number += 1
    return str(path)


def _content(file: Given, role: str) -> bytes:
    """A copy; shapes are read in Turtle only, and a vocabulary neither packed nor in N3."""
    is_packed = bare(file.path) != file.path
    if role == ONTOLOGY and is_packed and file.syntax != ox.RdfFormat.N3:
        with RdfFile(file.path, file.syntax).opened() as content:
            return content.read()
    is_other = role == SHAPES and (file.syntax != ox.RdfFormat.TURTLE or is_packed)
    if is_other or (role == ONTOLOGY and file.syntax == ox.RdfFormat.N3):
        rdf = RdfFile(file.path, file.syntax)
        triples = {quad.triple if isinstance(quad, ox.Quad) else quad for quad in _quads(rdf, rdf.address)}
        written = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes={"sh": PREFIXES["sh"]})
        assert written is not None
        return written
    return file.path.read_bytes()


def _entry(name: str, file: Given, slugs: set[str], base: str) -> Iterator[str]:
    stem = name.partition(".")[0]
    slug = re.sub("[^a-z0-9]+", "-", stem.lower()).strip("-") or "data"
    slug, number = (slug if is_slug(slug) else "data"), 2
    first = slug
    while slug in slugs:
        slug = f"{first}-{number}"
        number += 1
    slugs.add(slug)
    yield f"  {slug}:"
    yield f"    file: {json.dumps(name, ensure_ascii=False)}"
    yield f"    title: {json.dumps(name, ensure_ascii=False)}"
    if file.needs_base:
        yield f"    base: {base}"
