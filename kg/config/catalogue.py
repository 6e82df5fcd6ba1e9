"""What a project states of its dataset for catalogues (DCAT-AP 3); what is not stated is not said anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

_EU: Final = "http://publications.europa.eu/resource/authority/"
_THEMES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        code: MappingProxyType({"en": english, "fr": french})
        for code, english, french in (
            ("AGRI", "Agriculture, fisheries, forestry and food", "Agriculture, pêche, sylviculture et alimentation"),
            ("ECON", "Economy and finance", "Économie et finances"),
            ("EDUC", "Education, culture and sport", "Éducation, culture et sport"),
            ("ENER", "Energy", "Énergie"),
            ("ENVI", "Environment", "Environnement"),
            ("GOVE", "Government and public sector", "Gouvernement et secteur public"),
            ("HEAL", "Health", "Santé"),
            ("INTR", "International issues", "Questions internationales"),
            ("JUST", "Justice, legal system and public safety", "Justice, système juridique et sécurité publique"),
            ("OP_DATPRO", "Provisional data", "Données provisoires"),
            ("REGI", "Regions and cities", "Régions et villes"),
            ("SOCI", "Population and society", "Population et société"),
            ("TECH", "Science and technology", "Science et technologie"),
            ("TRAN", "Transport", "Transports"),
        )
    }
)
THEMES: Final = frozenset(_THEMES)
"""The codes of the EU's vocabulary of data themes."""
FREQUENCIES: Final = frozenset(
    (
        "ANNUAL", "ANNUAL_2", "ANNUAL_3", "BIENNIAL", "BIMONTHLY", "BIWEEKLY", "CONT", "DAILY", "DAILY_2", "HOURLY",
        "IRREG", "MONTHLY", "MONTHLY_2", "MONTHLY_3", "NEVER", "NOT_PLANNED", "QUARTERLY", "TRIENNIAL", "UNKNOWN",
        "UPDATE_CONT", "WEEKLY", "WEEKLY_2", "WEEKLY_3",
    )
)  # fmt: skip
"""The codes of the EU's vocabulary of frequencies."""
_LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "ARA", "ber": "BER", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "it": "ITA", "nl": "NLD",
        "pl": "POL", "pt": "POR", "ru": "RUS", "tr": "TUR", "uk": "UKR", "zh": "ZHO",
    }
)  # fmt: skip
_MAIL: Final = re.compile(r"[!-~]+@[!-~]+\.[!-~]+", re.ASCII)
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_DATE: Final = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_PERIOD: Final = re.compile(rf"({_DATE})?/({_DATE})?", re.ASCII)


