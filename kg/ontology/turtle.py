"""Turtle as the generated files have it: one block for each subject, under the prefixes that are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from kg.terms import PREFIXES

NOTICE: Final = "# Generated from terms.csv: change that file and run `kg ontology`.\n"
LANGUAGES: Final = ("en", "fr", "ar")
"""The order of texts."""

_LINE: Final = 100
"""Longest list of values, in characters, that stays on one line."""

Statement: TypeAlias = tuple[str, list[str]]
"""A predicate and its values."""


def document(blocks: Iterable[str], prefixes: Mapping[str, str] = PREFIXES, notice: str = NOTICE) -> str:
    """Turtle blocks under the prefixes that they use, below a notice of what they are made of."""
    body = "\n".join(blocks)
    used = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(prefixes.items()) if _mentions(body, prefix)]
    return notice + "\n".join(used) + "\n\n" + body


def _mentions(body: str, prefix: str) -> bool:
    return any(f"{before}{prefix}:" in body for before in ("\n", " ")) or body.startswith(f"{prefix}:")


def block(subject: str, statements: Iterable[Statement]) -> str:
    """One subject and its statements; a predicate without values is left out."""
    lines = [f"{predicate} {_joined(values)}" for predicate, values in statements if values]
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _joined(values: list[str]) -> str:
    """The values on one line, or one to a line when they are long."""
    flat = " , ".join(values)
    return flat if len(flat) <= _LINE else " ,\n        ".join(values)


def texts(by_language: Mapping[str, str]) -> list[str]:
    """Texts as literals with their language, in the order of `LANGUAGES`, then those in further ones."""
    further = sorted(by_language.keys() - set(LANGUAGES))
    return [f"{quote(by_language[tag])}@{tag}" for tag in (*LANGUAGES, *further) if tag in by_language]


def quote(text: str) -> str:
    r"""A text as it stands in Turtle.

    >>> quote('say "no"')
    '"say \\"no\\""'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
