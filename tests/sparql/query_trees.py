"""Random trees of queries, made of every kind of value that `kg.sparql.language.syntax` has."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from kg.sparql.language import syntax as s
from kg.sparql.language.vocabulary import AGGREGATES, FUNCTIONS, XSD

_One = TypeVar("_One")
_NAMES = ("a", "b", "c", "ville", "المدينة", "été", "x1", "_y")
_TEXTS = (
    "",
    "plain",
    'a "quote"',
    "it's",
    "back\\slash",
    "\\u0041",
    "line\nend\r\ttab",
    "{ # SERVICE }",
    "ض",
    "\U0001f600",
    "'''",
)
_LOCALS = (
    "http://e/p",
    "http://e/q#r",
    "urn:x:y",
    "http://e/é?a=*&b=(c)",
    "http://www.w3.org/2000/01/rdf-schema#label",
)
_NUMBERS = (
    ("1", "integer"),
    ("-1", "integer"),
    ("+05", "integer"),
    ("1.50", "decimal"),
    (".5", "decimal"),
    ("-.5e-3", "double"),
    ("1e9", "double"),
    ("true", "boolean"),
    ("0", "boolean"),
    ("x", "integer"),
    ("2020-01-01", "date"),
    ("1.", "decimal"),
)
_BINARY = ("||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/")


class Trees:
    """Makes queries that are in the range of the parser: what no text means is not made."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._count = 0
        self._labels: list[str] = []

    def several(self, make: Callable[[], _One], least: int = 0, most: int = 3) -> tuple[_One, ...]:
        return tuple(make() for _ in range(self.chance.randint(least, most)))

    # --- terms

    def variable(self) -> s.Variable:
        return s.Variable(self.chance.choice(_NAMES))

    def fresh(self) -> s.Variable:
        self._count += 1
        return s.Variable(f"new{self._count}")

    def iri(self) -> s.Iri:
        return s.Iri(self.chance.choice(_LOCALS))

    def literal(self) -> s.Literal:
        kind = self.chance.randrange(5)
        text = self.chance.choice(_TEXTS)
        rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        if kind == 0:
            return s.Literal(text, f"{rdf}langString", self.chance.choice(("ar", "fr", "en-GB")))
        if kind == 1:
            return s.Literal(text, f"{rdf}dirLangString", "ar", self.chance.choice(("rtl", "ltr")))
        if kind == 2:
            lexical, name = self.chance.choice(_NUMBERS)
            return s.Literal(lexical, XSD + name)
        return s.Literal(text, self.chance.choice((f"{XSD}string", "http://e/datatype")))

    def blank(self) -> s.BlankNode:
        return s.BlankNode(self.chance.choice(self._labels))

    def term(self) -> s.Term:
        makers: list[Callable[[], s.Term]] = [self.variable, self.variable, self.iri, self.literal]
        if self._labels:
            makers.append(self.blank)
        if not self.chance.randrange(8):
            makers.append(lambda: s.TripleTerm(self.term(), self.verb(), self.term()))
        return self.chance.choice(makers)()

    def verb(self) -> s.Iri | s.Variable:
        return self.chance.choice((self.iri, self.variable))()

    def path(self, depth: int = 3) -> s.PathLike:
        kind = self.chance.randrange(7) if depth else 0
        match kind:
            case 1:
                return s.Inverse(self.path(depth - 1))
            case 2:
                return s.Sequence(self.several(lambda: self.path(depth - 1), 2))
            case 3:
                return s.Alternative(self.several(lambda: self.path(depth - 1), 2))
            case 4:
                return s.Repeated(self.path(depth - 1), self.chance.choice([*s.Times]))
            case 5:
                return s.Negated(self.several(self.iri), self.several(self.iri))
        return self.iri()

    # --- expressions

    def triple_term(self) -> s.TripleTerm:
        last = self.chance.choice((self.iri, self.variable, self.literal))()
        return s.TripleTerm(self.chance.choice((self.iri, self.variable))(), self.verb(), last)

    def expression(self, depth: int = 3, *, aggregates: bool = False) -> s.Expression:  # noqa: PLR0911
        if not depth:
            return self.chance.choice((self.variable, self.variable, self.iri, self.literal, self.triple_term))()

        def inner() -> s.Expression:
            return self.expression(depth - 1, aggregates=aggregates)

        match self.chance.randrange(10 if aggregates else 8):
            case 0 | 1 | 2:
                return s.Binary(self.chance.choice(_BINARY), inner(), inner())
            case 3:
                return s.Unary(self.chance.choice("!+-"), inner())
            case 4:
                return s.Membership(inner(), self.several(inner), self.chance.random() < 0.5)
            case 5:
                return self.built_in(inner)
            case 6:
                return s.Call(self.iri(), self.several(inner))
            case 7:
                return s.Exists(self.group(1), self.chance.random() < 0.5)
        return self.aggregate(depth - 1)

    def built_in(self, inner: Callable[[], s.Expression]) -> s.Expression:
        name = self.chance.choice([*FUNCTIONS])
        if name == "BOUND":
            return s.BuiltIn(name, (self.variable(),))
        least, most = FUNCTIONS[name]
        return s.BuiltIn(name, self.several(inner, least, min(most, least + 3)))

    def aggregate(self, depth: int) -> s.Aggregate:
        name = self.chance.choice(AGGREGATES)
        operand = None if name == "COUNT" and self.chance.random() < 0.3 else self.expression(depth)
        separator = self.chance.choice((None, *_TEXTS)) if name == "GROUP_CONCAT" else None
        return s.Aggregate(name, operand, self.chance.random() < 0.5, separator)

    # --- patterns

    def triples(self) -> s.Triples:
        self._labels = [f"n{self._count}", f"m{self._count}"]
        self._count += 1
        made = s.Triples(
            self.several(
                lambda: s.TriplePattern(
                    self.term(), self.chance.choice((self.iri, self.variable, self.path))(), self.term()
                ),
                1,
            )
        )
        self._labels = []
        return made

    def values(self) -> s.InlineData:
        width = self.chance.randrange(4)
        names = self.chance.sample(_NAMES, width)
        return s.InlineData(
            tuple(map(s.Variable, names)), self.several(lambda: tuple(self.cell() for _ in range(width)))
        )

    def cell(self) -> s.Iri | s.Literal | s.TripleTerm | None:
        if not self.chance.randrange(8):
            return s.TripleTerm(self.iri(), self.iri(), self.literal())
        return self.chance.choice((self.iri, self.literal, lambda: None))()

    def element(self, depth: int) -> s.Element:
        makers: list[Callable[[], s.Element]] = [
            lambda: s.Filter(self.expression(2)),
            lambda: s.Bind(self.expression(2), self.fresh()),
            self.values,
        ]
        if depth:
            makers += [
                lambda: s.Optional(self.group(depth - 1)),
                lambda: s.Minus(self.group(depth - 1)),
                lambda: s.Graph(self.verb(), self.group(depth - 1)),
                lambda: s.Service(self.verb(), self.chance.random() < 0.5, self.group(depth - 1)),
                lambda: s.Union(self.several(lambda: self.group(depth - 1), 2)),
                lambda: self.group(depth - 1),
                lambda: s.Group((self.select(depth - 1),)),
            ]
        return self.chance.choice(makers)()

    def group(self, depth: int) -> s.Group:
        found: list[s.Element] = []
        for _ in range(self.chance.randrange(4)):
            if self.chance.random() < 0.5 and not (found and isinstance(found[-1], s.Triples)):
                found.append(self.triples())
            else:
                found.append(self.element(depth))
        return s.Group(tuple(found))

    # --- queries

    def select(self, depth: int) -> s.Select:
        where = self.group(depth)
        duplicates = self.chance.choice([*s.Duplicates])
        values = self.values() if self.chance.random() < 0.2 else None
        match self.chance.randrange(3):
            case 0:
                return s.Select(None, where, duplicates, self.modifiers(), values)
            case 1:
                names = tuple(self.chance.choice((self.variable, self.named))() for _ in range(2))
                return s.Select(names, where, duplicates, self.modifiers(), values)
        key = self.chance.choice(
            (self.variable(), s.Named(self.expression(2), self.fresh()), s.BuiltIn("STR", (self.variable(),)))
        )
        told = (key,) if isinstance(key, s.Variable) else ()
        made = s.Named(self.aggregate(2), self.fresh())
        modifiers = s.Modifiers((key,), self.several(lambda: self.expression(2, aggregates=True)))
        return s.Select((*told, made), where, duplicates, modifiers, values)

    def named(self) -> s.Named:
        return s.Named(self.expression(), self.fresh())

    def modifiers(self) -> s.Modifiers:
        order = self.several(lambda: s.OrderCondition(self.expression(2), self.chance.random() < 0.5))
        return s.Modifiers(
            order=order if self.chance.random() < 0.5 else (),
            limit=self.chance.choice((None, None, 0, 10)),
            offset=self.chance.choice((None, None, 5)),
        )

    def query(self) -> s.Query:
        body: s.Select | s.Ask | s.Construct | s.Describe
        match self.chance.randrange(8):
            case 0:
                body = s.Ask(self.group(2), self.modifiers())
            case 1:
                self._labels = ["t"]
                template = self.several(lambda: s.TriplePattern(self.term(), self.verb(), self.term()))
                self._labels = []
                body = s.Construct(template, self.group(2), self.modifiers())
            case 2:
                where = self.group(2) if self.chance.random() < 0.7 else None
                resources = None if self.chance.random() < 0.3 else self.several(self.verb, 1)
                body = s.Describe(resources, where, self.modifiers())
            case _:
                body = self.select(3)
        prefixes = self.chance.choice(((), (("", "http://e/"), ("é", "urn:x#"), ("a.b", "http://b/"))))
        version = self.chance.choice((None, None, None, "1.2"))
        base = self.chance.choice((None, None, "http://e/base/"))
        return s.Query(body, prefixes, self.several(self.iri, 0, 1), self.several(self.iri, 0, 2), version, base)
