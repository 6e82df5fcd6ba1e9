"""The dataset in schema.org, for the search engines that read it in the page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.config.catalogue import language_tag
from kg.terms import expand
from server.releases import Release

_Values = dict[str, list[NamedNode | Literal]]
_MEDIA_TYPES: Final = "media-types/"
_SPDX: Final = "http://spdx.org/rdf/terms#"


def dataset_markup(release: Release, root: str, triples: Iterable[Triple], languages: tuple[str, ...]) -> str:
    """What the description says, as JSON-LD with texts in the first of `languages` that there is.

    Only what is stated is said. The text can stand in a `script` element: it holds no `<`.
    """
    known: dict[str, _Values] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            found = known.setdefault(triple.subject.value, {})
            found.setdefault(triple.predicate.value, []).append(triple.object)
    iri = f"{release.base}dataset"
    about = known.get(iri, {})
    names = _texts(about, "dct:title", languages)
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": iri,
        "url": f"{root}dataset",
        "name": next(iter(names), "Zellige"),
        "alternateName": names[1:],
        "description": next(iter(_texts(about, "dct:description", languages)), ""),
        "identifier": sorted({iri, *_all(about, "dct:identifier")}),
        "version": _first(about, "dcat:version"),
        "license": _first(about, "dct:license"),
        "inLanguage": [tag for iri in _all(about, "dct:language") if (tag := language_tag(iri))],
        "keywords": _all(about, "dcat:keyword"),
        "creator": [_agent(known, node) for node in _all(about, "dct:creator")],
        "publisher": [_agent(known, node) for node in _all(about, "dct:publisher")],
        "datePublished": _first(about, "dct:issued"),
        "dateModified": _first(about, "dct:modified"),
        "temporalCoverage": _period(known, about),
        "spatialCoverage": [{"@type": "Place", "@id": place} for place in _all(about, "dct:spatial")],
        "about": [{"@id": theme} for theme in _all(about, "dcat:theme")],
        "distribution": [
            file for part in _all(about, "dcat:distribution") if (file := _download(known, known.get(part, {})))
        ],
        "includedInDataCatalog": _catalogue(known, f"{iri}#catalogue", languages),
    }
    said = {name: value for name, value in told.items() if value}
    return json.dumps(said, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _download(known: dict[str, _Values], part: _Values) -> dict[str, Any]:
    """A file; empty for what is reached by asking."""
    address = _first(part, "dcat:downloadURL")
    if not address:
        return {}
    formats = [_first(part, name).rpartition(_MEDIA_TYPES)[2] for name in ("dcat:mediaType", "dcat:compressFormat")]
    size = _first(part, "dcat:byteSize")
    told = {
        "@type": "DataDownload",
        "contentUrl": address,
        "encodingFormat": [name for name in formats if name],
        "contentSize": f"{size} B" if size else "",
        "sha256": "".join(
            value.value
            for checksum in part.get(f"{_SPDX}checksum", ())
            for value in known.get(checksum.value, {}).get(f"{_SPDX}checksumValue", ())
        ),
    }
    return {name: value for name, value in told.items() if value}


def _agent(known: dict[str, _Values], node: str) -> dict[str, str]:
    told = {"@type": "Organization", "@id": node, "name": _first(known.get(node, {}), "foaf:name")}
    if not told["name"]:
        del told["name"], told["@type"]  # who it is stands behind the IRI
    return told


def _catalogue(known: dict[str, _Values], iri: str, languages: tuple[str, ...]) -> dict[str, str]:
    about = known.get(iri)
    if about is None:
        return {}
    return {"@type": "DataCatalog", "@id": iri, "name": next(iter(_texts(about, "dct:title", languages)), "")}


def _period(known: dict[str, _Values], about: _Values) -> str:
    period = known.get(_first(about, "dct:temporal"), {})
    begin, end = _first(period, "dcat:startDate"), _first(period, "dcat:endDate")
    return f"{begin or '..'}/{end or '..'}" if begin or end else ""


def _texts(about: _Values, name: str, languages: tuple[str, ...]) -> list[str]:
    """The texts, the best one first."""
    place = {language: number for number, language in enumerate(languages)}
    texts = [value for value in about.get(expand(name), ()) if isinstance(value, Literal)]
    texts.sort(key=lambda text: (place.get(text.language or "", len(place)), text.value))
    return [text.value for text in texts]


def _all(about: _Values, name: str) -> list[str]:
    return sorted(value.value for value in about.get(expand(name), ()))


def _first(about: _Values, name: str) -> str:
    return next(iter(_all(about, name)), "")
