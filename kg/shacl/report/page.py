"""A report as one page of HTML: it needs nothing beside it, asks no other host, and can be read without scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg.shacl.report.groups import groups_of
from kg.shacl.report.results import SEVERITIES, SH, Result
from kg.shacl.report.shown import short
from kg.shacl.report.verdict import Report
from kg.shacl.report.words import Language, language_of, word

_PAGE: Final = "page.html"
_KINDS: Final = tuple(severity.removeprefix(SH).lower() for severity in SEVERITIES)
_TAG: Final = re.compile(r'"@([A-Za-z0-9-]+)$')


def to_html(report: Report, version: str, language: str = "en", warnings: Sequence[str] = ()) -> str:
    """A report as a page in `language`, grouped by shape, with what was not checked (`warnings`).

    :raises UsageError: if there are no words in `language`
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    words = language_of(language)
    return environment.get_template(_PAGE).render(
        report=report,
        version=version,
        language=words,
        warnings=warnings,
        verdict=report.verdict(language),
        is_unchecked=report.is_counted and not report.focus_nodes,
        groups=groups_of(report),
        severities=Counter(result.kind(language) for result in report.results).items(),
        kinds=[(kind, word(words, kind)) for kind in _used(report)],
        say=partial(_say, words),
        short=short,
        tag=_tag,
        kind_of=_kind_of,
    )


def _say(words: Language, key: str, number: int = 0, **more: str) -> str:
    return word(words, key, number, **more)


def _used(report: Report) -> list[str]:
    found = {_kind_of(result) for result in report.results}
    return [kind for kind in _KINDS if kind in found]


def _kind_of(result: Result) -> str:
    """How grave a result is, as the page marks it: what only a shape knows is a violation."""
    return _KINDS[result.rank()]


def _tag(term: str) -> str | None:
    """The language of a literal."""
    found = _TAG.search(term) if term.startswith('"') else None
    return found[1] if found else None
