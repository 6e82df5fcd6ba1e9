"""Oxigraph's store: the one builder module that opens it.

A release holds canonical N-Quads: sorted, without blank nodes, every literal in the form that the
store keeps, so that the file and the store say the same (`canonical_lines`).
"""

from __future__ import annotations

import errno
import hashlib
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from itertools import chain, count, islice, repeat
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.errors import DataError, Position, Problem, ReleaseError, StorageError, UsageError
from kg.rdf import Forms, RdfFile, bare, syntax_of, unreadable
from kg.sparql.dataset import Placed
from kg.store.merging import can_merge, is_readable, merge
from kg.store.parts import parts
from kg.store.rule import Derivation, Rule, derive_default, filled, parse_rule

__all__ = [
    "Derivation",
    "Rule",
    "canonical_lines",
    "create",
    "derive_default",
    "digest",
    "dump",
    "faulty",
    "filled",
    "graphs_read",
    "has_graph",
    "in_store_form",
    "is_store",
    "kept_forms",
    "load",
    "load_files",
    "parse_lines",
    "parse_rule",
    "rdfc10_hash",
    "read",
    "storage_error",
]

XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

_CHUNK: Final = 100_000
"""Statements handed to a store at once, which takes 1 kB for each: of more, each takes longer to load."""
_MANY: Final = 64
"""Stores to be merged that are many."""
_LOADS: Final = 5
"""Loads into one store: each second one, after the first, merges all that came before."""
_LARGE: Final = 150_000
_LARGEST: Final = 600_000
"""The least and the most statements of such a load."""
_PARSED: Final = 20_000


@uncollected()
def canonical_lines(quads: Iterable[ox.Quad]) -> list[str]:
    """The statements as canonical N-Quads lines without line ends, sorted by code point, each once.

    The order and the escapes are those of RDF Dataset Canonicalization (section 5): without blank nodes the
    sorted lines are the canonical form.

    :raises DataError: naming every statement with a blank node, a triple term or a base direction, and every
        literal that the store would keep in another form

    >>> quad = ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.Literal("é", language="fr"))
    >>> canonical_lines([quad, quad])
    ['<http://e/s> <http://e/p> "é"@fr .']
    """
    unique = set(quads)
    problems = [*_foreign_terms(unique), *_rewritten_literals(unique)]
    if problems:
        raise DataError(problems=sorted(problems, key=str))
    return sorted(f"{quad} ." for quad in unique)


def parse_lines(lines: Iterable[str]) -> Iterator[ox.Quad]:
    """Read N-Quads lines, with or without line ends.

    :raises DataError: naming the line that is not N-Quads
    """
    given = iter(lines)
    before = 0
    while some := [line.removesuffix("\n") for line in islice(given, _PARSED)]:
        try:
            yield from ox.parse("\n".join(some), format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise _no_quads(error, before) from None
        before += len(some)


def _no_quads(error: SyntaxError, before: int = 0) -> DataError:
    return DataError(f"not N-Quads: {error.msg}", position=Position("<N-Quads>", before + (error.lineno or 1)))


def rdfc10_hash(lines: Iterable[str]) -> str:
    """The SHA-256 of the dataset's canonical N-Quads (RDF Dataset Canonicalization, section 5), in hexadecimal.

    The lines may come in any order and may hold blank nodes.

    >>> rdfc10_hash(["_:a <http://e/p> _:b ."]) == rdfc10_hash(["_:x <http://e/p> _:y ."])
    True
    """
    dataset = ox.Dataset(parse_lines(lines))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return digest(sorted(f"{quad} ." for quad in dataset))


def digest(lines: Iterable[str]) -> str:
    """The SHA-256, in hexadecimal, of the file that holds these lines.

    >>> digest([]) == hashlib.sha256(b"").hexdigest()
    True
    """
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode())
        total.update(b"\n")
    return total.hexdigest()


def _foreign_terms(quads: Iterable[ox.Quad]) -> Iterator[Problem]:
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            yield Problem("triple-term", f"a triple term is no part of RDF 1.1: {quad}")
        elif isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
            yield Problem("base-direction", f"a base direction is no part of RDF 1.1: {quad}", hint="keep the language")
        if any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object, quad.graph_name)):
            yield Problem("blank-node", f"a release holds no blank node: {quad}", hint="give the thing an IRI")


def faulty(quads: Collection[ox.Quad]) -> list[ox.Quad]:
    """The statements that `canonical_lines` refuses.

    >>> faulty([ox.Quad(ox.BlankNode("b"), ox.NamedNode("http://e/p"), ox.Literal("a"))])[0].subject
    <BlankNode value=b>
    """
    changed = kept_forms(_typed_of(quads))
    return [quad for quad in quads if quad.object in changed or next(_foreign_terms((quad,)), None) is not None]


