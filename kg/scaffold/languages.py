"""The languages of a new project: which it demands, and what its examples say in those that they are not written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.terms import LANGUAGES

_ENTITIES: Final = "data/entities.yaml"
_MAPPING: Final = "data/tables/works.yarrrml.yml"
_ANSWER: Final = "data/queries/costs.tsv"
_TERMS: Final = "vocabulary/terms.csv"
_LABEL: Final = re.compile(r"(label: \{.*en: [^,}]+)\}")
_NAME: Final = re.compile(r"^( +- \[rdfs:label, \$\(name_en\), )en(~lang\])\n", re.MULTILINE)
_ROW: Final = re.compile(r'^(.*"@)en(\t.*)\n', re.MULTILINE)


def in_languages(path: str, text: str, languages: Sequence[str]) -> str:
    """A file of the scaffold for a project in some languages.

    The examples are written in Arabic, French and English. In another language they have their English words, and say
    so (`same-in`), until somebody translates them.

    >>> in_languages("kg.toml", "languages = {{languages}}\\n", ["en", "sw"])
    'languages = ["en", "sw"]\\n'
    >>> in_languages("data/entities.yaml", "label: {fr: Quai, en: Quay}\\n", ["en", "sw"])
    'label: {fr: Quai, en: Quay, same-in: [en, sw]}\\n'
    """
    listed = ", ".join(f'"{language}"' for language in languages)
    found = text.replace("{{languages}}", f"[{listed}]")
    further = [language for language in languages if language not in LANGUAGES]
    if further and path == _ENTITIES:
        return _LABEL.sub(rf"\1, same-in: [{', '.join(['en', *further])}]}}", found)
    if further and path == _TERMS:
        return _with_columns(found, further)
    for place, line_of in ((_MAPPING, _NAME), (_ANSWER, _ROW)):
        if further and path == place:
            return line_of.sub(lambda line: line[0] + "".join(f"{line[1]}{one}{line[2]}\n" for one in further), found)
    return found


def _with_columns(text: str, languages: Sequence[str]) -> str:
    """Terms with a label in further languages, which is the English one."""
    head, *lines = text.splitlines()
    columns = ",".join(f"label_{language}" for language in languages)
    return "\n".join([f"{head},{columns}", *(line + ",=en" * len(languages) for line in lines), ""])
