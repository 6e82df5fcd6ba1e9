"""What the nodes on a page are called: by their labels, and where they have none by what is said of them.

Claims are named by their gloss or their words, documents also by publisher and date, amounts by their phrase, values
of indicators by the amount and the indicator, terms of common vocabularies by labels of ours, and what is left by its
class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.terms import PREFIXES, expand
from server.lookup import Label, term_of
from server.pages.addresses import local_name
from server.pages.language import order, words
from server.pages.phrases.amounts import phrase_of
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.literals import worded
from server.pages.phrases.names import Name, shortened
from server.pages.phrases.said import LARGEST, amount_of, parts_at
from server.pages.phrases.units import Unit, unit_of
from server.pages.phrases.vocabulary import term_label, term_of_others
from server.pages.showing import named
from server.releases import Memory, Release

_GLOSS: Final = expand("zel:gloss")
_QUOTE: Final = expand("zel:quote")
_STATED_IN: Final = expand("zel:statedIn")
_IDENTIFIER: Final = expand("dct:identifier")
_LANGUAGE: Final = expand("dct:language")
_PUBLISHER: Final = expand("dct:publisher")
_ISSUED: Final = expand("dct:issued")
_QUANTITY: Final = expand("zel:quantity")
_TYPE: Final = expand("rdf:type")
_OF: Final = tuple(map(expand, ("zel:ofIndicator", "zel:refersToPlace")))
_PERIOD: Final = expand("zel:period")
_WIKIDATA: Final = PREFIXES["wd"]
_UNNAMED: Final = "/.well-known/genid/"
"""Where things stand that were blank nodes in a file (RDF 1.1 Concepts, section 3.5)."""
_VALUES: Final = 4
"""Values of such a thing in its name."""
_KEPT: Final = 5_000
"""Phrases that are remembered, in some 500 bytes each."""


def name_all(release: Release, iris: Iterable[str], language: str) -> Mapping[str, Label]:
    """What each node is called on a page of `language`; a node that nothing is known of is left out.

    Blank nodes are named by `_:` and their identifiers.
    """
    return Naming(release, language).names(iris)


class Naming:
    """Names the nodes of one page."""

    def __init__(self, release: Release, language: str) -> None:
        self._release, self._language, self._order = release, language, order(language)
        self._claims, self._documents = release.minter.claim(""), release.minter.document("")
        self._known: dict[str, Label | None] = {}
        self._phrases: Memory[tuple[str, str, str], Name | None] = release.memory("phrases of amounts", _KEPT)
        self._units: dict[str, Unit] = {}

    def names(self, iris: Iterable[str]) -> Mapping[str, Label]:
        """See `name_all`."""
        known, language = self._release.names, self._language
        found = ((iri, known.of((language, iri), self._shown)) for iri in sorted(set(iris)))
        return MappingProxyType({iri: name for iri, name in found if name is not None})

    def _shown(self, key: tuple[str, str]) -> Label | None:
        name = self.name(key[1])
        return None if name is None else named(name, self._language)

    def name(self, iri: str) -> Label | None:
        """What one node is called; None if nothing is known of it."""
        if iri not in self._known:
            self._known[iri] = None  # what leads back to itself has no name there
            self._known[iri] = self._named(iri)
        return self._known[iri]

    def phrase(self, node: str, claim: str) -> Name | None:
        """An amount as a claim says it; None if the node is none."""
        return self._phrases.of((self._language, node, claim), self._phrased)

    def _phrased(self, key: tuple[str, str, str]) -> Name | None:
        _, node, claim = key
        parts = parts_at(self._release, node)
        return phrase_of(amount_of(parts, self.name, self.unit, claim), self._language) if parts else None

    def unit(self, iri: str) -> Unit:
        """What an amount is an amount of; one without a label is called by the last part of its IRI."""
        if iri not in self._units:
            self._units[iri] = unit_of(self._release, iri, self.name(iri) or Label(local_name(iri)), self._language)
        return self._units[iri]

    def label(self, iri: str) -> Label | None:
        """The label that the release gives a node."""
        return self._release.label(iri, self._order)

    def _named(self, iri: str) -> Label | None:
        release = self._release
        if release.has_claims and iri.startswith(self._claims) and "#" not in iri:
            return self._claim(iri)
        if (label := self.label(iri)) is not None:
            is_document = release.has_claims and iri.startswith(self._documents)
            return self._document(iri, label) if is_document else label
        if (term := term_label(iri, self._language)) is not None:
            return term
        if iri.startswith(_WIKIDATA):
            return Name(f"Wikidata {iri.removeprefix(_WIKIDATA)}", "en")
        if not iri.startswith(release.base):
            return (self._by_values(iri) if _UNNAMED in iri else None) or term_of_others(iri)
        return self._described(iri) if release.has_claims else None

    def _claim(self, iri: str) -> Label | None:
        """A claim by its gloss or its words: in the reader's language, else in the document's, else in any."""
        document = self._iri(iri, _STATED_IN)
        spoken = (self._text(document, _LANGUAGE) if document else None) or Label("")
        texts: dict[str, str] = {}
        for quad in sorted(self._release.engine.values(iri, _GLOSS), key=str):
            if isinstance(quad.object, Literal):
                texts.setdefault(quad.object.language or "", quad.object.value)
        quoted = self._text(iri, _QUOTE)
        if quoted is not None:
            texts.setdefault(quoted.language or spoken.text, quoted.text)
        identifier = self._text(iri, _IDENTIFIER) or Label(iri.rpartition("/")[2])
        tag = next((tag for tag in (self._language, spoken.text, *self._order) if tag in texts), None)
        if tag is None:
            tag = next(iter(texts), None)
        if tag is None:
            kind = self.name(expand("zel:Claim"))
            return None if kind is None else Name(kind.text, kind.language, (identifier,))
        return Name(shortened(texts[tag]), tag, (identifier,))

    def _document(self, iri: str, title: Label) -> Name:
        """A document by its title, its publisher and its date."""
        publisher = self._text(iri, _PUBLISHER) or self._named_value(iri, _PUBLISHER)
        issued = self._text(iri, _ISSUED)
        notes = [] if publisher is None or publisher.text == title.text else [publisher]
        if issued is not None:
            notes.append(Label(date_in_words(issued.text, self._language) or issued.text, self._language))
        return Name(title.text, title.language, tuple(notes))

    def _described(self, iri: str) -> Label | None:
        """A node of ours without a label: an amount, a value of an indicator, or something of a class."""
        about = self._release.engine.about(iri, LARGEST)
        parts = parts_at(self._release, iri, about)
        if parts and (phrase := phrase_of(amount_of(parts, self.name, self.unit), self._language)):
            return phrase
        if (value := self._value(about)) is not None:
            return value
        if _UNNAMED in iri:
            return self._by_values(iri)
        kind = next((k for quad in about if quad.predicate.value == _TYPE and (k := self._object(quad))), None)
        last = local_name(iri)
        return None if kind is None else replace(Name(kind.text, kind.language), notes=(Label(last),))

    def _by_values(self, iri: str) -> Name | None:
        """What was a blank node in a file: by its class, and by what is said of it, each with the property."""
        about = sorted(self._release.engine.about(iri, LARGEST), key=str)
        kind = next((k for quad in about if quad.predicate.value == _TYPE and (k := self._object(quad))), None)
        told = (self._told(quad) for quad in about if quad.predicate.value != _TYPE)
        notes = list(dict.fromkeys(note for note in told if note is not None))[:_VALUES]
        if kind is None and not notes:
            return None
        first = kind or notes.pop(0)
        return Name(first.text, first.language, tuple(notes))

    def _told(self, quad: Quad) -> Label | None:
        """A property and its value, apart from each other whatever their directions (UAX #9, section 2.4.2)."""
        said, term = words(self._language), term_of(quad.object)
        link = self.name(quad.predicate.value) or Label(local_name(quad.predicate.value))
        value = self._object(quad)
        if term.kind == "literal":
            phrase = worded(term, said["yes"], said["no"], self._language)
            value = Label(shortened(term.value), term.language) if phrase is None else Label(phrase, self._language)
        if value is None:
            return None
        isolated = f"\N{FIRST STRONG ISOLATE}{value.text}\N{POP DIRECTIONAL ISOLATE}"
        return Label(f"{link.text}{said['colon']}{isolated}", link.language)

    def _value(self, about: Iterable[Quad]) -> Name | None:
        """A value of an indicator: the amount, and of what, where and when."""
        found: dict[str, Label] = {}
        for quad in sorted(about, key=str):
            link = quad.predicate.value
            if link in {_QUANTITY, *_OF} and link not in found and (name := self._object(quad)) is not None:
                found[link] = name
            elif link == _PERIOD and isinstance(quad.object, Literal):
                date = date_in_words(quad.object.value, self._language) or quad.object.value
                found.setdefault(link, Label(date, self._language))
        amount = found.pop(_QUANTITY, None)
        if amount is None:
            return None
        beside = [found[link] for link in (*_OF, _PERIOD) if link in found]
        return Name(amount.text, amount.language, tuple(Label(b.text, b.language) for b in beside))

    def _object(self, quad: Quad) -> Label | None:
        return self.name(quad.object.value) if isinstance(quad.object, NamedNode) else None

    def _text(self, iri: str, link: str) -> Label | None:
        """The first text that a property gives."""
        quads = sorted(self._release.engine.values(iri, link), key=str)
        return next(
            (Label(q.object.value, q.object.language or "") for q in quads if isinstance(q.object, Literal)), None
        )

    def _iri(self, iri: str, link: str) -> str | None:
        quads = sorted(self._release.engine.values(iri, link), key=str)
        return next((q.object.value for q in quads if isinstance(q.object, NamedNode)), None)

    def _named_value(self, iri: str, link: str) -> Label | None:
        node = self._iri(iri, link)
        return None if node is None else self.name(node)
