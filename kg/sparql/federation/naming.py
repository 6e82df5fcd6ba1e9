"""SERVICE with a variable: which endpoints the query names (SPARQL 1.1 Federated Query, section 4).

`SERVICE ?e { P }` means the union, over every endpoint there is, of what P gives there with ?e bound to that endpoint.
So it is joined as any other clause is, and only those endpoints matter that the rest of the query binds ?e to. They
are looked up on the list, whose spelling is the one that is asked; what stands in data is only compared with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.errors import Problem, QueryRefused
from kg.sparql.federation.covers import Part, Role
from kg.sparql.federation.structure import Bound, Inline
from kg.sparql.solutions import Row, Term, is_blank, values_block

_SHOWN: Final = 5
"""Values that a message tells one by one."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the rest of a query binds the variable of a clause to."""

    variable: str
    endpoints: tuple[str, ...] = ()
    """Those on the list."""
    others: tuple[Term, ...] = ()
    """What is no endpoint of the list."""
    open: str = ""
    """Why the values cannot be known, or not be written into a query; empty where they can."""


def named(variable: str, rows: Iterable[Row], allowed: Collection[str]) -> Named:
    """Sort the values of a variable, given as rows of one column.

    >>> named("e", [("<http://e/>",), ('"text"',)], {"http://e/"})
    Named(variable='e', endpoints=('http://e/',), others=('"text"',), open='')
    """
    values = {row[0] for row in rows}
    if None in values:
        return Named(variable, open=f"?{variable} is unbound in a solution of the rest of the query")
    known = sorted(value for value in values if value is not None)
    if any(map(is_blank, known)):
        return Named(variable, open=f"?{variable} is a blank node in a solution of the rest of the query")
    listed = {f"<{endpoint}>": endpoint for endpoint in allowed}
    return Named(
        variable,
        tuple(listed[value] for value in known if value in listed),
        tuple(value for value in known if value not in listed),
    )


def open_refused(where: str, why: str) -> QueryRefused:
    """The refusal of a clause whose endpoints cannot be known; SILENT does not change what the query means."""
    hint = "bind the variable to endpoints of the list, beside the clause or around it"
    return QueryRefused(problems=[Problem("service-variable", f"{where} is refused: {why}", hint=hint)])


def others_refused(where: str, names: Named, allowed: Collection[str]) -> QueryRefused:
    """The refusal of values that are no endpoint of the list, each named."""
    hint = f"the list: {', '.join(sorted(allowed)) or 'empty'}; SILENT passes over other values"
    problems = [
        Problem(code, f"{where} is refused: {said}", iri=iri, hint=hint)
        for code, said, iri in map(_told, names.others[:_SHOWN])
    ]
    more = len(names.others) - _SHOWN
    if more > 0:
        problems.append(Problem("service-not-allowed", f"{where} is refused for {more} more values", hint=hint))
    return QueryRefused(problems=problems)


def silenced(where: str, names: Named) -> Iterator[str]:
    """What a receipt tells of the values that SILENT passed over."""
    yield from (f"{where} asked nobody: {said}" for _, said, _ in map(_told, names.others[:_SHOWN]))
    more = len(names.others) - _SHOWN
    if more > 0:
        yield f"{where} asked nobody for {more} more values"


def _told(term: Term) -> tuple[str, str, str | None]:
    if term.startswith("<"):
        return "service-not-allowed", f"{term[:200]} is not on the list", term[1:-1]
    return "service-variable", f"{term[:200]} is no IRI", None


def narrowed(variable: str, endpoint: str) -> Part:
    """The part of a context that says which endpoint is meant."""
    own = frozenset((variable,))
    return Part(Role.JOIN, values_block((variable,), ((f"<{endpoint}>",),)), own, Bound(own, own))


def located(answer: Inline, variable: str, endpoint: str) -> Iterator[Row]:
    """The rows of an answer in which the variable can be the endpoint, with it in the last column."""
    term = f"<{endpoint}>"
    if variable not in answer.variables:
        yield from ((*row, term) for row in answer.rows)
        return
    place = answer.variables.index(variable)
    for row in answer.rows:
        if row[place] in {None, term}:
            yield (*row[:place], *row[place + 1 :], term)
