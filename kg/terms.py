"""Namespaces, IRI minting, canonical literal forms and language choice: pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Final

ONTOLOGY_BASE: Final = "https://w3id.org/zellige/"
"""Where the vocabulary lives: a placeholder until it is registered."""
ONTOLOGY: Final = ONTOLOGY_BASE + "ont"
SHAPE: Final = ONTOLOGY_BASE + "shape/"
TERM_SHAPE: Final = SHAPE + "term-"
"""What the shapes that follow from the vocabulary begin with."""
ZEL: Final = ONTOLOGY + "#"
SCHEME: Final = ONTOLOGY_BASE + "scheme/"

CORE: Final = "core"
"""The layer of vocabulary that every graph of claims needs, and that every other one stands on."""
LAYERS: Final = (CORE, "public-policy")
"""The layers that a project stands on which names none."""

LANGUAGES: Final = ("ar", "fr", "en")
"""The languages of the interface, and of a project that names no others."""

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "zel": ZEL,
        "adms": "http://www.w3.org/ns/adms#",
        "csvw": "http://www.w3.org/ns/csvw#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "edtf": "http://id.loc.gov/datatypes/edtf/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "gist": "https://w3id.org/semanticarts/ns/ontology/gist/",
        "m8g": "http://data.europa.eu/m8g/",
        "np": "http://www.nanopub.org/nschema#",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "qudt": "http://qudt.org/schema/qudt/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sdgo": "http://metadata.un.org/sdg/ontology#",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "wd": "http://www.wikidata.org/entity/",
        "wdt": "http://www.wikidata.org/prop/direct/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

_SLUG: Final = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", re.ASCII)
_CLAIM_ID: Final = re.compile(r"[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*", re.ASCII)


def expand(curie: str) -> str:
    """The IRI that a prefixed name stands for.

    :raises KeyError: if the prefix is not one of `PREFIXES`

    >>> expand("org:Organization")
    'http://www.w3.org/ns/org#Organization'
    """
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


@lru_cache(1 << 12)
def compress(iri: str) -> str:
    """Shorten an IRI with the project's prefixes; one that none fits comes back unchanged.

    >>> compress("http://www.w3.org/ns/org#Organization")
    'org:Organization'
    """
    found = max((p for p in PREFIXES.items() if iri.startswith(p[1])), key=lambda p: len(p[1]), default=None)
    if found is None:
        return iri
    local = iri[len(found[1]) :]
    return f"{found[0]}:{local}" if re.fullmatch(r"[A-Za-z0-9_][\w.-]*|", local) and not local.endswith(".") else iri


def is_slug(text: str) -> bool:
    """Whether `text` can name an entity or a document.

    >>> is_slug("maroc-ia-2030"), is_slug("Maroc IA")
    (True, False)
    """
    return _SLUG.fullmatch(text) is not None


def is_claim_id(text: str) -> bool:
    """Whether `text` can name a claim.

    >>> is_claim_id("F014"), is_claim_id("X12-reuters"), is_claim_id("a b")
    (True, True, False)
    """
    return _CLAIM_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Minter:
    """IRIs of one project's data, all made from its base.

    >>> mint = Minter("https://w3id.org/zellige/")
    >>> mint.entity("mistral-ai")
    'https://w3id.org/zellige/id/mistral-ai'
    >>> mint.evidence("F014", 1)
    'https://w3id.org/zellige/claim/F014#evidence-1'
    """

    base: str

    def entity(self, slug: str) -> str:
        return f"{self.base}id/{slug}"

    def document(self, slug: str) -> str:
        return f"{self.base}doc/{slug}"

    def table(self, slug: str) -> str:
        return f"{self.base}table/{slug}"

    def claim(self, claim_id: str) -> str:
        return f"{self.base}claim/{claim_id}"

    def evidence(self, claim_id: str, number: int) -> str:
        return f"{self.claim(claim_id)}#evidence-{number}"

    def graph(self, name: str) -> str:
        """A graph that is no claim: `claims`, `entities` or `ontology`."""
        return f"{self.base}graph/{name}"

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefixes for the parts below the base of which a query often names something.

        >>> Minter("https://example.org/kg/").prefixes["id"]
        'https://example.org/kg/id/'
        """
        return {name: f"{self.base}{name}/" for name in ("id", "claim", "doc", "graph")}


_LONGEST: Final = 5000
"""Longest number that is written out: `1e999999999` would fill the memory."""


