"""`sources.yaml` and `entities.yaml`: the documents that claims come from and the things that they speak of."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Final

from kg.dates.writing import date_meant
from kg.errors import Suggestions
from kg.positions import Faults, Node, Sequence, Table, Value, cures
from kg.records.fields import OWN_TERMS, Fields, describe, is_language_tag, is_nothing
from kg.records.model import Document, Entity
from kg.terms import is_edtf, is_slug
from kg.vocabulary import Vocabulary

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
DOCUMENT_KEYS: Final = (
    "title",
    "language",
    "publisher",
    "licence",
    "address",
    "addressComplete",
    "date",
    "original",
    "extractor",
    "sha256",
    "text",
    "textLicence",
    "sentences",
    "origin",
)
"""What `sources.yaml` may say of a document."""


def renew(name: str, document: Document) -> str:
    """What to do where a file that is a document has another hash."""
    command = f"kg add document {shlex.quote(name)} --renew {document.slug}"
    return f"if the change is meant, {command} writes it at {document.position}"


def read_documents(root: Node, faults: Faults) -> dict[str, Document]:
    """The documents of `sources.yaml`, by slug."""
    found: dict[str, Document] = {}
    for slug, table in _slugged(root, "documents", faults):
        before = len(faults)
        found[slug] = _document(slug, Fields(table, faults, f"document '{slug}'"), faults)
        if len(faults) > before:
            faults.faulty.add(slug)
    hints = Suggestions(found)
    for document in found.values():
        if document.origin is not None and document.origin not in found:
            hint = hints.nearest(document.origin) or "describe it here, or take 'origin:' out"
            what = f"unknown document '{document.origin}'"
            faults.add("unknown-document", what, document.position, hint, document.origin)
            faults.faulty.add(document.slug)
    _tell_circles(found, faults)
    return found


def _tell_circles(documents: Mapping[str, Document], faults: Faults) -> None:
    """Documents that lead back to themselves by their origins, each circle once."""
    told: set[str] = set()
    for slug, document in documents.items():
        way, last = [slug], document.origin
        while last is not None and last in documents and last not in way:
            way.append(last)
            last = documents[last].origin
        if last == slug and told.isdisjoint(way):
            told.update(way)
            message = f"document '{slug}' reprints itself: {' from '.join([*way, slug])}"
            faults.add("origin", message, document.position, "take 'origin:' out of the one that was there first")


def _document(slug: str, fields: Fields, faults: Faults) -> Document:
    fields.only(DOCUMENT_KEYS)
    date, sha256, original = fields.text("date"), _hash(fields, "sha256"), _hash(fields, "original")
    if date is not None and not is_edtf(date):
        faults.add(
            "date",
            f"'{date}' is no EDTF date of the calendar",
            fields.place("date"),
            date_meant(date) or "write 2025, 2025-07 or 2025-07-01",
        )
        date = None
    known = len(faults)
    title = fields.languages("title")
    if not title and len(faults) == known:
        faults.add("missing-key", f"document '{slug}' has no 'title'", fields.position, "add 'title:'")
    text_licence = fields.address("textLicence")
    if text_licence is not None and (sha256 is None or fields.text("text") is None):
        hint = "add 'text:' and 'sha256:', or take 'textLicence:' out"
        what = f"document '{slug}' gives its text away and does not say which: it lacks 'text' or 'sha256'"
        faults.add("missing-key", what, fields.place("textLicence"), hint)
    return Document(
        slug=slug,
        title=title,
        language=_language(fields) or "und",
        publisher=fields.text("publisher", required=True) or "",
        licence=fields.text("licence", required=True) or "",
        address=fields.address("address"),
        address_complete=fields.flag("addressComplete") or False,
        date=date,
        sha256=sha256,
        original=original,
        extractor=fields.text("extractor"),
        text_file=_file(fields),
        text_licence=text_licence,
        sentences=_sentences(fields.node("sentences"), faults),
        origin=fields.text("origin"),
        position=fields.position,
    )


def _language(fields: Fields) -> str | None:
    tag = fields.text("language", required=True)
    if tag is None:
        return None
    if not is_language_tag(tag) or cures.language(tag) is not None:
        fields.fault(
            "language-tag",
            f"'{tag}' is no language tag",
            "language",
            f"write {cures.language(tag) or 'ar, fr, en or the like'}",
        )
        return None
    return tag


def _file(fields: Fields) -> str | None:
    """A file of the folder of texts, or below it: what it holds may be given away by name."""
    text = fields.text("text")
    if text is not None and (PurePath(text).is_absolute() or ".." in PurePath(text).parts):
        what = f"'text' leads out of the folder of texts: {text!r}"
        fields.fault("wrong-type", what, "text", "put the file into the folder, and write its name")
        return None
    return text


def _hash(fields: Fields, key: str) -> str | None:
    text = fields.text(key)
    if text is not None and not _SHA256.fullmatch(text):
        what = "the text" if key == "sha256" else "the file that the text was taken from"
        fields.fault("hash", f"'{key}' must be 64 hexadecimal digits", key, f"run sha256sum on {what}")
        return None
    return text


def _sentences(node: Node | None, faults: Faults) -> tuple[tuple[int, int], ...]:
    if node is None:
        return ()
    spans: list[tuple[int, int]] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        pair = tuple(v.value for v in item.items if isinstance(v, Value)) if isinstance(item, Sequence) else ()
        match pair:
            case (int(start), int(end)) if (spans[-1][1] if spans else 0) <= start < end:
                spans.append((start, end))
            case _:
                hint = "characters from 0, the end not included; kg add document finds them"
                faults.add("sentences", "a sentence must be [start, end], after the one before it", item.position, hint)
    return tuple(spans)


def read_entities(root: Node, vocabulary: Vocabulary, languages: Iterable[str], faults: Faults) -> dict[str, Entity]:
    """The entities of `entities.yaml`, by slug; each has a label in every one of the languages."""
    found: dict[str, Entity] = {}
    for slug, table in _slugged(root, "entities", faults):
        before = len(faults)
        fields = Fields(table, faults, f"entity '{slug}'")
        fields.only(("type", "label", "note"))
        found[slug] = Entity(
            slug=slug,
            types=class_iris(fields.node("type"), table, vocabulary, faults),
            labels=fields.languages("label", required=languages),
            note=fields.text("note"),
            position=table.position,
        )
        if len(faults) > before:
            faults.faulty.add(slug)
    return found


def class_iris(node: Node | None, owner: Table, vocabulary: Vocabulary, faults: Faults) -> tuple[str, ...]:
    """The classes that `type` names, as IRIs."""
    if node is None:
        faults.add("missing-key", "no 'type'", owner.position, "add 'type:' and the name of a class")
        return ()
    iris: list[str] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        name = item.text if isinstance(item, Value) else describe(item)
        term = vocabulary.class_named(name)
        if term is None:
            hint = vocabulary.hint(name, vocabulary.classes) or OWN_TERMS
            faults.add("unknown-term", f"unknown term '{name}'", item.position, hint)
        else:
            iris.append(term.iri)
    return tuple(iris)


def _slugged(root: Node, key: str, faults: Faults) -> list[tuple[str, Table]]:
    """The entries below the one top key, with names fit for an IRI; the position is that of the name."""
    body = root.get(key) if isinstance(root, Table) else None
    if not isinstance(root, Table) or not (isinstance(body, Table) or is_nothing(body)):
        hint = f"write '{key}:', and below it, further in, a name and a colon for each"
        faults.add("wrong-type", f"the file must hold one key '{key}:' with a mapping", root.position, hint)
        return []
    Fields(root, faults, "the file").only([key])
    found: list[tuple[str, Table]] = []
    if not isinstance(body, Table):
        return found
    for slug, node in body:
        if not is_slug(slug):
            hint = "use small Latin letters, digits and hyphens"
            faults.add("slug", f"'{slug}' cannot name a thing", body.keys[slug], hint)
        elif not isinstance(node, Table):
            faults.add("wrong-type", f"'{slug}' must be a mapping, not {describe(node)}", body.keys[slug])
        else:
            found.append((slug, node.at(body.places[slug])))
    return found
