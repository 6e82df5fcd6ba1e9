"""The settings of a project: frozen dataclasses read from `kg.toml` and `KG_*`; an unknown key is an error."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from kg.errors import ConfigError, Position, nearest
from kg.paths import data_dir
from kg.terms import LANGUAGES, ONTOLOGY_BASE

FILE_NAME = "kg.toml"


@dataclass(frozen=True, slots=True)
class Project:
    """What the graph is and where its IRIs live."""

    name: str
    base: str = ONTOLOGY_BASE
    licence: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    publisher: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders and files, relative to the project; ontology and shapes default to the packaged ones."""

    claims: str = "data/claims"
    sources: str = "data/sources.yaml"
    entities: str = "data/entities.yaml"
    wikidata: str = "data/wikidata.sssom.tsv"
    ontology: str = "ontology"
    shapes: str = "shapes"
    releases: str = "releases"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a build accepts; beyond it the file is refused by name."""

    file_bytes: int = 8_000_000
    """Size of one claims, sources or entities file, in bytes."""
    depth: int = 32
    """Nesting of one YAML document, in levels."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where `kg serve` listens."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    """Requests answered at once."""
    workers: int = 0
    """Engine processes; 0 means one for each core, and two at least."""
    deadline: int = 10
    """Wall time of one query, in seconds."""
    memory_mib: int = 1024
    """Address space of one engine process, in MiB."""


@dataclass(frozen=True, slots=True)
class Config:
    """One project folder and its settings."""

    root: Path
    project: Project
    paths: Paths = field(default_factory=Paths)
    limits: Limits = field(default_factory=Limits)
    server: Server = field(default_factory=Server)
    releases_dir: Path | None = None
    """Set by `kg build --out`; overrides `paths.releases`."""

    def locate(self, name: str) -> Path:
        """The path of a setting of `[paths]`; a missing ontology or shapes folder is the packaged one.

        :raises AttributeError: if `[paths]` has no such setting
        """
        path = self.root / str(getattr(self.paths, name))
        if name in {"ontology", "shapes"} and not path.exists():
            return data_dir(name)
        return path

    def name_of(self, path: Path) -> str:
        """What errors and manifests call a file: its path relative to the project, where it has one."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    @property
    def releases(self) -> Path:
        """The folder that holds the releases."""
        return self.releases_dir or self.root / self.paths.releases


_SECTIONS: Mapping[str, type] = {"project": Project, "paths": Paths, "limits": Limits, "server": Server}


def find_project(start: Path) -> Path | None:
    """The nearest folder from `start` upwards that holds a `kg.toml`, or None."""
    return next((folder for folder in (start, *start.parents) if (folder / FILE_NAME).is_file()), None)


def read_config(root: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read `kg.toml` of the folder `root`, then the variables `KG_<SECTION>_<KEY>`.

    :raises ConfigError: naming every unknown key, wrong type and missing value
    """
    path = root / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"no {FILE_NAME} in {root}", hint="run the command inside a project folder") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{FILE_NAME} is not UTF-8: byte {error.start}", position=Position(str(path), 1)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{FILE_NAME} is not TOML: {error}", position=Position(str(path), 1)) from None
    reader = _Reader(str(path), text.splitlines())
    for variable, value in sorted((os.environ if environ is None else environ).items()):
        reader.override(tables, variable, value)
    for key in tables:
        if key not in _SECTIONS:
            reader.fault(f"unknown section [{key}]", key, nearest(key, _SECTIONS))
    sections = {name: reader.section(name, kind, tables.get(name, {})) for name, kind in _SECTIONS.items()}
    reader.check_project(tables.get("project", {}))
    if reader.problems:
        raise ConfigError(problems=[p for error in reader.problems for p in error.problems])
    return Config(root=root, **sections)


class _Reader:
    """Gathers every fault of one file, so that all of them are reported at once."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self._path, self._lines = path, lines
        self.problems: list[ConfigError] = []

    def fault(self, message: str, key: str, hint: str | None = None) -> None:
        line = next((n for n, text in enumerate(self._lines, 1) if text.lstrip("[ ").startswith(key)), 1)
        self.problems.append(ConfigError(message, position=Position(self._path, line), hint=hint))

    def override(self, tables: dict[str, Any], variable: str, value: str) -> None:
        """Put the value of `KG_SERVER_PORT` and its like over what the file says."""
        if not variable.startswith("KG_"):
            return
        section, _, key = variable[3:].lower().partition("_")
        known = {f.name: f for f in fields(_SECTIONS[section])} if section in _SECTIONS else {}
        if key not in known:
            return
        hint = get_type_hints(_SECTIONS[section])[key]
        if (hint is int and not value.isascii()) or (hint is int and not value.isdigit()):
            self.problems.append(ConfigError(f"{variable} must be a whole number, not {value!r}"))
        elif hint in {int, str}:
            tables.setdefault(section, {})[key] = int(value) if hint is int else value

    def section(self, name: str, kind: type, table: Any) -> Any:
        if not isinstance(table, dict):
            self.fault(f"[{name}] must be a table", name)
            return kind() if name != "project" else Project(name="")
        hints = get_type_hints(kind)
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in hints:
                self.fault(f"unknown key '{key}' in [{name}]", key, nearest(key, hints))
            elif hints[key] in {int, str}:
                if type(value) is hints[key]:
                    values[key] = value
                else:
                    self.fault(f"[{name}] {key} must be {'a whole number' if hints[key] is int else 'text'}", key)
            else:
                values[key] = self._languages(name, key, value)
        if name == "project":
            values.setdefault("name", "")
        return kind(**values)

    def _languages(self, name: str, key: str, value: Any) -> dict[str, str]:
        if isinstance(value, dict) and all(k in LANGUAGES and isinstance(v, str) for k, v in value.items()):
            return value
        self.fault(f"[{name}.{key}] must give text by language: {', '.join(LANGUAGES)}", key)
        return {}

    def check_project(self, table: Any) -> None:
        table = table if isinstance(table, dict) else {}
        if not table.get("name"):
            self.fault("[project] name is missing", "project", "give the graph a short name")
        base = table.get("base", ONTOLOGY_BASE)
        if isinstance(base, str) and not (base.startswith(("https://", "http://")) and base.endswith("/")):
            self.fault(f"[project] base must be an http(s) IRI that ends in '/', not {base!r}", "base")
