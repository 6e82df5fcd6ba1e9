"""Constraints in SPARQL and validators of components (SHACL, sections 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import ShapesError
from kg.shacl.engine import Engine, Finding, Found
from kg.shacl.graph.terms import Term, Terms, form
from kg.shacl.shapes.model import Ask, Select, Shape, Text
from kg.shacl.shapes.references import shown_id
from kg.shacl.shapes.sparql.queries import THIS, filled
from kg.shacl.sparql.store import Asked, Row, shape_terms
from kg.shacl.values import Values

_FEW: Final = 20
"""Focus nodes for which it does not pay to ask for all."""


def select(engine: Engine, shape: Shape, constraint: Select, values: Values) -> Found:
    """A SELECT: each of its rows is a result."""
    for node, row in _rows(engine, shape, constraint, values.nodes):
        if "failure" in row and str(getattr(row["failure"], "value", "")) in {"true", "1"}:
            raise ShapesError(
                f"the query of the shape {shown_id(shape.id)} says that it failed", position=constraint.query.position
            )
        yield node, _finding(engine, shape, constraint, node, row)


def _rows(engine: Engine, shape: Shape, constraint: Select, nodes: Sequence[int]) -> Iterator[tuple[int, Row]]:
    """The rows of a query for each focus node; of a plain one for many nodes at once."""
    terms, forms, query = engine.data.terms, engine.data.terms.forms, constraint.query
    asked = Asked(query, f"the shape {shown_id(shape.id)}", _constant(terms, shape, constraint))
    # The store keeps values of literals, not their spellings: one that is a focus node is asked for by itself.
    is_together = query.is_free and len(nodes) > _FEW
    one_by_one = [node for node in nodes if forms[node].startswith(b'"')] if is_together else nodes
    if len(one_by_one) < len(nodes):
        wanted = set(nodes)
        for rows in engine.store.answers(asked):
            for row in rows:
                node = terms.of(row[THIS])
                if node in wanted:
                    yield node, row
    apart = replace(asked, names=(THIS,), bindings=[(terms.term(node),) for node in one_by_one])
    for node, rows in zip(one_by_one, engine.store.answers(apart), strict=True):
        yield from ((node, row) for row in rows)


def _finding(engine: Engine, shape: Shape, constraint: Select, node: int, row: Row) -> Finding:
    terms = engine.data.terms
    value = terms.spelled(row["value"]) if "value" in row else (node if shape.path is None else None)
    path = terms.of(row["path"]) if isinstance(row.get("path"), NamedNode) else None  # SHACL, section 5.3.2
    texts = {name: _shown(term) for name, term in row.items()}
    texts |= {name: _shown(terms.term(terms.number(form))) for name, form in constraint.bound}
    said = row.get("message")
    if isinstance(said, Literal):  # what a query says itself comes first (SHACL, section 5.3.2)
        return Finding(node, constraint.component, shape, value, path, (Text(said.value, said.language),))
    messages = tuple(Text(filled(text.text, texts), text.language) for text in constraint.messages)
    return Finding(node, constraint.component, shape, value, path, messages or shape.messages)


def ask(engine: Engine, shape: Shape, constraint: Ask, values: Values) -> Found:
    """An ASK: a value for which it is false is a result."""
    terms = engine.data.terms
    pairs = [(node, value) for node, found in values.pairs() for value in found]
    bindings = [(terms.term(node), terms.term(value)) for node, value in pairs]
    constant = _constant(terms, shape, constraint)
    asked = Asked(
        constraint.query, f"the shape {shown_id(shape.id)}", constant, (THIS, "value"), bindings, is_first_enough=True
    )
    texts = {name: _shown(terms.term(terms.number(form))) for name, form in constraint.bound}
    for (node, value), bound, rows in zip(pairs, bindings, engine.store.answers(asked), strict=True):
        if not rows:
            said = {**texts, THIS: _shown(bound[0]), "value": _shown(bound[1])}
            messages = tuple(Text(filled(text.text, said), text.language) for text in constraint.messages)
            yield node, Finding(node, constraint.component, shape, value, None, messages or shape.messages)


def _constant(terms: Terms, shape: Shape, constraint: Select | Ask) -> dict[str, Term]:
    return {**shape_terms(shape.id), **{name: terms.term(terms.number(form)) for name, form in constraint.bound}}


def _shown(term: Term) -> str:
    return form(term).decode() if isinstance(term, Triple) else term.value
