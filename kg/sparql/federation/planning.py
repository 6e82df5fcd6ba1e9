"""The order in which the SERVICE clauses of a query are asked, and the bindings that each is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.errors import Problem, QueryRefused
from kg.sparql.federation.asking import Asking, Bindings, is_foreign_blank, unbound_refused
from kg.sparql.federation.context import context_of
from kg.sparql.federation.covers import Part, Writer, bound_of, prune, render
from kg.sparql.federation.filters import filters_beside
from kg.sparql.federation.naming import Named, located, named, narrowed, open_refused, others_refused, silenced
from kg.sparql.federation.structure import Inline, Names, Service, Span, Tree, bound
from kg.sparql.federation.wire import Prologue, Questions
from kg.sparql.guard import Query, check
from kg.sparql.language.tokens import Kind
from kg.sparql.solutions import JSON_TYPE, Row, Table, read_table
from kg.sparql.unusable import UnusableAnswer

Ask = Callable[[Query], bytes]


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom one clause asks, each with its bindings, or without any where nothing can be sent that narrows it."""

    targets: tuple[tuple[str, Bindings | None], ...]
    names: Named | None = None
    """Of a clause with a variable."""

    @property
    def rank(self) -> tuple[int, int]:
        """What is asked first has the lowest: few bindings, then none, then what other answers may yet make better."""
        if self.names is not None and self.names.open:
            return 3, 0
        if self.names is not None and self.names.others:
            return 2, 0
        sent = [bindings for _, bindings in self.targets]
        return int(None in sent), sum(len(bindings.rows) for bindings in sent if bindings is not None)


@dataclass(slots=True)
class Planner:
    """Answers the clauses of one query, the most selective one first."""

    tree: Tree
    prologue: Prologue
    base: str | None
    ask: Ask
    asking: Asking
    endpoints: Mapping[int, str]
    """Of the clauses that name theirs."""
    allowed: Collection[str]
    answers: dict[int, Inline] = field(default_factory=dict)
    _asked: dict[str, Table] = field(default_factory=dict)

    def run(self) -> None:
        """Answer every clause.

        :raises QueryRefused: if one can be asked neither with bindings nor without, or a variable names no endpoint
        :raises RemoteFailed: if an endpoint fails and its clause is not SILENT
        """
        pending = {service.number: service for service in self.tree.services if service.number >= 0}
        while pending:
            plans = {number: self._plan(service) for number, service in pending.items()}
            chosen = min(pending, key=lambda number: (plans[number].rank, self._openness(pending[number]), number))
            self.answers[chosen] = self._answer(pending.pop(chosen), plans[chosen])

    def where(self, service: Service, endpoint: str = "") -> str:
        """How a clause is named to a person."""
        line = self.tree.text.count("\n", 0, self.tree.tokens[service.span.start].start) + 1
        name = "" if service.variable is None else f"?{service.variable}"
        asked = f"<{endpoint}>" if endpoint else ""
        return f"SERVICE {' = '.join(filter(None, (name, asked)))} in line {line}"

    def _openness(self, service: Service) -> int:
        tokens = self.tree.tokens[service.body.span.start : service.body.span.end]
        constants = sum(token.kind in {Kind.IRI, Kind.NAME, Kind.STRING, Kind.NUMBER} for token in tokens)
        return sum(token.kind is Kind.VARIABLE for token in tokens) - constants

    def _plan(self, service: Service) -> Plan:
        context = context_of(self.tree, self.answers, service.number)
        if service.variable is None:
            return Plan(((self.endpoints[service.number], self._bindings(service, context)),))
        variable = service.variable
        names = self._named(variable, context)
        return Plan(
            tuple(
                (endpoint, self._bindings(service, (narrowed(variable, endpoint), *context)))
                for endpoint in names.endpoints
            ),
            names,
        )

    def _named(self, variable: str, context: Sequence[Part]) -> Named:
        """What the context binds the variable of a clause to."""
        wanted = frozenset((variable,))
        parts = prune(context, wanted)
        if not wanted <= bound_of(parts).scope:
            return Named(variable, open=f"nothing in the rest of the query is certain to bind ?{variable}")
        rows = self._local(parts, wanted).rows
        limit = self.asking.client.settings.bindings
        if len(rows) > limit:
            return Named(variable, open=f"the rest of the query binds ?{variable} to more than {limit} values")
        return named(variable, rows, self.allowed)

    def _answer(self, service: Service, plan: Plan) -> Inline:
        names = plan.names
        if names is None:
            return self._asked_of(service, *plan.targets[0])
        if names.open:
            raise open_refused(self.where(service), names.open)
        if names.others and not service.silent:
            raise others_refused(self.where(service), names, self.allowed)
        columns = tuple(name for name in self._needed(service) if name != names.variable)
        rows: list[Row] = []
        for endpoint, bindings in plan.targets:
            rows += located(self._asked_of(service, endpoint, bindings, len(rows)), names.variable, endpoint)
        if names.others:
            # No such endpoint can be asked: as where one fails, the clause gives a solution that binds nothing else.
            self.asking.silence(f"?{names.variable}", silenced(self.where(service), names))
            rows += [(*(None for _ in columns), other) for other in names.others]
        return Inline((*columns, names.variable), tuple(rows))

    def _asked_of(self, service: Service, endpoint: str, bindings: Bindings | None, taken: int = 0) -> Inline:
        filters = filters_beside(self.tree, service)
        questions = Questions(self.tree, self.prologue, service, self._needed(service), filters)
        where = self.where(service, endpoint)
        if bindings is not None:
            return self.asking.bound(endpoint, questions, bindings, where, taken)
        if not self.asking.client.settings.unbound_rows:
            raise unbound_refused(where, "would be asked for everything: the query does not narrow it")
        return self.asking.unbound(endpoint, questions, where, taken)

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

    def _bindings(self, service: Service, context: Sequence[Part]) -> Bindings | None:
        """What can be sent, or None where nothing can that narrows the question."""
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
