"""schemes.ttl: the concept schemes, written by hand in SKOS."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import Problem
from kg.terms import expand, is_slug
from kg.vocabulary.model import Layer, Vocabulary
from kg.vocabulary.reading import Reader

_TYPE: Final = expand("rdf:type")
_CONCEPT: Final = expand("skos:Concept")
_CONCEPT_SCHEME: Final = expand("skos:ConceptScheme")
_PREFIX: Final = re.compile(r"@prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)


class Schemes(Reader):
    """schemes.ttl, with the line on which each subject begins."""

    def __init__(self, path: Path, faults: list[Problem], layer: Layer, below: Vocabulary) -> None:
        super().__init__(path, faults)
        self._home, self._languages, self._below = layer.schemes, layer.languages, below
        self._lines: Mapping[str, int] = {}
        self._values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}

    def read(self) -> dict[str, dict[str, str]]:
        """The concepts as scheme name -> concept name -> IRI, in the order of the file."""
        text = self.text()
        try:
            quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            self.fault(error.lineno or 1, f"not Turtle: {error.msg}")
            return {}
        self._lines = dict(_subject_lines(text))
        self._gather(quads)
        schemes = [iri for iri in self._values if self._types(iri) & {_CONCEPT_SCHEME}]
        concepts = [iri for iri in self._values if iri not in schemes]
        found: dict[str, dict[str, str]] = {}
        for iri in schemes:
            self._check_scheme(iri)
            found[iri.removeprefix(self._home)] = {}
        for iri in concepts:
            scheme, _, name = iri.removeprefix(self._home).partition("/")
            if self._check_concept(iri, scheme, name, found):
                found.setdefault(scheme, {})[name] = iri
        self._check_labels(schemes)
        for members in found.values():
            self._check_labels(list(members.values()))
        broader = {iri: self._iris(iri, "skos:broader")[0] for iri in concepts if self._iris(iri, "skos:broader")}
        self.check_acyclic(broader, {iri: self._line(iri) for iri in concepts})
        return found

    def _gather(self, quads: list[ox.Quad]) -> None:
        for quad in quads:
            subject, value = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
                self.fault(1, f"a blank node or triple term in {quad}", "give everything an IRI")
            else:
                values = self._values.setdefault(subject.value, defaultdict(list))
                values[quad.predicate.value].append(value)

    def _line(self, iri: str) -> int:
        return self._lines.get(iri, 1)

    def _iris(self, subject: str, predicate: str) -> list[str]:
        values = self._values[subject].get(expand(predicate), [])
        return [value.value for value in values if isinstance(value, ox.NamedNode)]

    def _types(self, subject: str) -> frozenset[str]:
        return frozenset(self._iris(subject, "rdf:type"))

    def _texts(self, subject: str, predicate: str) -> dict[str, list[str]]:
        """The literals of a property by language."""
        found: dict[str, list[str]] = defaultdict(list)
        for value in self._values[subject].get(expand(predicate), []):
            if isinstance(value, ox.Literal):
                found[value.language or ""].append(value.value)
        return found

    def _check_scheme(self, iri: str) -> None:
        name = iri.removeprefix(self._home)
        if not iri.startswith(self._home) or not is_slug(name):
            self.fault(self._line(iri), f"the IRI of a scheme is {self._home}<name>, not {iri}")
        elif name in self._below.concepts:
            self.fault(self._line(iri), f"a layer below has a scheme '{name}'", "add concepts to that one")
        self._check_words(iri)

    def _check_concept(self, iri: str, scheme: str, name: str, schemes: Mapping[str, object]) -> bool:
        """Whether the concept can be listed; its faults are noted."""
        line = self._line(iri)
        is_known = scheme in schemes or scheme in self._below.concepts
        if not iri.startswith(self._home) or not is_known or not is_slug(name):
            self.fault(line, f"the IRI of a concept is {self._home}<scheme>/<name> of a scheme of this file, not {iri}")
            return False
        if name in self._below.concepts.get(scheme, {}):
            self.fault(line, f"a layer below has a concept {scheme}/{name}", "use that one, or another name")
            return False
        # A layer may add concepts to the schemes of those below it.
        home = self._below.scheme_iri(scheme) if scheme in self._below.concepts else self._home + scheme
        if _CONCEPT not in self._types(iri):
            self.fault(line, f"{scheme}/{name} is not typed skos:Concept")
        if self._iris(iri, "skos:inScheme") != [home]:
            self.fault(line, f"{scheme}/{name} must be skos:inScheme {home} and no other")
        broader, top = self._iris(iri, "skos:broader"), self._iris(iri, "skos:topConceptOf")
        if top != ([] if broader else [home]):
            self.fault(line, f"{scheme}/{name} must be the top concept of its scheme, or have a broader one")
        if len(broader) > 1 or any(not self._is_of(b, scheme) for b in broader):
            self.fault(line, f"the broader concept of {scheme}/{name} must be one concept of the same scheme")
        self._check_words(iri)
        return True

    def _is_of(self, iri: str, scheme: str) -> bool:
        """Whether a concept is one of a scheme, of this file or of a layer below."""
        is_here = iri.startswith(f"{self._home}{scheme}/") and iri in self._values
        return is_here or iri in self._below.concepts.get(scheme, {}).values()

    def _check_words(self, iri: str) -> None:
        """One prefLabel and one definition in each language."""
        name = iri.removeprefix(self._home)
        for predicate in ("skos:prefLabel", "skos:definition"):
            texts = self._texts(iri, predicate)
            for language in self._languages:
                found = texts.pop(language, [])
                if len(found) != 1:
                    self.fault(self._line(iri), f"{name} needs one {language} {predicate}, has {len(found)}")
                for text in found:
                    self.check_text(self._line(iri), f"{language} {predicate} of {name}", text)
            for language in texts:
                self.fault(self._line(iri), f"{name} has a {predicate} in the language '{language}'")

    def _check_labels(self, subjects: list[str]) -> None:
        self.check_unique(
            (self._line(iri), self._below.compress(iri), language, text)
            for iri in subjects
            for language, texts in self._texts(iri, "skos:prefLabel").items()
            for text in texts
        )


def _subject_lines(text: str) -> Iterator[tuple[str, int]]:
    """The subjects of a Turtle text in which each one begins a line, with their lines."""
    prefixes: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if declared := _PREFIX.match(line):
            prefixes[declared[1]] = declared[2]
        elif line[:1].strip() and not line.startswith(("#", "@")):
            token = line.split()[0]
            prefix, _, local = token.partition(":")
            yield (token[1:-1] if token.startswith("<") else prefixes.get(prefix, "") + local), number
