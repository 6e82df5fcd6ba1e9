"""What the oracle computes with: the terms of the tree, and errors that are part of the language."""

from __future__ import annotations

from typing import TypeAlias

from kg.sparql.language.syntax import BlankNode, Iri, Literal, TripleTerm

XSD = "http://www.w3.org/2001/XMLSchema#"
STRING = XSD + "string"
BOOLEAN = XSD + "boolean"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
DIR_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString"

Term: TypeAlias = Iri | BlankNode | Literal | TripleTerm
Row: TypeAlias = dict[str, Term]
"""A solution mapping: the names of its variables, and what each stands for."""
Triple: TypeAlias = tuple[Term, Term, Term]


class Wrong(Exception):
    """An error of an expression, as section 17.2 has them: a filter fails, a variable stays unbound."""


class Undetermined(Exception):
    """The standard leaves open what comes: there is nothing to compare an answer with."""


def string(text: str) -> Literal:
    return Literal(text, STRING)


def boolean(flag: bool) -> Literal:
    return Literal("true" if flag else "false", BOOLEAN)


def is_stringy(term: object) -> bool:
    """Whether a term is a string literal of section 17.4.3: simple, xsd:string, or with a language."""
    return isinstance(term, Literal) and (term.datatype == STRING or term.language is not None)


def like(model: Literal, text: str) -> Literal:
    """A string of the same kind as another: what most functions on strings return (section 17.4.3)."""
    return Literal(text, model.datatype, model.language, model.direction)
