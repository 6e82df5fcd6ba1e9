"""What is kept of a proof: where its columns lie, how its graph differs from them, and what was found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import pyoxigraph as ox

from kg.paths import program_digest
from kg.shacl.report import Message, Reason, Result
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.verdicts import Verdict

_KINDS: Final[Mapping[str, type]] = {"result": Result, "message": Message, "reason": Reason}


@dataclass(frozen=True, slots=True)
class Record:
    """The proof of one graph."""

    key: str
    """What decides about a verdict beside the graph (`proof_key`)."""
    graph: str
    """The SHA-256 of its sorted lines."""
    columns: str
    """The name of the file of columns that it is made of."""
    removed: tuple[str, ...]
    """Lines that the columns have and the graph has not."""
    added: tuple[str, ...]
    """Lines that the graph has and the columns have not."""
    verdicts: tuple[Verdict, ...]

    def moved(self, graph: str, removed: Sequence[bytes], added: Sequence[bytes]) -> Record:
        """The record of a graph that differs in some lines; its verdicts are still to be found."""
        gone, new = {line.decode() for line in removed}, {line.decode() for line in added}
        was_gone, was_new = set(self.removed), set(self.added)
        return replace(
            self,
            graph=graph,
            removed=tuple(sorted((was_gone - new) | (gone - was_new))),
            added=tuple(sorted((was_new - gone) | (new - was_gone))),
        )


def proof_key(ontology: str, levels: Sequence[ShapesGraph]) -> str:
    """What decides about a verdict beside the graph: the shapes, the program, and the graph of the ontology."""
    total = hashlib.sha256(f"{ontology}\n{program_digest()}\n".encode())
    for level in levels:
        total.update(b"level\n")
        turns: dict[ox.BlankNode, int] = {}
        for quad in level.quads:
            terms = (quad.subject, quad.predicate, quad.object)
            said = (f"_:{turns.setdefault(t, len(turns))}" if isinstance(t, ox.BlankNode) else str(t) for t in terms)
            total.update(" ".join(said).encode() + b"\n")
    return total.hexdigest()


def dump(record: Record) -> bytes:
    """A record as bytes, with their hash before them."""
    content = json.dumps(
        {
            "key": record.key,
            "graph": record.graph,
            "columns": record.columns,
            "removed": record.removed,
            "added": record.added,
            "verdicts": [
                {
                    "counts": dict(verdict.counts),
                    "results": {
                        shape: {node: _plain(told) for node, told in nodes.items()}
                        for shape, nodes in verdict.results.items()
                    },
                }
                for verdict in record.verdicts
            ],
        },
        ensure_ascii=False,
    ).encode()
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def load(content: bytes, key: str) -> Record:
    """The record that `dump` wrote.

    :raises ValueError: if it is damaged, or other shapes or another engine made it
    """
    digest, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError("damaged")
    said = json.loads(body)
    if said["key"] != key:
        raise ValueError("other shapes, or another engine")
    verdicts = tuple(
        Verdict(
            verdict["counts"],
            {
                shape: {node: _value(told) for node, told in nodes.items()}
                for shape, nodes in verdict["results"].items()
            },
        )
        for verdict in said["verdicts"]
    )
    return Record(key, said["graph"], said["columns"], tuple(said["removed"]), tuple(said["added"]), verdicts)


def _plain(value: object) -> Any:
    """A result, and all that is in it, as JSON."""
    match value:
        case None | str() | int():
            return value
        case tuple():
            return [_plain(part) for part in value]
        case Result() | Message() | Reason():
            return {type(value).__name__.lower(): {f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    raise TypeError(f"not part of a result: {value!r}")


def _value(plain: Any) -> Any:
    match plain:
        case None | str() | int():
            return plain
        case list():
            return tuple(map(_value, plain))
        case dict():
            ((kind, parts),) = plain.items()
            return _KINDS[kind](**{name: _value(part) for name, part in parts.items()})
    raise TypeError(f"not part of a result: {plain!r}")
