"""The order in which the SERVICE clauses of a query are asked, and the bindings that each is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.errors import Problem, QueryRefused
from kg.sparql.federation.asking import Asking, is_foreign_blank, unbound_refused
from kg.sparql.federation.context import context_of
from kg.sparql.federation.covers import Part, Writer, bound_of, prune, render
from kg.sparql.federation.filters import filters_beside
from kg.sparql.federation.structure import Inline, Names, Service, Span, Tree, bound
from kg.sparql.federation.wire import Prologue, Questions
from kg.sparql.guard import Query, check
from kg.sparql.solutions import JSON_TYPE, Row, Table, UnusableAnswer, read_table
from kg.sparql.tokens import Kind

Ask = Callable[[Query], bytes]


@dataclass(frozen=True, slots=True)
class Bindings:
    """Distinct bindings of variables that a clause is certain to bind, none of them a blank node."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Planner:
    """Answers the clauses of one query, the most selective one first."""

    tree: Tree
    prologue: Prologue
    base: str | None
    ask: Ask
    asking: Asking
    endpoints: Mapping[int, str]
    answers: dict[int, Inline] = field(default_factory=dict)
    _asked: dict[str, Table] = field(default_factory=dict)

    def run(self) -> None:
        """Answer every clause.

        :raises QueryRefused: if one can be asked neither with bindings nor without
        :raises RemoteFailed: if an endpoint fails and its clause is not SILENT
        """
        pending = {service.number: service for service in self.tree.services if service.number in self.endpoints}
        while pending:
            bindings = {number: self._bindings(service) for number, service in pending.items()}
            chosen = min(pending, key=lambda number: self._rank(pending[number], bindings[number]))
            self.answers[chosen] = self._answer(pending.pop(chosen), bindings[chosen])

    def where(self, service: Service) -> str:
        """How a clause is named to a person."""
        line = self.tree.text.count("\n", 0, self.tree.tokens[service.span.start].start) + 1
        return f"SERVICE <{self.endpoints[service.number]}> in line {line}"

    def _rank(self, service: Service, bindings: Bindings | None) -> tuple[int, int, int]:
        if bindings is not None:
            return 0, len(bindings.rows), service.number
        tokens = self.tree.tokens[service.body.span.start : service.body.span.end]
        constants = sum(token.kind in {Kind.IRI, Kind.NAME, Kind.STRING, Kind.NUMBER} for token in tokens)
        variables = sum(token.kind is Kind.VARIABLE for token in tokens)
        return 1, variables - constants, service.number

    def _answer(self, service: Service, bindings: Bindings | None) -> Inline:
        filters = filters_beside(self.tree, service)
        questions = Questions(self.tree, self.prologue, service, self._needed(service), filters)
        endpoint, where = self.endpoints[service.number], self.where(service)
        if bindings is not None:
            return self.asking.bound(endpoint, questions, bindings.names, bindings.rows, where)
        if not self.asking.client.settings.unbound_rows:
            raise unbound_refused(where, "would be asked for everything: the query does not narrow it")
        return self.asking.unbound(endpoint, questions, where)

    def _needed(self, service: Service) -> tuple[str, ...]:
        """The variables of a clause that the rest of the query can see."""
        scope = bound(service.body, {}).scope
        outside = [
            token for place, token in enumerate(self.tree.tokens) if not service.span.start <= place < service.span.end
        ]
        for word, star in pairwise(outside):
            if star.is_mark("*") and word.is_word("SELECT", "DISTINCT", "REDUCED", "DESCRIBE"):
                return tuple(sorted(scope))
        used = {token.text[1:] for token in outside if token.kind is Kind.VARIABLE}
        return tuple(sorted(scope & used))

    # --- bindings

    def _bindings(self, service: Service) -> Bindings | None:
        """What can be sent, or None where nothing can that narrows the question."""
        context = context_of(self.tree, self.answers, service.number)
        names = bound(service.body, {}).certain & bound_of(context).scope
        # Variables that nothing here connects are not sent together: their pairs would be a product.
        together = {names & bound_of(prune(context, frozenset((name,)))).scope for name in names}
        return self._fewest(context, together) or self._fewest(context, {frozenset((name,)) for name in names})

    def _fewest(self, context: Sequence[Part], choices: Iterable[Names]) -> Bindings | None:
        """The choice of variables with the fewest bindings."""
        found = [self._distinct(context, names) for names in sorted(choices, key=sorted)]
        few = [one for one in found if one is not None]
        return min(few, key=lambda one: (len(one.rows), -len(one.names), one.names), default=None)

    def _distinct(self, context: Sequence[Part], names: Names) -> Bindings | None:
        """What these variables are bound to, or None where that narrows nothing or is more than may be sent."""
        parts = prune(context, names)
        if not names or not parts:
            return None
        table = self._local(parts, names)
        if len(table.rows) > self.asking.client.settings.bindings:
            # The list is cut, so nothing that is made of it is complete.
            return None
        bound_always = [
            place for place in range(len(table.variables)) if all(row[place] is not None for row in table.rows)
        ]
        if not bound_always:
            return None
        rows = {tuple(row[place] or "" for place in bound_always) for row in table.rows}
        return Bindings(
            tuple(table.variables[place] for place in bound_always),
            # In one order each time, so that the same question finds its answer in the cache.
            tuple(sorted(row for row in rows if not any(map(is_foreign_blank, row)))),
        )

    def _local(self, parts: Sequence[Part], names: Names) -> Table:
        writer = Writer(self.tree, self.answers)
        listed = sorted(names)
        head = " ".join(f"?{name}" for name in listed)
        limit = self.asking.client.settings.bindings + 1
        text = (
            f"{writer.text(self.tree.prologue)} SELECT DISTINCT {head} {writer.text(self.tree.dataset)}"
            f" WHERE {{ {render(parts)} }} LIMIT {limit}"
        )
        if text not in self._asked:
            # The guard proves of this text, too, that it asks nobody else.
            body = self.ask(check(text, self.base))
            try:
                self._asked[text] = read_table(body, JSON_TYPE, listed)
            except UnusableAnswer as error:
                message = f"the bindings of {head} cannot be sent: {error}"
                raise QueryRefused(problems=[Problem("service-unplanned", message)]) from None
        return self._asked[text]


def whole(tree: Tree) -> Span:
    """All tokens of a query."""
    return Span(0, len(tree.tokens))
