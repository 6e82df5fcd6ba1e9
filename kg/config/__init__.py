"""The settings of a project: frozen dataclasses read from `kg.toml` and `KG_*`; an unknown key is an error."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from kg.config.addresses import is_base
from kg.config.catalogue import Catalogue, faults
from kg.config.serving import (
    FILLING,
    PUBLIC_URL_HINT,
    Federation,
    Server,
    faults_of_federation,
    faults_of_server,
)
from kg.config.vocabulary import Naming, faults_of_vocabulary
from kg.errors import ConfigError, Position, Problem, nearest
from kg.paths import data_dir, layer_folders
from kg.terms import LANGUAGES, ONTOLOGY_BASE, is_language

__all__ = [
    "FILE_NAME", "FILLING", "PUBLIC_URL_HINT", "Catalogue", "Config", "Federation", "Limits", "Naming", "Paths",
    "Project", "Server", "find_project", "read_config",
]  # fmt: skip
FILE_NAME = "kg.toml"
_ONCE = "data/ontology"
"""Where ontologies of projects with files of RDF stood, which stand in the folder of the vocabulary now."""


@dataclass(frozen=True, slots=True)
class Project:
    """What the graph is and where its IRIs live."""

    name: str
    """Short name of the graph; required."""
    base: str = ONTOLOGY_BASE
    """Where the IRIs of the data live; ends in `/`."""
    licence: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    """IRI of the licence of the data."""
    publisher: str = ""
    """Who publishes."""
    languages: tuple[str, ...] = LANGUAGES
    """The languages in which everything must have a label; further ones are welcome."""
    title: Mapping[str, str] = field(default_factory=dict)
    """Title by language."""
    description: Mapping[str, str] = field(default_factory=dict)
    """Description by language."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders and files, relative to the project."""

    claims: str = "data/claims"
    """The folder of claims."""
    sources: str = "data/sources.yaml"
    """The documents."""
    entities: str = "data/entities.yaml"
    """The things that claims speak of."""
    wikidata: str = "data/wikidata.sssom.tsv"
    """Which things are which items of Wikidata."""
    tables: str = "data/tables"
    """The folder of tables and their mappings."""
    rdf: str = "data/rdf"
    """The folder of files of RDF (docs/rdf-input.md)."""
    queries: str = "data/queries"
    """The folder of examples for those who begin to ask."""
    ontology: str = "ontology"
    """The folder of layers of vocabulary beside those that came with Zellige."""
    vocabulary: str = "vocabulary"
    """The folder of terms and schemes of the project's own."""
    shapes: str = "shapes"
    """The folder of shapes."""
    releases: str = "releases"
    """The folder of releases."""
    quotes: str = "data/quotes.lock"
    """The lock file: where quotes without offsets stand in their texts."""
    sources_texts: str = ""
    """The folder of the documents' texts, for those who have them; none, where it is empty."""
    functions: str = ""
    """A Python file with functions for mappings (docs/functions.md#functions-of-your-own)."""
    locale: str = "locale"
    """The folder of catalogues of words, by which pages speak further languages (docs/words.md)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a build accepts; beyond it the file is refused by name."""

    file_bytes: int = 8_000_000
    """Size of one YAML file, in bytes."""
    depth: int = 32
    """Nesting of one YAML file, in levels."""
    query_seconds: int = 60
    """Processor time that one evaluation of a query of a shape may take, in seconds; 0 sets no end."""
    table_claims: int = 2_000
    """Claims up to which a build makes the table of all statements that a server gives; 0 makes none."""


