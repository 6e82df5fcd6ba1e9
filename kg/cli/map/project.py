"""What `kg map --init` takes from the project that a table lies in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.rml.looking import Home


def home_in(root: Path) -> Home:
    """The base of a project, its properties, and the one for names that a source gives.

    :raises KgError: if its settings or its vocabulary are not what they should be
    """
    from kg.config import read_config
    from kg.ontology.own import vocabulary_of
    from kg.rml.guesses.known import Known, Term
    from kg.rml.looking import NAMES, Home, spoken

    config = read_config(root)
    vocabulary = vocabulary_of(config)
    terms = [
        Term(
            vocabulary.compress(term.iri),
            term.iri,
            tuple(term.labels.values()),
            f"said of {_shown(vocabulary.compress, term.domain)}, its values {_shown(vocabulary.compress, term.range)}",
        )
        for term in vocabulary.properties.values()
        if not term.derived and not term.deprecated
    ]
    return Home(config.project.base, Known(terms), NAMES, language=spoken(config.project.languages))


def _shown(compress: Callable[[str], str], iri: str | None) -> str:
    return "anything" if iri is None else compress(iri)
