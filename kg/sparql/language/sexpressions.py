"""Operators as text that a person can read: one a line, each inside of the one that uses its solutions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from kg.sparql.language.algebra import (
    AtService,
    BasicPattern,
    Distinct,
    Extended,
    Filtered,
    Grouped,
    InGraph,
    Join,
    LeftJoin,
    Ordered,
    PathPattern,
    Pattern,
    Projected,
    Reduced,
    Sliced,
    Subtracted,
    Table,
    Translation,
    United,
    translate,
)
from kg.sparql.language.spelling import literal, path, string
from kg.sparql.language.syntax import (
    Aggregate,
    Ask,
    Binary,
    BlankNode,
    BuiltIn,
    Call,
    Construct,
    Describe,
    Exists,
    Expression,
    InlineData,
    Iri,
    Literal,
    Membership,
    Named,
    Query,
    Select,
    Term,
    TriplePattern,
    TripleTerm,
    Unary,
    Variable,
)


def algebra_text(query: Query) -> str:
    """The operators of a query as text; IRIs are shortened by the prefixes that the query declares.

    >>> from kg.sparql.language import parse
    >>> text = "PREFIX : <http://e/> SELECT ?s { ?s :p ?o FILTER(?o > 1 || !BOUND(?s)) } ORDER BY DESC(?o) LIMIT 3"
    >>> print(algebra_text(parse(text)))
    (slice 0 3
      (project (?s)
        (order ((desc ?o))
          (filter (|| (> ?o 1) (! (bound ?s)))
            (bgp
              (triple ?s :p ?o))))))
    """
    return "\n".join(_Text(query.prefixes).query(query))


_ROWS: Final = 20
"""So many rows of inline data are shown."""
Lines: TypeAlias = Iterator[str]
OverOne: TypeAlias = (
    Filtered | Extended | InGraph | AtService | Grouped | Ordered | Projected | Distinct | Reduced | Sliced
)
"""Operators over one pattern."""


def _nested(head: str, *inner: Iterable[str]) -> Lines:
    """A line, and lines inside of it; the last one is followed by the closing bracket."""
    lines = [f"({head}", *(f"  {line}" for part in inner for line in part)]
    lines[-1] += ")"
    yield from lines


class _Text:
    def __init__(self, prefixes: Iterable[tuple[str, str]]) -> None:
        self._prefixes = sorted(prefixes, key=lambda one: -len(one[1]))

    def query(self, query: Query) -> Lines:
        """A whole query: its dataset, its form, and its pattern."""
        inner: Iterable[str] = self.pattern(translate(query))
        match query.body:
            case Select():
                pass
            case Ask():
                inner = _nested("ask", inner)
            case Construct():
                inner = _nested("construct", _nested("template", map(self._triple, query.body.template)), inner)
            case Describe():
                named = query.body.resources
                inner = _nested(f"describe {'*' if named is None else ' '.join(map(self.term, named))}", inner)
            case _:
                raise ValueError(f"no query: {query.body!r}")
        graphs = [f"(default {self.term(one)})" for one in query.default_graphs]
        graphs += [f"(named {self.term(one)})" for one in query.named_graphs]
        yield from _nested(f"dataset ({' '.join(graphs)})", inner) if graphs else inner

    # --- operators

    def pattern(self, pattern: Pattern) -> Lines:  # noqa: PLR0911 -- one for each kind
        """An operator and what is inside of it."""
        match pattern:
            case BasicPattern():
                return _nested("bgp", map(self._triple, pattern.patterns)) if pattern.patterns else iter(["(unit)"])
            case PathPattern():
                way = f"{self.term(pattern.subject)} {self._path(pattern)} {self.term(pattern.object)}"
                return iter([f"(path {way})"])
            case Join():
                return _nested("join", self.pattern(pattern.left), self.pattern(pattern.right))
            case LeftJoin():
                conditions = "".join(f" {self.expression(one)}" for one in pattern.conditions)
                return _nested(f"leftjoin{conditions}", self.pattern(pattern.left), self.pattern(pattern.right))
            case Subtracted():
                return _nested("minus", self.pattern(pattern.left), self.pattern(pattern.right))
            case United():
                return _nested("union", *map(self.pattern, pattern.branches))
            case Table():
                return self._table(pattern.data)
        return self._modified(pattern)

    def _modified(self, pattern: Pattern) -> Lines:
        """Operators over one pattern."""
        if isinstance(pattern, BasicPattern | PathPattern | Join | LeftJoin | Subtracted | United | Table):
            raise ValueError(f"more than one pattern: {pattern!r}")
        return _nested(self._head(pattern), self.pattern(pattern.pattern))

    def _head(self, pattern: OverOne) -> str:
        match pattern:
            case Filtered():
                return f"filter {' '.join(map(self.expression, pattern.conditions))}"
            case Extended():
                return f"extend ({self.term(pattern.variable)} {self.expression(pattern.expression)})"
            case InGraph():
                return f"graph {self.term(pattern.name)}"
            case AtService():
                return f"service{' silent' if pattern.silent else ''} {self.term(pattern.name)}"
            case Grouped():
                made = (f"({self.term(name)} {self.expression(one)})" for name, one in pattern.aggregates)
                return f"group ({' '.join(map(self._key, pattern.keys))}) ({' '.join(made)})"
        return self._modifier(pattern)

    def _modifier(self, pattern: Ordered | Projected | Distinct | Reduced | Sliced) -> str:
        match pattern:
            case Ordered():
                keys = (
                    f"({'desc' if one.descending else 'asc'} {self.expression(one.expression)})"
                    for one in pattern.conditions
                )
                return f"order ({' '.join(keys)})"
            case Projected():
                return f"project ({' '.join(map(self.term, pattern.variables))})"
            case Sliced():
                return f"slice {pattern.start} {'_' if pattern.length is None else pattern.length}"
            case Distinct():
                return "distinct"
            case Reduced():
                return "reduced"
        raise ValueError(f"no operator: {pattern!r}")

    def _key(self, key: Expression | Named) -> str:
        if isinstance(key, Named):
            return f"({self.term(key.variable)} {self.expression(key.expression)})"
        return self.expression(key)

    def _table(self, data: InlineData) -> Lines:
        rows = [
            f"(row {' '.join('undef' if cell is None else self.term(cell) for cell in row)})".replace(" )", ")")
            for row in data.rows[:_ROWS]
        ]
        if len(data.rows) > _ROWS:
            rows.append(f"(and {len(data.rows) - _ROWS} rows more)")
        return _nested(f"table ({' '.join(map(self.term, data.variables))})", rows)

    # --- terms and expressions

    def term(self, term: Term) -> str:
        """A term, shortened where a prefix fits."""
        match term:
            case Iri():
                return self._iri(term.value)
            case Variable():
                return f"?{term.name}"
            case BlankNode():
                return f"_:{term.label}"
            case Literal():
                return literal(term)
            case TripleTerm():
                return f"<<( {self.term(term.subject)} {self.term(term.predicate)} {self.term(term.object)} )>>"
        raise ValueError(f"no term: {term!r}")

    def _iri(self, value: str) -> str:
        for prefix, start in self._prefixes:
            local = value.removeprefix(start)
            if start and local != value and local.replace("_", "").isalnum():
                return f"{prefix}:{local}"
        return f"<{value}>"

    def _path(self, pattern: PathPattern) -> str:
        return path(pattern.path, shortened=self._iri)

    def _triple(self, pattern: TriplePattern) -> str:
        if not isinstance(pattern.predicate, Iri | Variable):
            raise ValueError(f"no triple: {pattern!r}")
        return f"(triple {self.term(pattern.subject)} {self.term(pattern.predicate)} {self.term(pattern.object)})"

    def expression(self, expression: Expression) -> str:  # noqa: PLR0911 -- one for each kind
        """An expression, its function first."""
        match expression:
            case Variable() | Iri() | Literal() | TripleTerm():
                return self.term(expression)
            case Unary():
                return self._list(expression.operator, (expression.operand,))
            case Binary():
                return self._list(expression.operator, (expression.left, expression.right))
            case Membership():
                word = "notin" if expression.negated else "in"
                return self._list(word, (expression.operand, *expression.members))
            case BuiltIn():
                return self._list(expression.name.lower(), expression.arguments)
            case Call():
                distinct = " distinct" if expression.distinct else ""
                return self._list(self._iri(expression.function.value) + distinct, expression.arguments)
            case _:
                return self._with_solutions(expression)

    def _list(self, head: str, parts: Iterable[Expression]) -> str:
        return f"({' '.join((head, *map(self.expression, parts)))})"

    def _with_solutions(self, expression: Expression) -> str:
        """What is evaluated over solutions: EXISTS, and aggregates."""
        match expression:
            case Exists():
                inner = " ".join(line.strip() for line in self.pattern(Translation().group(expression.group)))
                return f"({'notexists' if expression.negated else 'exists'} {inner})"
            case Aggregate():
                words = [expression.name.lower(), *(["distinct"] if expression.distinct else [])]
                if expression.separator is not None:
                    words.append(f"(separator {string(expression.separator)})")
                if expression.operand is None:
                    return f"({' '.join((*words, '*'))})"
                return self._list(" ".join(words), (expression.operand,))
        raise ValueError(f"no expression: {expression!r}")
