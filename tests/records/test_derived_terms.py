"""Derived properties are written by nobody: a claim and a row that have one are refused, with what to write instead."""

from __future__ import annotations

import pytest

from kg.ontology import core
from kg.paths import data_dir
from kg.vocabulary import Vocabulary, read_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(data_dir("ontology"))


def test_the_ontology_calls_them_derived(vocabulary: Vocabulary) -> None:
    derived = {name for name, term in vocabulary.properties.items() if term.derived}
    assert derived == {
        "about", "address", "date", "place", "published", "publisher", "quote", "quoteEnd", "quoteStart", "topic",
    }  # fmt: skip
    text = core(vocabulary, vocabulary.layers[0])
    assert all(f"zel:{name} a owl:" in text for name in derived)
    assert text.count("zel:DerivedProperty ;") == len(derived)
