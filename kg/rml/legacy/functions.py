"""Functions as the first vocabulary has them: triples maps without subject, whose predicates are parameters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.rml.legacy.document import Property, Term
from kg.rml.legacy.draft import Draft
from kg.rml.legacy.vocabulary import EXECUTES, FNML, OLD_RML, local_name

VALUES: Final = (FNML + "functionValue", OLD_RML + "functionValue")
"""What links a term map to its function."""
_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {"predicate": "parameter", "predicateMap": "parameterMap", "object": "inputValue", "objectMap": "inputValueMap"}
)
_EQUAL: Final = ("http://example.com/idlab/function/equal", "https://w3id.org/imec/idlab/function#equal")
_AND: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#boolean_and"
_TRUE: Final = tuple(iri.removesuffix("equal") + "trueCondition" for iri in _EQUAL)
_EXPRESSIONS: Final = ("reference", "template", "constant")


def write_function(draft: Draft, node: Term) -> None:
    """A function with its inputs."""
    for one in draft.document.about(node):
        name = local_name(one.predicate.value)
        if name in {"logicalSource", "logicalTable"}:
            draft.drop(one)
        elif name == "predicateObjectMap":
            called = [_input(draft, term) for term in one.objects]
            draft.called[one.start] = called[0]
            for comma, predicate in zip(one.commas, called[1:], strict=True):
                draft.edits.replace(comma, comma + 1, f" ; {draft.rml(predicate)} ")


def _input(draft: Draft, node: Term) -> str:
    """One predicate-object map of a function: the function itself, or one of its inputs."""
    parts = draft.named(node)
    function = _executed(draft, parts)
    if function is not None:
        draft.change(node, _iri(draft, function), "fno:executes")
        return "function"
    for name, one in parts.items():
        if name is not None and name in _CALLED:
            draft.called[one.start] = _CALLED[name]
        for term in one.objects if name == "objectMap" else ():
            _as_value(draft, term)
    return "input"


def _as_value(draft: Draft, node: Term) -> None:
    """What a function takes is a value today, and no term."""
    named = draft.named(node)
    if "termType" in named:
        draft.drop(named["termType"])


def _executed(draft: Draft, parts: dict[str | None, Property]) -> Term | None:
    predicate = draft.constant(parts, "predicate")
    if predicate is None or predicate.value not in EXECUTES:
        return None
    return draft.constant(parts, "object")


def _iri(draft: Draft, term: Term) -> str:
    return f"<{term.value}>" if term.kind == "literal" else draft.document.source(term)


def write_condition(draft: Draft, node: Term) -> None:
    """A new blank node for each row for which a test holds: yarrrml-parser writes a function that gives the node."""
    link = _function_of(draft, node)
    if link is None:
        return
    name, given = _call(draft, link.objects[0])
    is_new = [_says_nothing(draft, term) for term in given]
    tests = [term for term, says_nothing in zip(given, is_new, strict=True) if not says_nothing]
    if name not in _TRUE or is_new.count(True) != 1 or len(tests) != 1 or tests[0].value.startswith("["):
        return
    draft.called[link.start] = "condition"
    draft.edits.replace(link.objects[0].start, link.objects[0].end, draft.document.source(tests[0]))


def _says_nothing(draft: Draft, node: Term) -> bool:
    """Whether a term map makes a new blank node for each row."""
    named = draft.named(node)
    if "termType" not in named or {*_EXPRESSIONS, "functionExecution"} & {*named}:
        return False
    return local_name(named["termType"].objects[0].value) == "BlankNode"


def write_parent_term_map(draft: Draft, one: Property) -> None:
    """The term map of the other side, which a function in a join names in the place of an expression."""
    inner = draft.named(one.objects[0])
    for name in _EXPRESSIONS:
        if name in inner:
            term = inner[name].objects[0]
            text = f"{draft.rml(name)} {draft.source(term)}"
            draft.edits.replace(one.start, one.objects[0].end, text)
            draft.tell(one.predicate, draft.document.source(one.predicate), text)
            return


def write_join(draft: Draft, condition: Term) -> None:
    """A join by a function that compares: by the two expressions that it compares; by `and`, several of them."""
    link = _function_of(draft, condition)
    pairs = None if link is None else _compared(draft, link.objects[0])
    if link is None or not pairs:
        return
    texts = [
        f"{draft.rml('childMap')} {draft.document.source(child)} ; "
        f"{draft.rml('parentMap')} {draft.document.source(parent)}"
        for child, parent in pairs
    ]
    if len(texts) == 1:
        draft.edits.replace(link.start, link.objects[0].end, texts[0])
    elif condition.value.startswith("["):
        return
    else:
        draft.edits.replace(condition.start, condition.end, " , ".join(f"[ {text} ]" for text in texts))
    draft.tell(link.predicate, "a function as rml:joinCondition", "rml:childMap with rml:parentMap")


def _function_of(draft: Draft, node: Term) -> Property | None:
    return next((one for one in draft.document.about(node) if one.predicate.value in VALUES), None)


def _call(draft: Draft, function: Term) -> tuple[str, list[Term]]:
    """The name of a function, and the term maps that it takes."""
    name, given = "", []
    for one in draft.document.about(function):
        for term in one.objects if local_name(one.predicate.value) == "predicateObjectMap" else ():
            parts = draft.named(term)
            executed = _executed(draft, parts)
            if executed is not None:
                name = executed.value
            elif "objectMap" in parts:
                given.append(parts["objectMap"].objects[0])
    return name, given


def _compared(draft: Draft, function: Term) -> list[tuple[Term, Term]] | None:
    """The expressions of child and parent that must be equal for a function to tell true; none if it is another."""
    name, given = _call(draft, function)
    if name == _AND:
        inner = [_function_of(draft, term) for term in given]
        found = [None if link is None else _compared(draft, link.objects[0]) for link in inner]
        return None if None in found else [pair for pairs in found for pair in pairs or ()]
    if name not in _EQUAL or len(given) != 2 or any(term.value.startswith("[") for term in given):  # noqa: PLR2004 -- both
        return None
    child, parent = sorted(given, key=lambda term: _is_of_parent(draft, term, set()))
    return [(child, parent)]


def _is_of_parent(draft: Draft, node: Term, seen: set[tuple[str, str]]) -> bool:
    """Whether a term map takes a value of the parent, itself or within a function."""
    if node.key in seen or node.kind == "literal":
        return False
    seen.add(node.key)
    said = draft.document.about(node)
    return any(local_name(one.predicate.value) == "parentTermMap" for one in said) or any(
        _is_of_parent(draft, term, seen)
        for one in said
        if local_name(one.predicate.value) is not None
        for term in one.objects
    )
