"""Of which kinds the values of an expression can be, as far as a query and the figures of its data prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from kg.sparql.language.syntax import (
    Aggregate,
    Alternative,
    Binary,
    Bind,
    BuiltIn,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    InlineData,
    Inverse,
    Iri,
    Literal,
    Membership,
    Minus,
    Named,
    Negated,
    Optional,
    PathLike,
    Repeated,
    Select,
    Sequence,
    Service,
    Term,
    Times,
    TriplePattern,
    Triples,
    TripleTerm,
    Unary,
    Union,
    Variable,
)
from kg.sparql.language.walking import names_in
from kg.sparql.repair.functions import names
from kg.sparql.repair.kinds import EXACT, NODES, NONE, TEXTS, XSD, Kinds, kind_of_term
from kg.sparql.repair.tree.binding import Bound, with_element

OfProperty: TypeAlias = Callable[[str], "frozenset[str] | None"]
"""The kinds of all objects of a property, given by its IRI; None if nothing is known of it."""

_RESULTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    dict.fromkeys(
        ("STR", "LANG", "LANGDIR", "ENCODE_FOR_URI", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "STRUUID", "TZ"),
        frozenset({"string"}),
    )
    | dict.fromkeys(("STRLEN", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES"), frozenset({"integer"}))
    | dict.fromkeys(("IRI", "URI", "DATATYPE", "UUID"), frozenset({"iri"}))
    | dict.fromkeys(
        (
            "BOUND", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "ISTRIPLE", "REGEX", "CONTAINS",
            "STRSTARTS", "STRENDS", "SAMETERM", "LANGMATCHES", "HASLANG", "HASLANGDIR",
        ),
        frozenset({"boolean"}),
    )
    | {"BNODE": frozenset({"blank"}), "STRLANG": frozenset({"language"})}
)  # fmt: skip
_OF_TEXT: Final = frozenset({"UCASE", "LCASE", "SUBSTR", "STRBEFORE", "STRAFTER", "REPLACE"})
"""What gives text of the kind that it takes."""
_CALLS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {XSD + name: frozenset({name}) for name in ("string", "boolean")}
    | dict.fromkeys((names.EQUAL, names.LESS, names.IS_NUMERIC, names.TRUTH), frozenset({"boolean"}))
    | dict.fromkeys((names.ORDER, names.REPLACEMENT), frozenset({"string"}))
    | {names.LABELLED: frozenset({"blank"}), names.AGAIN: NONE}
)
_DEEPEST: Final = 60
_TRUTH: Final = frozenset({"boolean"})
_COMPARISONS: Final = frozenset({"=", "!=", "<", ">", "<=", ">=", "&&", "||"})


def _either(found: Iterable[Kinds]) -> Kinds:
    total: set[str] = set()
    for kinds in found:
        if kinds is None:
            return None
        total |= kinds
    return frozenset(total)


class Proof:
    """What can be said of the values in one query; everything is found out once."""

    def __init__(self, of_property: OfProperty) -> None:
        self._of_property = of_property
        self._known: dict[tuple[int, str], Kinds] = {}
        self._depth = 0

    def of_key(self, select: Select, expression: Expression) -> Kinds:
        """The kinds of what a key of ORDER BY, or an expression of the projection, of a SELECT can be."""
        return self.of_expression(expression, self.scope(select))

    def of_variable(self, group: Group, name: str) -> Kinds:
        """The kinds of what a variable can be in the solutions of a group."""
        place = id(group), name
        if place not in self._known:
            self._known[place] = None  # until it is known, and for good where it is needed for itself
            self._depth += 1
            if self._depth < _DEEPEST:
                self._known[place] = self._in_group(group, name)
            self._depth -= 1
        return self._known[place]

    def _in_group(self, group: Group, name: str) -> Kinds:
        found: list[Kinds] = []
        for element in group.elements:
            kinds = self._in_element(element, name, group)
            # All that bind a variable bind it to one value: the kinds of any that surely does are enough.
            if kinds is not None and name in with_element(Bound(), element).surely:
                return kinds
            found.append(kinds)
        return _either(found)

    def _in_element(self, element: Element, name: str, group: Group) -> Kinds:  # noqa: PLR0911 -- one for each kind
        match element:
            case Triples(patterns):
                return self._in_patterns(patterns, name)
            case Filter() | Minus():
                return NONE
            case Bind(expression, variable):
                if variable.name != name:
                    return NONE
                return self.of_expression(expression, lambda other: self.of_variable(group, other))
            case InlineData():
                return _listed(element, name)
            case Service():
                return None
            case Select():
                return self._of_select(element, name)
            case Group() | Optional() | Graph() | Union():
                return self._in_groups(element, name)
        raise ValueError(f"no element: {element!r}")

    def _in_groups(self, element: Group | Optional | Graph | Union, name: str) -> Kinds:
        match element:
            case Group():
                return self.of_variable(element, name)
            case Optional(inner):
                return self.of_variable(inner, name)
            case Graph(named, inner):
                own = NODES if isinstance(named, Variable) and named.name == name else NONE
                return _either((own, self.of_variable(inner, name)))
            case Union(branches):
                return _either([self.of_variable(branch, name) for branch in branches])
        raise ValueError(f"no groups: {element!r}")

    def _in_patterns(self, patterns: Iterable[TriplePattern], name: str) -> Kinds:
        found: list[Kinds] = []
        for pattern in patterns:
            found += self._in_pattern(pattern, name)
        known = [kinds for kinds in found if kinds is not None]
        # A basic graph pattern binds all its variables, each to one value.
        return min(known, key=len) if known else (None if found else NONE)

    def _in_pattern(self, pattern: TriplePattern, name: str) -> list[Kinds]:
        found: list[Kinds] = []
        if _is(pattern.subject, name):
            found.append(self._ends(pattern.predicate, backwards=True))
        if _is(pattern.predicate, name):
            found.append(frozenset({"iri"}))
        if _is(pattern.object, name):
            found.append(self._ends(pattern.predicate, backwards=False))
        if any(isinstance(part, TripleTerm) and name in names_in(part) for part in (pattern.subject, pattern.object)):
            found.append(None)
        return found

    def _ends(self, path: PathLike | Variable, *, backwards: bool) -> Kinds:  # noqa: PLR0911 -- one for each kind
        """The kinds of what a path can end at, or begin with."""
        match path:
            case Variable():
                return NODES if backwards else None
            case Iri(value):
                return NODES if backwards else self._of_property(value)
            case Inverse(inner):
                return self._ends(inner, backwards=not backwards)
            case Sequence(parts):
                return self._ends(parts[0] if backwards else parts[-1], backwards=backwards)
            case Alternative(parts):
                return _either([self._ends(part, backwards=backwards) for part in parts])
            case Repeated(inner, Times.ONE_OR_MORE):
                return self._ends(inner, backwards=backwards)
            case Repeated() | Negated():
                return None
        raise ValueError(f"no path: {path!r}")

    def _of_select(self, select: Select, name: str) -> Kinds:
        return self.scope(select)(name)

    def scope(self, select: Select) -> Callable[[str], Kinds]:
        """The kinds of what the projection and ORDER BY of a SELECT see."""
        named: dict[str, Kinds] = {}

        def of(name: str) -> Kinds:
            if name in named:
                return named[name]
            known = self.of_variable(select.where, name)
            return known if select.values is None else _either((known, _listed(select.values, name)))

        for each in (*select.modifiers.group, *(select.projection or ())):
            if isinstance(each, Named):
                named[each.variable.name] = self.of_expression(each.expression, of)
        return of

    def of_expression(self, expression: Expression, of: Callable[[str], Kinds]) -> Kinds:
        """The kinds of what an expression can be; `of` knows the variables."""
        self._depth += 1
        try:
            return self._of_expression(expression, of) if self._depth < _DEEPEST else None
        finally:
            self._depth -= 1

    def _of_expression(self, expression: Expression, of: Callable[[str], Kinds]) -> Kinds:  # noqa: PLR0911
        match expression:
            case Variable(name):
                return of(name)
            case Iri() | Literal() | TripleTerm():
                return frozenset({kind_of_term(expression)})
            case Exists() | Membership() | Unary("!", _):
                return _TRUTH
            case Unary():
                return None
            case Binary(operator, left, right):
                return _TRUTH if operator in _COMPARISONS else self._of_sum(operator, left, right, of)
            case Aggregate(name, operand):
                if name == "COUNT":
                    return frozenset({"integer"})
                keeps = name in {"MIN", "MAX", "SAMPLE"} and operand is not None
                return self.of_expression(operand, of) if keeps and operand is not None else None
            case Call(function):
                return _of_call(function.value)
            case BuiltIn(name, arguments):
                return self._of_function(name, arguments, of)
        raise ValueError(f"no expression: {expression!r}")

    def _of_sum(self, operator: str, left: Expression, right: Expression, of: Callable[[str], Kinds]) -> Kinds:
        """Two numbers within the bounds have a sum that the engine can keep; a third one may be too much."""
        if operator not in {"+", "-"} or isinstance(left, Binary) or isinstance(right, Binary):
            return None
        kinds = _either((self.of_expression(left, of), self.of_expression(right, of)))
        return kinds if kinds is not None and kinds <= EXACT else None

    def _of_function(self, name: str, arguments: tuple[Expression, ...], of: Callable[[str], Kinds]) -> Kinds:
        if name in {"COALESCE", "IF"}:
            return _either([self.of_expression(each, of) for each in arguments[name == "IF" :]])
        if name in _OF_TEXT:
            taken = self.of_expression(arguments[0], of)
            # STRBEFORE and STRAFTER give a text without a language where they find nothing.
            more = frozenset({"string"}) if name in {"STRBEFORE", "STRAFTER"} else NONE
            return None if taken is None else (taken & TEXTS) | more | (taken & {"other"})
        return _RESULTS.get(name)


def _of_call(name: str) -> Kinds:
    return NONE if name.startswith(names.NOTED) else _CALLS.get(name)


def _is(term: Term | PathLike, name: str) -> bool:
    return isinstance(term, Variable) and term.name == name


def _listed(data: InlineData, name: str) -> Kinds:
    """The kinds of what a block of data gives a variable."""
    for place, variable in enumerate(data.variables):
        if variable.name == name:
            return frozenset(kind_of_term(row[place]) for row in data.rows if row[place] is not None)  # type: ignore[arg-type]
    return NONE
