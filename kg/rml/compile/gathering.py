"""Values gathered into collections and containers, a batch of rows at a time (RML-CC).

What has no name is written at once, as the row makes it. What has one goes on where an earlier row left it: its
members are entries, which are sorted and put together when all rows are read (RML-CC, section 6.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Final

from kg.errors import MappingError, Position, Problem
from kg.rdf.grammar import RDF
from kg.rml.compile.columns import Fault
from kg.rml.mapping.model import Collection, Gather, Plan, RefObjectMap, TermMap, TermType
from kg.rml.targets.places import refuse_targets, targets_in

MOST: Final = 10_000
"""Collections that one row makes of the choices of its values."""
NIL: Final = f"<{RDF}nil>"
SCOPE: Final = "\0"
"""What stands behind the label of a named blank node until it is known in which graph it is: no literal holds it."""
Row = Sequence[str]
Made = tuple[list[Sequence[str]], list[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Gathering:
    """What makes the heads of a gather map for the rows of a batch, and what is said of them."""

    gather: Gather
    label: str
    """What blank nodes of this gather map begin with."""
    place: str
    """The triples map, as entries are sorted by it."""
    position: Position

    def unnamed(self, first: int, columns: Sequence[Sequence[Row]]) -> Made:
        """The heads of each row, and what is said of them as subject, predicate and object."""
        heads: list[Sequence[str]] = []
        bodies: list[Sequence[str]] = []
        for number, members in enumerate(zip(*columns, strict=True), first):
            made = [(f"_:{self.label}r{number}k{k}", some) for k, some in enumerate(self._collections(members))]
            is_list = self.gather.collection is Collection.LIST
            heads.append([head if some or not is_list else NIL for head, some in made])
            bodies.append([line for head, some in made for line in said(head, self.gather.collection, some)])
        return heads, bodies

    def named(self, first: int, names: Sequence[Row], columns: Sequence[Sequence[Row]]) -> Made:
        """The heads of each row, and the entries of their members."""
        heads: list[Sequence[str]] = []
        entries: list[Sequence[str]] = []
        for number, (named, *members) in enumerate(zip(names, *columns, strict=True), first):
            made = self._collections(members)
            is_list = self.gather.collection is Collection.LIST
            own = [head if some or not is_list else NIL for head in named for some in made]
            heads.append(list(dict.fromkeys(own)))
            place = f"{self.place}\t{number:015}\t{self.gather.number:05}"
            entries.append([
                f"{head}\t{self.gather.collection}\t{place}\t{k:05}\t{i:09}\t{member}"
                for head in named
                for k, some in enumerate(made)
                if some or not is_list
                for i, member in enumerate(some or [""])
            ])  # fmt: skip
        return heads, entries

    def _collections(self, members: Sequence[Row]) -> list[Sequence[str]]:
        """The members of each collection of a row."""
        made: list[Sequence[str]]
        if self.gather.is_product:
            made = list(islice(product(*members), MOST + 1))
            if len(made) > MOST:
                hint = "rml:strategy rml:append gathers all values into one"
                raise Fault(f"the row makes more than {MOST:,} collections", self.position, hint)
        else:
            every = list(chain.from_iterable(members))
            made = [every] if every else []
        return made or ([()] if self.gather.allows_empty else [])


def said(head: str, collection: Collection, members: Iterable[str], cell: str = "") -> Iterator[str]:
    """What makes a node the head of a collection or a container (RDF Schema, section 5), member by member.

    :param cell: what the labels of the other cells of a list begin with; by default the head

    >>> list(said("_:a", Collection.BAG, ['"x"']))[1]
    '_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#_1> "x"'
    """
    if collection is not Collection.LIST:
        yield f"{head} <{RDF}type> <{RDF}{collection}>"
        for number, member in enumerate(members, 1):
            yield f"{head} <{RDF}_{number}> {member}"
        return
    node, number = head, 0
    for number, member in enumerate(members, 1):
        if number > 1:
            after = f"{cell or head}i{number - 1}"
            yield f"{node} <{RDF}rest> {after}"
            node = after
        yield f"{node} <{RDF}first> {member}"
    if number:
        yield f"{node} <{RDF}rest> {NIL}"


def some(column: Sequence[Row]) -> list[str | None]:
    """Whether a row has a value, as a column that has one itself where it has."""
    return ["1" if values else None for values in column]


def is_named(made: object) -> bool:
    """Whether a term map gathers into collections that other rows may go on with."""
    return isinstance(made, TermMap) and made.gather is not None and made.expression is not None


def has_scopes(plan: Plan) -> bool:
    """Whether nodes without an IRI name collections in several graphs: each graph has one of its own then."""
    terms = [made for triples_map in plan.maps for made in triples_map.terms()]
    has_graphs = any(one.graphs or any(pair.graphs for pair in one.pairs) for one in plan.maps)
    return has_graphs and any(
        is_named(made) and made.term_type is TermType.BLANK_NODE for made in terms if isinstance(made, TermMap)
    )


def is_split(plan: Plan) -> bool:
    """Whether lines go to more than the output, or are put together when all rows are read."""
    return bool(targets_in(plan)) or any(is_named(made) for one in plan.maps for made in one.terms())


def refuse_split(plan: Plan, why: str, hint: str, *, links: bool = False) -> None:
    """Say that nothing is written beside the output here, and nothing put together over rows.

    :param links: whether members may not be subjects of other triples maps, either
    :raises MappingError: if a plan wants it
    """
    refuse_targets(plan, why, hint)
    terms = [made for one in plan.maps for made in one.terms() if isinstance(made, TermMap) and made.gather]
    said = [(made, "a collection with a name is not put together") for made in terms if is_named(made)]
    said += [(made, "joined members are not gathered") for made in terms if links and _has_joins(made)]
    if said:
        code = MappingError.code
        raise MappingError(problems=[Problem(code, f"{what}: {why}", made.position, hint=hint) for made, what in said])


def _has_joins(made: TermMap) -> bool:
    return any(isinstance(member, RefObjectMap) and member.joins for member in made.within())
