"""Examples of queries, and the prefixes that they need, as SPARQL tools look for them at an endpoint.

An example is a `sh:SPARQLExecutable` (SHACL, section 5 and its namespace) with its question in `rdfs:comment`, the
query in `sh:select`, `sh:ask`, `sh:construct` or `sh:describe`, and the endpoint it is asked at in `schema:target`:
the form of the SIB's `sparql-examples`. A project keeps its own as Turtle in `[paths] queries`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.config import Config
from kg.description.beside import parse_query
from kg.description.terms import named, triple, typed
from kg.errors import DataError, Position, QueryError
from kg.sparql.guard import draft
from kg.terms import PREFIXES, Minter

_FORMS: Final = {"select": "Select", "ask": "Ask", "construct": "Construct", "describe": "Describe"}
_KEYWORDS: Final = "schema:keywords"


@dataclass(frozen=True, slots=True)
class Example:
    """One query, with the question that it answers."""

    name: str
    """What its IRI ends with, below `{base}query/`; or an absolute IRI."""
    form: str
    """`select`, `ask`, `construct` or `describe`."""
    text: str
    questions: Mapping[str, str]
    """By language."""
    keywords: tuple[ox.Literal, ...] = ()
    target: str = ""
    """Where it is to be asked; empty for the endpoint of the dataset."""
    position: Position | None = None
    """Where it is written, about."""

    def triples(self, base: str) -> Iterator[ox.Triple]:
        """The example in RDF, at the dataset of `base`."""
        iri = self.name if ":" in self.name else f"{base}query/{self.name}"
        yield triple(iri, "rdf:type", "sh:SPARQLExecutable")
        yield triple(iri, "rdf:type", f"sh:SPARQL{_FORMS[self.form]}Executable")
        for language, question in self.questions.items():
            yield triple(iri, "rdfs:comment", ox.Literal(question, language=language))
            yield triple(iri, "rdfs:label", ox.Literal(question, language=language))
        for word in self.keywords:
            yield triple(iri, _KEYWORDS, word)
        yield triple(iri, f"sh:{self.form}", ox.Literal(self.text))
        yield triple(iri, "sh:prefixes", ox.NamedNode(f"{base}dataset#prefixes"))
        yield triple(iri, "schema:target", ox.NamedNode(self.target or f"{base}sparql"))


def prefixes(base: str, *, has_claims: bool) -> dict[str, str]:
    """The prefixes that are declared for queries: usual ones, and those of the parts of a base that `has_claims`.

    >>> prefixes("https://example.org/kg/", has_claims=True)["id"]
    'https://example.org/kg/id/'
    """
    return {**PREFIXES, **(Minter(base).prefixes if has_claims else {})}


def declared(dataset: str, known: Mapping[str, str]) -> Iterator[ox.Triple]:
    """The prefixes as SHACL declares them (section 5.2.1)."""
    iri = f"{dataset}#prefixes"
    yield triple(iri, "rdf:type", "owl:Ontology")
    for name, namespace in known.items():
        it = f"{dataset}#prefix-{name}"
        yield triple(iri, "sh:declare", ox.NamedNode(it))
        yield triple(it, "rdf:type", "sh:PrefixDeclaration")
        yield triple(it, "sh:prefix", ox.Literal(name))
        yield triple(it, "sh:namespace", typed(namespace, "xsd:anyURI"))


def general() -> tuple[Example, ...]:
    """Examples that any data answer."""
    return (
        Example(
            "classes",
            "select",
            "SELECT ?class (COUNT(*) AS ?things) WHERE { ?thing a ?class }\nGROUP BY ?class\nORDER BY DESC(?things)",
            {
                "ar": "ما الأصناف الموجودة، وكم شيئا في كل منها؟",
                "fr": "Quelles classes y a-t-il, et combien de choses dans chacune ?",
                "en": "Which classes are there, and how many things in each?",
            },
            (ox.Literal("class"), ox.Literal("count")),
        ),
        Example(
            "properties",
            "select",
            "SELECT ?property (COUNT(*) AS ?statements) WHERE { ?thing ?property ?value }\n"
            "GROUP BY ?property\nORDER BY DESC(?statements)",
            {
                "ar": "ما الخصائص المستعملة، وكم مرة؟",
                "fr": "Quelles propriétés sont employées, et combien de fois ?",
                "en": "Which properties are used, and how often?",
            },
            (ox.Literal("property"), ox.Literal("count")),
        ),
        Example(
            "labels",
            "select",
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
            "SELECT ?thing ?class ?label WHERE {\n  ?thing a ?class ; rdfs:label ?label .\n}\nLIMIT 100",
            {
                "ar": "ما أسماء الأشياء وأصنافها؟",
                "fr": "Comment s'appellent les choses, et de quelles classes sont-elles ?",
                "en": "What are the things called, and of which classes are they?",
            },
            (ox.Literal("label"),),
        ),
    )


def example_files(config: Config) -> tuple[Path, ...]:
    """The files of a project's examples, in the order of their names; none without the folder."""
    return tuple(sorted(config.locate("queries").glob("*.ttl")))


