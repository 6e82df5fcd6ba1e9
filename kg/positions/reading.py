"""The bytes of a YAML file -> its one node, or what is wrong with it."""

from __future__ import annotations

import errno
from pathlib import Path

import yaml

from kg.encodings import as_utf8
from kg.errors import Position, RecordError, StorageError
from kg.positions.composing import Composer
from kg.positions.cures import line as cure_of_line
from kg.positions.nodes import Node
from kg.quoting import hint_for_line


def read_bytes(path: Path, name: str, limit: int) -> bytes:
    """The bytes of a file of at most `limit` bytes; `name` is what errors call it.

    :raises RecordError: if the file is absent or larger
    :raises StorageError: if the system cannot read it
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise RecordError(f"no such file: {name}", hint="check the [paths] of kg.toml") from None
    except OSError as error:
        raise StorageError(f"cannot read {name}: {error.strerror or errno.errorcode.get(error.errno or 0)}") from None
    if len(content) > limit:
        raise RecordError(
            f"the file is larger than {limit:,} bytes",
            position=Position(name, 1),
            hint="split it, or raise [limits] file_bytes in kg.toml",
        )
    return content


def parse_yaml(content: bytes, name: str, *, depth: int = 32, prose: bool = True) -> Node:
    """Parse one YAML document into nodes that know their line.

    With `prose` the file holds words that people copied: a `#` before a word, which would make a comment of the rest
    of a text, is a fault.

    :raises RecordError: at the first fault of syntax, naming file and line; of texts that YAML would cut, all

    >>> node = parse_yaml(b"a: 1\\nb: [x, 2025-07]\\n", "t.yaml")
    >>> [item.value for item in node.get("b").items], str(node.keys["b"])
    (['x', '2025-07'], 't.yaml:2')
    >>> parse_yaml(b"a: &x 1\\nb: *x\\n", "t.yaml")
    Traceback (most recent call last):
        ...
    kg.errors.RecordError: t.yaml:1: anchors and aliases are not allowed (write the value again; a text goes in quotes)
    >>> parse_yaml(b"a: {exact: on March 27, 2026}\\n", "t.yaml")
    Traceback (most recent call last):
        ...
    kg.errors.RecordError: t.yaml:1: '2026' has no value, for within { } a comma ends a text \
(put the text in quotes: exact: "on March 27, 2026")
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise RecordError(
            f"not UTF-8: byte 0x{content[error.start]:02x}",
            position=Position(name, line, column),
            hint=as_utf8(content, "the file", name),
        ) from None
    try:
        return Composer(name, depth, text, prose=prose).compose()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        # Of two readers, one tells the character and one its number.
        told = error.character
        code = told if isinstance(told, int) else ord(str(told)[:1] or "?")
        message = f"character U+{code:04X} is not allowed in YAML"
        raise RecordError(message, position=Position(name, line), hint="it cannot be seen: take it out") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "end of stream" in str(error.problem):  # what is not closed tells more than where the file ends
            mark = error.context_mark or mark
        position = Position(name, mark.line + 1, mark.column + 1) if mark else Position(name, 1)
        if "nesting depth" in str(error.problem):  # newer libyaml stops at a depth of its own before the first event
            raise RecordError(f"nested more than {depth} levels deep", position=position, hint="flatten it") from None
        said = " ".join(part for part in (error.context, error.problem) if part)
        hint = _hint(text, error.problem_mark, error.context_mark) or "check the indentation and the quotes"
        raise RecordError(f"not YAML: {said}", position=position, hint=hint) from None


def _hint(text: str, *marks: yaml.Mark | None) -> str | None:
    """What to write in place of a text that is the reason why a document does not parse."""
    lines = text.split("\n")
    told = [lines[mark.line] for mark in marks if mark is not None and mark.line < len(lines)]
    return next((hint for cure in (cure_of_line, hint_for_line) for line in told if (hint := cure(line))), None)


def read_yaml(path: Path, name: str, *, limit: int, depth: int, prose: bool = True) -> Node:
    """Read a YAML file of at most `limit` bytes and `depth` levels; for `prose` see `parse_yaml`.

    :raises RecordError: if it is absent, too large, or not what `parse_yaml` accepts
    :raises StorageError: if the system cannot read it
    """
    return parse_yaml(read_bytes(path, name, limit), name, depth=depth, prose=prose)