_NAMED: Final = re.compile(r"(.*\S)\s*<([^<>]*)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The section `[catalogue]` of `kg.toml`."""

    contact: str = ""
    """Whom to ask about the data: an e-mail address or a page."""
    contact_name: str = ""
    """Who that is; the publisher, where it is empty."""
    publisher_iri: str = ""
    """IRI of the publisher, whose name is `publisher` in `[project]`."""
    creators: tuple[str, ...] = ()
    """Those who made the data, each as `Name <IRI>` with an ORCID or a ROR; DCAT-AP wants the name."""
    themes: tuple[str, ...] = ()
    """Codes of the EU's data themes (`TECH`, `GOVE`, ...), or IRIs of other concepts."""
    languages: tuple[str, ...] = ()
    """Tags of the languages that the data are in."""
    keywords: Mapping[str, str] = field(default_factory=dict)
    """By language, with commas between them."""
    issued: str = ""
    """When the dataset was first published, as in 2026-01-31; the date of the release, where it is empty."""
    modified: str = ""
    """When it was last changed; the date of the release, where it is empty."""
    frequency: str = ""
    """A code of the EU's frequencies (`IRREG`, `MONTHLY`, ...)."""
    temporal: str = ""
    """The time that the data are about: `2019/2030`; an end may be left open."""
    spatial: tuple[str, ...] = ()
    """IRIs of the places that the data are about."""
    landing_page: str = ""
    """A page about the dataset elsewhere."""
    identifier: str = ""
    """A persistent identifier to cite, such as the address of a DOI; the IRI of the dataset, where it is empty."""

    @property
    def period(self) -> tuple[str, str]:
        """The two ends of `temporal`, each empty where it is open.

        >>> Catalogue(temporal="2019-10/").period
        ('2019-10', '')
        """
        begin, _, end = self.temporal.partition("/")
        return begin, end


def theme_labels(code: str) -> Mapping[str, str]:
    """What the EU calls a theme; nothing for the IRI of another concept.

    >>> theme_labels("TECH")["fr"]
    'Science et technologie'
    """
    return _THEMES.get(code, {})


def theme_iri(code: str) -> str:
    """The IRI of a theme.

    >>> theme_iri("TECH"), theme_iri("https://example.org/theme")
    ('http://publications.europa.eu/resource/authority/data-theme/TECH', 'https://example.org/theme')
    """
    return f"{_EU}data-theme/{code}" if code in THEMES else code


def language_iri(tag: str) -> str:
    """The IRI of a language in the EU's vocabulary.

    :raises KeyError: if it is none of those that are known here

    >>> language_iri("ar")
    'http://publications.europa.eu/resource/authority/language/ARA'
    """
    return f"{_EU}language/{_LANGUAGES[tag]}"


def language_tag(iri: str) -> str:
    """The tag of a language of the EU's vocabulary; empty for any other IRI.

    >>> language_tag("http://publications.europa.eu/resource/authority/language/ARA")
    'ar'
    """
    return next((tag for tag in _LANGUAGES if language_iri(tag) == iri), "")


def frequency_iri(code: str) -> str:
    """The IRI of a frequency in the EU's vocabulary."""
    return f"{_EU}frequency/{code}"


def creator(stated: str) -> tuple[str, str]:
    """The name and the IRI of a creator; the name is empty where it is not stated.

    >>> creator("Al-Jazari <https://orcid.org/0000-0002-1825-0097>"), creator("https://ror.org/0000")
    (('Al-Jazari', 'https://orcid.org/0000-0002-1825-0097'), ('', 'https://ror.org/0000'))
    """
    found = _NAMED.fullmatch(stated)
    return ("", stated) if found is None else (found[1], found[2])


def is_mail(contact: str) -> bool:
    """Whether a contact is an e-mail address."""
    return _MAIL.fullmatch(contact) is not None


def faults(stated: Catalogue) -> Iterator[tuple[str, str, str]]:
    """What is wrong with what is stated: the key, what, and what to do."""
    if stated.contact and not (is_mail(stated.contact) or _IRI.fullmatch(stated.contact)):
        yield "contact", f"{stated.contact!r} is no e-mail address and no page", "as in data@example.org"
    makers = tuple(creator(one)[1] for one in stated.creators)
    for key, values in (
        ("publisher_iri", (stated.publisher_iri,)), ("creators", makers), ("spatial", stated.spatial),
        ("landing_page", (stated.landing_page,)), ("identifier", (stated.identifier,)),
    ):  # fmt: skip
        for value in values:
            if value and not _IRI.fullmatch(value):
                yield key, f"{value!r} is no http(s) IRI", "as in https://orcid.org/0000-0002-1825-0097"
    for theme in stated.themes:
        if theme not in THEMES and not _IRI.fullmatch(theme):
            yield "themes", f"{theme!r} is no data theme of the EU and no IRI", f"one of {', '.join(sorted(THEMES))}"
    for tag in stated.languages:
        if tag not in _LANGUAGES:
            yield "languages", f"the language {tag!r} is not known here", f"one of {', '.join(_LANGUAGES)}"
    if stated.frequency and stated.frequency not in FREQUENCIES:
        known = ", ".join(sorted(FREQUENCIES))
        yield "frequency", f"{stated.frequency!r} is no frequency of the EU", f"one of {known}"
    yield from _faults_of_dates(stated)


def _faults_of_dates(stated: Catalogue) -> Iterator[tuple[str, str, str]]:
    for key, text in (("issued", stated.issued), ("modified", stated.modified)):
        if text and not _is_date(text):
            yield key, f"{text!r} is no date", "as in 2026-01-31"
    begin, end = stated.period
    is_period = _PERIOD.fullmatch(stated.temporal) is not None and all(map(_is_part, (begin, end)))
    if stated.temporal and not (is_period and (begin or end) and (not begin or not end or begin <= end)):
        yield "temporal", f"{stated.temporal!r} is no period", "as in 2019/2030, or 2019-10/ without an end"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_part(text: str) -> bool:
    """Whether an end of a period is open, a year, a month or a day."""
    return not text or _is_date((text + "-01-01")[: len("2026-01-01")])