@dataclass(frozen=True, slots=True)
class Config:
    """One project folder and its settings."""

    root: Path
    project: Project
    paths: Paths = field(default_factory=Paths)
    catalogue: Catalogue = field(default_factory=Catalogue)
    limits: Limits = field(default_factory=Limits)
    server: Server = field(default_factory=Server)
    federation: Federation = field(default_factory=Federation)
    vocabulary: Naming = field(default_factory=Naming)
    releases_dir: Path | None = None
    """Set by `kg build --out`; overrides `paths.releases`."""

    def locate(self, name: str) -> Path:
        """The path of a setting of `[paths]`; without a folder of layers it is that of the packaged ones.

        :raises AttributeError: if `[paths]` has no such setting
        """
        path = self.root / str(getattr(self.paths, name))
        if name == "ontology" and not path.exists():
            return data_dir(name)
        return path

    def check_paths(self) -> None:
        """See that what `[paths]` names is there: only a folder that has its usual name may be absent.

        :raises ConfigError: with every one that is not there, or is no folder
        """
        usual, problems = Paths(), []
        for name in (
            "claims", "tables", "rdf", "queries", "ontology", "vocabulary", "shapes", "wikidata",
            "locale",
        ):  # fmt: skip
            stated = str(getattr(self.paths, name))
            path = self.root / stated
            if not path.exists() and stated != getattr(usual, name):
                problems.append((name, f"[paths] {name}: there is no '{stated}'"))
            elif path.is_file() and name != "wikidata":
                problems.append((name, f"[paths] {name}: '{stated}' is no folder"))
        if (self.root / _ONCE).is_dir() and any((self.root / _ONCE).iterdir()):
            problems.append(("paths", f"{_ONCE} is no longer read; move its files to {self.paths.vocabulary}"))
        if problems:
            file = self.root / FILE_NAME
            lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
            places = [Position(str(file), _line_of(lines, name)) for name, _ in problems]
            told = zip(problems, places, strict=True)
            raise ConfigError(problems=[Problem(ConfigError.code, what, place) for (_, what), place in told])

    @property
    def namespace(self) -> str:
        """Where the terms of the project's own live."""
        return self.vocabulary.namespace or f"{self.project.base}ont#"

    def name_of(self, path: Path) -> str:
        """What errors and manifests call a file: its path relative to the project, where it has one."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    @property
    def texts(self) -> Path | None:
        """The folder of the documents' texts, if the settings name one; it need not be there."""
        return self.root / self.paths.sources_texts if self.paths.sources_texts else None

    @property
    def releases(self) -> Path:
        """The folder that holds the releases."""
        return self.releases_dir or self.root / self.paths.releases


_KINDS: Mapping[type, str] = MappingProxyType({int: "a whole number", str: "text", bool: "true or false"})
_SECTIONS: Mapping[str, type] = {
    "project": Project,
    "paths": Paths,
    "catalogue": Catalogue,
    "limits": Limits,
    "server": Server,
    "federation": Federation,
    "vocabulary": Naming,
}
_LIST = tuple[str, ...]


def find_project(start: Path) -> Path | None:
    """The nearest folder from `start` upwards that holds a `kg.toml`, or None."""
    return next((folder for folder in (start, *start.parents) if (folder / FILE_NAME).is_file()), None)


