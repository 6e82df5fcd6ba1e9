"""What the two readers share: one file, its text, and the faults met in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import Position, Problem, VocabularyError
from kg.terms import compress, normalise_text


class Reader:
    """One file: its text, and the faults met in it."""

    def __init__(self, path: Path, faults: list[Problem], shown: str | None = None) -> None:
        self._path, self._faults = path, faults
        self.shown = shown or str(path)
        """What errors call the file."""

    def fault(self, line: int, message: str, hint: str | None = None) -> None:
        self._faults.append(Problem(VocabularyError.code, message, Position(self.shown, line), hint=hint))

    def text(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.fault(1, "no such file", "a layer of vocabulary is a folder with layer.toml and terms.csv")
        except UnicodeDecodeError as error:
            self.fault(1, f"not UTF-8: byte {error.start}")
        return ""

    def check_text(self, line: int, what: str, value: str) -> None:
        """A label or definition is present, in Unicode NFC and without idle blanks."""
        if not value.strip():
            self.fault(line, f"{what} is missing")
        elif value != normalise_text(" ".join(value.split())):
            self.fault(line, f"{what} has idle blanks or is not in Unicode NFC")

    def check_unique(self, labels: Iterable[tuple[int, str, str, str]]) -> None:
        """No two things share a label of one language; items are line, name, language, label."""
        first: dict[tuple[str, str], str] = {}
        for line, name, language, label in labels:
            holder = first.setdefault((language, label.casefold()), name)
            if label and holder != name:
                self.fault(line, f"{language} label '{label}' of {name} already names {holder}")

    def check_acyclic(self, parents: Mapping[str, str], lines: Mapping[str, int]) -> None:
        """No chain of parents comes back to where it began."""
        for start in parents:
            above, steps = parents[start], 0
            while above in parents and above != start and steps < len(parents):
                above, steps = parents[above], steps + 1
            if above == start:
                self.fault(lines[start], f"{compress(start)} is above itself")
