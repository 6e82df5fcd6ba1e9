"""Which files of shapes prove a release, and on which of its two levels each of them is run.

Shapes of the claims see everything that is stated, in the union of all graphs. Shapes of the default graph see what was
derived from the claims that are admitted, and the ontology. The name of a file says which: `claims.ttl`,
`claims-….ttl` and `….claims.ttl` are run on the claims, `terms.ttl`, which follows from the vocabulary, on both levels,
and every other one on the default graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import ShapesError
from kg.ontology.shapes import SHAPES_FILE

SUFFIX: Final = ".ttl"
_CASES: Final = "cases"
# What RDF tools name their files; a README beside the shapes is none of these.
_LIKE_SHAPES: Final = frozenset(
    {
        ".ttl",
        ".turtle",
        ".nt",
        ".rdf",
        ".xml",
        ".owl",
        ".jsonld",
        ".trig",
        ".nq",
        ".n3",
        ".shacl",
        ".shex",
        ".shaclc",
        ".gz",
    }
)


@dataclass(frozen=True, slots=True)
class ShapeFiles:
    """The files of shapes of a project, by level, each level in the order of names."""

    claims: tuple[Path, ...]
    default_graph: tuple[Path, ...]
    terms: tuple[Path, ...] = ()
    """Of both levels."""

    def __iter__(self) -> Iterator[Path]:
        return iter((*self.claims, *self.default_graph, *self.terms))


def is_for_claims(name: str) -> bool:
    """Whether a file of this name is run on the claims.

    >>> [is_for_claims(name) for name in ("claims.ttl", "claims-own.ttl", "own.claims.ttl", "own.ttl", "claimsown.ttl")]
    [True, True, True, False, False]
    """
    stem = name.removesuffix(SUFFIX)
    return stem == "claims" or stem.startswith("claims-") or stem.endswith(".claims")


def shape_files(packaged: Path, own: Path) -> ShapeFiles:
    """The packaged files and those of a project; a file of the project takes the place of the packaged one of its name.

    :raises ShapesError: if something in the project's folder looks like shapes and would not be read
    """
    by_name = {path.name: path for path in sorted(packaged.glob(f"*{SUFFIX}"))}
    if own.is_dir() and own.resolve() != packaged.resolve():
        for path in _unread(own):
            raise ShapesError(
                f"{path} is not read: shapes are the files {own.name}/*{SUFFIX}",
                hint="move it there in Turtle, or out of the folder",
            )
        by_name.update({path.name: path for path in sorted(own.glob(f"[!.]*{SUFFIX}"))})
    files = [by_name[name] for name in sorted(by_name)]
    return ShapeFiles(
        tuple(path for path in files if is_for_claims(path.name)),
        tuple(path for path in files if not is_for_claims(path.name) and path.name != SHAPES_FILE),
        tuple(path for path in files if path.name == SHAPES_FILE),
    )


def _unread(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] == _CASES or any(part.startswith(".") for part in inside) or not path.is_file():
            continue
        if path.suffix.lower() in _LIKE_SHAPES and (len(inside) > 1 or path.suffix != SUFFIX):
            yield path
