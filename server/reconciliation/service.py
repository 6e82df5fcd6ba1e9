"""The answers of the reconciliation service, as values: candidates, why they are some, suggestions, columns."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.folding import key
from kg.search import Narrowed, TextQueryError, read_question
from server.lookup import Label, Term, iri_ref, select
from server.reconciliation.catalogue import Catalogue, Thing, Vocable, best_label
from server.reconciliation.index import MINIMUM, Hit, NameIndex
from server.reconciliation.protocol import CANDIDATES, Extension, Question
from server.reconciliation.similarity import IDENTICAL, REORDERED
from server.reconciliation.values import agreement
from server.releases import Release

OTHER_TYPE: Final = 0.6
"""What remains of the score of a thing of another type where the type was only a wish."""
NO_CONDITION: Final = 0.6
"""What remains of the score of a thing that meets none of the conditions."""
MET: Final = 0.95
"""The agreement from which a condition counts as met."""
_ROWS: Final = 5_000
"""Values that are compared where a query gives no name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant, and why."""

    thing: Thing
    label: Label
    score: float
    """0 to 100."""
    match: bool
    """Whether it is meant beyond doubt."""
    features: tuple[tuple[str, bool | float], ...]


@dataclass(frozen=True, slots=True)
class _Option:
    """A thing under consideration: how its name fits, how far its type and its properties do."""

    number: int
    hit: Hit | None
    name: float
    type_fits: bool
    agreements: tuple[float, ...]
    identified: bool = False

    @property
    def score(self) -> float:
        score = self.name if self.type_fits else self.name * OTHER_TYPE
        if not self.agreements:
            return score
        return score * (NO_CONDITION + (1 - NO_CONDITION) * sum(self.agreements) / len(self.agreements))

    @property
    def certain(self) -> bool:
        return self.name >= REORDERED and self.type_fits and all(one >= MET for one in self.agreements)


class Service:
    """Answers from one release; only read after it was made, by any number of threads."""

    def __init__(self, release: Release, catalogue: Catalogue) -> None:
        """Index the names of the catalogue of the release."""
        self.release, self.catalogue = release, catalogue
        self._labels = [label for _, label in catalogue.names()]
        self._index = NameIndex((number, label.text) for number, label in catalogue.names())

    def candidates(self, questions: Sequence[Question], languages: Sequence[str]) -> list[tuple[Candidate, ...]]:
        """The candidates for each question, the best first; labels by the order of languages where it states none.

        :raises OperationError: if the engine fails
        """
        options = [self._options(question) for question in questions]
        wanted = {
            (self.catalogue.things[option.number].iri, condition.iri)
            for question, found in zip(questions, options, strict=True)
            for condition in question.conditions
            for option in found
        }
        values = self._values({iri for iri, _ in wanted}, {link for _, link in wanted})
        return [
            self._ranked(question, found, values, languages) for question, found in zip(questions, options, strict=True)
        ]

    def _options(self, question: Question) -> list[_Option]:
        if question.name is None:
            return self._with_value(question)
        factor = self._factor(question)
        named = self.catalogue.find(question.name.strip())
        found = [] if named is None else [_Option(named, None, IDENTICAL, factor(named) == 1.0, (), identified=True)]
        # One more than wanted tells whether the best has a namesake; conditions may raise those further down.
        size = CANDIDATES if question.conditions else question.limit + 1
        return found + [
            _Option(hit.owner, hit, hit.similarity.score, factor(hit.owner) == 1.0, ())
            for hit in self._index.search(question.name, size, factor)
            if hit.owner != named
        ]

    def _factor(self, question: Question) -> _Factor:
        return _Factor(self.catalogue, frozenset(question.types), question.strictness)

    def _ranked(
        self,
        question: Question,
        options: Iterable[_Option],
        values: Mapping[tuple[str, str], Sequence[Term]],
        languages: Sequence[str],
    ) -> tuple[Candidate, ...]:
        weighed = []
        for option in options:
            iri = self.catalogue.things[option.number].iri
            agreements = tuple(
                agreement(condition, values.get((iri, condition.iri), ()), self.catalogue)
                for condition in question.conditions
            )
            lacking = any(c.required and one < MET for c, one in zip(question.conditions, agreements, strict=True))
            unmet = question.name is None and not any(one >= MINIMUM / 100 for one in agreements)
            if not (lacking or unmet):
                weighed.append(
                    _Option(
                        option.number,
                        option.hit,
                        option.name,
                        option.type_fits,
                        agreements,
                        identified=option.identified,
                    )
                )
        weighed.sort(key=lambda option: (-option.score, not option.identified, option.number))
        certain = [option for option in weighed if option.certain]
        alone = certain[0] if certain and (len(certain) == 1 or certain[0].identified) else None
        return tuple(
            self._candidate(question, option, languages, match=option is alone) for option in weighed[: question.limit]
        )

    def _candidate(self, question: Question, option: _Option, languages: Sequence[str], *, match: bool) -> Candidate:
        thing = self.catalogue.things[option.number]
        order = languages
        if question.language:
            order = (question.language, *languages)
        elif option.hit is not None:
            order = (self._labels[option.hit.name].language, *languages)
        label = best_label(thing.labels or thing.others, order, self.catalogue.identifier(thing.iri))
        return Candidate(thing, label, round(option.score, 2), match, tuple(_features(question, option)))

    def _with_value(self, question: Question) -> list[_Option]:
        """Things whose value of the first property agrees best; the other properties are weighed afterwards."""
        condition, factor = question.conditions[0], self._factor(question)
        stated = self._stated("?s", _iri_ref(condition.iri), "?o")
        rows = select(self.release.engine, f"SELECT DISTINCT ?s ?o WHERE {{ {stated} }} LIMIT {_ROWS}")
        degrees: dict[Term, float] = {}
        best: dict[int, float] = {}
        for row in rows:
            number, term = self.catalogue.numbers.get(row["s"].value), row["o"]
            if number is not None and factor(number) > 0:
                if term not in degrees:
                    degrees[term] = agreement(condition, (term,), self.catalogue)
                best[number] = max(best.get(number, 0.0), degrees[term])
        chosen = heapq.nsmallest(CANDIDATES, best, key=lambda number: (-best[number], number))
        return [_Option(number, None, IDENTICAL, factor(number) == 1.0, ()) for number in chosen]

    def _values(self, iris: Iterable[str], links: Iterable[str]) -> Mapping[tuple[str, str], Sequence[Term]]:
        """The values of properties of things, by both; a value that is stated twice comes once."""
        subjects = " ".join(map(iri_ref, sorted(iris)))
        properties = " ".join(_iri_ref(link) for link in sorted(links))
        if not subjects or not properties:
            return {}
        found: dict[tuple[str, str], list[Term]] = {}
        for row in select(
            self.release.engine,
            f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {subjects} }} VALUES ?p {{ {properties} }}"
            f" {self._stated('?s', '?p', '?o')} }}",
            "s",
            "p",
            "o",
        ):
            found.setdefault((row["s"].value, row["p"].value), []).append(row["o"])
        return found

    def _stated(self, subject: str, link: str, value: str) -> str:
        triple, base = f"{subject} {link} {value}", self.catalogue.base
        graphs = " UNION ".join(f"{{ GRAPH <{base}graph/{name}> {{ {triple} }} }}" for name in ("entities", "ontology"))
        return f"{{ {{ {triple} }} UNION {graphs} }}"

    def suggest(self, prefix: str, limit: int, skip: int, languages: Sequence[str]) -> list[tuple[Thing, Label]]:
        """Things that a name half typed may mean, names with slips of the pen, and names with other forms of its words.

        :raises DeadlineExceeded: if the index of the texts takes too long
        :raises ReleaseError: if it cannot be read
        """
        named = self.catalogue.find(prefix.strip())
        numbers = [] if named is None else [named]
        wanted = limit + skip
        numbers += self._index.complete(prefix, wanted)
        if len(numbers) < wanted and key(prefix).strip():
            numbers += [hit.owner for hit in self._index.search(prefix, min(wanted, CANDIDATES))]
        if len(set(numbers)) < wanted:
            numbers += self._named(prefix, wanted)
        things = [self.catalogue.things[number] for number in dict.fromkeys(numbers)][skip : skip + limit]
        return [
            (thing, best_label(thing.labels or thing.others, languages, self.catalogue.identifier(thing.iri)))
            for thing in things
        ]

    def _named(self, text: str, limit: int) -> list[int]:
        """Things whose names have all the words, in any form that the index of the texts knows them by."""
        index = self.release.index
        if index is None:
            return []
        try:
            question = read_question(text)
        except TextQueryError:
            return []  # signs and letters that are no words
        found = index.find(question, limit, Narrowed(names=True))
        return [self.catalogue.numbers[hit.thing] for hit in found.hits if hit.thing in self.catalogue.numbers]

    def facts(self, thing: Thing) -> list[tuple[str, Term]]:
        """What the release states of a thing, names and types apart: the property and the value.

        :raises OperationError: if the engine fails
        """
        apart = {label.text for label in (*thing.labels, *thing.others)} | set(thing.types)
        stated = self._stated(iri_ref(thing.iri), "?p", "?o")
        rows = select(self.release.engine, f"SELECT DISTINCT ?p ?o WHERE {{ {stated} }}", "p", "o")
        return [(row["p"].value, row["o"]) for row in rows if row["o"].value not in apart]

    def extend(self, extension: Extension) -> dict[str, tuple[tuple[Term, ...], ...]]:
        """For each identifier, the values of each column.

        :raises OperationError: if the engine fails
        """
        numbers = {identifier: self.catalogue.find(identifier) for identifier in extension.identifiers}
        iris = {name: self.catalogue.things[n].iri for name, n in numbers.items() if n is not None}
        values = self._values(iris.values(), (column.iri for column in extension.columns))
        return {
            identifier: tuple(
                tuple(
                    term
                    for term in values.get((iris.get(identifier, ""), column.iri), ())
                    if column.language is None or not term.language or term.language.lower() == column.language
                )
                for column in extension.columns
            )
            for identifier in extension.identifiers
        }


def suggest_vocables(
    vocables: Iterable[Vocable], prefix: str, limit: int, skip: int, languages: Sequence[str]
) -> list[tuple[Vocable, Label]]:
    """Classes or properties whose label or identifier begins like `prefix`, then those with such a word in it."""
    asked = key(prefix) if prefix.strip() else ""
    ranked = []
    for place, vocable in enumerate(vocables):
        spoken = [key(label.text) for label in vocable.labels] + [key(vocable.identifier), vocable.identifier.lower()]
        if vocable.iri == prefix.strip() or any(name.startswith((asked, prefix.strip().lower())) for name in spoken):
            ranked.append((0, place, vocable))
        elif any(f" {asked}" in name for name in spoken):
            ranked.append((1, place, vocable))
    ranked.sort(key=lambda item: item[:2])
    chosen = [vocable for _, _, vocable in ranked][skip : skip + limit]
    return [(vocable, best_label(vocable.labels, languages, vocable.identifier)) for vocable in chosen]


@dataclass(frozen=True, slots=True)
class _Factor:
    """What a thing's type leaves of its score: all, a part where the type is only a wish, or nothing."""

    catalogue: Catalogue
    types: frozenset[str]
    strictness: str

    def __call__(self, number: int) -> float:
        if not self.types:
            return 1.0
        kinds = self.catalogue.kinds(number)
        if self.strictness == "all":
            return float(self.types <= kinds)
        if self.types & kinds:
            return 1.0
        return OTHER_TYPE if self.strictness == "should" else 0.0


def _features(question: Question, option: _Option) -> Iterable[tuple[str, bool | float]]:
    if option.identified:
        yield "identifier", True
    if option.hit is not None:
        found = option.hit.similarity
        yield "name", round(option.name, 2)
        yield "name_identical", found.identical
        yield "name_folded", found.folded
        yield "name_without_articles", found.bare
        yield "name_reordered", found.reordered
        yield "name_acronym", found.acronym
        yield "name_trigrams", round(100 * found.trigrams, 2)
    if question.types:
        yield "type", option.type_fits
    for place, (condition, one) in enumerate(zip(question.conditions, option.agreements, strict=True)):
        again = sum(before.identifier == condition.identifier for before in question.conditions[:place])
        yield f"property:{condition.identifier}" + (f"#{again + 1}" if again else ""), round(100 * one, 2)


def _iri_ref(iri: str) -> str:
    """A property as SPARQL writes it; one that is no IRI is none that anything has."""
    try:
        return iri_ref(iri)
    except ValueError:
        return "<urn:x-none>"
