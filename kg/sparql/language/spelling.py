"""Terms, paths and expressions as text, with brackets where the tree needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from kg.sparql.language.reading.expressions import AND, COMPARISON, LEVELS, OR, PRODUCT, SUM, chain
from kg.sparql.language.syntax import (
    Aggregate,
    Alternative,
    Binary,
    BlankNode,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Inverse,
    Iri,
    Literal,
    Membership,
    Negated,
    PathLike,
    Repeated,
    Sequence,
    Term,
    TripleTerm,
    Unary,
    Variable,
)
from kg.sparql.language.tokens import Kind, tokenize
from kg.sparql.language.vocabulary import (
    AGGREGATES,
    BOOLEAN,
    DECIMAL,
    DIR_LANG_STRING,
    DOUBLE,
    FUNCTIONS,
    INTEGER,
    LANG_STRING,
    STRING,
    TYPE,
)

_IRI: Final = re.compile(r"[^<>\"{}|^`\\\x00-\x20]*+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]++(?:-[A-Za-z0-9]++)*+")
_QUOTED: Final = re.compile(r'[\\"\n\r]')
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
# Without a plus: after a property the engine takes it for a path, `:p+ 5` for `:p +5`.
_BARE: Final = {
    BOOLEAN: re.compile(r"true|false"),
    INTEGER: re.compile(r"-?[0-9]++"),
    DECIMAL: re.compile(r"-?[0-9]*+\.[0-9]++"),
    DOUBLE: re.compile(r"-?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)[eE][+\-]?[0-9]++"),
}
_UNARY: Final = PRODUCT + 1
_PRIMARY: Final = _UNARY + 1

_ALTERNATIVE: Final = 1
_SEQUENCE: Final = 2
_STEP: Final = 3
_ELEMENT: Final = 4
_PATH: Final = 5


# --- terms


def term(value: Term) -> str:
    """A term, as it stands in a pattern.

    :raises ValueError: if no text means it
    """
    match value:
        case Variable():
            return f"?{_token(value.name, Kind.VARIABLE, '?')}"
        case Iri():
            return iri(value)
        case BlankNode():
            return f"_:{_token(value.label, Kind.BLANK, '_:')}"
        case Literal():
            return literal(value)
        case TripleTerm():
            return f"<<( {term(value.subject)} {verb(value.predicate)} {term(value.object)} )>>"
    raise ValueError(f"no term: {value!r}")


def _token(name: str, kind: Kind, mark: str) -> str:
    found = next(tokenize(mark + name), None)
    if found is None or found.kind is not kind or found.end != len(mark) + len(name):
        raise ValueError(f"no name of a {kind.value}: {name!r}")
    return name


def iri(value: Iri) -> str:
    """An IRI in full: no prefix stands in the way of what reads the text."""
    if not _IRI.fullmatch(value.value):
        raise ValueError(f"no IRI: {value.value!r}")
    return f"<{value.value}>"


def verb(value: Iri | Variable) -> str:
    """A property or a variable in its place."""
    return "a" if isinstance(value, Iri) and value.value == TYPE else term(value)


def string(text: str) -> str:
    """A string in its quotes."""
    return f'"{_QUOTED.sub(lambda found: _ESCAPES[found[0]], text)}"'


def literal(value: Literal) -> str:
    """A literal, numbers and truth values without their datatype where that means the same."""
    quoted = string(value.lexical)
    if value.language is not None:
        expected = DIR_LANG_STRING if value.direction else LANG_STRING
        if value.datatype != expected or not _LANGUAGE.fullmatch(value.language):
            raise ValueError(f"no literal with a language: {value!r}")
        if value.direction not in {None, "ltr", "rtl"}:
            raise ValueError(f"no direction of text: {value.direction!r}")
        return f"{quoted}@{value.language}" + (f"--{value.direction}" if value.direction else "")
    if value.datatype == STRING:
        return quoted
    bare = _BARE.get(value.datatype)
    if bare and bare.fullmatch(value.lexical):
        return value.lexical
    return f"{quoted}^^{iri(Iri(value.datatype))}"


def _operand_literal(value: Literal) -> str:
    # A sign in an expression is an operator to the engine: what is written -5 would not be what it reads.
    if value.lexical.startswith("-") and value.datatype in _BARE:
        return f"{string(value.lexical)}^^{iri(Iri(value.datatype))}"
    return literal(value)


# --- paths


def path(value: PathLike | Variable, *, shortened: Callable[[str], str] | None = None) -> str:
    """A property, a path or a variable; `shortened` may write IRIs in another way than in full.

    :raises ValueError: if no text means it
    """
    return term(value) if isinstance(value, Variable) else _path(value, _ALTERNATIVE, shortened)


def _path(value: PathLike, level: int, shortened: Callable[[str], str] | None) -> str:
    """A path, in brackets if it binds less tightly than `level`."""

    def inner(part: PathLike, tightness: int) -> str:
        return _path(part, tightness, shortened)

    match value:
        case Iri():
            return shortened(value.value) if shortened and value.value != TYPE else verb(value)
        case Alternative():
            own, text = _ALTERNATIVE, "|".join(inner(part, _SEQUENCE) for part in _several(value.parts))
        case Sequence():
            own, text = _SEQUENCE, "/".join(inner(part, _STEP) for part in _several(value.parts))
        case Inverse():
            own, text = _STEP, "^" + inner(value.path, _ELEMENT)
        case Repeated():
            own, text = _ELEMENT, inner(value.path, _PATH) + value.times.value
        case Negated():
            forwards = [inner(one, _PATH) for one in value.forwards]
            own, text = _PATH, f"!({'|'.join([*forwards, *(f'^{inner(one, _PATH)}' for one in value.backwards)])})"
        case _:
            raise ValueError(f"no path: {value!r}")
    return f"({text})" if own < level else text


def _several(parts: tuple[PathLike, ...]) -> tuple[PathLike, ...]:
    if len(parts) < len(("one", "two")):
        raise ValueError(f"no ways or steps: {parts!r}")
    return parts


# --- expressions


class Spelling:
    """Writes expressions; `group` writes what EXISTS holds."""

    def __init__(self, group: Callable[[Group], str]) -> None:
        self._group = group

    def expression(self, value: Expression, level: int = OR) -> str:
        """An expression, in brackets if it binds less tightly than `level`.

        :raises ValueError: if no text means it
        """
        match value:
            case Variable() | Iri() | TripleTerm():
                return term(value)
            case Literal():
                return _operand_literal(value)
            case Binary():
                own, text = self._binary(value)
            case Unary():
                own, text = _UNARY, self._unary(value)
            case Membership():
                word = "NOT IN" if value.negated else "IN"
                own, text = COMPARISON, f"{self.expression(value.operand, SUM)} {word} ({self._list(value.members)})"
            case _:
                return self._called(value)
        return f"({text})" if own < level else text

    def _called(self, value: Expression) -> str:
        match value:
            case BuiltIn():
                if value.name not in FUNCTIONS:
                    raise ValueError(f"no function: {value.name!r}")
                return f"{value.name}({self._list(value.arguments)})"
            case Call():
                distinct = "DISTINCT " if value.distinct else ""
                return f"{iri(value.function)}({distinct}{self._list(value.arguments)})"
            case Exists():
                return f"{'NOT ' if value.negated else ''}EXISTS {self._group(value.group)}"
            case Aggregate():
                return self._aggregate(value)
        raise ValueError(f"no expression: {value!r}")

    def _list(self, values: tuple[Expression, ...]) -> str:
        return ", ".join(self.expression(one) for one in values)

    def _unary(self, value: Unary) -> str:
        if value.operator not in {"!", "+", "-"}:
            raise ValueError(f"no operator: {value.operator!r}")
        # A blank, for a sign that touches a number is a part of it.
        return f"{value.operator} {self.expression(value.operand, _PRIMARY)}"

    def _binary(self, value: Binary) -> tuple[int, str]:
        operator = value.operator
        own = LEVELS.get(operator, 0)
        if not own or operator in {"IN", "NOT"}:
            raise ValueError(f"no operator: {operator!r}")
        if own <= AND:
            operands = tuple(_flat(value, operator))
            if not _same(chain(operator, operands), value, operator):
                operands = (value.left, value.right)
            return own, f" {operator} ".join(self.expression(one, own + 1) for one in operands)
        left = self.expression(value.left, SUM if own == COMPARISON else own)
        return own, f"{left} {operator} {self.expression(value.right, own + 1)}"

    def _aggregate(self, value: Aggregate) -> str:
        if value.name not in AGGREGATES or (value.operand is None and value.name != "COUNT"):
            raise ValueError(f"no aggregate: {value!r}")
        operand = "*" if value.operand is None else self.expression(value.operand)
        if value.separator is not None:
            if value.name != "GROUP_CONCAT":
                raise ValueError(f"no aggregate with a separator: {value.name}")
            operand += f"; SEPARATOR={string(value.separator)}"
        return f"{value.name}({'DISTINCT ' if value.distinct else ''}{operand})"


def _flat(value: Expression, operator: str) -> Iterator[Expression]:
    """The operands of a row of one operator, from left to right."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Binary) and one.operator == operator:
            waiting += (one.right, one.left)
        else:
            yield one


def _same(made: Expression, given: Expression, operator: str) -> bool:
    """Whether two rows of one operator over the same operands have one shape."""
    waiting = [(made, given)]
    while waiting:
        one, other = waiting.pop()
        if one is other:
            continue
        if not (isinstance(one, Binary) and isinstance(other, Binary) and one.operator == other.operator == operator):
            return False
        waiting += ((one.left, other.left), (one.right, other.right))
    return True
