"""`claims/*.yaml`: what each document states, with the words that carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kg.errors import Position, Suggestions, nearest
from kg.positions import Faults, Node, Scalar, Sequence, Table, Value
from kg.records.evidence import EvidenceReader, Locator
from kg.records.fields import Fields, describe, is_nothing, language_map
from kg.records.model import Claim, Document
from kg.records.statements import Names, Resolver
from kg.terms import PREFIXES, ZEL, is_claim_id
from kg.vocabulary import Vocabulary

DEFAULTS: Final = ("statedIn", "assertedBy", "reviewStatus", "modality", "checkable", "unreviewedGloss")
"""What the head of a file may say of all its claims."""
_OWN: Final = ("id", "says", "evidence", "note")
_RESERVED: Final = frozenset({"supportedBy"})
_XSD_STRING: Final = PREFIXES["xsd"] + "string"


def claim_tables(root: Node, faults: Faults) -> Iterator[tuple[Table, Table]]:
    """The claims of one file as (file, claim) mappings."""
    body = root.get("claims") if isinstance(root, Table) else None
    if not isinstance(root, Table) or not (isinstance(body, Sequence) or is_nothing(body)):
        strange = [key for key in root.entries if key not in (*DEFAULTS, "claims")] if isinstance(root, Table) else []
        like = (f"'{key}': {hint}" for key in strange if (hint := nearest(key, ["claims"])))
        hint = next(like, "write 'claims:', and below it '- id:' and a name for each")
        faults.add("wrong-type", "the file must hold a key 'claims:' with a list", root.position, hint)
        return
    Fields(root, faults, "the file").only([*DEFAULTS, "claims"])
    for item in body.items if isinstance(body, Sequence) else ():
        if isinstance(item, Table):
            yield root, item
        else:
            faults.add("wrong-type", f"a claim must be a mapping, not {describe(item)}", item.position)


def claim_name(table: Table, faults: Faults) -> str | None:
    """The id of a claim, if it has one that can be part of an IRI."""
    node = table.get("id")
    if not isinstance(node, Value) or not is_claim_id(node.text):
        place = node.position if node is not None else table.position
        hint = "kg fmt proposes one and writes it down" if node is None else None
        faults.add("claim-id", "a claim needs an 'id' of letters, digits and hyphens", place, hint)
        return None
    return node.text


def declared_nodes(node: Node) -> Iterator[tuple[str, Position]]:
    """The things that a statement itself declares: those with both an `id` and a `type`."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from declared_nodes(item)
    elif isinstance(node, Table):
        subject = node.get("id")
        if isinstance(subject, Value) and node.get("type") is not None:
            yield subject.text, subject.position
        for key, value in node:
            if key not in {"id", "type"}:
                yield from declared_nodes(value)


class ClaimReader:
    """Reads claims whose every name can be looked up."""

    def __init__(self, names: Names, documents: Mapping[str, Document], locator: Locator, faults: Faults) -> None:
        self._names, self._documents, self._faults = names, documents, faults
        self._evidence = EvidenceReader(locator, faults)
        self._resolver = Resolver(names, faults)
        self._hints = Suggestions(documents)
        self._about_claims = claim_properties(names.vocabulary)
        self._known = self._about_claims.union(_OWN)

    def read(self, file: Table, table: Table, claim_id: str) -> Claim:
        """One claim, with the defaults of its file."""
        inherited = {key: file.entries[key] for key in DEFAULTS if key in file.entries}
        places = {**{key: file.places[key] for key in inherited}, **table.places}
        place = table.places.get("id", table.place)
        whole = Table({**inherited, **table.entries}, places, table.name, place)
        Fields(whole, self._faults, f"claim '{claim_id}'").only(self._known)
        document = self._document(whole, claim_id)
        return Claim(
            id=claim_id,
            document=document.slug if document else "",
            says=tuple(self._says(whole, claim_id)),
            metadata=self._metadata(whole, claim_id, document),
            evidence=tuple(self._evidence.read(whole.get("evidence"), claim_id, document)),
            notes=self._notes(whole),
            position=whole.position,
        )

    def _document(self, table: Table, claim_id: str) -> Document | None:
        node = table.get("statedIn")
        name = node.text if isinstance(node, Value) else ""
        if name in self._documents:
            return self._documents[name]
        if node is None:
            self._faults.add("missing-key", f"claim '{claim_id}' names no document", table.position, "add 'statedIn:'")
        else:
            hint = self._hints.nearest(name) or "describe it in sources.yaml"
            self._faults.add("unknown-document", f"unknown document '{name}'", node.position, hint, name)
        return None

    def _says(self, table: Table, claim_id: str) -> Iterator[Mapping[str, Any]]:
        node = table.get("says")
        items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
        if not items:
            self._faults.add("missing-key", f"claim '{claim_id}' says nothing", table.position, "add 'says:'")
        for item in items:
            if not isinstance(item, Table):
                hint = "as in says: {id: quay, lifecycleStatus: planned}"
                self._faults.add("wrong-type", f"'says' needs mappings, not {describe(item)}", item.position, hint)
                continue
            resolved = self._resolver.node(item)
            if item.entries.keys() <= {"id"}:
                hint = "add a property"
                self._faults.add("empty-statement", f"claim '{claim_id}' says nothing of it", item.position, hint)
            yield resolved

    def _metadata(self, table: Table, claim_id: str, document: Document | None) -> Mapping[str, Any]:
        """What is known of the claim; what nobody wrote and goes without saying is added."""
        entries: dict[str, Node] = {
            name: Value.at(table.position, value, text) for name, value, text in _unsaid(claim_id, document)
        }
        entries |= {key: value for key, value in table if key in self._about_claims and key != "statedIn"}
        return self._resolver.properties(Table(entries, table.places, table.name, table.place))

    def _notes(self, table: Table) -> tuple[tuple[str, str], ...]:
        node = table.get("note")
        if node is None:
            return ()
        if isinstance(node, Value):
            return (("en", node.text),)
        return tuple((lang, text) for lang, texts in language_map(node, "note", self._faults).items() for text in texts)


def _unsaid(claim_id: str, document: Document | None) -> Iterator[tuple[str, Scalar, str]]:
    """What a claim says where neither it nor its file does: a document speaks for itself."""
    if document is not None:
        yield "assertedBy", document.slug, document.slug
    yield "checkable", True, "true"
    yield "factId", (fact := claim_id.partition("-")[0]), fact


def claim_properties(vocabulary: Vocabulary) -> frozenset[str]:
    """The properties that a claim's own mapping may use: those whose domain is Claim."""
    about = {name for name, term in vocabulary.properties.items() if term.domain == ZEL + "Claim" and not term.derived}
    return frozenset(about - _RESERVED)
