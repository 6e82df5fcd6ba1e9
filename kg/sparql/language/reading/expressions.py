"""Expressions out of the tokens of a query (SPARQL 1.1 Query, rules 110 to 128)."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from kg.errors import QueryError, nearest
from kg.sparql.language.reading.terms import Terms
from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Iri,
    Membership,
    Named,
    Span,
    Unary,
    Variable,
)
from kg.sparql.language.tokens import Kind, Token
from kg.sparql.language.vocabulary import AGGREGATES, FUNCTIONS

OR: Final = 1
AND: Final = 2
COMPARISON: Final = 3
SUM: Final = 4
PRODUCT: Final = 5
LEVELS: Final = MappingProxyType(
    {
        "||": OR,
        "&&": AND,
        **dict.fromkeys(("=", "!=", "<", ">", "<=", ">=", "IN", "NOT"), COMPARISON),
        "+": SUM,
        "-": SUM,
        "*": PRODUCT,
        "/": PRODUCT,
    }
)
"""How tightly an operator binds; NOT stands for NOT IN."""
LONG: Final = 16
"""A longer row of `||` or `&&` is read as a balanced tree: both are associative, errors included (section 17.2), and
what calls itself for each branch must not do so a thousand times."""


def chain(operator: str, operands: Sequence[Expression]) -> Expression:
    """Operands of `||` or `&&` as a tree, the way that the text without brackets is read."""
    if len(operands) > LONG:
        middle = len(operands) // 2
        return _joined(operator, chain(operator, operands[:middle]), chain(operator, operands[middle:]))
    whole = operands[0]
    for operand in operands[1:]:
        whole = _joined(operator, whole, operand)
    return whole


def _joined(operator: str, left: Expression, right: Expression) -> Binary:
    at = Span(left.at.start, right.at.end) if left.at and right.at else None
    return Binary(operator, left, right, at)


class Expressions(Terms):
    """Reads expressions; what reads groups is built upon it."""

    steps = 0
    """How many operators make a tree deeper that is no bracket: a row of sums is one branch below another."""

    def group(self) -> Group:
        """`GroupGraphPattern` (rule 53)."""
        raise NotImplementedError

    def expression(self, level: int = OR) -> Expression:
        """`Expression` (rule 110), of operators that bind as tightly as `level`, or tighter."""
        left = self._operand()
        compared = False
        while True:
            if self.next.kind is Kind.IRI:
                self.reread()
            operator = self.key
            tightness = LEVELS.get(operator, 0)
            if tightness < level or not tightness:
                return left
            if tightness == COMPARISON:
                if compared:
                    return left
                compared = True
                left = self._comparison(left)
            elif tightness < COMPARISON:
                operands = [left]
                while self.took(operator):
                    operands.append(self.expression(tightness + 1))
                left = chain(operator, operands)
            else:
                self.take()
                self.steps += 1
                left = _joined(operator, left, self.expression(tightness + 1))

    def _comparison(self, left: Expression) -> Expression:
        """The rest of `RelationalExpression` (rule 114)."""
        start = left.at.start if left.at else self.next.start
        operator = self.take().text
        if operator.upper() not in {"IN", "NOT"}:
            right = self.expression(SUM)
            return Binary(operator, left, right, self.span(start))
        negated = operator.upper() == "NOT"
        if negated:
            self.expect("IN", " after NOT")
        return Membership(left, self.arguments(), negated, self.span(start))

    def _operand(self) -> Expression:
        """`UnaryExpression` (rule 118); signs may stand in one another, as SPARQL 1.2 has it."""
        if self.key in {"!", "+", "-"} and not self.at_number():
            token = self.take()
            self.enter()
            operand = self._operand()
            self.leave()
            return Unary(token.text, operand, self.span(token.start))
        return self._primary()

    def _primary(self) -> Expression:
        """`PrimaryExpression` (rule 119)."""
        if self.key == "(":
            return self.brackets()
        kind = self.next.kind
        if kind is Kind.VARIABLE:
            return self.variable()
        if kind is Kind.IRI or kind is Kind.NAME:
            return self._iri_or_call()
        if self.at_triple_term():
            return self.triple_term(blank=False)
        if kind is Kind.WORD and self.key not in {"TRUE", "FALSE"}:
            return self.built_in()
        if kind is Kind.STRING or kind is Kind.WORD or self.at_number():
            return self.literal()
        raise self.wrong("an expression is expected")

    def brackets(self) -> Expression:
        """`BrackettedExpression` (rule 120)."""
        self.expect("(")
        self.enter()
        whole = self.expression()
        self.expect(")", " after the expression")
        self.leave()
        return whole

    def named(self) -> Named:
        """`( expression AS ?variable )`."""
        self.expect("(")
        self.enter()
        whole = self.expression()
        self.expect("AS", " after the expression")
        name = self.variable()
        self.expect(")", " after the variable")
        self.leave()
        return Named(whole, name)

    def arguments(self) -> tuple[Expression, ...]:
        """`ExpressionList` (rule 72)."""
        self.expect("(")
        self.enter()
        given: list[Expression] = []
        if self.key != ")":
            given.append(self.expression())
            while self.took(","):
                given.append(self.expression())
        self.expect(")", " after the arguments")
        self.leave()
        return tuple(given)

    def _iri_or_call(self) -> Expression:
        """`iriOrFunction` (rule 128)."""
        function = self.iri()
        if self.key != "(":
            return function
        return self._called(function)

    def call(self) -> Expression:
        """`FunctionCall` (rule 70)."""
        function = self.iri()
        if self.key != "(":
            raise self.wrong("( is expected after the name of a function")
        return self._called(function)

    def _called(self, function: Iri) -> Call:
        start = function.at.start if function.at else self.next.start
        distinct = self._rest[-2].is_word("DISTINCT")
        if not distinct:
            return Call(function, self.arguments(), at=self.span(start))
        self.expect("(")
        self.take()
        self.enter()
        given = [self.expression()]
        while self.took(","):
            given.append(self.expression())
        self.expect(")", " after the arguments")
        self.leave()
        return Call(function, tuple(given), distinct=True, at=self.span(start))

    def built_in(self) -> Expression:
        """`BuiltInCall` (rule 121)."""
        name, start = self.key, self.next.start
        if name == "EXISTS" or (name == "NOT" and self._rest[-2].is_word("EXISTS")):
            self.take()
            negated = name == "NOT"
            if negated:
                self.take()
            return Exists(self.group(), negated, self.span(start))
        if name in AGGREGATES:
            return self._aggregate()
        if name not in FUNCTIONS:
            raise self._unknown(self.next)
        self.take()
        if self.key != "(":
            raise self.wrong(f"( is expected after {name}")
        given = self.arguments()
        least, most = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise self.wrong(f"{name} does not take {len(given)} arguments", at=start, found=False)
        if name == "BOUND" and not isinstance(given[0], Variable):
            raise self.wrong("BOUND takes a variable", at=start, found=False)
        return BuiltIn(name, given, self.span(start))

    def _unknown(self, token: Token) -> QueryError:
        called = self._rest[-2].is_mark("(")
        if not called:
            return self.wrong("an expression is expected")
        hint = nearest(token.text, [*FUNCTIONS, *AGGREGATES])
        return self.wrong(f"there is no function {token.text[:40]}", found=False, hint=hint)

    def _aggregate(self) -> Aggregate:
        """`Aggregate` (rule 127)."""
        token = self.take()
        name = token.text.upper()
        self.expect("(", f" after {name}")
        self.enter()
        distinct = self.took("DISTINCT")
        operand = None if name == "COUNT" and self.took("*") else self.expression()
        separator = self._separator() if name == "GROUP_CONCAT" and self.took(";") else None
        self.expect(")", f" after what {name} is asked of")
        self.leave()
        return Aggregate(name, operand, distinct, separator, self.span(token.start))

    def _separator(self) -> str:
        self.expect("SEPARATOR", " after ;")
        self.expect("=", " after SEPARATOR")
        return self.string()

    def constraint(self) -> Expression:
        """`Constraint` (rule 69): brackets, a function by its keyword, or one by its IRI."""
        if self.key == "(":
            return self.brackets()
        if self.at_iri():
            return self.call()
        if self.next.kind is not Kind.WORD:
            raise self.wrong("( is expected before a condition")
        return self.built_in()
