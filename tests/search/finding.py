"""Small indexes for tests, and what is found in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.search import Found, Index, Narrowed, make, read_question

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ANY = Narrowed()


def line(subject: str, text: str, language: str = "", link: str = LABEL, graph: str = "") -> bytes:
    """A line of N-Quads that states a text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    tag, name = f"@{language}" if language else "", f" <{graph}>" if graph else ""
    return f'<{subject}> <{link}> "{escaped}"{tag}{name} .\n'.encode()


def link(subject: str, prop: str, value: str, graph: str = "") -> bytes:
    """A line of N-Quads that states a link."""
    name = f" <{graph}>" if graph else ""
    return f"<{subject}> <{prop}> <{value}>{name} .\n".encode()


def indexed(path: Path, lines: Iterable[bytes]) -> Index:
    """The index of some lines, in whatever order."""
    make([sorted(lines)], path, "0" * 64)
    return Index(path)


def find(index: Index, text: str, narrowed: Narrowed = ANY, limit: int = 1000) -> Found:
    """What is found for words as people write them."""
    return index.find(read_question(text), limit, narrowed)


def things(found: Found) -> list[str]:
    """The things of hits, each once."""
    return list(dict.fromkeys(hit.thing for hit in found.hits))
