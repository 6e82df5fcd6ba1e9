"""Term maps of a mapping, read and checked (RML-Core, term maps)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.errors import Position, nearest
from kg.rdf.grammar import SCHEME, is_iri, is_lexical
from kg.rml.compile.reading.expressions import read_conditions, read_expression
from kg.rml.compile.reading.gather_maps import Read, is_gather, read_gather
from kg.rml.mapping.description import RML, Description, Node
from kg.rml.mapping.model import Call, Constant, Expression, Reference, Template, TermMap, TermType
from kg.rml.mapping.statements import Statement
from kg.rml.targets.reading import read_targets
from kg.terms import is_language

_CODE: Final = 3
"""Letters of the longest codes of languages (RFC 5646, section 2.2.1: longer ones would be registered, and none is)."""
_IRIS: Final = (TermType.IRI, TermType.URI, TermType.UNSAFE_IRI)
_MAKES: Final[Mapping[str, tuple[TermType, ...]]] = MappingProxyType(
    {
        "subject": (*_IRIS, TermType.BLANK_NODE),
        "predicate": _IRIS,
        "object": (*_IRIS, TermType.BLANK_NODE, TermType.LITERAL),
        "graph": (*_IRIS, TermType.BLANK_NODE),
        "datatype": _IRIS,
        "language": (TermType.LITERAL,),
    }
)


def read_term_maps(
    description: Description, node: Node, role: str, base: str | None, read: Read | None = None
) -> tuple[TermMap, ...]:
    """The maps of a role (subject, predicate, object, graph, datatype, language), the shortcuts included.

    :param read: what reads members, where a map may gather
    """
    found = []
    for statement in description.all_of(node, f"{role}Map"):
        inner = description.node_of(statement)
        made = read_term_map(description, inner, role, base, statement.position, read) if inner is not None else None
        if made is not None:
            found.append(made)
    for statement in description.all_of(node, role):
        made = _constant(description, statement, role, base)
        if made is not None:
            found.append(made)
    return tuple(found)


def read_term_map(  # noqa: PLR0913, PLR0917 -- what is read, and how
    description: Description,
    node: Node,
    role: str,
    base: str | None,
    position: Position,
    read: Read | None = None,
) -> TermMap | None:
    """A term map, or nothing if it makes no sense.

    :param read: what reads members, where a map may gather
    """
    expression, is_sound = read_expression(description, node, role)
    languages = read_term_maps(description, node, "language", base)
    datatypes = read_term_maps(description, node, "datatype", base)
    conditions, targets = read_conditions(description, node), read_targets(description, node, read_expression)
    if conditions and role in {"language", "datatype"}:
        description.fault(f"a {role} map has no condition", position, "write it at the object map")
        return None
    if len(languages) + len(datatypes) > 1:
        description.fault("a literal has one language or one datatype", position, "remove one of them")
        return None
    if not is_sound:
        return None
    more = next(iter(languages), None), next(iter(datatypes), None)
    if is_gather(description, node):
        made = _head(description, node, TermMap(expression, TermType.IRI, base, position, *more), role, read)
    else:
        made = _plain(description, node, TermMap(expression, TermType.IRI, base, position, *more), role)
    return None if made is None else replace(made, conditions=conditions, targets=targets)


def _plain(description: Description, node: Node, written: TermMap, role: str) -> TermMap | None:
    """A term map that gathers nothing, with its type."""
    expression, position = written.expression, written.position
    given = _given_type(description, node)
    if isinstance(expression, Constant):
        if given is not None:
            _check_constant_type(description, expression, given, position)
        qualified = _qualified(description, expression, written)
        return None if qualified is None else _checked_constant(description, qualified, role, written.base, position)
    has_more = bool(written.language or written.datatype)
    made = replace(written, term_type=given or _default_type(role, expression, has_more=has_more))
    return made if _is_sound(description, made, role) else None


def _qualified(description: Description, constant: Constant, written: TermMap) -> Constant | None:
    """A constant with the language or the datatype that its map says."""
    term, more = constant.term, written.language or written.datatype
    if more is None:
        return constant
    if not isinstance(term, Literal):
        description.fault("only literals have a language or a datatype", written.position)
        return None
    if not isinstance(more.expression, Constant):
        message = "a constant takes no language or datatype from the data"
        description.fault(message, written.position, "write a template or a reference")
        return None
    said = more.expression.term
    if more is written.language:
        made = Literal(term.value, language=said.value)
    else:
        made = Literal(term.value, datatype=NamedNode(said.value))
    if term != Literal(term.value) and term != made:
        description.fault(f"the constant is {term}, and its map says otherwise", written.position, "remove one of them")
        return None
    return Constant(made)


def _head(description: Description, node: Node, written: TermMap, role: str, read: Read | None) -> TermMap | None:
    """A gather map: the head of a collection or a container is an IRI, or a blank node."""
    gather = read_gather(description, node, written, read)
    if gather is None:
        return None
    default = TermType.BLANK_NODE if written.expression is None else TermType.IRI
    made = replace(written, term_type=_given_type(description, node) or default, gather=gather)
    if made.term_type is TermType.LITERAL:
        description.fault("a literal is no head of a collection", written.position, "write rml:termType rml:IRI")
        return None
    if isinstance(made.expression, Constant):
        if _checked_constant(description, made.expression, "subject", written.base, written.position) is None:
            return None
        return made
    if made.expression is None and made.term_type is not TermType.BLANK_NODE:
        description.fault("a collection without a name is a blank node", written.position, "write rml:template")
        return None
    return made if _is_sound(description, made, role) else None


def _is_sound(description: Description, made: TermMap, role: str) -> bool:
    """Whether the type of a term map fits its role and what it says."""
    term_type, position = made.term_type, made.position
    if term_type not in _MAKES[role]:
        allowed = ", ".join(f"rml:{kind}" for kind in _MAKES[role])
        description.fault(f"a {role} map makes no rml:{term_type}", position, f"possible: {allowed}")
    elif made.expression is None and term_type is not TermType.BLANK_NODE:
        description.fault(f"the {role} map says nothing", position, "write rml:reference, rml:template or rml:constant")
    elif (made.language or made.datatype) and term_type is not TermType.LITERAL:
        description.fault("only literals have a language or a datatype", position)
    else:
        _check_template(description, made)
        return True
    return False


def _given_type(description: Description, node: Node) -> TermType | None:
    statement = description.optional(node, "termType", "a term map")
    if statement is None:
        return None
    name = statement.object.value.removeprefix(RML)
    if not isinstance(statement.object, NamedNode) or name not in {str(kind) for kind in TermType}:
        known = [str(kind) for kind in TermType]
        hint = nearest(name, known) or f"known: {', '.join(f'rml:{kind}' for kind in known)}"
        description.fault(f"there is no term type {name}", statement.position, hint)
        return None
    return TermType(name)


def _default_type(role: str, expression: Expression | None, *, has_more: bool) -> TermType:
    if role == "language" or (role == "object" and (isinstance(expression, Reference | Call) or has_more)):
        return TermType.LITERAL
    return TermType.IRI


def _constant(description: Description, statement: Statement, role: str, base: str | None) -> TermMap | None:
    if not isinstance(statement.object, NamedNode | Literal):
        description.fault(f"rml:{role} takes an IRI or a literal; a map is linked by rml:{role}Map", statement.position)
        return None
    return _checked_constant(description, Constant(statement.object), role, base, statement.position)


def _check_constant_type(description: Description, constant: Constant, given: TermType, position: Position) -> None:
    is_literal = isinstance(constant.term, Literal)
    if is_literal is not (given is TermType.LITERAL) or given is TermType.BLANK_NODE:
        description.fault(f"the constant is no rml:{given}", position, "remove rml:termType: a constant is what it is")


def _checked_constant(
    description: Description, constant: Constant, role: str, base: str | None, position: Position
) -> TermMap | None:
    term = constant.term
    if role == "language":
        if not is_language(term.value):
            description.fault(f"'{term.value}' is no language tag", position, 'tags are written "ar", "fr", "en-GB"')
            return None
        if len(term.value.partition("-")[0]) > _CODE:
            message = f"'{term.value}' is no language tag: no language has a code of more than three letters"
            description.fault(message, position, 'tags are written "ar", "fr", "en-GB"')
            return None
        return TermMap(constant, TermType.LITERAL, base, position)
    if isinstance(term, Literal):
        if role != "object":
            description.fault(f"the constant of a {role} map is an IRI", position)
            return None
        if not is_lexical(term.value, term.datatype.value):
            description.fault(f"'{term.value}' is no <{term.datatype.value}>", position)
        return TermMap(constant, TermType.LITERAL, base, position)
    return TermMap(constant, TermType.IRI, base, position)


def _check_template(description: Description, term_map: TermMap) -> None:
    """Text of a template that can be in no IRI."""
    expression = term_map.expression
    if not isinstance(expression, Template) or term_map.term_type not in {TermType.IRI, TermType.URI}:
        return
    # A percent sign at the end of a text may be made whole by a value: that is seen with the values.
    sample = "".join(part if isinstance(part, str) else "00" for part in expression.parts)
    first = expression.parts[0] if expression.parts else ""
    begins = isinstance(first, str) and bool(SCHEME.match(first))
    base = term_map.base
    only_ascii = term_map.term_type is TermType.URI
    if is_iri(sample, ascii_only=only_ascii) or (
        base is not None and not begins and is_iri(base + sample, ascii_only=only_ascii)
    ):
        return
    if begins or not is_iri("x:" + sample, ascii_only=only_ascii):
        hint = "write characters that are not allowed as %XX, or use rml:UnsafeIRI"
        description.fault(f"the template makes no rml:{term_map.term_type}", term_map.position, hint)
    elif isinstance(first, str) and base is None and ":" not in sample:
        description.fault("the template makes relative IRIs", term_map.position, "give a base: rml:baseIRI or --base")
