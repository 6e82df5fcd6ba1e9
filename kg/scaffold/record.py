"""What the scaffold wrote into a project: the ground on which a later one is merged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kg.errors import DataError, Position, UsageError
from kg.terms import LANGUAGES

RECORD: Final = ".zellige/scaffold.json"
CLAIMS: Final = "project"
"""The kind of project that begins with a text and claims; its files are in the folder of this name."""
RDF: Final = "rdf"
"""That of files of RDF, which whoever makes it adds."""
TABLE: Final = "table"
"""That of tables, which whoever makes it adds, with what follows from them."""
_KINDS: Final = (CLAIMS, RDF, TABLE)
_CURE: Final = "take it from version control"


@dataclass(frozen=True, slots=True)
class Record:
    """The files of a new project, as one version of Zellige wrote them."""

    version: str
    name: str
    base: str
    files: Mapping[str, str]
    """Their texts, by their names below the folder of the project."""
    kind: str
    """Which kind of project it is: the folder of the scaffold that its files come from."""
    languages: tuple[str, ...] = LANGUAGES

    def to_text(self) -> str:
        """The record as it lies in the project."""
        told = {
            "//": "What kg init or kg upgrade wrote: kg upgrade needs it. Commit it, and do not edit it.",
            "zellige": self.version,
            "name": self.name,
            "base": self.base,
            "kind": self.kind,
            "languages": list(self.languages),
            "files": {path: text.split("\n") for path, text in sorted(self.files.items())},
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Start:
    """What a project begins with beside the files of the scaffold."""

    files: Mapping[str, bytes]
    """By the names that they have in the project."""
    told: tuple[str, ...]
    """Where what was given went, and why, in words."""


def read_record(folder: Path) -> Record:
    """What the scaffold wrote into a project.

    :raises UsageError: if nothing tells so
    :raises DataError: if the record is none
    """
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        texts = {path: "\n".join(lines) for path, lines in told["files"].items()}
        languages = tuple(map(str, told.get("languages", LANGUAGES)))
        found = Record(str(told["zellige"]), str(told["name"]), str(told["base"]), texts, str(told["kind"]), languages)
    except FileNotFoundError:
        hint = "kg init writes it; a project that was made by hand has nothing to upgrade"
        raise UsageError(f"there is no {RECORD} in {folder}", hint=hint) from None
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", position=Position(RECORD, error.lineno), hint=_CURE) from None
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError):
        raise DataError("not what kg init writes", position=Position(RECORD, 1), hint=_CURE) from None
    if found.kind not in _KINDS:
        raise DataError(f"there is no kind of project '{found.kind}'", position=Position(RECORD, 1), hint=_CURE)
    if any(PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts for path in texts):
        raise DataError("names files outside of the project", position=Position(RECORD, 1), hint=_CURE)
    return found