def in_store_form(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The statements with every literal in the form that the store keeps: `1.50` as `1.5`, any integer as xsd:integer.

    >>> one = ox.Literal("01.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    >>> quad = ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), one)
    >>> in_store_form([quad])[0].object.value
    '1.5'
    """
    given = list(quads)
    kept = kept_forms(_typed_of(given))

    def in_form(quad: ox.Quad) -> ox.Quad:
        literal = _typed(quad.object)
        form = kept.get(literal) if literal is not None else None
        return quad if form is None else ox.Quad(quad.subject, quad.predicate, form, quad.graph_name)

    return [in_form(quad) for quad in given]


def _typed(term: object) -> ox.Literal | None:
    """A literal that has a datatype other than that of texts."""
    is_typed = isinstance(term, ox.Literal) and term.language is None and term.datatype.value != XSD_STRING
    return term if is_typed and isinstance(term, ox.Literal) else None


def _typed_of(quads: Iterable[ox.Quad]) -> set[ox.Literal]:
    return {literal for quad in quads if (literal := _typed(quad.object)) is not None}


def kept_forms(literals: Iterable[ox.Literal]) -> dict[ox.Literal, ox.Literal]:
    """The literals that come back from a store in another form, with that form."""
    numbered = {ox.NamedNode(f"urn:n:{n}"): literal for n, literal in enumerate(literals)}
    store = ox.Store()
    store.extend(ox.Quad(node, ox.NamedNode("urn:p"), literal) for node, literal in numbered.items())
    found = ((numbered[quad.subject], _typed(quad.object)) for quad in store)
    return {literal: form for literal, form in found if form is not None and form != literal}


def _rewritten_literals(quads: Iterable[ox.Quad]) -> Iterator[Problem]:
    """Find literals that come back from a store in another form, and their first statement for the message."""
    users: dict[ox.Literal, ox.Quad] = {}
    for quad in quads:
        literal = _typed(quad.object)
        if literal is not None:
            known = users.get(literal)
            users[literal] = quad if known is None or str(quad) < str(known) else known
    for literal, form in kept_forms(users).items():
        user = users[literal]
        yield Problem(
            "literal-form",
            f"{user.predicate} has the literal {literal}, which the store would keep as {form}",
            iri=str(user.subject)[1:-1],
            hint=f"write {form}",
        )


def storage_error(error: OSError | RuntimeError, path: Path) -> StorageError:
    """What a refusal of the file system means for the person who builds.

    The store reports a full disk without an error number, only in words.

    >>> print(storage_error(OSError("IO error: No space left on device: While appending"), Path("releases")))
    releases: the disk is full (free some space and build again; the current release is untouched)
    """
    number = error.errno if isinstance(error, OSError) else None
    place = str(getattr(error, "filename", None) or path)
    text = str(error)
    if number in {errno.ENOSPC, errno.EDQUOT} or "No space left" in text or "quota exceeded" in text:
        what, hint = "the disk is full", "free some space and build again; the current release is untouched"
    elif number == errno.EROFS or "Read-only file system" in text:
        what, hint = "the file system is read-only", "choose a folder that can be written with --out"
    elif number in {errno.EACCES, errno.EPERM} or "Permission denied" in text:
        what, hint = "no permission", "give yourself access, or choose another folder with --out"
    else:
        what, hint = (error.strerror if isinstance(error, OSError) else None) or text, "look at the disk and try again"
    return StorageError(f"{place}: {what}", hint=hint)


def is_store(path: Path) -> bool:
    """Whether a folder holds an Oxigraph store: its RocksDB keeps the name of its newest list of files in CURRENT."""
    return (path / "CURRENT").is_file()


def create(path: Path) -> ox.Store:
    """A new store on disk, for whoever loads into it.

    :raises StorageError: if the disk is full, read-only or not permitted
    """
    try:
        return ox.Store(path)
    except (OSError, RuntimeError) as error:
        raise storage_error(error, path) from error


def load(statements: Iterable[str | bytes | ox.Quad], path: Path, number: int | None = None) -> None:
    """Make an on-disk store in the new folder `path`; it is closed at the end, for `read` to open.

    :param statements: quads, lines without their ends, or blocks of whole lines as bytes
    :param number: how many different statements there are, if that is known: looked at where several loads were merged
    :raises StorageError: if the disk is full, read-only or not permitted
    :raises DataError: if a line is not N-Quads
    :raises ReleaseError: if the store has not so many statements
    """
    try:
        loads = _load_apart(statements, path) if can_merge() else _load_together(statements, path, number)
    except SyntaxError as error:
        raise _no_quads(error) from None
    except (OSError, RuntimeError) as error:
        raise storage_error(error, path) from error
    if number is not None and loads > 1 and (found := len(read(path))) != number:
        raise ReleaseError(f"the store {path} has {found} statements of {number}", hint="build the release again")


def _load_apart(statements: Iterable[str | bytes | ox.Quad], path: Path) -> int:
    """Load parts into stores of their own, which costs less and packs them, and merge these; gives their number."""
    # Where parts are very many they grow, since all of their files are open at once when they are merged.
    sizes = (_CHUNK * (1 + before // _MANY) for before in count())
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    others: list[Path] = []
    try:
        given = parts(statements, sizes)
        _fill(ox.Store(path), islice(given, 1))
        for part in given:
            if not others and not is_readable(path):
                return 1 + _load_further(path, chain((part,), given))
            aside.mkdir(exist_ok=True)
            others.append(aside / str(len(others)))
            _fill(ox.Store(others[-1]), (part,))
        if others:
            merge(path, others)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return 1 + len(others)


def _load_together(statements: Iterable[str | bytes | ox.Quad], path: Path, number: int | None) -> int:
    """Load parts into one store, which merges them as they come: for machines where stores cannot be merged."""
    size = _CHUNK if number is None else min(_LARGEST, max(_LARGE, -(-number // _LOADS)))
    given = parts(statements, repeat(size))
    loads = _fill(ox.Store(path), islice(given, 1))
    for part in given:
        loads += _load_further(path, chain((part,), given))
    return loads


def _load_further(path: Path, given: Iterable[IO[bytes]]) -> int:
    """Load parts into a store that has some, which RocksDB merges into files of twice the size; gives their number."""
    store = ox.Store(path)
    loads = _fill(store, given)
    store.optimize()
    return loads


def _fill(store: ox.Store, given: Iterable[IO[bytes]]) -> int:
    """Load parts; gives their number."""
    loads = 0
    for part in given:
        store.bulk_load(part, format=ox.RdfFormat.N_QUADS, lenient=True)  # the terms have been looked at before
        loads += 1
    store.flush()
    return loads


def load_files(files: Iterable[Path], path: Path, forms: Forms | None = None) -> int:
    """Make an on-disk store of RDF files of any syntax in the new folder `path`; gives the number of statements.

    Blank nodes of different files stay apart. Literals are kept in the store's own forms; `forms` counts those that
    the files write otherwise, beside the loading.

    :raises UsageError: if a file is absent, or its name tells no syntax
    :raises DataError: with file and line, if one does not parse
    :raises StorageError: if the disk is full, read-only or not permitted
    """
    store = ox.Store(path)
    for file in files:
        syntax = syntax_of(file)
        try:
            with nullcontext() if forms is None else forms.beside(RdfFile(file, syntax)):
                _load_file(store, RdfFile(file, syntax))
        except SyntaxError as error:
            raise unreadable(error, file.as_posix(), syntax) from None
        except (FileNotFoundError, IsADirectoryError):
            raise UsageError(f"no such file: {file.as_posix()}") from None
        except (OSError, RuntimeError) as error:
            raise storage_error(error, file) from error
    store.flush()
    store.optimize()
    return len(store)


def _load_file(store: ox.Store, file: RdfFile) -> None:
    """Load a file; the store reads one that is not packed by itself, and is quicker at it, unless it needs a look."""
    with file.opened() as content:
        is_plain = bare(file.path) == file.path and file.syntax != ox.RdfFormat.RDF_XML
        if is_plain and not content.tell():  # no byte order mark was passed over
            store.bulk_load(path=str(file.path), format=file.syntax, base_iri=file.address)
            return
        store.bulk_load(content, format=file.syntax, base_iri=file.address)


def read(path: Path) -> ox.Store:
    """Open a release's store read-only; any number of processes may do so at once.

    :raises ReleaseError: if there is no store in `path`, or it does not open
    """
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise ReleaseError(f"the store {path} does not open: {error}", hint="build the release again") from error


def has_graph(opened: ox.Store, iri: str) -> bool:
    """Whether a store has statements in a graph of this name."""
    return opened.contains_named_graph(ox.NamedNode(iri))


def graphs_read(placed: Placed) -> dict[str, Any]:
    """The arguments of `Store.query` for the graphs that are meant (`kg.sparql.dataset.place`)."""
    chosen = bool(placed.default or placed.named)
    if not (chosen or placed.joined):
        return {}
    default = [ox.NamedNode(name) if name else ox.DefaultGraph() for name in placed.joined or placed.default]
    return {
        "default_graph": default,
        "named_graphs": [ox.NamedNode(name) for name in placed.named] if chosen else None,
    }


def dump(path: Path) -> Iterator[bytes]:
    """All statements of an on-disk store as blocks of N-Quads lines, in the order of the store.

    :raises ReleaseError: if the store does not open or is damaged
    """
    quads = iter(read(path))
    while lines := _next_lines(quads, path):
        yield lines


def _next_lines(quads: Iterator[ox.Quad], path: Path) -> bytes:
    try:
        return "".join(f"{quad} .\n" for quad in islice(quads, _CHUNK)).encode()
    except (OSError, RuntimeError) as error:
        raise ReleaseError(f"the store {path} is damaged: {error}", hint="build the release again") from error
