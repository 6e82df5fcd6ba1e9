"""Results as the statements of an `sh:ValidationReport` (SHACL, section 3.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kg.shacl.paths import parse_path, path_turtle
from kg.shacl.report.results import SH, Result

_ESCAPES: Final = str.maketrans(
    {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
    | {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}
)
_UNSAFE_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def report_turtle(results: Sequence[Result]) -> str:
    """A report, the same bytes for the same results.

    A detail is a result of its own that only the one above it leads to (SHACL, section 3.6.2.4).
    """
    lines = [f"@prefix sh: <{SH}> .", ""]
    names = [f"_:result{number}" for number in range(1, len(results) + 1)]
    head = f"_:report a sh:ValidationReport ;\n    sh:conforms {str(not results).lower()}"
    lines.append(head + (f" ;\n    sh:result {', '.join(names)} ." if names else " ."))
    for name, result in zip(names, results, strict=True):
        lines += _result(name, result)
    return "\n".join(lines) + "\n"


def _result(name: str, result: Result) -> Iterator[str]:
    below = [f"{name}-{number}" for number in range(1, len(result.details) + 1)]
    said = [*_statements(result), *(("sh:detail", ", ".join(below)) for _ in below[:1])]
    yield ""
    yield f"{name} a sh:ValidationResult ;\n" + " ;\n".join(f"    {part} {value}" for part, value in said) + " ."
    for inner, detail in zip(below, result.details, strict=True):
        yield from _result(inner, detail)


def _statements(result: Result) -> Iterator[tuple[str, str]]:
    yield "sh:focusNode", _turtle(result.focus)
    if result.path is not None:
        yield "sh:resultPath", path_turtle(parse_path(result.path), _turtle)
    if result.value is not None:
        yield "sh:value", _turtle(result.value)
    yield "sh:resultSeverity", _turtle(result.severity)
    yield "sh:sourceConstraintComponent", _turtle(result.component)
    if result.shape is not None:
        yield "sh:sourceShape", _turtle(result.shape)
    if result.constraint is not None:
        yield "sh:sourceConstraint", _turtle(result.constraint)
    for message in result.texts():
        yield "sh:resultMessage", literal_text(message.text, language=message.language)


def _turtle(term: str) -> str:
    if term.startswith(("_:", '"')):
        return term
    return f"<{_UNSAFE_IRI.sub(lambda found: f'%{ord(found[0]):02X}', term)}>"


def literal_text(value: str, datatype: str | None = None, language: str | None = None) -> str:
    """A literal as N-Triples writes it.

    >>> print(literal_text('say "oui"', language="fr"), literal_text("1", "urn:d"), literal_text("a"))
    "say \\"oui\\""@fr "1"^^<urn:d> "a"
    """
    quoted = value.translate(_ESCAPES)
    if language:
        return f'"{quoted}"@{language}'
    return f'"{quoted}"^^{_turtle(datatype)}' if datatype else f'"{quoted}"'
