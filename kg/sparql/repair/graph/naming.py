"""The variable of a GRAPH inside of its own group, where it does not yet stand for the graph (SPARQL 1.1, 18.6).

The group is evaluated first, and joined with the name of the graph then. Until then the variable is what the group
itself makes of it, in most cases nothing: `GRAPH ?g { ?s ?p ?o FILTER(?g = <x>) }` has no solutions.
"""

from __future__ import annotations

from kg.sparql.language.syntax import (
    Bind,
    Element,
    Filter,
    Graph,
    Group,
    InlineData,
    Minus,
    Optional,
    Select,
    Service,
    Triples,
    Union,
)
from kg.sparql.language.walking import names_in
from kg.sparql.repair.tree.binding import NONE, Bound, Names, with_element


def mention(group: Group, name: str, seen: Names = NONE) -> Element | None:
    """The first element for which it matters whether the variable is bound to the name of the graph already.

    None if there is none: then it may be bound from the beginning. It may too where it is mentioned only in patterns
    that are joined, and in what stands behind such a pattern. `seen` are variables that filters see from outside.

    >>> from kg.sparql.language import parse
    >>> def found(pattern: str) -> bool:
    ...     return mention(parse(f"SELECT * {{ {pattern} }}").body.where, "g") is not None
    >>> found("?s ?p ?o FILTER(?g = 1)"), found("?g ?p ?o FILTER(?g = 1)"), found("?s ?p ?o OPTIONAL { ?g ?q ?z }")
    (True, False, True)
    """
    so_far = Bound()
    filters: list[Filter] = []
    for element in group.elements:
        if isinstance(element, Filter):
            filters.append(element)
        elif name in names_in(element):
            found = _within(element, name, so_far.surely)
            if found is not None:
                return found
        so_far = with_element(so_far, element)
    sure = so_far.surely | seen
    return next((each for each in filters if name in names_in(each) and name not in sure), None)


def _within(element: Element, name: str, sure: Names) -> Element | None:  # noqa: PLR0911 -- one for each kind
    match element:
        case Triples() | InlineData():
            return None
        case Group():
            return mention(element, name)
        case Union(branches):
            found = (mention(branch, name) for branch in branches)
            return next((each for each in found if each is not None), None)
        case Graph(_, group):
            # The same variable once more: both are joined by it.
            inner = names_in(group)
            return element if name in inner and mention(group, name) is not None else None
        case Optional(group):
            return element if name not in sure or mention(group, name, sure) is not None else None
        case Minus(group):
            return element if name not in sure or mention(group, name) is not None else None
        case Bind(_, variable):
            return element if name not in sure or variable.name == name else None
        case Select() | Service():
            return element
    raise ValueError(element)
