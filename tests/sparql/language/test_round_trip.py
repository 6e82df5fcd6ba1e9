"""A tree is written as a text that is read as the same tree."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sparql.query_trees import Trees

from kg.sparql.language import parse, write
from kg.sparql.language.syntax import (
    Aggregate,
    Ask,
    BlankNode,
    BuiltIn,
    Filter,
    Group,
    InlineData,
    Iri,
    Literal,
    Query,
    Repeated,
    Select,
    Sequence,
    Times,
    TriplePattern,
    Triples,
    Unary,
    Union,
    Variable,
)


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_a_tree_is_read_as_it_was_written(chance: random.Random) -> None:
    tree = Trees(chance).query()
    text = write(tree)
    assert parse(text) == tree, text


def test_thousands_of_trees() -> None:
    """The same, many times: what hypothesis finds it makes small, this finds what is rare."""
    for seed in range(3_000):
        tree = Trees(random.Random(seed)).query()
        text = write(tree)
        assert parse(text) == tree, text


def asking(*elements: object) -> Query:
    return Query(Ask(Group(elements)))  # type: ignore[arg-type]


X, P = Variable("x"), Iri("http://e/p")


@pytest.mark.parametrize(
    "tree",
    [
        asking(Triples((TriplePattern(X, Iri("http://e/ p"), X),))),
        asking(Triples((TriplePattern(X, Iri("http://e/>p"), X),))),
        asking(Triples((TriplePattern(X, Iri("http://e/\\u003E"), X),))),
        asking(Triples((TriplePattern(Variable("x y"), P, X),))),
        asking(Triples((TriplePattern(Variable(""), P, X),))),
        asking(Triples((TriplePattern(BlankNode("a}"), P, X),))),
        asking(Triples((TriplePattern(X, P, Literal("a", "http://e/", "ar")),))),
        asking(Triples((TriplePattern(X, P, Literal("a", "> SERVICE <")),))),
        asking(Triples((TriplePattern(X, Repeated(X, Times.ONE_OR_MORE), X),))),
        asking(Triples((TriplePattern(X, Sequence((P,)), X),))),
        asking(Filter(Unary("~", X))),
        asking(Filter(BuiltIn("DROP", ()))),
        asking(Filter(Aggregate("SUM", None))),
        asking(Filter(Aggregate("SUM", X, separator=","))),
        asking(InlineData((X,), ((P, P),))),
        asking(Union((Group(()),))),
        asking(Select(None, Group(())), Filter(X)),
        Query(Select((), Group(()))),
        Query(Ask(Group(())), prefixes=(("a b", "http://e/"),)),
        Query(Ask(Group(())), prefixes=(("a", "http://e/> SERVICE <"),)),
    ],
    ids=repr,
)
def test_what_no_text_means_is_not_written(tree: Query) -> None:
    """Above all nothing is let in through a name: a tree may be made of what stands in data."""
    with pytest.raises(ValueError, match=r"no |a |rows"):
        write(tree)
