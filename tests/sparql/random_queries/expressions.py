"""Random expressions, of a kind where that makes them come to something, and of any kind now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sparql.oracle.terms import STRING, XSD, Iri, Literal
from sparql.random_queries import vocabulary

from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Membership,
    Unary,
    Variable,
)

CASTS = ("boolean", "integer", "decimal", "double", "float", "string", "dateTime")
COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
PATTERNS = ("a", "^a", "b$", "[ab]+", "A.b", "(a)(b)?", "", "(", "é|x")
REPLACEMENTS = ("x", "$1", "\\$", "[$0]", "\\\\", "$", "")


@dataclass
class Expressions:
    """Makes expressions over variables; `pattern` makes what EXISTS looks for, and is None where it cannot stand."""

    random: Random
    variables: tuple[Variable, ...]
    pattern: Callable[[], Group] | None = None
    depth: int = 2

    def below(self) -> Expressions:
        return Expressions(self.random, self.variables, None, self.depth - 1)

    def any(self) -> Expression:
        kinds = (self.variable, self.number, self.text, self.truth, self.time, self.term, self.constant)
        return self.random.choice(kinds)()

    def variable(self) -> Expression:
        return self.random.choice(self.variables) if self.variables else self.constant()

    def constant(self) -> Expression:
        if self.random.random() < 0.2:
            return self.random.choice(vocabulary.THINGS)
        return vocabulary.literal(self.random)

    def leaf(self, *values: tuple[Literal, ...]) -> Expression:
        """A variable, a constant of a kind, or now and then any other."""
        chance = self.random.random()
        if chance < 0.55:
            return self.variable()
        return self.constant() if chance < 0.62 else self.random.choice(self.random.choice(values))

    def number(self) -> Expression:
        numbers = (vocabulary.INTEGERS, vocabulary.DECIMALS, vocabulary.REALS)
        if self.depth <= 0 or self.random.random() < 0.3:
            return self.leaf(*numbers)
        inner = self.below()
        choices: tuple[Callable[[], Expression], ...] = (
            lambda: Binary(self.random.choice("+-*/"), inner.number(), inner.number()),
            lambda: Binary(self.random.choice("+-*/"), inner.number(), inner.number()),
            lambda: Unary(self.random.choice("+-"), inner.number()),
            lambda: BuiltIn(self.random.choice(("ABS", "ROUND", "CEIL", "FLOOR")), (inner.number(),)),
            lambda: BuiltIn("STRLEN", (inner.text(),)),
            lambda: BuiltIn(self.random.choice(("YEAR", "MONTH", "DAY", "HOURS", "SECONDS")), (inner.time(),)),
            lambda: Call(Iri(XSD + self.random.choice(CASTS[1:5])), (inner.any(),)),
        )
        return self.random.choice(choices)()

    def text(self) -> Expression:
        if self.depth <= 0 or self.random.random() < 0.3:
            return self.leaf(vocabulary.TEXTS, vocabulary.TONGUES)
        inner = self.below()

        def replace() -> Expression:
            pattern, replacement = (Literal(self.random.choice(some), STRING) for some in (PATTERNS, REPLACEMENTS))
            return BuiltIn("REPLACE", (inner.text(), pattern, replacement))

        def part() -> Expression:
            size = (inner.number(),) if self.random.random() < 0.5 else ()
            return BuiltIn("SUBSTR", (inner.text(), inner.number(), *size))

        choices: tuple[Callable[[], Expression], ...] = (
            lambda: BuiltIn("STR", (inner.any(),)),
            lambda: BuiltIn("STR", (inner.variable(),)),
            lambda: BuiltIn(self.random.choice(("UCASE", "LCASE", "ENCODE_FOR_URI", "MD5")), (inner.text(),)),
            lambda: BuiltIn("CONCAT", tuple(inner.text() for _ in range(self.random.randint(0, 3)))),
            lambda: BuiltIn(self.random.choice(("STRBEFORE", "STRAFTER")), (inner.text(), inner.text())),
            lambda: BuiltIn("LANG", (inner.any(),)),
            lambda: BuiltIn("STRLANG", (inner.text(), Literal(self.random.choice(("en", "ar")), STRING))),
            lambda: BuiltIn("TZ", (inner.time(),)),
            replace,
            part,
        )
        return self.random.choice(choices)()

    def time(self) -> Expression:
        if self.depth <= 0 or self.random.random() < 0.5:
            return self.leaf(vocabulary.TIMES)
        inner = self.below()
        span = self.random.choice(vocabulary.SPANS)
        choices: tuple[Callable[[], Expression], ...] = (
            lambda: Binary(self.random.choice("+-"), inner.time(), span),
            lambda: Call(Iri(XSD + "dateTime"), (inner.any(),)),
        )
        return self.random.choice(choices)()

    def term(self) -> Expression:
        inner = self.below() if self.depth > 0 else self
        if self.depth <= 0:
            return self.variable()
        choices: tuple[Callable[[], Expression], ...] = (
            lambda: BuiltIn("IF", (inner.truth(), inner.any(), inner.any())),
            lambda: BuiltIn("COALESCE", tuple(inner.any() for _ in range(self.random.randint(1, 3)))),
            lambda: BuiltIn("DATATYPE", (inner.any(),)),
            lambda: BuiltIn(
                "STRDT", (inner.text(), self.random.choice((Iri(XSD + "integer"), Iri(vocabulary.E + "type"))))
            ),
            lambda: BuiltIn("IRI", (self.random.choice((*vocabulary.THINGS, Literal("http://e/a", STRING))),)),
        )
        return self.random.choice(choices)()

    def truth(self) -> Expression:
        """What a filter takes: a comparison most of the time."""
        if self.depth <= 0:
            return BuiltIn("BOUND", (self.random.choice(self.variables),)) if self.variables else self.constant()
        inner = self.below()
        kind = self.random.choice((inner.any, inner.any, inner.number, inner.text, inner.time, inner.variable))
        choices: list[Callable[[], Expression]] = [
            lambda: Binary(self.random.choice(COMPARISONS), kind(), kind()),
            lambda: Binary(self.random.choice(COMPARISONS), inner.variable(), inner.constant()),
            lambda: Binary(self.random.choice(("||", "&&")), inner.truth(), inner.truth()),
            lambda: Unary("!", inner.truth()),
            lambda: Unary("!", inner.any()),
            lambda: Membership(
                kind(), tuple(kind() for _ in range(self.random.randint(0, 3))), self.random.random() < 0.4
            ),
            lambda: BuiltIn(self.random.choice(("ISIRI", "ISBLANK", "ISLITERAL", "ISNUMERIC")), (inner.any(),)),
            lambda: BuiltIn(
                self.random.choice(("STRSTARTS", "STRENDS", "CONTAINS", "SAMETERM")), (inner.text(), inner.text())
            ),
            lambda: BuiltIn("REGEX", (inner.text(), Literal(self.random.choice(PATTERNS), STRING))),
            lambda: BuiltIn(
                "LANGMATCHES", (BuiltIn("LANG", (inner.variable(),)), Literal(self.random.choice(("*", "en")), STRING))
            ),
            lambda: Call(Iri(XSD + "boolean"), (inner.any(),)),
            inner.any,
        ]
        if self.variables:
            choices.append(lambda: BuiltIn("BOUND", (self.random.choice(self.variables),)))
        if self.pattern is not None:
            exists = self.pattern
            choices += [lambda: Exists(exists(), self.random.random() < 0.5)] * 3
        return self.random.choice(choices)()

    def aggregate(self) -> Expression:
        """An aggregate, of a variable most of the time."""
        name = self.random.choice(("COUNT", "SUM", "MIN", "MAX", "AVG", "GROUP_CONCAT", "COUNT", "SAMPLE"))
        distinct = self.random.random() < 0.3
        if name == "COUNT" and self.random.random() < 0.4:
            return Aggregate(name, None, distinct)
        operand = self.variable() if self.random.random() < 0.8 else self.below().any()
        separator = "|" if name == "GROUP_CONCAT" else None
        return Aggregate(name, operand, distinct, separator)
