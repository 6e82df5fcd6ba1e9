"""Which classes a release has things of, and which properties lead from those of one to those of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import KgError
from kg.sparql.guard import check
from kg.terms import PREFIXES, expand
from server.engine import Dataset
from server.engine.inprocess import request_of
from server.http.results import JSON
from server.http.views import seen
from server.lookup import Row, parse_rows
from server.pages.survey import Survey
from server.pages.vocabulary.kinds import MAKES
from server.releases import Release

CLASSES: Final = "zellige-classes"
_PATIENCE: Final = 5.0
"""How long one question of the data may take, in seconds."""
_EVERYTHING: Final = "everything"
_TYPE: Final = f"<{expand('rdf:type')}>"
_OF_TERMS: Final = tuple(PREFIXES[name] for name in ("owl", "rdf", "rdfs"))
"""Vocabularies whose classes have terms as their members."""
_PART, _PROPERTY_PART = expand("void:classPartition"), expand("void:propertyPartition")
_CLASS, _PROPERTY = expand("void:class"), expand("void:property")
_ENTITIES, _TRIPLES = expand("void:entities"), expand("void:triples")


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """A property that leads from things of one class to things of another, and in how many statements."""

    subject: str
    property: str
    object: str
    number: int


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a release with the number of their things, the largest first, and the ties between them."""

    classes: tuple[tuple[str, int], ...]
    ties: tuple[Tie, ...]
    """The most frequent first."""
    of_terms: int
    """How many other classes there are, whose members are classes and properties."""
    is_part: bool = False
    """Whether they are those of the default graph alone, as the description of the release has them."""
    is_untied: bool = False
    """Whether the ties could not be counted in time: there are none here, and there may be some."""


class Pictured(Survey[Classes]):
    """The classes of the release that is served."""

    def __init__(self) -> None:
        super().__init__("the picture of the classes")


_Kinds = tuple[Mapping[str, int], int]
"""The number of things of each class, and how many other classes there are, whose members are terms."""


def read_classes(release: Release, described: Iterable[Triple]) -> Classes:
    """The classes of all graphs, counted as a stranger's query is answered, within limits.

    Of data that are too large for that they are those of the description, which a build has counted: `described`.
    Where there is none, as of files that are served as they are, they stand without their ties.

    :raises KgError: if neither can be had
    """
    kinds: _Kinds | None = None
    try:
        kinds = _counted(release)
        return _classes(*kinds, _ties(release))
    except KgError:
        found = _described(described)
        if found.classes:
            return replace(found, is_part=not _is_plain(release))
        if kinds is None:
            raise
        return replace(_classes(*kinds, ()), is_untied=True)


def _counted(release: Release) -> _Kinds:
    kinds = _ask(
        release,
        f"SELECT ?c (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?s ?c WHERE {{ {_in(release, f'?s {_TYPE} ?c')} "
        "FILTER(isIRI(?c)) } } } GROUP BY ?c",
    )
    terms = _ask(
        release,
        f"SELECT ?c (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?s ?c WHERE {{ "
        f"VALUES ?m {{ {' '.join(f'<{it}>' for it in sorted(MAKES))} }} {_in(release, f'?s {_TYPE} ?m')} "
        f"{_in(release, f'?s {_TYPE} ?c', 'h')} }} }} }} GROUP BY ?c",
    )
    of_terms = {(row["c"].value, row["n"].value) for row in terms}
    counted = {row["c"].value: int(row["n"].value) for row in kinds if (row["c"].value, row["n"].value) not in of_terms}
    return counted, len(kinds) - len(counted)


def _ties(release: Release) -> Iterable[Tie]:
    both = f"{_in(release, '?s ?p ?o')} {_in(release, f'?s {_TYPE} ?c', 'h')} {_in(release, f'?o {_TYPE} ?d', 'i')}"
    rows = _ask(
        release,
        "SELECT ?c ?p ?d (COUNT(*) AS ?n) WHERE { { SELECT DISTINCT ?s ?p ?o ?c ?d WHERE { "
        f"{both} FILTER(isIRI(?c) && isIRI(?d)) }} }} }} GROUP BY ?c ?p ?d",
    )
    return [Tie(row["c"].value, row["p"].value, row["d"].value, int(row["n"].value)) for row in rows]


def _in(release: Release, triple: str, name: str = "g") -> str:
    """A triple of any graph."""
    return (
        f"{triple} ."
        if release.has_views or _is_plain(release)
        else f"{{ {triple} }} UNION {{ GRAPH ?{name} {{ {triple} }} }}"
    )


def _is_plain(release: Release) -> bool:
    """Whether there is the default graph alone, as in most files."""
    return not release.has_views and release.engine.named(1) == ()


def _ask(release: Release, text: str) -> list[Row]:
    asked, graphs = seen(text, Dataset(view=_EVERYTHING if release.has_views else None), release)
    wanted = request_of(check(asked, release.base), graphs, JSON.media_type)
    return parse_rows(release.strangers.answer(wanted, timeout=_PATIENCE))[1]


def _classes(counted: Mapping[str, int], of_terms: int, ties: Iterable[Tie]) -> Classes:
    kept = {iri: number for iri, number in counted.items() if not iri.startswith(_OF_TERMS)}
    between = (tie for tie in ties if tie.subject in kept and tie.object in kept)
    return Classes(
        tuple(sorted(kept.items(), key=lambda it: (-it[1], it[0]))),
        tuple(sorted(between, key=lambda it: (-it.number, it))),
        of_terms + len(counted) - len(kept),
    )


def _described(triples: Iterable[Triple]) -> Classes:
    """The same by a description in VoID: nested partitions, whose subjects are the classes that they are of."""
    names: dict[str, dict[str, str]] = {}
    numbers: dict[str, dict[str, int]] = {}
    parents: dict[str, tuple[str, str]] = {}
    for triple in triples:
        node, link, value = _name(triple.subject), triple.predicate.value, triple.object
        if link in {_PART, _PROPERTY_PART}:
            parents[_name(value)] = (node, link)
        elif link in {_CLASS, _PROPERTY}:
            names.setdefault(node, {})[link] = _name(value)
        elif link in {_ENTITIES, _TRIPLES} and isinstance(value, Literal) and value.value.isdecimal():
            numbers.setdefault(node, {})[link] = int(value.value)
    counted: dict[str, int] = {}
    ties = []
    for part, (above, link) in parents.items():
        if link != _PART or _CLASS not in names.get(part, {}):
            continue
        kind, number = names[part][_CLASS], numbers.get(part, {})
        if _ENTITIES in number:
            counted[kind] = number[_ENTITIES]
        elif _PROPERTY in names.get(above, {}) and above in parents:
            subject = names.get(parents[above][0], {}).get(_CLASS)
            if subject is not None:
                ties.append(Tie(subject, names[above][_PROPERTY], kind, number.get(_TRIPLES, 0)))
    return _classes(counted, 0, ties)


def _name(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)
