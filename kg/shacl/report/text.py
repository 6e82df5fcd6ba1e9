"""A report as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.errors import Position
from kg.shacl.report.results import Locate, Result
from kg.shacl.report.words import language_of, word

_STEP = "    "


def lines_of(results: Sequence[Result], locate: Locate | None, language: str) -> Iterator[str]:
    """One line for each result, `file:line: severity: message [focus path value] (shape …)`; its reasons below it."""
    for result in results:
        place = locate(result.focus) if locate else result.position
        yield _placed(place, result.summary(language))
        yield from _reasons(result, language, _STEP)


def reason_of(result: Result, language: str) -> str:
    """The first reason of a result, and how many more there are, to stand behind its message."""
    if not result.details:
        return ""
    words = language_of(language)
    more = len(result.details) - 1 + result.left_out
    rest = f", {word(words, 'more', more)}" if more else ""
    return f"; {word(words, 'because')}: {result.details[0].told(language)}{rest}"


def _reasons(result: Result, language: str, indent: str) -> Iterator[str]:
    words = language_of(language)
    for detail in result.details:
        yield f"{indent}{word(words, 'because')}: {_placed(detail.position, detail.told(language))}"
        yield from _reasons(detail, language, indent + _STEP)
    if result.left_out:
        yield f"{indent}{word(words, 'more', result.left_out)}"


def _placed(place: Position | None, text: str) -> str:
    return f"{place}: {text}" if place else text
