"""Reads the group structure of a query out of its tokens (SPARQL 1.1 Query, section 19.8, rules 1 to 75).

Only what a plan needs is read. What cannot be read is refused, whether it is an error or a construct that the plan
does not know: a query with SERVICE never reaches the engine on a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.sparql.federation.cursor import Cursor
from kg.sparql.federation.structure import (
    NONE,
    Bind,
    Element,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Names,
    Optional,
    Select,
    Service,
    Span,
    Tree,
    Triples,
    Union,
    Values,
)
from kg.sparql.language.tokens import Kind, Source, Token

_DEPTH: Final = 60
_VOLATILE: Final = ("RAND", "UUID", "STRUUID", "BNODE", "NOW", "SAMPLE", "GROUP_CONCAT")
_AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_TAIL: Final = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_IN_TRIPLES: Final = ("A", "TRUE", "FALSE")


def parse(source: Source, tokens: Sequence[Token]) -> Tree:
    """Read a query whose tokens hold no comment.

    :raises QueryRefused: naming the place that cannot be read; code `service-unplanned`
    """
    return _Parser(source, tokens).query()


@dataclass(slots=True)
class _Head:
    """What stands between SELECT and WHERE."""

    star: bool
    plain: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    expressions: list[Expression] = field(default_factory=list)


class _Parser(Cursor):
    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        super().__init__(source, tokens)
        self._services: list[Service] = []
        self._count = 0
        self._depth = 0
        self._foreign = 0
        """How many SERVICE clauses are open; one inside another is for the outer endpoint to ask."""

    # --- the whole

    def query(self) -> Tree:
        """`Query` (rule 2)."""
        prologue = self._prologue()
        start = self.place
        if self.took_word("SELECT"):
            root, dataset = self._select(start, outermost=True)
        else:
            root, dataset = self._other_form(start)
        if self.next is not self.end:
            raise self.refused(f"{self.next.text[:40]!r} cannot stand here")
        return Tree(tuple(self.tokens), self.source.text, prologue, dataset, root, tuple(self._services))

    def _prologue(self) -> Span:
        while self.next.is_word("BASE", "PREFIX", "VERSION"):
            self.place += 3 if self.next.is_word("PREFIX") else 2
        return Span(0, self.place)

    def _other_form(self, start: int) -> tuple[Select, Span]:
        """ASK, CONSTRUCT and DESCRIBE: all that they use of their solutions is used as by `SELECT *`."""
        if self.took_word("CONSTRUCT"):
            if self.took_mark("{"):
                while not self.took_mark("}"):
                    self.take()
        elif self.took_word("DESCRIBE"):
            while self.next.kind in {Kind.VARIABLE, Kind.IRI, Kind.NAME} or self.next.is_mark("*"):
                self.take()
        elif not self.took_word("ASK"):
            raise self.refused(f"{self.next.text[:40]!r} begins no query")
        dataset = self._dataset()
        self.took_word("WHERE")
        where = self._group()
        return self._tail(start, where, _Head(star=True)), dataset

    def _dataset(self) -> Span:
        start = self.place
        while self.took_word("FROM"):
            self.took_word("NAMED")
            self.take()
        return self.span(start)

    def _select(self, start: int, *, outermost: bool = False) -> tuple[Select, Span]:
        """`SelectQuery` and `SubSelect` (rules 7 and 8), after the word SELECT."""
        self.took_word("DISTINCT", "REDUCED")
        head = _Head(star=self.took_mark("*"))
        while not head.star and not self.next.is_word("WHERE", "FROM") and not self.next.is_mark("{"):
            if self.next.kind is Kind.VARIABLE:
                head.plain.append(self.variable())
            elif self.next.is_mark("("):
                expression, name = self._named_expression()
                head.expressions.append(expression)
                head.made.append(name)
            else:
                raise self.refused(f"{self.next.text[:40]!r} cannot be selected")
        dataset = self._dataset() if outermost else Span(self.place, self.place)
        self.took_word("WHERE")
        where = self._group()
        return self._tail(start, where, head), dataset

    def _tail(self, start: int, where: Group, head: _Head) -> Select:
        """`SolutionModifier` and `ValuesClause` (rules 18 and 28)."""
        grouped = any(self._aggregates(expression) for expression in head.expressions)
        expressions = [*head.expressions]
        keys: Names = NONE
        limit: Span | None = None
        while self.next.is_word("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"):
            begin = self.place
            word = self.take()
            if word.is_word("LIMIT", "OFFSET"):
                self.take()
                limit = Span(limit.start if limit else begin, self.place)
                continue
            condition = self._run()
            expressions.append(condition)
            grouped = grouped or word.is_word("GROUP", "HAVING") or self._aggregates(condition)
            if word.is_word("GROUP"):
                keys = self._top_variables(condition.span)
        values = self._values() if self.next.is_word("VALUES") else None
        return Select(
            self.span(start),
            head.star,
            tuple(head.plain),
            tuple(head.made),
            where,
            keys,
            grouped,
            limit,
            values,
            tuple(expressions),
        )

    def _aggregates(self, expression: Expression) -> bool:
        tokens = self.tokens[expression.span.start : expression.span.end]
        return any(token.is_word(*_AGGREGATES) for token in tokens)

    def _top_variables(self, span: Span) -> Names:
        depth = 0
        found = set()
        for token in self.tokens[span.start : span.end]:
            depth += token.is_mark("(") - token.is_mark(")")
            if token.kind is Kind.VARIABLE and not depth:
                found.add(token.text[1:])
        return frozenset(found)

    # --- groups

    def _group(self) -> Group:
        """`GroupGraphPattern` (rule 53)."""
        start = self.place
        self.expect("{")
        self._depth += 1
        if self._depth > _DEPTH:
            raise self.refused(f"groups are nested deeper than {_DEPTH} levels")
        elements: list[Element] = []
        select: Select | None = None
        begin = self.place
        if self.took_word("SELECT"):
            select, _ = self._select(begin)
            self.expect("}")
        else:
            while not self.took_mark("}"):
                if not self.took_mark("."):
                    elements.append(self._element())
        self._depth -= 1
        span = self.span(start)
        services: frozenset[int] = frozenset()
        if select is not None:
            services = services.union(select.where.services, *(one.services for one in select.expressions))
        services = services.union(*(element.services for element in elements))
        volatile = any(token.is_word(*_VOLATILE) for token in self.tokens[span.start : span.end])
        return Group(span, tuple(elements), select, services, volatile)

    def _element(self) -> Element:  # noqa: PLR0911 -- one for each kind
        """One of `GraphPatternNotTriples`, or a `TriplesBlock` (rules 55 and 56)."""
        start, token = self.place, self.next
        if token.is_mark("{"):
            branches = [self._group()]
            while self.took_word("UNION"):
                branches.append(self._group())
            services = frozenset[int]().union(*(branch.services for branch in branches))
            return Union(self.span(start), tuple(branches), services)
        if token.kind is not Kind.WORD or token.is_word(*_IN_TRIPLES):
            return self._triples()
        match token.text.upper():
            case "VALUES":
                return self._values()
            case "FILTER":
                self.take()
                condition = self._constraint()
                return Filter(self.span(start), condition, condition.services)
            case "BIND":
                self.take()
                expression, name = self._named_expression()
                return Bind(self.span(start), expression, name, expression.services)
            case "OPTIONAL" | "MINUS" as word:
                self.take()
                group = self._group()
                kind = Optional if word == "OPTIONAL" else Minus
                return kind(self.span(start), group, group.services)
            case "GRAPH":
                return self._graph()
            case "SERVICE":
                return self._service()
        raise self.refused(f"{token.text[:40]!r} is no part of a group that can be planned")

    def _graph(self) -> Graph:
        start = self.place
        self.take()
        name = self.take()
        where = self.span(start + 1)
        group = self._group()
        variable = name.text[1:] if name.kind is Kind.VARIABLE else None
        return Graph(self.span(start), where, variable, group, group.services)

    def _service(self) -> Service:
        start = self.place
        self.take()
        silent = self.took_word("SILENT")
        name = self.take()
        self._foreign += 1
        body = self._group()
        self._foreign -= 1
        ours = not self._foreign
        number = self._count if ours else -1
        self._count += ours
        numbers = frozenset((number,)) if ours else frozenset[int]()
        service = Service(self.span(start), name, silent, body, number, numbers)
        self._services.append(service)
        return service

    def _triples(self) -> Triples:
        start, names = self.place, set()
        while not self.next.is_mark("}") and not self.next.is_mark("{"):
            token = self.next
            if token.kind is Kind.WORD and not token.is_word(*_IN_TRIPLES):
                break
            if token is self.end:
                raise self.refused("a group does not end")
            if token.kind is Kind.VARIABLE:
                names.add(token.text[1:])
            self.take()
        following = self.tokens[self.place : self.place + 2]
        if len(following) == len("{|") and following[0].is_mark("{") and following[1].is_mark("|"):
            raise self.refused("an annotation is no part of SPARQL 1.1")
        return Triples(self.span(start), frozenset(names))

    def _values(self) -> Values:
        """`DataBlock` (rule 62), after which its columns are known."""
        start = self.place
        self.take()
        wide = self.took_mark("(")
        names: list[str] = []
        while self.next.kind is Kind.VARIABLE:
            names.append(self.variable())
        if wide:
            self.expect(")")
        self.expect("{")
        undefined = self._undefined_columns(wide=wide)
        certain = [name for column, name in enumerate(names) if column not in undefined]
        return Values(self.span(start), frozenset(names), frozenset(certain))

    def _undefined_columns(self, *, wide: bool) -> set[int]:
        """The columns of inline data in which UNDEF stands, up to the closing brace."""
        undefined = set()
        column, before = -1, self.next
        while not self.took_mark("}"):
            token = self.take()
            if token.is_mark("("):
                column = -1
            elif token.kind is Kind.MARK and token.text not in {")", "^^", "+", "-"}:
                raise self.refused(f"{token.text!r} is no part of inline data that can be planned")
            elif token.kind not in {Kind.MARK, Kind.LANGUAGE} and not before.is_mark("^^"):
                column = column + 1 if wide else 0
                if token.is_word("UNDEF"):
                    undefined.add(column)
            before = token
        return undefined

    # --- expressions

    def _constraint(self) -> Expression:
        """`Constraint` (rule 69): brackets, EXISTS, or a call."""
        start = self.place
        parts: list[Expression] = []
        if self.took_word("NOT") or self.next.is_word("EXISTS"):
            parts.append(self._exists())
        else:
            if not self.next.is_mark("("):
                self.take()
            parts.append(self._brackets())
        return self._joined(start, parts)

    def _exists(self) -> Expression:
        start = self.place
        if not self.took_word("EXISTS"):
            raise self.refused("EXISTS is expected here")
        group = self._group()
        return Expression(self.span(start), NONE, (group,), group.volatile, group.services)

    def _brackets(self) -> Expression:
        """A bracketed expression, or the arguments of a call."""
        start = self.place
        self.expect("(")
        parts: list[Expression] = []
        while not self.took_mark(")"):
            parts.append(self._piece())
        return self._joined(start, parts)

    def _piece(self) -> Expression:
        start = self.place
        if self.next.is_mark("("):
            return self._brackets()
        if self.next.is_word("EXISTS"):
            return self._exists()
        if self.next.is_mark("{") or self.next.is_mark("}"):
            raise self.refused("a group cannot stand in an expression")
        token = self.take()
        names = frozenset((token.text[1:],)) if token.kind is Kind.VARIABLE else NONE
        return Expression(self.span(start), names, (), token.is_word(*_VOLATILE))

    def _run(self) -> Expression:
        """The conditions of GROUP BY, HAVING or ORDER BY."""
        start = self.place
        self.took_word("BY")
        parts: list[Expression] = []
        while not self.next.is_word(*_TAIL) and not self.next.is_mark("}") and self.next is not self.end:
            parts.append(self._piece())
        return self._joined(start, parts)

    def _named_expression(self) -> tuple[Expression, str]:
        """`( expression AS ?variable )`."""
        start = self.place
        whole = self._brackets()
        last = self.tokens[self.place - 3 : self.place]
        if len(last) != len(["AS", "?x", ")"]) or not last[0].is_word("AS") or last[1].kind is not Kind.VARIABLE:
            raise self.refused("AS and a variable are expected before this place")
        name = last[1].text[1:]
        used = {
            token.text[1:]
            for token in self.tokens[start : self.place - 3]
            if token.kind is Kind.VARIABLE and token.text[1:] in whole.variables
        }
        return Expression(whole.span, frozenset(used), whole.exists, whole.volatile, whole.services), name

    def _joined(self, start: int, parts: Sequence[Expression]) -> Expression:
        return Expression(
            self.span(start),
            NONE.union(*(part.variables for part in parts)),
            tuple(group for part in parts for group in part.exists),
            any(part.volatile for part in parts),
            frozenset[int]().union(*(part.services for part in parts)),
        )