def read_config(root: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read `kg.toml` of the folder `root`, then the variables `KG_<SECTION>_<KEY>`.

    :raises ConfigError: naming every unknown key, wrong type and missing value
    """
    path = root / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"no {FILE_NAME} in {root}", hint="run the command inside a project folder") from None
    except UnicodeDecodeError as error:
        what = f"{FILE_NAME} is not UTF-8: byte {error.start}"
        raise ConfigError(what, position=Position(str(path), 1), hint="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        raise ConfigError(
            f"{FILE_NAME} is not TOML: {error}", position=Position(str(path), int(at[1]) if at else 1)
        ) from None
    reader = _Reader(str(path), text.splitlines())
    for variable, value in sorted((os.environ if environ is None else environ).items()):
        reader.override(tables, variable, value)
    for key in tables:
        if key not in _SECTIONS:
            reader.fault(f"unknown section [{key}]", key, nearest(key, _SECTIONS))
    sections = {name: reader.section(name, kind, tables.get(name, {})) for name, kind in _SECTIONS.items()}
    reader.check_project(tables.get("project", {}))
    for key, what, hint in faults(sections["catalogue"]):
        reader.fault(f"[catalogue] {key}: {what}", key, hint)
    there = layer_folders(root / sections["paths"].ontology)
    told = chain(
        faults_of_server(sections["server"]),
        faults_of_federation(sections["federation"]),
        faults_of_vocabulary(sections["vocabulary"], there),
    )
    for what, key, cure in told:
        reader.fault(what, key, cure)
    if reader.problems:
        raise ConfigError(problems=[p for error in reader.problems for p in error.problems])
    return Config(root=root, **sections)


def _line_of(lines: Sequence[str], key: str) -> int:
    """The line of a key or a section, else the first one."""
    return next((number for number, text in enumerate(lines, 1) if text.lstrip("[ ").startswith(key)), 1)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def _text(text: str) -> str:
    return text


class _Reader:
    """Gathers every fault of one file, so that all of them are reported at once."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self._path, self._lines = path, lines
        self.problems: list[ConfigError] = []

    def fault(self, message: str, key: str, hint: str | None = None) -> None:
        self.problems.append(ConfigError(message, position=Position(self._path, _line_of(self._lines, key)), hint=hint))

    def override(self, tables: dict[str, Any], variable: str, value: str) -> None:
        """Put the value of `KG_SERVER_PORT` and its like over what the file says."""
        if not variable.startswith("KG_"):
            return
        section, _, key = variable[3:].lower().partition("_")
        known = {f.name: f for f in fields(_SECTIONS[section])} if section in _SECTIONS else {}
        if key not in known:
            return
        hint = get_type_hints(_SECTIONS[section])[key]
        read = {int: _whole, bool: _truth}.get(hint, _text) if hint in _KINDS else None
        if read is None:
            return
        try:
            tables.setdefault(section, {})[key] = read(value)
        except ValueError:
            self.problems.append(ConfigError(f"{variable} must be {_KINDS[hint]}, not {value!r}"))

    def section(self, name: str, kind: type, table: Any) -> Any:
        if not isinstance(table, dict):
            self.fault(f"[{name}] must be a table", name)
            return kind() if name != "project" else Project(name="")
        hints = get_type_hints(kind)
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in hints:
                gone = "ontologies stand in the folder [paths] vocabulary" if key == "own_ontology" else None
                self.fault(f"unknown key '{key}' in [{name}]", key, gone or nearest(key, hints))
            elif hints[key] in _KINDS:
                if type(value) is hints[key]:
                    values[key] = value
                else:
                    self.fault(f"[{name}] {key} must be {_KINDS[hints[key]]}", key)
            elif hints[key] == _LIST:
                values[key] = self._texts(name, key, value)
            elif key == "prefixes":
                values[key] = self._prefixes(value)
            else:
                values[key] = self._languages(name, key, value)
        if name == "project":
            values.setdefault("name", "")
        return kind(**values)

    def _texts(self, name: str, key: str, value: Any) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        self.fault(f"[{name}] {key} must be a list of texts", key)
        return ()

    def _prefixes(self, value: Any) -> dict[str, str]:
        if isinstance(value, dict) and all(isinstance(iri, str) for iri in value.values()):
            return value
        self.fault("[vocabulary.prefixes] must give namespaces by prefix", "prefixes", 'as in foaf = "http://..."')
        return {}

    def _languages(self, name: str, key: str, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.fault(f"[{name}.{key}] must give text by language", key, 'as in en = "A graph"')
            return {}
        if wrong := [tag for tag in value if not is_language(tag)]:
            self.fault(f"[{name}.{key}] '{wrong[0]}' is no language tag", wrong[0], "use a tag such as ar, fr or sw")
        return value

    def check_project(self, table: Any) -> None:
        table = table if isinstance(table, dict) else {}
        if not table.get("name"):
            self.fault("[project] name is missing", "project", "give the graph a short name")
        base = table.get("base", ONTOLOGY_BASE)
        if isinstance(base, str) and not is_base(base):
            self.fault(f"[project] base must be an http(s) IRI that ends in '/', not {base!r}", "base")
        self._check_languages(table.get("languages", list(LANGUAGES)))

    def _check_languages(self, tags: Any) -> None:
        """The languages of a project, if they are texts at all (`_texts` has told it otherwise)."""
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            return
        if not tags:
            self.fault("[project] languages is empty", "languages", "name one at least: what is not named has no label")
        for tag in tags:
            if not is_language(tag) or tag != tag.lower():
                self.fault(
                    f"[project] languages: '{tag}' is no language tag", "languages", "such as ar, fr, sw or en-gb"
                )
        if twice := sorted(tag for tag, times in Counter(tags).items() if times > 1):
            self.fault(f"[project] languages has {', '.join(twice)} twice", "languages")
