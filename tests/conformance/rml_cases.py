"""Test cases of a module of RML, as its table tells them: equal datasets, or an error that names its cause."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from rml.datasets import canonical, lenient_nquads
from shared_data import SHARED

from kg.errors import MappingError
from kg.rml import map_to


@dataclass(frozen=True)
class Suite:
    """A folder of cases below the third-party data; without these it has none."""

    name: str
    wrong: Mapping[str, str]
    """Why a case must fail, by its id."""

    @property
    def folder(self) -> Path:
        return SHARED / "suites" / self.name

    def cases(self) -> list[dict[str, str]]:
        table = self.folder / "metadata.csv"
        return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines() if table.is_file() else []))

    def marked(self) -> list[object]:
        """The cases, those that are known to fail marked with their reasons, strictly."""
        name = f"{self.name.replace('-', '_')}_known_failures.toml"
        known = tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
        reasons = {case["ID"]: known.get(case["ID"]) for case in self.cases()}
        marks = {
            case: [pytest.mark.xfail(strict=True, reason=reason)] if reason else [] for case, reason in reasons.items()
        }
        return [pytest.param(case, id=case["ID"], marks=marks[case["ID"]]) for case in self.cases()]

    def check(self, case: Mapping[str, str]) -> None:
        """Map a case, and hold what comes of it against what is expected."""
        folder, output = self.folder / case["ID"], io.BytesIO()
        if case["error"] == "true":
            with pytest.raises(MappingError, match=self.wrong[case["ID"]]) as caught:
                map_to(folder / case["mapping"], output)
            assert all(problem.position for problem in caught.value.problems)
            assert not output.getvalue()
            return
        map_to(folder / case["mapping"], output)
        expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
        assert canonical(lenient_nquads(output.getvalue().decode())) == canonical(expected)

    def must_fail(self) -> set[str]:
        """The cases that are errors."""
        return {case["ID"] for case in self.cases() if case["error"] == "true"}
