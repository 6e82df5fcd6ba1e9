"""In which form `kg validate` reports, where to, in which language, and what makes it fail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import click

from kg.cli.output import Talk, envelope, opened
from kg.cli.validate.options import grouped
from kg.terms import LANGUAGES

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.shacl import Report
    from kg.shacl.shapes.model import LeftOut

FORMATS: Final = ("text", "json", "turtle", "junit", "sarif", "html")
_SUFFIXES: Final = MappingProxyType(
    {".json": "json", ".ttl": "turtle", ".xml": "junit", ".sarif": "sarif", ".html": "html", ".htm": "html"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """A report, and what else a person is to know of the run."""

    report: Report
    warnings: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """Shapes that do not act."""
    shapes: tuple[ox.Quad, ...] = ()
    """What is said of the shapes."""

    def to_json(self) -> dict[str, object]:
        """The report as an object, with the shapes that do not act."""
        left = [one.to_json() for one in self.left_out]
        return {**self.report.to_json(), **({"left_out": left} if left else {})}

    def to_text(self, language: str) -> str:
        """The report in lines, and how many shapes do not act."""
        text = self.report.to_text(language=language)
        if not self.left_out:
            return text
        parts = sum(left.is_in_part for left in self.left_out)
        whole = len(self.left_out) - parts
        return f"{text}shapes left out: {whole}, and {parts} in part: of these nothing is said\n"


@dataclass(frozen=True, slots=True)
class Reporting:
    """The options of a report."""

    format_name: str | None
    output: Path | None
    language: str
    fail_on: str

    def tell(self, talk: Talk, told: Told) -> None:
        """Write the report to the file, or to standard output; with `--json` one object goes there in any case.

        :raises UsageError: if the file is a folder
        :raises StorageError: if it cannot be written
        """
        if self.output is not None:
            with opened(self.output) as file:
                file.write(self._written(told).encode())
            talk.say(f"{self.output}: {told.report.verdict(self.language)}")
        if talk.as_json:
            problems = self.failing(told.report).problems(language=self.language)
            data = {**told.to_json(), "warnings": list(told.warnings)}
            click.echo(envelope(talk.command, data=data, problems=problems))
        elif self.output is None:
            click.echo(self._written(told), nl=False)

    def failing(self, report: Report) -> Report:
        """The results for which the command fails."""
        from kg.shacl import Report

        return Report(report.failing(self.fail_on))

    def _written(self, told: Told) -> str:
        named = _SUFFIXES.get(self.output.suffix.lower(), "text") if self.output is not None else "text"
        match self.format_name or named:
            case "text":
                return told.to_text(self.language)
            case "json":
                return json.dumps(told.to_json(), ensure_ascii=False, indent=2) + "\n"
            case "turtle":
                return told.report.to_turtle(told.shapes)
            case "junit":
                from kg.shacl.report.junit import to_junit

                return to_junit(told.report, self.language, self.fail_on, told.left_out)
            case "sarif":
                from kg.shacl.report.sarif import to_sarif

                return to_sarif(told.report, version("zellige"), self.language, told.warnings)
            case "html":
                from kg.shacl.report.page import to_html

                return to_html(told.report, version("zellige"), self.language, told.warnings)
        raise ValueError(self.format_name)


reporting_options: Final = grouped(
    "reporting",
    Reporting,
    click.option(
        "--format", "format_name", type=click.Choice(FORMATS), help="Report; default: text, or what -o is named for."
    ),
    click.option("-o", "--output", type=click.Path(path_type=Path), help="A file for the report."),
    click.option(
        "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The words of the report."
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["violation", "warning", "info"]),
        default="info",
        show_default=True,
        help="Exit 1 only for results that are as grave.",
    ),
)
