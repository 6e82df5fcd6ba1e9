"""From what a request and its query say of the dataset to the graphs that an engine reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import Problem, QueryError
from kg.sparql.dataset.views import REVIEWED, VIEWS, View, merged, view_of

if TYPE_CHECKING:
    from kg.sparql.dataset.clauses import Clauses

_SIGNS: Final = ("from", "x-arq", "view/", "uniongraph", "defaultgraph", "\\")
"""What a query holds, in any case of letters, that says anything of its dataset; a backslash may hide the rest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a query, and what its request says of the dataset (SPARQL 1.1 Protocol, section 2.1.4)."""

    query: str
    default: tuple[str, ...] = ()
    """IRIs of graphs or views."""
    named: tuple[str, ...] = ()
    view: str | None = None
    """The name of a view."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What an engine is to read; where nothing is said of it here, the query's own clauses decide."""

    query: str
    default: tuple[str, ...] = ()
    """The graphs that are read as the default graph, the store's own by ""."""
    named: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    """Graphs that are read as the default graph, while all that the query names are there too."""
    view: str | None = None
    """The name of the view that the query sees; None for graphs of its own choice."""


def place(asked: Asked, base: str, *, has_views: bool = True, union: tuple[str, ...] = ()) -> Placed:
    """The graphs that are meant; a query without a word about them sees what is reviewed.

    What the request says takes the place of what the query says (section 2.1.4). Where there are no views, `union` may
    name all graphs there are, the default graph by "": they are what everything is.

    :raises QueryError: if it asks for a view where there are none, or for one together with graphs that it shares
        statements with, or names one as a graph in a way that nothing can answer

    >>> place(Asked("ASK {}"), "http://e/").view
    'reviewed'
    >>> place(Asked("ASK {}", view="stated"), "http://e/").joined
    ('http://e/graph/stated', 'http://e/graph/claims')
    >>> place(Asked("ASK FROM <view/stated> {}"), "http://e/").default
    ('http://e/graph/stated', 'http://e/graph/claims')
    >>> place(Asked("ASK FROM <urn:x-arq:UnionGraph> {}"), "http://e/", has_views=False, union=("", "urn:g")).default
    ('', 'urn:g')
    """
    views = _Views(base, has_views, union)
    if asked.view is not None:
        return _joined(asked.query, VIEWS[asked.view], views)
    if asked.default or asked.named:
        return _chosen(asked.query, (asked.default, asked.named), views)
    clauses = _clauses_of(asked.query, base)
    if clauses is None:
        return Placed(asked.query, view=REVIEWED.name)
    if clauses.view is not None:
        return _joined(clauses.text, clauses.view, views)
    return _chosen(asked.query, (clauses.default, clauses.named), views, by_query=True)


def _clauses_of(query: str, base: str) -> Clauses | None:
    """What a query says of its dataset; None where it says nothing of it, which mostly its letters tell."""
    folded = query.casefold()
    if not any(sign in folded for sign in _SIGNS):
        return None
    # Many who know of views ask no such query, as a build: they do not pay for what reads tokens.
    from kg.sparql.dataset.clauses import clauses_of

    return clauses_of(query, base)


@dataclass(frozen=True, slots=True)
class _Views:
    """The views that there are."""

    base: str
    complete: bool
    union: tuple[str, ...]

    def iris(self, view: View) -> tuple[str, ...]:
        """The graphs of a view.

        :raises QueryError: if there is none like it
        """
        if self.complete or view is REVIEWED:
            return view.iris(self.base)
        if self.union and view is VIEWS["everything"]:
            return self.union
        message = "there are no views here: these data are no release, or one of an earlier build"
        if self.union:
            message = f"there is no view {view.name!r} here, but everything: these data are no release"
        raise _refusal(message, "ask for graphs by their names, or build again")


def _joined(query: str, view: View, views: _Views) -> Placed:
    if view is REVIEWED:
        return Placed(query, view=view.name)
    return Placed(query, joined=views.iris(view), view=view.name)


def _chosen(
    query: str,
    graphs: tuple[tuple[str, ...], tuple[str, ...]],
    known: _Views,
    *,
    by_query: bool = False,
) -> Placed:
    default, named = graphs
    base = known.base
    for iri in named:
        if view_of(iri, base) is not None:
            raise _refusal(f"the view {iri} is no named graph", "ask for it as the default graph, or by view=")
    views = [view for iri in default if (view := view_of(iri, base)) is not None]
    if not views:
        return Placed(query) if by_query else Placed(query, default, named)
    for view in views:
        known.iris(view)
    found = merged(default, base)
    if VIEWS["everything"] in views:
        found = known.iris(VIEWS["everything"])
    elif len(views) < len(default):
        message = "a view is asked for together with other graphs, and has statements in common with them"
        raise _refusal(message, "ask for the view alone, or for view everything")
    return Placed(query, found, named, view=max(views, key=list(VIEWS.values()).index).name)


def _refusal(message: str, hint: str) -> QueryError:
    return QueryError(problems=[Problem("view", message, hint=hint)])
