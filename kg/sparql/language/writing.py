"""The text of a query out of its tree (SPARQL 1.1 Query, section 19.8): one element a line."""

from __future__ import annotations

from collections.abc import Iterator

from kg.sparql.language.spelling import Spelling, iri, path, string, term
from kg.sparql.language.syntax import (
    Ask,
    Bind,
    Construct,
    Describe,
    Element,
    Expression,
    Filter,
    Graph,
    Group,
    InlineData,
    Iri,
    Minus,
    Modifiers,
    Named,
    Optional,
    Query,
    Select,
    Service,
    TriplePattern,
    Triples,
    Union,
    Variable,
)
from kg.sparql.language.tokens import Kind, tokenize


def write(query: Query) -> str:
    """The text of a query.

    :raises ValueError: if the tree is none that a text could mean
    """
    return "\n".join((*_prologue(query), _Writer().query(query)))


def _prologue(query: Query) -> Iterator[str]:
    if query.version is not None:
        yield f"VERSION {string(query.version)}"
    if query.base is not None:
        yield f"BASE {iri(Iri(query.base))}"
    for prefix, target in query.prefixes:
        name = next(tokenize(f"{prefix}:"), None)
        if name is None or name.kind is not Kind.NAME or name.text != f"{prefix}:":
            raise ValueError(f"no prefix: {prefix!r}")
        yield f"PREFIX {prefix}: {iri(Iri(target))}"


class _Writer:
    def __init__(self) -> None:
        self._depth = 0
        self._expressions = Spelling(self.group)

    def query(self, query: Query) -> str:
        dataset = [f"FROM {iri(one)}" for one in query.default_graphs]
        dataset += [f"FROM NAMED {iri(one)}" for one in query.named_graphs]
        body = query.body
        match body:
            case Select():
                head = self._select_clause(body)
            case Ask():
                head = "ASK"
            case Construct():
                head = f"CONSTRUCT {self._template(body.template)}"
            case Describe():
                named = "*" if body.resources is None else " ".join(term(one) for one in body.resources)
                head = f"DESCRIBE {named}"
            case _:
                raise ValueError(f"no query: {body!r}")
        lines = [head, *dataset]
        if body.where is not None:
            lines.append(f"WHERE {self.group(body.where)}")
        return "\n".join((*lines, *self._tail(body.modifiers, body.values)))

    # --- clauses

    def _select_clause(self, select: Select) -> str:
        words = ["SELECT"]
        if select.duplicates.value:
            words.append(select.duplicates.value)
        if select.projection is None:
            words.append("*")
        elif not select.projection:
            raise ValueError("a SELECT of nothing has no text")
        else:
            words += (self._named(one) if isinstance(one, Named) else term(one) for one in select.projection)
        return " ".join(words)

    def _named(self, value: Named) -> str:
        return f"({self._expressions.expression(value.expression)} AS {term(value.variable)})"

    def _template(self, patterns: tuple[TriplePattern, ...]) -> str:
        return "{ " + "".join(f"{_triple(one)} . " for one in patterns) + "}"

    def _tail(self, modifiers: Modifiers, values: InlineData | None) -> Iterator[str]:
        if modifiers.group:
            yield "GROUP BY " + " ".join(self._key(one) for one in modifiers.group)
        if modifiers.having:
            yield "HAVING " + " ".join(self._bracketed(one) for one in modifiers.having)
        if modifiers.order:
            yield "ORDER BY " + " ".join(
                f"{'DESC' if one.descending else 'ASC'}{self._bracketed(one.expression)}" for one in modifiers.order
            )
        if modifiers.limit is not None:
            yield f"LIMIT {_count(modifiers.limit)}"
        if modifiers.offset is not None:
            yield f"OFFSET {_count(modifiers.offset)}"
        if values is not None:
            yield _values(values)

    def _key(self, value: Expression | Named) -> str:
        if isinstance(value, Variable):
            return term(value)
        return self._named(value) if isinstance(value, Named) else self._bracketed(value)

    def _bracketed(self, value: Expression) -> str:
        return f"({self._expressions.expression(value)})"

    # --- patterns

    def group(self, group: Group) -> str:
        """A group in its braces."""
        if not group.elements:
            return "{}"
        self._depth += 1
        gap = "\n" + "  " * self._depth
        if any(isinstance(element, Select) for element in group.elements):
            if len(group.elements) > 1:
                raise ValueError("a query within a query stands in a group of its own")
            lines = [self._select(element) for element in group.elements if isinstance(element, Select)]
        else:
            lines = [self._element(element, gap) for element in group.elements]
        self._depth -= 1
        end = "\n" + "  " * self._depth
        return "{" + "".join(gap + line for line in lines) + end + "}"

    def _select(self, select: Select) -> str:
        gap = "\n" + "  " * self._depth
        head = f"{self._select_clause(select)} WHERE {self.group(select.where)}"
        return gap.join((head, *self._tail(select.modifiers, select.values)))

    def _element(self, element: Element, gap: str) -> str:
        match element:
            case Triples():
                return gap.join(f"{_triple(one)} ." for one in element.patterns)
            case Filter():
                return f"FILTER {self._bracketed(element.condition)}"
            case Bind():
                return f"BIND {self._named(Named(element.expression, element.variable))}"
            case InlineData():
                return _values(element)
        return self._with_group(element)

    def _with_group(self, element: Element) -> str:
        match element:
            case Optional():
                return f"OPTIONAL {self.group(element.group)}"
            case Minus():
                return f"MINUS {self.group(element.group)}"
            case Graph():
                return f"GRAPH {term(element.name)} {self.group(element.group)}"
            case Service():
                return f"SERVICE {'SILENT ' if element.silent else ''}{term(element.name)} {self.group(element.group)}"
            case Union():
                if len(element.branches) < len(("one", "two")):
                    raise ValueError("a UNION has two branches at least")
                return " UNION ".join(self.group(branch) for branch in element.branches)
            case Group():
                return self.group(element)
        raise ValueError(f"no element of a group: {element!r}")


def _count(value: int) -> int:
    if value < 0:
        raise ValueError(f"no number of solutions: {value}")
    return value


def _triple(pattern: TriplePattern) -> str:
    return f"{term(pattern.subject)} {path(pattern.predicate)} {term(pattern.object)}"


def _values(data: InlineData) -> str:
    width = len(data.variables)
    if any(len(row) != width for row in data.rows):
        raise ValueError(f"rows of another width than {width}")
    names = " ".join(term(name) for name in data.variables)
    rows = " ".join(f"({' '.join('UNDEF' if cell is None else term(cell) for cell in row)})" for row in data.rows)
    return f"VALUES ({names}) {{ {rows} }}"
