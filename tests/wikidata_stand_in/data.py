"""What the stand-in serves: real items read at run time, synthetic ones, and a few rows made by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

WD = "http://www.wikidata.org/entity/"
WDT = "http://www.wikidata.org/prop/direct/"
RDFS_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
HAND_MADE = NamedNode("urn:zellige:stand-in:made-by-hand")
"""The class of every item that was made by hand for tests and was never in Wikidata in this form."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DUMPS = ("Q42.ttl", "Q37599471.ttl", "Q24628793.ttl", "Q513-munged.ttl")


def item(number: int | str) -> NamedNode:
    """The item Q<number>."""
    return NamedNode(f"{WD}Q{number}")


def direct(number: int) -> NamedNode:
    """The truthy property wdt:P<number>."""
    return NamedNode(f"{WDT}P{number}")


def real_items(shared: Path) -> Store:
    """Four items as Wikidata published them (CC0), bad language tag and all, and the countries of Natural Earth.

    Of a country the table knows the item, the code ISO 3166-1 alpha-2 (P297) and three names, given as labels.
    """
    store = Store()
    for name in _DUMPS:
        triples = parse(path=str(shared / "wikidata" / name), format=RdfFormat.TURTLE, lenient=True)
        store.extend(Quad(*triple) for triple in triples)
    with (shared / "wikidata" / "countries.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            country = NamedNode(WD + row["qid"])
            store.add(Quad(country, direct(297), Literal(row["iso2"])))
            store.extend(
                Quad(country, RDFS_LABEL, Literal(row[f"name_{tag}"], language=tag))
                for tag in ("ar", "fr", "en")
                if row[f"name_{tag}"]
            )
    return store


def hand_made() -> Iterator[Triple]:
    """Neighbours of the programme, made by hand: their QIDs are checked, every other fact is here for tests only."""
    rows = (
        ("Q3551", {"ar": "الرباط", "fr": "Rabat", "en": "Rabat"}, ((17, "Q1028"),)),
        ("Q119718658", {"fr": "Mistral AI", "en": "Mistral AI"}, ((17, "Q142"),)),
        ("Q11660", {"ar": "ذكاء اصطناعي", "fr": "intelligence artificielle", "en": "artificial intelligence"}, ()),
    )
    for qid, labels, facts in rows:
        subject = NamedNode(WD + qid)
        yield Triple(subject, _TYPE, HAND_MADE)
        yield from (Triple(subject, RDFS_LABEL, Literal(text, language=tag)) for tag, text in labels.items())
        yield from (Triple(subject, direct(number), NamedNode(WD + value)) for number, value in facts)


def synthetic_items(count: int, first: int = 900_000_000) -> Iterator[Triple]:
    """Six triples for each of `count` items with numbers that no item has: three labels, a type, a country, a code."""
    for number in range(first, first + count):
        subject = item(number)
        for tag in ("ar", "fr", "en"):
            yield Triple(subject, RDFS_LABEL, Literal(f"item {number} {tag}", language=tag))
        yield Triple(subject, direct(31), item(43229))
        yield Triple(subject, direct(17), item(first - 1 - number % 200))
        yield Triple(subject, direct(297), Literal(f"code {number}"))
