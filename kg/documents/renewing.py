"""The hash of a document in `sources.yaml`, written anew where its file was changed; all else stays as it is."""

from __future__ import annotations

from kg.errors import RecordError
from kg.positions import Node, Table, Value, parse_yaml

_KEY = "sha256"


def renewed(content: bytes, name: str, slug: str, sha256: str) -> bytes:
    """The file `sources.yaml` with another hash of a document; comments, order and blanks stay.

    :raises RecordError: if the file cannot be read, does not have the document, has it in a way in which no hash can be
        written, or says that it has a text: offsets count in that

    >>> print(renewed(b"documents:\\n  one: {title: {en: a}}  # mine\\n", "sources.yaml", "one", "0a").decode(), end="")
    documents:
      one: {sha256: 0a, title: {en: a}}  # mine
    """
    body = _documents(content, name)
    entry = body.get(slug)
    if not isinstance(entry, Table):
        raise RecordError(f"there is no document '{slug}' in {name}", hint=f"it has {', '.join(body.entries)}")
    if entry.get("text") is not None:
        hint = "offsets count in it: add the new edition as another document"
        raise RecordError(f"document '{slug}' has a text", position=entry.keys["text"], hint=hint)
    given = entry.get(_KEY)
    written = _replaced(content, given, sha256) if isinstance(given, Value) else _added(content, entry, sha256)
    if written is None or not _is_meant(written, name, slug, sha256, body):
        hint = f"write it by hand: {_KEY}: {sha256}"
        raise RecordError(f"the hash of '{slug}' cannot be written", position=body.keys[slug], hint=hint)
    return written


def _documents(content: bytes, name: str) -> Table:
    root = parse_yaml(content, name)
    body = root.get("documents") if isinstance(root, Table) else None
    if not isinstance(body, Table):
        raise RecordError(f"{name} has no documents", position=root.position, hint="kg add document adds one")
    return body


def _replaced(content: bytes, given: Value, sha256: str) -> bytes | None:
    lines = content.decode("utf-8").splitlines(keepends=True)
    line, column = given.position.line - 1, (given.position.column or 1) - 1
    before, after = lines[line][:column], lines[line][column:]
    if given.text not in after:
        return None
    lines[line] = before + after.replace(given.text, sha256, 1)
    return "".join(lines).encode()


def _added(content: bytes, entry: Table, sha256: str) -> bytes | None:
    """The file with the hash before all else that is said of the document."""
    first = next(iter(entry.keys.values()), None)
    if first is None:
        return None
    lines = content.decode("utf-8").splitlines(keepends=True)
    line, column = first.line - 1, (first.column or 1) - 1
    before, after = lines[line][:column], lines[line][column:]
    lines[line] = f"{before}{_KEY}: {sha256}" + (f", {after}" if entry.in_braces else f"\n{' ' * column}{after}")
    return "".join(lines).encode()


def _is_meant(written: bytes, name: str, slug: str, sha256: str, before: Table) -> bool:
    """Whether the file now says the hash, and all else as it did."""
    try:
        after = _documents(written, name)
    except RecordError:
        return False
    said, was = ({slug: _said(one) for slug, one in body} for body in (after, before))
    return said == {**was, slug: {**dict(was[slug]), _KEY: sha256}}


def _said(node: Node) -> dict[str, str]:
    """What is said of a document, whatever stands around it."""
    return {key: _text(value) for key, value in node} if isinstance(node, Table) else {"": _text(node)}


def _text(node: Node) -> str:
    if isinstance(node, Value):
        return node.text
    if isinstance(node, Table):
        return repr({key: _text(value) for key, value in node})
    return repr([_text(item) for item in node.items])
