"""REPLACE with the replacements of fn:replace, which the engine takes for those of its own library."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from kg.errors import Problem
from kg.sparql.language.syntax import Binary, BuiltIn, Call, Expression, Iri, Literal, Query
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions import names
from kg.sparql.repair.functions.replacements import groups_of, replaced
from kg.sparql.repair.kinds import XSD
from kg.sparql.repair.proof import Proof
from kg.sparql.repair.values.scopes import Of, Scoped, is_small, parts_mapped

_ZERO, _ONE = (Literal(digit, XSD + "integer") for digit in "01")
_STRING: Final = XSD + "string"


def replacements(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    r"""A query whose REPLACE reads `\$`, `\\` and `$1` as the standard does."""
    return Scoped(Proof(context.kinds), _Replacing()).query(query), ()


class _Replacing:
    def __call__(self, expression: Expression, of: Of, *, condition: bool) -> Expression:
        del condition
        made = parts_mapped(expression, lambda part: self(part, of, condition=False))
        match made:
            case BuiltIn("REPLACE", (text, pattern, into, *flags)):
                found = _verbatim(into) if _is_verbatim(tuple(flags)) else _respelt(pattern, into)
                return _unless_empty(replace(made, arguments=(text, pattern, found, *flags)))
        return made


def _unless_empty(made: BuiltIn) -> Expression:
    """An error where the pattern matches the empty text (err:FORX0003)."""
    _, pattern, _, *flags = made.arguments
    if (isinstance(pattern, Literal) and _PLAIN.fullmatch(pattern.lexical)) or not is_small(pattern):
        return made
    is_empty = BuiltIn("REGEX", (Literal("", _STRING), pattern, *flags))
    return BuiltIn("IF", (is_empty, Binary("/", _ONE, _ZERO), made))


_PLAIN: Final = re.compile(r"[^\\^$.|?*+(){}\[\]]*[^\\^$.|?*+(){}\[\]\s][^\\^$.|?*+(){}\[\]]*")
"""A pattern of characters that stand for themselves, and not of white space alone, which a flag leaves out."""


def _is_verbatim(flags: tuple[Expression, ...]) -> bool:
    """Whether the flag `q` is set: then a replacement is what it is (XPath 3.0 functions, 5.6.2)."""
    return any(isinstance(flag, Literal) and "q" in flag.lexical for flag in flags)


def _verbatim(into: Expression) -> Expression:
    """A replacement that the engine reads as it is; to it a dollar is written as two."""
    if isinstance(into, Literal):
        return replace(into, lexical=into.lexical.replace("$", "$$"))
    return BuiltIn("REPLACE", (into, Literal(r"\$", _STRING), Literal("$$$$", _STRING)))


def _respelt(pattern: Expression, into: Expression) -> Expression:
    if isinstance(into, Literal) and (into.datatype != _STRING or not {*into.lexical} & {"\\", "$"}):
        return into
    if isinstance(into, Literal) and isinstance(pattern, Literal):
        found = replaced(into.lexical, groups_of(pattern.lexical))
        if found is not None:
            return replace(into, lexical=found)
    return Call(Iri(names.REPLACEMENT), (into, pattern)) if is_small(pattern) else into
