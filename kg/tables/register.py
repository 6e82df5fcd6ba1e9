"""`tables.yaml`: which tables a project has, which mappings read them, and what stands behind their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kg import positions
from kg.config import Config
from kg.errors import MappingError, Position, RecordError, nearest
from kg.positions import Faults, Node, Sequence, Value
from kg.records.fields import Fields, describe, language_map
from kg.rml.mapping.yarrrml.terms import Reference, Template, parse_template
from kg.tables.model import LeftOut, Stated, Table
from kg.terms import PREFIXES, ZEL, is_slug
from kg.vocabulary import Vocabulary

REGISTER: Final = "tables.yaml"
MAPPING_SUFFIXES: Final = (".rml.ttl", ".yarrrml.yml")
NOTE: Final = "note"
"""The key of an editorial remark, which is no property of the vocabulary."""

_TABLE: Final = ("file", "mapping", "document", "title", "publisher", "licence", "grouped", "id", "hashed", "leaveOut")
_COMPILED: Final = ("title", "publisher", "licence")
_REQUIRED: Final = ("modality", "reviewStatus")
_LANG_STRING: Final = PREFIXES["rdf"] + "langString"


def read_register(config: Config, vocabulary: Vocabulary) -> tuple[Table, ...]:
    """The tables of a project, in the order of `tables.yaml`; none where there is no folder of tables.

    :raises RecordError: with everything that is wrong with the register, and for mappings that it does not name
    :raises ConfigError: if kg.toml names a folder that is not there
    :raises StorageError: if the system cannot read it
    """
    config.check_paths()
    folder = config.locate("tables")
    if not folder.is_dir():
        return ()
    path, faults = folder / REGISTER, Faults()
    found = [p for suffix in MAPPING_SUFFIXES for p in folder.rglob(f"*{suffix}")]
    if not path.exists() and not found:
        return ()
    root = positions.read_yaml(path, config.name_of(path), limit=config.limits.file_bytes, depth=config.limits.depth)
    reader = _Reader(config, vocabulary, faults)
    tables = tuple(reader.tables(root))
    named = {table.mapping for table in tables}
    if not faults:
        for mapping in sorted(set(found) - named):
            hint = f"describe the table that it reads in {REGISTER}, or move it elsewhere"
            faults.add("table", "no table has this mapping", Position(config.name_of(mapping), 1), hint)
    faults.raise_any()
    return tables


class _Reader:
    """Reads the entries; what is wrong goes to `faults`."""

    def __init__(self, config: Config, vocabulary: Vocabulary, faults: Faults) -> None:
        self._config, self._faults = config, faults
        self._folder = config.locate("tables")
        self._about = {
            name: term
            for name, term in vocabulary.properties.items()
            if term.domain == ZEL + "Claim" and name != "supportedBy" and not term.derived
        }

    def tables(self, root: Node) -> Iterator[Table]:
        body = root.get("tables") if isinstance(root, positions.Table) else None
        if not isinstance(root, positions.Table) or not isinstance(body, positions.Table):
            self._faults.add("wrong-type", "the file must hold one key 'tables:' with a mapping", root.position)
            return
        Fields(root, self._faults, "the file").only(["tables"])
        for slug, node in body:
            place = body.keys[slug]
            if not is_slug(slug):
                hint = "use small Latin letters, digits and hyphens"
                self._faults.add("slug", f"'{slug}' cannot name a table", place, hint)
            elif not isinstance(node, positions.Table):
                self._faults.add("wrong-type", f"'{slug}' must be a mapping, not {describe(node)}", place)
            else:
                table = self._table(slug, node.at(body.places[slug]))
                if table is not None:
                    yield table

    def _table(self, slug: str, node: positions.Table) -> Table | None:
        what = f"table '{slug}'"
        fields = Fields(node, self._faults, what)
        fields.only([*_TABLE, *self._about, NOTE])
        document = fields.text("document")
        self._check_keys(fields, what, is_document=document is not None)
        path = self._file(fields, "file", (slug + ".csv",))
        mapping = self._file(fields, "mapping", tuple(slug + suffix for suffix in MAPPING_SUFFIXES))
        identity = self._text(node.get("id"))
        stated = {key: made for key, value in node if (made := self._stated(key, value, fields.place(key))) is not None}
        if path is None or mapping is None or identity is None:
            return None
        if document is not None:
            stated.setdefault("statedIn", Stated(self._about["statedIn"], (Template((document,), node.position),)))
        # As in claims files, a claim can be checked unless it is said otherwise.
        stated.setdefault("checkable", Stated(self._about["checkable"], (Template(("true",), node.position),)))
        # A text speaks for itself, unless it names a voice.
        if "assertedBy" not in stated and "statedIn" in stated:
            stated["assertedBy"] = Stated(self._about["assertedBy"], stated["statedIn"].texts)
        return Table(
            slug=slug,
            path=path,
            name=self._config.name_of(path),
            mapping=mapping,
            mapping_name=self._config.name_of(mapping),
            title=fields.languages("title", required=() if document is not None else self._config.project.languages),
            publisher=fields.text("publisher", required=document is None) or "",
            licence=fields.text("licence", required=document is None) or "",
            document=document,
            is_grouped=fields.flag("grouped") or False,
            id=identity,
            stated=stated,
            position=node.position,
            is_hashed=fields.flag("hashed") or False,
            left_out=tuple(self._left_out(fields)),
        )

    def _left_out(self, fields: Fields) -> Iterator[LeftOut]:
        """Columns, and what stands in them in rows that are none of the table."""
        node = fields.node("leaveOut")
        if node is None:
            return
        if not isinstance(node, positions.Table):
            hint = 'name a column and what stands in it: leaveOut: {name: ["", Total]}'
            self._faults.add("wrong-type", f"'leaveOut' must be a mapping, not {describe(node)}", node.position, hint)
            return
        for column, values in node:
            items = values.items if isinstance(values, Sequence) else (values,)
            wrong = [item for item in items if not isinstance(item, Value)]
            for item in wrong:
                hint = 'write the text of a cell, or "" for an empty one'
                self._faults.add("wrong-type", f"a text is expected, not {describe(item)}", item.position, hint)
            texts = frozenset(item.text for item in items if isinstance(item, Value) and item.value is not None)
            texts |= {"" for item in items if isinstance(item, Value) and item.value is None}
            if not wrong:
                yield LeftOut(Template((Reference(column),), node.keys[column]), texts)

    def _check_keys(self, fields: Fields, what: str, *, is_document: bool) -> None:
        """A document is described in sources.yaml; any other table says itself what it is made of."""
        for key in (*_COMPILED, "statedIn") if is_document else ():
            if fields.node(key) is not None:
                message = f"{what} is a document: it has no '{key}' of its own"
                self._faults.add("table", message, fields.place(key), "sources.yaml describes it")
        if not is_document and fields.node("statedIn") is None:
            hint = "add 'statedIn: $(column)', or 'document:' if the file itself is one"
            self._faults.add("missing-key", f"{what} names no documents", fields.position, hint)
        for key in ("id", *_REQUIRED):
            if fields.node(key) is None:
                self._faults.add("missing-key", f"{what} has no '{key}'", fields.position, f"add '{key}:'")
        name = fields.text("mapping")
        if name is not None and not name.endswith(MAPPING_SUFFIXES):
            hint = f"mappings end with {' or '.join(MAPPING_SUFFIXES)}"
            self._faults.add("table", f"'{name}' is no name of a mapping", fields.place("mapping"), hint)

    def _file(self, fields: Fields, key: str, usual: tuple[str, ...]) -> Path | None:
        """A file at or below the folder of tables: the one that is named, or the one with the name of the table."""
        name = fields.text(key)
        names = (name,) if name is not None else usual
        for candidate in names:
            path = self._folder / candidate
            if "\0" not in candidate and path.is_file():
                if path.resolve().is_relative_to(self._folder.resolve()):
                    return path
                hint = "put it at or below the folder of tables"
                self._faults.add("table", f"'{candidate}' leads out of the folder of tables", fields.place(key), hint)
                return None
        known = [str(p.relative_to(self._folder)) for p in self._folder.rglob("*") if p.is_file()]
        hint = nearest(names[0], known) or f"name it: '{key}:'"
        wanted = " or ".join(f"'{n}'" for n in names)
        self._faults.add("table", f"there is no file {wanted} in {self._config.paths.tables}", fields.place(key), hint)
        return None

    def _stated(self, key: str, node: Node, place: Position) -> Stated | None:
        """What rows have for a property of claims."""
        term = self._about.get(key)
        if term is None and key != NOTE:
            return None
        if term is None or term.range == _LANG_STRING:
            by_language = self._by_language(node, key)
            texts = [(lang, text) for lang, items in by_language.items() for text in items]
            made = [(lang, parsed) for lang, text in texts if (parsed := self._parsed(text, place)) is not None]
            return Stated(term, tuple(text for _, text in made), tuple(lang for lang, _ in made))
        items = node.items if isinstance(node, Sequence) else (node,)
        found = [text for item in items if (text := self._text(item)) is not None]
        return Stated(term, tuple(found))

    def _by_language(self, node: Node, key: str) -> Mapping[str, tuple[str, ...]]:
        if key == NOTE and isinstance(node, Value):
            return {"en": (node.text,)}
        return language_map(node, key, self._faults)

    def _text(self, node: Node | None) -> Template | None:
        if isinstance(node, Value) and node.value is not None:
            return self._parsed(node.text, node.position)
        if node is not None:
            hint = "write a word, or $(column)"
            self._faults.add("wrong-type", f"a text is expected, not {describe(node)}", node.position, hint)
        return None

    def _parsed(self, text: str, place: Position) -> Template | None:
        try:
            return parse_template(text, place)
        except MappingError as error:
            problems = error.problems
            self._faults.include(RecordError(problems=problems))
            return None
