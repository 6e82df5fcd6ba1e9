"""`kg validate` in this process, for tests that need no other one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from kg.cli.validate import validate

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .\n"
SHAPES = f"""\
{PREFIXES}:S a sh:NodeShape ; sh:targetClass :C ; sh:property :P .
:P sh:path :p ; sh:minCount 1 ; sh:message "Give it a p."@en .
"""
GOOD, BAD = "<http://e/x> a <http://e/C> ; <http://e/p> 1 .", "<http://e/x> a <http://e/C> ."
LINE = "<http://e/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/C> .\n"


@dataclass(frozen=True, slots=True)
class Done:
    """What a run printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def warnings(self) -> list[str]:
        return [line.removeprefix("warning: ") for line in self.err.splitlines() if line.startswith("warning: ")]


def validated(*arguments: str | Path) -> Done:
    """Run `kg validate` with arguments, in the working directory."""
    done = CliRunner().invoke(validate, list(map(str, arguments)), prog_name="validate")
    return Done(done.exit_code, done.stdout, done.stderr)
