"""Constraints in SPARQL and validators of components (SHACL, sections 5 and 6)."""

from __future__ import annotations

from kg.errors import ShapesError
from kg.shacl.engine import Engine, Finding, Found
from kg.shacl.graph.terms import Term, Terms
from kg.shacl.shapes.model import Ask, Select, Shape, Text
from kg.shacl.shapes.queries import THIS, filled
from kg.shacl.store import Row, shape_terms
from kg.shacl.values import Values


def select(engine: Engine, shape: Shape, constraint: Select, values: Values) -> Found:
    """A SELECT: each of its rows is a result."""
    terms = engine.data.terms
    constant = _constant(terms, shape, constraint)
    for node in values.nodes:
        for row in engine.store.rows(constraint.query, {**constant, THIS: terms.term(node)}):
            if "failure" in row and str(getattr(row["failure"], "value", "")) in {"true", "1"}:
                raise ShapesError(f"the query of the shape {shape.id} says that it failed")
            yield node, _finding(engine, shape, constraint, node, row)


def _finding(engine: Engine, shape: Shape, constraint: Select, node: int, row: Row) -> Finding:
    terms = engine.data.terms
    value = terms.spelled(row["value"]) if "value" in row else (node if shape.path is None else None)
    path = terms.spelled(row["path"]) if "path" in row else None
    texts = {name: _shown(term) for name, term in row.items()}
    texts |= {name: _shown(terms.term(terms.number(form))) for name, form in constraint.bound}
    messages = tuple(Text(filled(text.text, texts), text.language) for text in constraint.messages)
    return Finding(node, constraint.component, shape, value, path, messages or shape.messages)


def ask(engine: Engine, shape: Shape, constraint: Ask, values: Values) -> Found:
    """An ASK: a value for which it is false is a result."""
    terms = engine.data.terms
    constant = _constant(terms, shape, constraint)
    texts = {name: _shown(terms.term(terms.number(form))) for name, form in constraint.bound}
    for node, found in values.pairs():
        for value in found:
            bound = {**constant, THIS: terms.term(node), "value": terms.term(value)}
            if not engine.store.holds(constraint.query, bound):
                said = {**texts, THIS: _shown(bound[THIS]), "value": _shown(bound["value"])}
                messages = tuple(Text(filled(text.text, said), text.language) for text in constraint.messages)
                yield node, Finding(node, constraint.component, shape, value, None, messages or shape.messages)


def _constant(terms: Terms, shape: Shape, constraint: Select | Ask) -> dict[str, Term]:
    return {**shape_terms(shape.id), **{name: terms.term(terms.number(form)) for name, form in constraint.bound}}


def _shown(term: Term) -> str:
    return term.value
