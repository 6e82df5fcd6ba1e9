"""A whole query out of its text (SPARQL 1.1 Query, rules 1 to 28)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kg.sparql.language.iris import resolve
from kg.sparql.language.reading.patterns import Patterns
from kg.sparql.language.scoping import check
from kg.sparql.language.syntax import (
    Ask,
    Construct,
    Describe,
    Duplicates,
    Expression,
    Group,
    InlineData,
    Iri,
    Modifiers,
    Named,
    OrderCondition,
    Query,
    Select,
    TriplePattern,
    Variable,
)
from kg.sparql.language.tokens import Kind, Source, Token, resolve_escapes
from kg.sparql.language.walking import height

HEIGHT: Final = 256
"""How high a tree may be: what goes through it may call itself for each level."""
STEPS: Final = 64
"""Operators up to this number cannot make a tree too high, whatever brackets there are."""
_CLAUSES: Final = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


def parse(text: str, base: str | None = None) -> Query:
    """Read a query; `base` resolves its relative IRIs where it declares no BASE.

    :raises QueryError: naming line and column of what cannot be read
    """
    return _Queries(resolve_escapes(text), base).query()


def read_unchecked(text: str, base: str | None = None) -> Query:
    """Read a query by its grammar alone: what breaks the rules of scope is read too, and it is for others to tell.

    :raises QueryError: naming line and column of what cannot be read
    """
    return _Queries(resolve_escapes(text), base).unchecked()


def read_tokens(source: Source, tokens: Iterable[Token], base: str | None = None) -> tuple[Query, tuple[Token, ...]]:
    """Read a query out of its tokens, and say as which tokens they were understood: an IRI may be a comparison.

    :raises QueryError: as `parse`
    """
    reader = _Queries(source, base, tokens)
    return reader.query(), tuple(reader.taken)


class _Queries(Patterns):
    _declared: str | None = None
    """The base that the query itself declares."""

    def query(self) -> Query:
        """`Query` (rule 2), and the rules of scope."""
        query = self.unchecked()
        check(query, self.source)
        return query

    def unchecked(self) -> Query:
        """`Query` (rule 2)."""
        version, declared = self._prologue()
        body, (default, named) = self._body()
        if not self.ended:
            raise self.wrong("the end of the query is expected")
        query = Query(body, declared, default, named, version, self._declared)
        if self.steps > STEPS and height(query) > HEIGHT:
            raise self.wrong(f"a row of operators makes the query more than {HEIGHT} levels deep", at=0, found=False)
        return query

    def _prologue(self) -> tuple[str | None, tuple[tuple[str, str], ...]]:
        """`Prologue` (rule 4), and VERSION of SPARQL 1.2."""
        version: str | None = None
        declared: list[tuple[str, str]] = []
        while True:
            if self.took("BASE"):
                self.base = self._declared = resolve(self._reference(), self.base)
            elif self.took("VERSION"):
                if self.next.text[:3] in {'"""', "'''"}:
                    raise self.wrong("a string in single quotes or in quotation marks is expected after VERSION")
                version = self.string()
            elif self.took("PREFIX"):
                if self.next.kind is not Kind.NAME or self.next.text.find(":") != len(self.next.text) - 1:
                    raise self.wrong("a prefix and its colon are expected after PREFIX")
                prefix = self.take().text[:-1]
                self.prefixes[prefix] = resolve(self._reference(), self.base)
                declared.append((prefix, self.prefixes[prefix]))
            else:
                return version, tuple(declared)

    def _reference(self) -> str:
        if self.next.kind is not Kind.IRI:
            raise self.wrong("an IRI in < > is expected")
        return self.take().text[1:-1]

    def _body(self) -> tuple[Select | Ask | Construct | Describe, tuple[tuple[Iri, ...], tuple[Iri, ...]]]:
        match self.key:
            case "SELECT":
                return self._select(outermost=True)
            case "ASK":
                self.take()
                dataset = self._dataset()
                where = self._where()
                return Ask(where, self._modifiers(), self._values()), dataset
            case "CONSTRUCT":
                return self._construct()
            case "DESCRIBE":
                return self._describe()
        raise self.wrong("a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE")

    def select(self) -> Select:
        """`SubSelect` (rule 8)."""
        return self._select(outermost=False)[0]

    def _select(self, *, outermost: bool) -> tuple[Select, tuple[tuple[Iri, ...], tuple[Iri, ...]]]:
        """`SelectQuery` (rule 7)."""
        start = self.take().start
        duplicates = Duplicates.KEPT
        if self.key in {"DISTINCT", "REDUCED"}:
            duplicates = Duplicates(self.take().text.upper())
        projection = None if self.took("*") else self._projection()
        dataset = self._dataset() if outermost else ((), ())
        where = self._where()
        select = Select(projection, where, duplicates, self._modifiers(), self._values(), self.span(start))
        return select, dataset

    def _projection(self) -> tuple[Variable | Named, ...]:
        """What `SelectClause` (rule 9) names."""
        found: list[Variable | Named] = []
        while True:
            if self.next.kind is Kind.VARIABLE:
                found.append(self.variable())
            elif self.key == "(":
                found.append(self.named())
            elif found:
                return tuple(found)
            else:
                raise self.wrong("a variable, (expression AS ?variable) or * is expected after SELECT")

    def _construct(self) -> tuple[Construct, tuple[tuple[Iri, ...], tuple[Iri, ...]]]:
        """`ConstructQuery` (rule 10)."""
        self.take()
        if self.key == "{":
            template = self.template()
            dataset = self._dataset()
            where = self._where()
        else:
            dataset = self._dataset()
            self.expect("WHERE", " after CONSTRUCT")
            where, template = self._pattern_as_template()
        return Construct(template, where, self._modifiers(), self._values()), dataset

    def _pattern_as_template(self) -> tuple[Group, tuple[TriplePattern, ...]]:
        start = self.next.start
        self.expect("{")
        self.paths = False
        block = self.triples_block() if self.at_triples() else None
        self.paths = True
        self.expect("}", " after the triples")
        return Group((block,) if block else (), self.span(start)), block.patterns if block else ()

    def _describe(self) -> tuple[Describe, tuple[tuple[Iri, ...], tuple[Iri, ...]]]:
        """`DescribeQuery` (rule 11)."""
        self.take()
        resources: tuple[Iri | Variable, ...] | None = None
        if not self.took("*"):
            found = [self.variable_or_iri()]
            while self.next.kind is Kind.VARIABLE or self.at_iri():
                found.append(self.variable_or_iri())
            resources = tuple(found)
        dataset = self._dataset()
        where = self._where() if self.key in {"WHERE", "{"} else None
        return Describe(resources, where, self._modifiers(), self._values()), dataset

    def _dataset(self) -> tuple[tuple[Iri, ...], tuple[Iri, ...]]:
        """`DatasetClause` (rule 13), any number of it."""
        default: list[Iri] = []
        named: list[Iri] = []
        while self.took("FROM"):
            (named if self.took("NAMED") else default).append(self.iri())
        return tuple(default), tuple(named)

    def _where(self) -> Group:
        """`WhereClause` (rule 17)."""
        self.took("WHERE")
        return self.group()

    def _values(self) -> InlineData | None:
        """`ValuesClause` (rule 28)."""
        return self.values() if self.key == "VALUES" else None

    # --- modifiers

    def _modifiers(self) -> Modifiers:
        """`SolutionModifier` (rule 18)."""
        if self.key not in _CLAUSES:
            return Modifiers()
        group = self._grouping() if self.took("GROUP") else ()
        having = self._having() if self.took("HAVING") else ()
        order = self._ordering() if self.took("ORDER") else ()
        limit: int | None = None
        offset: int | None = None
        while self.key in {"LIMIT", "OFFSET"}:
            if self.key == "LIMIT" and limit is None:
                limit = self._count()
            elif self.key == "OFFSET" and offset is None:
                offset = self._count()
            else:
                raise self.wrong(f"{self.key} stands here twice", found=False)
        return Modifiers(group, having, order, limit, offset)

    def _count(self) -> int:
        word = self.take().text.upper()
        if self.next.kind is not Kind.NUMBER or not self.next.text.isdigit():
            raise self.wrong(f"a whole number is expected after {word}")
        return int(self.take().text)

    def _at_constraint(self) -> bool:
        at_function = self.key not in _CLAUSES and self.next.kind is Kind.WORD and self._rest[-2].is_mark("(")
        return self.key in {"(", "EXISTS", "NOT"} or self.at_iri() or at_function

    def _grouping(self) -> tuple[Expression | Named, ...]:
        """`GroupClause` (rule 19)."""
        self.expect("BY", " after GROUP")
        found: list[Expression | Named] = []
        while True:
            if self.next.kind is Kind.VARIABLE:
                found.append(self.variable())
            elif self.key == "(":
                found.append(self._group_key())
            elif self._at_constraint():
                found.append(self.constraint())
            elif found:
                return tuple(found)
            else:
                raise self.wrong("a variable or an expression in brackets is expected after GROUP BY")

    def _group_key(self) -> Expression | Named:
        self.expect("(")
        self.enter()
        whole = self.expression()
        name = self.variable() if self.took("AS") else None
        self.expect(")", " after the expression")
        self.leave()
        return whole if name is None else Named(whole, name)

    def _having(self) -> tuple[Expression, ...]:
        """`HavingClause` (rule 21)."""
        found = [self.constraint()]
        while self._at_constraint():
            found.append(self.constraint())
        return tuple(found)

    def _ordering(self) -> tuple[OrderCondition, ...]:
        """`OrderClause` (rule 23)."""
        self.expect("BY", " after ORDER")
        found: list[OrderCondition] = []
        while True:
            if self.key in {"ASC", "DESC"}:
                descending = self.take().text.upper() == "DESC"
                found.append(OrderCondition(self.brackets(), descending))
            elif self.next.kind is Kind.VARIABLE:
                found.append(OrderCondition(self.variable()))
            elif self._at_constraint():
                found.append(OrderCondition(self.constraint()))
            elif found:
                return tuple(found)
            else:
                raise self.wrong("a variable or an expression in brackets is expected after ORDER BY")
