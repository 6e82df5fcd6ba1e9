"""Expression maps of a mapping, read and checked: constants, references, templates, functions (RML-Core, RML-FNML)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import Position, nearest
from kg.rml.mapping.description import RML, Description, Node
from kg.rml.mapping.functions import Function, Kind, Parameter, Refused, compress, local_name
from kg.rml.mapping.logical_sources import Root, confined
from kg.rml.mapping.model import Argument, Call, Conditions, Constant, Expression, Reference
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.templates import parse_template
from kg.rml.mapping.values import as_kind

_MOST: Final = 200
"""Functions in one expression, each as often as it is used."""
_DEEPEST: Final = 40
"""Functions within one another."""
_LISTED: Final = "docs/functions.md lists all; own ones stand in the file of kg.toml"
_CHANGING: Final = ("random", "uuid", "now", "date_now", "today")
_OTHER_EVERY_TIME: Final = "what differs in every run has no place in a release: make a name of the row, as with sha256"
_EXPRESSIONS: Final = ("constant", "reference", "template", "functionExecution")
_OF_TERMS: Final = ("condition", "termType", "language", "languageMap", "datatype", "datatypeMap")
_BECOMES: Final[Mapping[Kind, frozenset[Kind]]] = MappingProxyType(
    {
        Kind.INTEGER: frozenset({Kind.INTEGER, Kind.NUMBER}),
        Kind.NUMBER: frozenset({Kind.NUMBER}),
        Kind.BOOLEAN: frozenset({Kind.BOOLEAN}),
        Kind.DATE: frozenset({Kind.DATE}),
    }
)
"""What a result of a kind can be taken for, beside a text; texts and any values are looked at row by row."""


def read_expression(description: Description, node: Node, what: str) -> tuple[Expression | None, bool]:
    """The constant, reference, template or function of a node, and whether what is written is sound."""
    return _read(description, node, what, ())


def read_conditions(description: Description, node: Node) -> Conditions:
    """The conditions of a triples map, a predicate-object map or a term map (RML-FNML, conditions)."""
    found: list[Expression] = []
    for statement in description.all_of(node, "condition"):
        inner = description.node_of(statement)
        expression, is_sound = _read(description, inner, "condition", ()) if inner is not None else (None, False)
        if expression is None and is_sound:
            hint = "write rml:functionExecution with a function that tells true or false"
            description.fault("the condition says nothing", statement.position, hint)
        if isinstance(expression, Call) and expression.function.returns in {Kind.INTEGER, Kind.NUMBER, Kind.DATE}:
            message = f"a condition is true or false; {_shown(expression.function)} gives"
            description.fault(f"{message} {expression.function.returns}", statement.position)
        if expression is not None:
            found.append(expression)
    return tuple(found)


def _read(description: Description, node: Node, what: str, within: tuple[Node, ...]) -> tuple[Expression | None, bool]:
    found = [s for name in _EXPRESSIONS for s in description.all_of(node, name)]
    if not description.all_of(node, "functionExecution"):
        for extra in (s for name in ("return", "returnMap") for s in description.all_of(node, name)):
            description.fault("rml:return stands beside rml:functionExecution", extra.position)
    if not found:
        return None, True
    if len(found) > 1:
        hint = "write one of rml:constant, rml:reference, rml:template and rml:functionExecution"
        description.fault(f"the {what} map has more than one expression", found[1].position, hint)
        return None, False
    if found[0].predicate.value == RML + "functionExecution":
        expression: Expression | None = _Execution(description, within).read(node, found[0])
    else:
        expression = _plain(description, found[0])
    return expression, expression is not None


def _shown(function: Function) -> str:
    return f"'{function.name}'"


def _plain(description: Description, statement: Statement) -> Expression | None:
    if statement.predicate.value == RML + "constant":
        if isinstance(statement.object, NamedNode | Literal):
            return Constant(statement.object)
        description.fault("a constant is no blank node", statement.position)
        return None
    text = description.text_of(statement)
    if text is None or statement.predicate.value == RML + "reference":
        return None if text is None else Reference(text, statement.position)
    try:
        return parse_template(text, statement.position)
    except ValueError as error:
        description.fault(f"not a template: {error}", statement.position)
        return None


class _Execution:
    """Reads one use of a function."""

    def __init__(self, description: Description, within: tuple[Node, ...]) -> None:
        self._described, self._within = description, within

    def read(self, node: Node, statement: Statement) -> Call | None:
        described = self._described
        execution = described.node_of(statement)
        if execution is None:
            return None
        if execution in self._within or len(self._within) >= _DEEPEST:
            is_circle = execution in self._within
            message = "the function takes its own result" if is_circle else f"more than {_DEEPEST} functions in another"
            described.fault(message, statement.position)
            return None
        self._within = (*self._within, execution)
        if execution not in described.calls:
            described.calls[execution] = self._call(execution, statement.position)
        call = described.calls[execution]
        return call if call is not None and self._gives(node, call.function) else None

    def _call(self, execution: Node, position: Position) -> Call | None:
        function, position = self._function(execution, position)
        arguments = self._arguments(execution, function, position) if function is not None else None
        if function is None or arguments is None:
            return None
        call = Call(function, arguments, position)
        if size_of(call) > _MOST:
            self._described.fault(f"more than {_MOST} functions for one value", position)
            return None
        return call

    def _iri(self, node: Node, name: str, what: str) -> Statement | None:
        """The IRI that a node names, as it is or by a map with a constant."""
        described = self._described
        full, short = described.all_of(node, f"{name}Map"), described.all_of(node, name)
        for extra in (*short, *full)[1:]:
            described.fault(f"{what} has more than one rml:{name}", extra.position)
        if full:
            inner = described.node_of(full[0])
            constants = described.all_of(inner, "constant") if inner is not None else []
            if len(constants) != 1:
                described.fault(f"an rml:{name}Map has one rml:constant here", full[0].position, f"or write rml:{name}")
                return None
            short = constants
        if short and not isinstance(short[0].object, NamedNode):
            described.fault(f"rml:{name} takes an IRI", short[0].position)
            return None
        return short[0] if short else None

    def _function(self, execution: Node, position: Position) -> tuple[Function | None, Position]:
        described = self._described
        named = self._iri(execution, "function", "the execution")
        if named is None:
            if not described.all_of(execution, "function") and not described.all_of(execution, "functionMap"):
                described.fault(
                    "the execution has no rml:function", position, "for example rml:function grel:toUpperCase"
                )
            return None, position
        iri = str(named.object.value)
        function = described.functions.find(iri)
        if function is None:
            names = [compress(known) for known in described.functions.iris()]
            hint = _OTHER_EVERY_TIME if local_name(iri) in _CHANGING else nearest(compress(iri), names) or _LISTED
            described.fault(f"there is no function {compress(iri)}", named.position, hint)
        return function, named.position

    def _gives(self, node: Node, function: Function) -> bool:
        described = self._described
        named = self._iri(node, "return", "the map")
        if named is None or function.gives(named.object.value):
            return named is not None or not (described.all_of(node, "return") or described.all_of(node, "returnMap"))
        hint = "leave rml:return out: a function has one result"
        message = f"{_shown(function)} has no result {compress(named.object.value)}"
        described.fault(message, named.position, hint)
        return False

    def _arguments(self, execution: Node, function: Function, position: Position) -> tuple[Argument, ...] | None:
        described = self._described
        given: dict[str, list[tuple[Expression, Position]]] = {}
        is_sound = True
        for statement in described.all_of(execution, "input"):
            inner = described.node_of(statement)
            read = self._input(inner, function, given, statement.position) if inner is not None else None
            if read is None:
                is_sound = False
                continue
            parameter, expression = read
            if given.get(parameter.name) and parameter.kind is not Kind.TEXTS:
                described.fault(f"'{parameter.name}' of {_shown(function)} is given twice", statement.position)
                is_sound = False
            given.setdefault(parameter.name, []).append((expression, statement.position))
        if not is_sound:
            return None  # what is missing may be what has another name
        made: list[Argument] = []
        for parameter in function.parameters:
            argument = self._argument(function, parameter, given.get(parameter.name, []), position)
            if argument is None:
                is_sound = False
            else:
                made.append(argument)
        return tuple(made) if is_sound and self._agree(function, made, position) else None

    def _agree(self, function: Function, made: list[Argument], position: Position) -> bool:
        """Whether what is the same for every row has a meaning: a pattern, a format, a column of a table."""
        if function.check is None:
            return True
        given = {p.name: a.value for p, a in zip(function.parameters, made, strict=True) if not a.expressions}
        try:
            function.check(given)
        except Refused as refused:
            self._described.fault(f"{_shown(function)}: {refused}", position, refused.hint)
            return False
        return True

    def _input(
        self, node: Node, function: Function, given: Collection[str], position: Position
    ) -> tuple[Parameter, Expression] | None:
        described = self._described
        named = self._iri(node, "parameter", "the input")
        if named is None:
            if not described.all_of(node, "parameter") and not described.all_of(node, "parameterMap"):
                described.fault("the input has no rml:parameter", position)
            return None
        parameter = function.parameter(named.object.value, given)
        if parameter is None:
            names = [compress(iri) for one in function.parameters for iri in one.iris]
            known = [one.name for one in function.parameters]
            hint = nearest(compress(named.object.value), [*names, *(f"fn:{name}" for name in known)])
            told = compress(named.object.value)
            told_known = f"it takes {', '.join(known)}" if known else "it takes nothing"
            described.fault(f"{_shown(function)} has no parameter {told}", named.position, hint or told_known)
            return None
        expression = self._value(node, position)
        return None if expression is None else (parameter, expression)

    def _value(self, node: Node, position: Position) -> Expression | None:
        described = self._described
        maps, shortcuts = described.all_of(node, "inputValueMap"), described.all_of(node, "inputValue")
        if len(maps) + len(shortcuts) != 1:
            described.fault("an input has one rml:inputValueMap or rml:inputValue", position)
            return None
        if shortcuts:
            value = shortcuts[0].object
            if isinstance(value, NamedNode | Literal):
                return Constant(value)
            described.fault("a constant is no blank node: use rml:inputValueMap", shortcuts[0].position)
            return None
        inner = described.node_of(maps[0])
        if inner is None:
            return None
        for extra in (s for name in _OF_TERMS for s in described.all_of(inner, name)):
            described.fault("what a function takes is a value, no term", extra.position, "remove it")
        expression, is_sound = _read(described, inner, "input value", self._within)
        if expression is None and is_sound:
            described.fault("the rml:inputValueMap says nothing", maps[0].position)
        return expression

    def _argument(
        self, function: Function, parameter: Parameter, given: list[tuple[Expression, Position]], position: Position
    ) -> Argument | None:
        described, name = self._described, f"'{parameter.name}' of {_shown(function)}"
        if not given:
            if not parameter.is_required:
                return Argument(value=parameter.default)
            described.fault(f"{name} is not given", position, f"it takes {parameter.kind}")
            return None
        constants = [(e, place) for e, place in given if isinstance(e, Constant)]
        if len(constants) < len(given):
            fitting = [self._fits(parameter, name, expression, place) for expression, place in given]
            return Argument(tuple(expression for expression, _ in given)) if all(fitting) else None
        try:
            return Argument(value=self._fixed(parameter, constants))
        except (Refused, ValueError) as error:
            described.fault(f"{name}: {error}", constants[0][1], getattr(error, "hint", None))
            return None

    def _fits(self, parameter: Parameter, name: str, expression: Expression, position: Position) -> bool:
        if parameter.kind is Kind.TABLE:
            self._described.fault(f"{name} is the name of a file, the same for every row", position)
            return False
        gives = expression.function.returns if isinstance(expression, Call) else Kind.TEXT
        allowed = _BECOMES.get(gives)
        if allowed is not None and parameter.kind not in {*allowed, Kind.TEXT, Kind.TEXTS, Kind.ANY}:
            self._described.fault(f"{name} takes {parameter.kind}, not {gives}", position)
            return False
        return True

    def _fixed(self, parameter: Parameter, constants: list[tuple[Any, Position]]) -> Any:
        """The value of constants, which is the same for every row.

        :raises ValueError: if it is none of the kind that is wanted
        """
        values = [constant.term.value for constant, _ in constants]
        if parameter.kind is Kind.TEXTS:
            return tuple(values)
        if parameter.kind is Kind.TABLE:
            return self._table(values[0], constants[0][1])
        return as_kind(values[0], parameter.kind)

    def _table(self, name: str, position: Position) -> object:
        from kg.rml.functions.tables import read_table

        path = confined(self._described, Root.of_mapping(Path(self._described.name)), name, position)
        if path is None:
            raise ValueError("no table to look into")
        return read_table(name, path)


def size_of(expression: Expression) -> int:
    """How many functions an expression has, each as often as it is used.

    Called from the innermost outwards, it stops early: what is used is small already.
    """
    if not isinstance(expression, Call):
        return 0
    return 1 + sum(size_of(inner) for inner in expression.inner())