def canonical_decimal(text: str) -> str:
    """The form of an xsd:decimal that Oxigraph keeps as it is: no exponent, no idle zeros.

    :raises ValueError: if `text` is no finite decimal number

    >>> canonical_decimal("10800000000.00"), canonical_decimal("0.10"), canonical_decimal("-0")
    ('10800000000', '0.1', '0')
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a decimal number: {text!r}") from None
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        raise ValueError(f"not a decimal number: {text!r}")
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain


_MOST_UNITS: Final = 2**127 - 1
_PLACES: Final = 18
_MOST_INTEGER: Final = 2**63 - 1
_DIGITS: Final = 60


def is_countable(text: str, *, whole: bool) -> bool:
    """Whether a plain number is one that Oxigraph counts with, and does not keep as words that no comparison finds.

    A whole number (xsd:integer) has 64 bits; a decimal one has 128, of which 18 places stand after the point.

    >>> [is_countable(t, whole=False) for t in ("9223372036854775808", "0.5", "0.1234567890123456789")]
    [True, True, False]
    >>> is_countable("9223372036854775808", whole=True)
    False
    """
    if len(text) > _DIGITS:
        return False
    number = Decimal(text)
    if whole:
        return -_MOST_INTEGER - 1 <= number <= _MOST_INTEGER
    return len(text.partition(".")[2]) <= _PLACES and abs(number.scaleb(_PLACES, _EXACT)) <= _MOST_UNITS


_EXACT: Final = Context(prec=2 * _DIGITS)

# Written for SPARQL's REGEX as well, and so without anything that only Python knows.
_YEAR: Final = "-?[0-9]{4}"
_LEAP_YEAR: Final = "-?([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY: Final = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
_DATE: Final = f"({_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)"
_EDTF_DATE: Final = f"(({_YEAR}(-(0[1-9]|1[0-2]))?|{_DATE})[~?%]?|[0-9]{{3}}X|[0-9]{{2}}XX)"
EDTF_PATTERN: Final = rf"^{_EDTF_DATE}(/({_EDTF_DATE}|\.\.)?)?$"
"""What dates in use look like (`is_edtf`), as a regular expression of SPARQL: no month 13, no 30th of February."""

_IS_EDTF: Final = re.compile(EDTF_PATTERN.removesuffix("$"), re.ASCII)
_IS_DATE: Final = re.compile(_DATE, re.ASCII)


def is_date(text: str) -> bool:
    """Whether `text` is a day of the calendar: an xsd:date without a zone (XML Schema part 2, section 3.3.9).

    >>> [is_date(t) for t in ("2024-02-29", "1900-02-29", "2025-04-31")]
    [True, False, False]
    """
    return _IS_DATE.fullmatch(text) is not None


def is_edtf(text: str) -> bool:
    """Whether `text` is a date of the Extended Date/Time Format, level 0 or the parts of level 1 in use here.

    Years, months, days, uncertainty (`?`, `~`, `%`), unspecified digits of a year and intervals
    (Library of Congress, EDTF specification, levels 0 and 1). The days are those of the calendar, and an interval
    does not end before it begins.

    >>> [is_edtf(t) for t in ("2025-07", "2030~", "202X", "2024/2026", "July 2025", "2025-13")]
    [True, True, True, True, False, False]
    >>> [is_edtf(t) for t in ("2024-02-29", "2023-02-29", "2025-04-31~", "2025-02-30/2025-03-01", "2026/2024")]
    [True, False, False, False, False]
    """
    if _IS_EDTF.fullmatch(text) is None:
        return False
    start, _, end = text.partition("/")
    return end in {"", ".."} or _bound(start, "0") <= _bound(end, "9")


def _bound(date: str, digit: str) -> tuple[int, ...]:
    """The first or the last day that a date may mean, for `digit` 0 or 9, as numbers that compare."""
    year, *rest = date.lstrip("-").rstrip("~?%").replace("X", digit).split("-")
    missing = 0 if digit == "0" else 99
    sign = -1 if date.startswith("-") else 1
    return (sign * int(year), *(int(part) for part in rest), *[missing] * (2 - len(rest)))


_LANGUAGE: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE | re.ASCII,
)


def is_language(text: str) -> bool:
    """Whether a text is a well-formed language tag (RFC 5646, section 2.1).

    >>> is_language("zh-Hant-TW"), is_language("no_tag")
    (True, False)
    """
    return _LANGUAGE.fullmatch(text) is not None


def normalise_text(text: str) -> str:
    """Unicode NFC, the form in which literals are kept (RDF 1.1 Concepts, section 3.3)."""
    return unicodedata.normalize("NFC", text)


def in_order(tags: Iterable[str]) -> list[str]:
    """Tags of languages, those of the interface first, then the others by name.

    >>> in_order(["sw", "en", "ar"])
    ['ar', 'en', 'sw']
    """
    return sorted(tags, key=lambda tag: (LANGUAGES.index(tag) if tag in LANGUAGES else len(LANGUAGES), tag))


def choose_language(available: Iterable[str], wanted: Iterable[str] = LANGUAGES) -> str | None:
    """The best of the languages at hand: the first wanted one, then its plainer form, then any.

    >>> choose_language(["fr", "en"], ["ar-MA", "en-GB"])
    'en'
    >>> choose_language(["fr"], ["ar"])
    'fr'
    """
    have = sorted(available)
    for tag in wanted:
        for candidate in (tag.lower(), tag.lower().split("-", 1)[0]):
            for language in have:
                if language.lower() == candidate:
                    return language
    return have[0] if have else None
