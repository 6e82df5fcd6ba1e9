"""Data shaped like a graph of agreements, targets, claims and their sources, with faults that are counted.

Every thing is a function of its number and of a seed, so the same size gives the same bytes. One thing in some
seventy has a fault, the kinds of fault taking turns; what a fault makes of the shapes of `shapes.ttl` is the truth that
engines are held against.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

BASE: Final = "https://bench.example/"
ONT: Final = BASE + "ont#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
LABEL: Final = f"{RDFS}label"
TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DERIVED: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
KINDS: Final = ("Ministry", "Company", "University", "Agency", "Bank")
EACH: Final = 105
"""Triples for each agreement, with all that stands around it."""
FAULTY_ONE_IN: Final = 20
Violation = tuple[str, str, str]
"""Focus node, path (empty where there is none), and the local name of the component."""
Facts = list[tuple[str, str]]


class World:
    """A generated graph: `write` gives its lines, and fills `truth` meanwhile."""

    def __init__(self, agreements: int, seed: int = 7) -> None:
        self.truth: set[Violation] = set()
        self.random = random.Random(seed)
        self.agreements = size = agreements
        self.sources, self.places, self.organisations = size // 4 + 2, size // 8 + 2, size // 2 + 10
        self.persons, self.programmes, self.indicators = size // 2 + 2, size // 5 + 2, size // 8 + 2
        self.events, self.targets, self.lines, self.claims = size, 2 * size, 2 * size, 6 * size
        self._turn: dict[str, Iterator[str]] = {}
        self._made: dict[str, int] = {}

    def write(self) -> Iterator[str]:
        """All lines, as N-Triples."""
        for kind in KINDS:
            yield f"<{ONT}{kind}> <{RDFS}subClassOf> <{ONT}Organisation> .\n"
        for count, make in self._makers():
            for number in range(count):
                yield from make(number)

    def _makers(self) -> Iterable[tuple[int, Callable[[int], Iterator[str]]]]:
        return (
            (self.sources, self._source), (self.places, self._place), (self.indicators, self._indicator),
            (self.organisations, self._organisation), (self.persons, self._person),
            (self.programmes, self._programme), (self.agreements, self._agreement), (self.targets, self._target),
            (self.events, self._event), (self.lines, self._line), (self.claims, self._claim),
        )  # fmt: skip

    def _fault(self, kind: str, *faults: str) -> str:
        """The fault that the next thing of a kind has, mostly none; the first things of a kind are sound."""
        made = self._made[kind] = self._made.get(kind, -1) + 1
        if made % FAULTY_ONE_IN != FAULTY_ONE_IN - 1:
            return ""
        return next(self._turn.setdefault(kind, cycle(faults)))

    def _wrong(self, focus: str, path: str, component: str) -> None:
        self.truth.add((focus, path, component))

    def _sound(self, kind: str, count: int, of: int = 1) -> str:
        """Some sound thing among the first `count`; with `of`, one of every so many."""
        number = self.random.randrange(count) // of * of
        while number % FAULTY_ONE_IN == FAULTY_ONE_IN - 1:
            number = self.random.randrange(count) // of * of
        return iri(kind, number)

    def _labels(self, name: str, number: int) -> Facts:
        return [
            (LABEL, f'"{name} no. {number}"@en'),
            (LABEL, f'"{name} n° {number}"@fr'),
            (LABEL, f'"رقم {number}"@ar'),
        ]

    def _derived(self) -> tuple[str, str]:
        return DERIVED, f"<{self._sound('source', self.sources)}>"

    def _source(self, number: int) -> Iterator[str]:
        me, fault = iri("source", number), self._fault("source", "literal", "ftp", "date")
        url, published = f"<https://press.example/{number}>", day(number)
        if fault == "literal":
            url = f'"https://press.example/{number}"'
            self._wrong(me, f"{ONT}url", "NodeKind")
        elif fault == "ftp":
            url = f"<ftp://press.example/{number}>"
            self._wrong(me, f"{ONT}url", "Pattern")
        elif fault:
            published = f'"in {1990 + number % 30}"'
            self._wrong(me, f"{ONT}published", "Datatype")
        facts = [(f"{ONT}url", url), (f"{ONT}published", published), *self._labels("Source", number)]
        yield from lines(me, "Source", facts)

    def _place(self, number: int) -> Iterator[str]:
        me, fault = iri("place", number), self._fault("place", "latitude", "within", "twice")
        latitude, within = decimal(f"{number % 90}.5"), f"<{iri('place', number // 10)}>"
        facts = self._labels("Place", number)
        if fault == "latitude":
            latitude = decimal(f"{91 + number % 50}.0")
            self._wrong(me, f"{ONT}latitude", "MaxInclusive")
        elif fault == "within":
            within = '"the region"'
            self._wrong(me, f"{ONT}within", "NodeKind")
        elif fault:
            facts.append((f"{ONT}latitude", decimal("1.25")))
            self._wrong(me, f"{ONT}latitude", "MaxCount")
        yield from lines(me, "Place", [(f"{ONT}latitude", latitude), (f"{ONT}within", within), *facts])

    def _indicator(self, number: int) -> Iterator[str]:
        me, unit = iri("indicator", number), ("MW", "km", "percent", "jobs")[number % 4]
        if self._fault("indicator", "unit"):
            unit = "mw"
            self._wrong(me, f"{ONT}unit", "In")
        yield from lines(me, "Indicator", [(f"{ONT}unit", f'"{unit}"'), *self._labels("Indicator", number)])

    def _organisation(self, number: int) -> Iterator[str]:
        me, kind = iri("organisation", number), KINDS[number % len(KINDS)]
        faults = ("label", "language", "twice", "short", "places", "class", "status", "plain")
        labels, place = self._labels(kind, number), f"<{self._sound('place', self.places)}>"
        status, more = '"active"', [] if number % 3 else [(f"{ONT}parent", f"<{self._ministry()}>")]
        match self._fault("organisation", *faults):
            case "label":
                labels = []
                self._wrong(me, LABEL, "MinCount")
            case "language":
                labels.append((LABEL, '"Behörde"@de'))
                self._wrong(me, LABEL, "LanguageIn")
            case "plain":
                labels.append((LABEL, f'"{kind} {number}"'))
                self._wrong(me, LABEL, "LanguageIn")
            case "twice":
                labels.append((LABEL, f'"another n° {number}"@fr'))
                self._wrong(me, LABEL, "UniqueLang")
            case "short":
                labels[0] = (LABEL, '"x"@en')
                self._wrong(me, LABEL, "MinLength")
            case "places":
                more.append((f"{ONT}locatedIn", f"<{iri('place', 0)}>"))
                place = f"<{iri('place', 1)}>"
                self._wrong(me, f"{ONT}locatedIn", "MaxCount")
            case "class":
                place = f"<{iri('source', 0)}>"
                self._wrong(me, f"{ONT}locatedIn", "Class")
            case "status":
                status = '"Active"'
                self._wrong(me, f"{ONT}status", "In")
        if kind == "Ministry" and number and number % (8 * len(KINDS)) == 0:
            more = [(f"{ONT}parent", f"<{iri('organisation', 1)}>")]
            self._wrong(me, f"{ONT}parent", "Not")
        facts = [*labels, (f"{ONT}locatedIn", place), (f"{ONT}status", status), *more, self._derived()]
        yield from lines(me, kind, facts)

    def _ministry(self) -> str:
        """A ministry without a fault that others would notice."""
        return self._sound("organisation", self.organisations, len(KINDS))

    def _person(self, number: int) -> Iterator[str]:
        me, fault = iri("person", number), self._fault("person", "email", "name", "member", "derived")
        email, member = (
            f"person{number}@mail{number % 50}.example",
            f"<{self._sound('organisation', self.organisations)}>",
        )
        labels, derived = self._labels("Person", number), self._derived()
        if fault == "email":
            email = f"person {number} at mail"
            self._wrong(me, f"{ONT}email", "Pattern")
        elif fault == "name":
            labels.append((LABEL, '"Une autre"@fr'))
            self._wrong(me, LABEL, "UniqueLang")
        elif fault == "member":
            member = f"<{iri('place', 0)}>"
            self._wrong(me, f"{ONT}memberOf", "Class")
        elif fault:
            derived = (DERIVED, f"<{iri('place', 0)}>")
            self._wrong(me, DERIVED, "Class")
        yield from lines(me, "Person", [*labels, (f"{ONT}email", f'"{email}"'), (f"{ONT}memberOf", member), derived])

    def _programme(self, number: int) -> Iterator[str]:
        """One tenth of the budget for each of its ten lines, in turns (`_line`)."""
        me, fault = iri("programme", number), self._fault("programme", "ends", "targets", "spent", "owner")
        ends, budget, owner = date(2027, number), decimal("1000.00"), self._ministry()
        if fault == "ends":
            ends = date(2019, number)
            self._wrong(me, f"{ONT}starts", "LessThanOrEquals")
        elif fault == "spent":
            budget = decimal("50.50")
            self._wrong(me, "", "SPARQL")
        elif fault == "owner":
            owner = iri("unnamed", number)
            yield from lines(owner, "Ministry", [(f"{ONT}status", '"active"')])
            self._wrong(owner, LABEL, "MinCount")
            self._wrong(me, f"{ONT}ownedBy", "Node")
        if fault == "targets":
            self._wrong(me, f"^<{ONT}targetOf>", "MinCount")
        else:
            yield from lines(
                iri("first", number),
                "Target",
                self._target_facts(number, f"<{me}>", due=2018 if fault == "ends" else 2026),
            )
        facts = [(f"{ONT}starts", date(2020, number)), (f"{ONT}ends", ends), (f"{ONT}budget", budget)]
        facts += [(f"{ONT}ownedBy", f"<{owner}>"), self._derived(), *self._labels("Programme", number)]
        yield from lines(me, "Programme", facts)

    def _agreement(self, number: int) -> Iterator[str]:
        me = iri("agreement", number)
        signed, value, currency = date(2024, number), decimal(f"{number * 7 % 90000}.50"), '"MAD"'
        signers = [self._ministry(), self._sound("organisation", self.organisations)]
        faults = ("undated", "text", "day", "negative", "currency", "ministry", "signer")
        match self._fault("agreement", *faults):
            case "undated":
                signed = ""
                self._wrong(me, f"{ONT}signedOn", "MinCount")
            case "text":
                signed = '"2024"'
                self._wrong(me, f"{ONT}signedOn", "Datatype")
            case "day":
                signed = f'"2024-02-30"^^<{XSD}date>'
                self._wrong(me, f"{ONT}signedOn", "Datatype")
            case "negative":
                value = decimal("-1.00")
                self._wrong(me, f"{ONT}value", "MinInclusive")
            case "currency":
                currency = '"mad"'
                self._wrong(me, f"{ONT}currency", "In")
            case "ministry":
                signers = [iri("organisation", 1), iri("organisation", 2)]
                self._wrong(me, f"{ONT}signedBy", "QualifiedMinCount")
            case "signer":
                signers[1] = self._sound("person", self.persons)
                self._wrong(me, f"{ONT}signedBy", "Class")
        facts = [(f"{ONT}signedOn", signed)] if signed else []
        facts += [
            (f"{ONT}ends", date(2060, number)),
            (f"{ONT}value", value),
            (f"{ONT}currency", currency),
            self._derived(),
        ]
        facts += [(f"{ONT}signedBy", f"<{signer}>") for signer in dict.fromkeys(signers)]
        yield from lines(me, "Agreement", [*facts, *self._labels("Agreement", number)])

    def _target_facts(self, number: int, of: str, measure: str = "", year: int = 2030, due: int = 2026) -> Facts:
        measure = measure or self._sound("indicator", self.indicators)
        facts = [(f"{ONT}targetOf", of), (f"{ONT}measuredBy", f"<{measure}>"), (f"{ONT}due", date(due, number))]
        facts += [(f"{ONT}amount", decimal(f"{number % 997}.25")), (f"{ONT}year", integer(year))]
        return [*facts, self._derived(), *self._labels("Target", number)]

    def _target(self, number: int) -> Iterator[str]:
        me, of, measure = iri("target", number), f"<{iri('agreement', number // 2)}>", ""
        year, due = 2020 + number % 30, 2026
        match self._fault("target", "of", "unlabelled", "year", "measure", "late"):
            case "of":
                of = f"<{iri('place', 0)}>"
                self._wrong(me, f"{ONT}targetOf", "Or")
            case "unlabelled":
                measure = iri("unlabelled", number)
                yield from lines(measure, "Indicator", [(f"{ONT}unit", '"km"')])
                self._wrong(me, f"<{ONT}measuredBy>/<{LABEL}>", "MinCount")
            case "year":
                year = 2051 + number % 40
                self._wrong(me, f"{ONT}year", "MaxExclusive")
            case "measure":
                measure = iri("length", number)
                yield from lines(measure, "Unit", self._labels("Unit", number))
                self._wrong(measure, "", "Class")
            case "late":
                due = 2061
                self._wrong(me, "", "SPARQL")
        yield from lines(me, "Target", self._target_facts(number, of, measure, year, due))

    def _event(self, number: int) -> Iterator[str]:
        me, fault = iri("event", number), self._fault("event", "organiser", "undated")
        organiser = (
            iri("organisation", number % self.organisations) if number % 2 else iri("person", number % self.persons)
        )
        when, programme = date(2025, number), self._sound("programme", self.programmes)
        if fault == "organiser":
            organiser = iri("place", 0)
            self._wrong(me, f"{ONT}organisedBy", "Xone")
        elif fault:
            when = ""
            self._wrong(me, f"{ONT}date", "MinCount")
        facts = [(f"{ONT}date", when)] if when else []
        facts += [(f"{ONT}partOf", f"<{programme}>"), (f"{ONT}organisedBy", f"<{organiser}>")]
        yield from lines(me, "Event", [*facts, self._derived(), *self._labels("Event", number)])

    def _line(self, number: int) -> Iterator[str]:
        me, fault = iri("line", number), self._fault("line", "extra", "nothing", "year")
        amount, year, more = decimal("10.00"), integer(2026), []
        if fault == "extra":
            more = [(f"{ONT}note", f'"see no. {number}"')]
            self._wrong(me, f"{ONT}note", "Closed")
        elif fault == "nothing":
            amount = decimal("-0.00")
            self._wrong(me, f"{ONT}amount", "MinExclusive")
        elif fault:
            year = '"2026"'
            self._wrong(me, f"{ONT}year", "Datatype")
        facts = [(f"{ONT}lineOf", f"<{iri('programme', number % self.programmes)}>"), (f"{ONT}amount", amount)]
        yield from lines(me, "BudgetLine", [*facts, (f"{ONT}year", year), self._derived(), *more])

    def _claim(self, number: int) -> Iterator[str]:
        me, quote = iri("claim", number), f'"Le texte n° {number} dit que \\"{number}\\" est prévu."@fr'
        about, modality = (
            f"<{iri('target', number % self.targets)}>",
            f"<{ONT}{('done', 'planned', 'allocated')[number % 3]}>",
        )
        confidence, checkable = decimal(f"0.{number % 100:02}"), f'"true"^^<{XSD}boolean>'
        match self._fault("claim", "about", "modality", "confidence", "checkable", "quote"):
            case "about":
                about = f'"target {number}"'
                self._wrong(me, f"{ONT}about", "NodeKind")
            case "modality":
                modality = f"<{ONT}maybe>"
                self._wrong(me, f"{ONT}modality", "In")
            case "confidence":
                confidence = decimal("1.01")
                self._wrong(me, f"{ONT}confidence", "MaxInclusive")
            case "checkable":
                checkable = f'"false"^^<{XSD}boolean>'
                self._wrong(me, f"{ONT}checkable", "HasValue")
            case "quote":
                quote = '"dit"@fr'
                self._wrong(me, "", "Node")
        facts = [(f"{ONT}about", about), (f"{ONT}modality", modality), (f"{ONT}confidence", confidence)]
        yield from lines(me, "Claim", [*facts, (f"{ONT}checkable", checkable), (f"{ONT}quote", quote), self._derived()])


def iri(kind: str, number: int) -> str:
    """The IRI of a thing."""
    return f"{BASE}id/{kind}-{number}"


def decimal(text: str) -> str:
    """A decimal as N-Triples has it."""
    return f'"{text}"^^<{XSD}decimal>'


def integer(number: int) -> str:
    """An integer as N-Triples has it."""
    return f'"{number}"^^<{XSD}integer>'


def date(year: int, number: int) -> str:
    """Some day of a year."""
    return f'"{year}-{number % 12 + 1:02}-{number % 28 + 1:02}"^^<{XSD}date>'


def day(number: int) -> str:
    """Some day."""
    return date(1990 + number % 35, number)


def lines(subject: str, kind: str, facts: Facts) -> Iterator[str]:
    """What is said of a thing."""
    yield f"<{subject}> <{TYPE}> <{ONT}{kind}> .\n"
    for predicate, value in facts:
        yield f"<{subject}> <{predicate}> {value} .\n"


def write_world(triples: int, data: Path) -> tuple[int, frozenset[Violation]]:
    """Write data of about so many triples; how many they are, and what is wrong with them."""
    world, count = World(triples // EACH), 0
    with data.open("w", encoding="utf-8") as file:
        for line in world.write():
            file.write(line)
            count += 1
    return count, frozenset(world.truth)