def read_examples(config: Config) -> tuple[Example, ...]:
    """The examples of a project, each proved to be a query of its form.

    :raises DataError: naming every example that is none, with its file
    """
    found: list[Example] = []
    faults: list[DataError] = []
    for path in example_files(config):
        try:
            found += _read(path, config.name_of(path))
        except DataError as error:
            faults.append(error)
    if faults:
        raise DataError(problems=[problem for error in faults for problem in error.problems])
    return tuple(found)


def _read(path: Path, name: str) -> list[Example]:
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        triples = [quad.triple for quad in ox.parse(content, ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise DataError(f"not Turtle: {error.msg}", position=Position(name, error.lineno or 1)) from None
    text = path.read_text(encoding="utf-8")
    kinds = {named("rdf:type")}
    executable = named("sh:SPARQLExecutable")
    subjects = dict.fromkeys(t.subject for t in triples if t.predicate in kinds and t.object == executable)
    return [_example(subject, triples, Position(name, _line(text, str(subject)[1:-1]))) for subject in subjects]


def _line(text: str, iri: str) -> int:
    """About where an example begins: the first line that ends its name as it is usually written."""
    last = re.split(r"[/#]", iri)[-1]
    return next((n for n, line in enumerate(text.splitlines(), 1) if line.strip() and last in line), 1)


def _example(subject: ox.NamedNode | ox.BlankNode | ox.Triple, triples: list[ox.Triple], at: Position) -> Example:
    if not isinstance(subject, ox.NamedNode):
        raise DataError("an example is named by no IRI", position=at, hint="give it one, as in <https://…/query/name>")
    said = [(t.predicate, t.object) for t in triples if t.subject == subject]
    texts = [
        (form, value.value)
        for form in _FORMS
        for predicate, value in said
        if predicate == named(f"sh:{form}") and isinstance(value, ox.Literal)
    ]
    questions = {
        value.language or "en": value.value
        for name in ("rdfs:label", "rdfs:comment")
        for predicate, value in said
        if predicate == named(name) and isinstance(value, ox.Literal)
    }
    if len(texts) != 1 or not questions:
        what = "no question in rdfs:comment" if not questions else f"{len(texts)} queries in place of one"
        raise DataError(f"{subject.value} has {what}", position=at)
    form, query = texts[0]
    _check(subject.value, form, query, at)
    targets = [v.value for p, v in said if p == named("schema:target") and isinstance(v, ox.NamedNode)]
    words = tuple(v for p, v in said if p == named(_KEYWORDS) and isinstance(v, ox.Literal))
    return Example(subject.value, form, query.strip(), questions, words, next(iter(targets), ""), at)


def _check(iri: str, form: str, query: str, at: Position) -> None:
    """Prove that it is a query, and of the form that it is said to be.

    :raises DataError: if it is not
    """
    try:
        written = draft(query)
        if not written.has_service:  # which the engine would ask
            parse_query(query)
    except (QueryError, SyntaxError) as error:
        raise DataError(f"the query of {iri} is none: {error}", position=at) from None
    if written.form.name.lower() != form:
        raise DataError(f"{iri} holds a query of the form {written.form.name} in sh:{form}", position=at)
