"""Layers of vocabulary: folders of one form, each of which stands on others; what a project has of them, and news."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Position, Problem, VocabularyError, nearest
from kg.paths import LAYER_FILE, layer_folders
from kg.terms import CORE, LANGUAGES, is_language
from kg.vocabulary.model import Layer, Term, Vocabulary

_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_DOCUMENTATION: Final = frozenset({".md", ".rst", ".txt", ".html"})


def layers_of(folder: Path, names: Iterable[str]) -> tuple[Layer, ...]:
    """The layers of these names and all that they stand on, the lowest first; the core is in all.

    They are looked for in the `folder` of a project, then among those that came with this installation.

    :raises VocabularyError: if one is unknown, stands on itself, or does not say what it is
    """
    if stray := [*_stray(folder)]:
        raise VocabularyError(problems=stray)
    there = layer_folders(folder)
    found: dict[str, Layer] = {}

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise VocabularyError(f"the layer '{name}' stands on itself: {' -> '.join((*above, name))}")
        if name not in there:
            by = f", on which '{above[-1]}' stands" if above else ""
            raise VocabularyError(f"there is no layer '{name}'{by}", hint=nearest(name, there) or ", ".join(there))
        if name not in found:
            layer = read_layer(there[name])
            for other in layer.extends:
                add(other, (*above, name))
            found[name] = layer

    for name in (CORE, *names):
        add(name, ())
    return tuple(found.values())


def _stray(folder: Path) -> Iterator[Problem]:
    """What lies in a folder of layers and is none: nobody would read it."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_layer = (path / LAYER_FILE).is_file()
        if not (is_layer or path.name.startswith(".") or path.suffix.lower() in _DOCUMENTATION):
            hint = f"a layer of vocabulary is a folder with a {LAYER_FILE}, and terms of a project alone stand in "
            hint += "[paths] vocabulary: docs/vocabulary.md"
            yield Problem(VocabularyError.code, f"{path} is not read", Position(str(path), 1), hint=hint)


def read_layer(folder: Path) -> Layer:
    """What `layer.toml` of a folder says.

    :raises VocabularyError: with all that is wrong with it
    """
    path = folder / LAYER_FILE
    try:
        text = path.read_text(encoding="utf-8")
        said = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"cannot be read: {error}", position=Position(str(path), 1)) from None
    lines = text.splitlines()
    problems = [
        Problem(VocabularyError.code, what, Position(str(path), _line_of(lines, key)), hint=hint)
        for key, what, hint in _faults(folder.name, said)
    ]
    if problems:
        raise VocabularyError(problems=problems)
    namespace = said["namespace"]
    return Layer(
        name=folder.name,
        folder=folder,
        extends=() if folder.name == CORE else tuple(said.get("extends", (CORE,))),
        namespace=namespace,
        prefix=said["prefix"],
        prefixes=said.get("prefixes", {}),
        schemes=said.get("schemes", f"{namespace.rstrip('#/')}/scheme/"),
        languages=tuple(said.get("languages", LANGUAGES)),
        version=said.get("version", ""),
        title=said.get("title", {}),
        description=said.get("description", {}),
        labels=said.get("labels", {}),
    )


def _faults(name: str, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """What is wrong: with which key, what, and what to do."""
    for key in said:
        if key not in _FORMS:
            yield key, f"unknown key '{key}'", nearest(key, _FORMS) or f"keys are {', '.join(_FORMS)}"
    for key in ("namespace", "prefix"):
        if key not in said:
            yield key, f"the layer '{name}' has no {key}", f'add {key} = "..."'
    for key, value in said.items():
        if (form := _FORMS.get(key)) is not None and not form.fits(value):
            yield key, f"{key} is not {form.said}", "docs/vocabulary.md tells of each key"


@dataclass(frozen=True, slots=True)
class _Form:
    """What the value of a key must be."""

    said: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_FORMS: Final[Mapping[str, _Form]] = MappingProxyType(
    {
        **dict.fromkeys(("namespace", "prefix", "schemes"), _Form("a text", _is_text)),
        "version": _Form("three numbers, as in 0.1.0", lambda value: bool(_VERSION.fullmatch(str(value)))),
        "extends": _Form("a list of layers", lambda value: isinstance(value, list) and all(map(_is_text, value))),
        "languages": _Form(
            "a list of languages", lambda value: isinstance(value, list) and all(is_language(str(tag)) for tag in value)
        ),
        **dict.fromkeys(("title", "description"), _Form("a table of texts by language", _is_table)),
        "prefixes": _Form("a table of namespaces by prefix", _is_table),
        "labels": _Form(
            "a table of files, each with the shape and the words for it",
            lambda value: isinstance(value, dict) and all(_is_table(one) and "shape" in one for one in value.values()),
        ),
    }
)


def _line_of(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if line.lstrip("[ ").startswith(key)), 1)


_NEW: Final = 10
"""New terms that are told one by one."""


def changes_since(version: str, vocabulary: Vocabulary) -> Iterator[str]:
    """What is new and what is deprecated since a version of the packaged vocabulary, in words."""
    new = [term for term in vocabulary.terms if term.layer and _number(term.since) > _number(version)]
    if len(new) > _NEW:
        first = ", ".join(term.name for term in new[:_NEW])
        yield f"{len(new)} terms are new since {version}: {first} and {len(new) - _NEW} more, which kg terms finds"
    for term in vocabulary.terms:
        if term in new and len(new) <= _NEW:
            yield f"{term.name} is new in {term.since}: {term.definitions.get('en', '')}"
        if term.layer and term.deprecated and _number(_version(term)) > _number(version):
            instead = f"; use {vocabulary.compress(term.replaced_by)}" if term.replaced_by else ""
            yield f"{term.name} is deprecated since {term.deprecated}{instead}"


def _version(term: Term) -> str:
    return (term.deprecated or "").partition(":")[0]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
