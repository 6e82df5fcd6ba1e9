"""Plain Python functions, described by their own signatures: names, types, defaults."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from kg.rml.functions.tables import TableFile
from kg.rml.mapping.functions import Function, Kind, Parameter
from kg.rml.mapping.values import Typed

_KINDS: Final[Mapping[Any, Kind]] = types.MappingProxyType(
    {
        str: Kind.TEXT,
        int: Kind.INTEGER,
        Decimal: Kind.NUMBER,
        float: Kind.NUMBER,
        bool: Kind.BOOLEAN,
        date: Kind.DATE,
        datetime: Kind.DATE,
        Typed: Kind.DATE,
        object: Kind.ANY,
        Any: Kind.ANY,
        TableFile: Kind.TABLE,
    }
)
_LISTS: Final = (list, tuple, Sequence)
_ALLOWED: Final = "str, int, float, Decimal, bool, date, list[str], or one of them with None"


def described(  # noqa: PLR0913 -- names are told by name
    run: Callable[..., Any],
    name: str,
    *,
    iris: tuple[str, ...] = (),
    called: Mapping[str, tuple[str, ...]] = types.MappingProxyType({}),
    outputs: tuple[str, ...] = (),
    grows: bool = False,
    check: Callable[[Mapping[str, Any]], None] | None = None,
    column: Callable[..., list[Any]] | None = None,
    version: str = "",
) -> Function:
    """A Python function as one of mappings.

    :param called: what others call its parameters, by their names
    :raises TypeError: if a parameter, or the result, has no type, or one that no value of a mapping has
    """
    hints = get_type_hints(run)
    parameters = []
    for parameter in inspect.signature(run).parameters.values():
        if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY}:
            raise TypeError(f"the parameter '{parameter.name}' cannot be named in a mapping")
        kind, takes_absent = _kind_of(hints.get(parameter.name), f"the parameter '{parameter.name}'")
        has_default = parameter.default is not inspect.Parameter.empty
        default = parameter.default if has_default else None
        names = called.get(parameter.name, ())
        parameters.append(Parameter(parameter.name, kind, names, not has_default, default, takes_absent))
    returned = hints.get("return")
    kind, _ = _kind_of(returned, "the result")
    gives_many = kind is Kind.TEXTS
    if gives_many:
        kind = Kind.TEXT
    summary = (inspect.getdoc(run) or name).split("\n\n", maxsplit=1)[0].replace("\n", " ")
    return Function(
        name, summary, tuple(parameters), kind, run, gives_many, grows, iris, outputs, check, column, version
    )


def _kind_of(hint: Any, what: str) -> tuple[Kind, bool]:
    """The kind of an annotation, and whether it allows that there is nothing."""
    if hint is None:
        raise TypeError(f"{what} has no type: write {_ALLOWED}")
    if get_origin(hint) in {Union, types.UnionType}:
        parts = [part for part in get_args(hint) if part is not type(None)]
        if len(parts) != 1 and len({_KINDS.get(part) for part in parts}) != 1:
            raise TypeError(f"{what} has several types: write {_ALLOWED}")
        return _kind_of(parts[0], what)[0], len(parts) < len(get_args(hint))
    if get_origin(hint) in _LISTS:
        return Kind.TEXTS, False
    if hint not in _KINDS:
        raise TypeError(f"{what} is no {getattr(hint, '__name__', hint)}: write {_ALLOWED}")
    return _KINDS[hint], hint is object or hint is Any
