"""A reference as BibTeX, CSL-JSON and RIS write it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from server.pages.citing.reference import Reference

_TEX: Final = str.maketrans(
    {
        **{character: f"\\{character}" for character in "%&$#_"},
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def bibtex(reference: Reference) -> str:
    r"""An entry of a bibliography (BibTeX 0.99; `version` and `langid` as BibLaTeX knows them).

    The braces around a title keep its capitals, those around a publisher keep it from being read as a person. A key of
    BibTeX has no blank, comma or brace.

    >>> print(bibtex(_sample()), end="")
    @misc{F030-r1,
      title = {{A \& B}},
      author = {{Us}},
      howpublished = {In: A graph},
      year = {2026},
      month = jan,
      version = {r1},
      note = {Release r1},
      url = {https://e.org/claim/F030}
    }
    """
    year, month, _ = _date(reference.issued)
    publisher = f"{{{_tex(reference.publisher)}}}" if reference.publisher else ""
    given = {
        "title": f"{{{_tex(reference.title)}}}",
        "author": publisher,
        "howpublished": f"In: {_tex(reference.dataset)}" if reference.dataset else "",
        "year": year,
        "month": _MONTHS[int(month) - 1] if month and 0 < int(month) <= len(_MONTHS) else "",
        "version": reference.release,
        "note": f"Release {reference.release}",
        "url": reference.iri.replace("{", "%7B").replace("}", "%7D"),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in given.items() if value]
    return "\n".join((f"@misc{{{reference.key},", ",\n".join(lines), "}\n"))


def csl_json(reference: Reference) -> str:
    """An array of one item (the JSON schema of CSL data, 1.0: `type` and `id` are required).

    >>> json.loads(csl_json(_sample()))[0]["issued"]
    {'date-parts': [[2026, 1, 12]]}
    """
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "dataset",
        "title": reference.title,
        "container-title": reference.dataset,
        "author": [{"literal": reference.publisher}] if reference.publisher else [],
        "publisher": reference.publisher,
        "version": reference.release,
        "language": reference.language,
        "URL": reference.iri,
    }
    parts = [int(part) for part in _date(reference.issued) if part]
    if parts:
        item["issued"] = {"date-parts": [parts]}
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


def ris(reference: Reference) -> str:
    r"""A record (RIS Format Specifications, Research Information Systems): `TY` first, `ER` last, lines end in CR LF.

    An asterisk may not stand in an author, nor a line break in any field.

    >>> ris(_sample()).splitlines()[0], ris(_sample()).endswith("ER  - \r\n")
    ('TY  - DATA', True)
    """
    year, month, day = _date(reference.issued)
    fields = (
        ("TY", "DATA"),
        ("TI", reference.title),
        ("T2", reference.dataset),
        ("AU", reference.publisher.replace("*", " ")),
        ("PB", reference.publisher),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("ET", reference.release),
        ("LA", reference.language),
        ("UR", reference.iri),
    )
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text]
    return "".join(f"{line}\r\n" for line in (*lines, "ER  - "))


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)


def _date(text: str) -> tuple[str, str, str]:
    """Year, month and day, as far as they are said."""
    found = _DATE.match(text)
    return (found[1], found[2] or "", found[3] or "") if found else ("", "", "")


def _sample() -> Reference:
    return Reference("https://e.org/claim/F030", "A & B", "en", "A graph", "Us", "r1", "2026-01-12")


@dataclass(frozen=True, slots=True)
class Style:
    """A format of bibliographies."""

    name: str
    """In the address."""
    title: str
    media_type: str
    suffix: str
    write: Callable[[Reference], str]


STYLES: Final = (
    Style("bibtex", "BibTeX", "application/x-bibtex", "bib", bibtex),
    Style("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", csl_json),
    Style("ris", "RIS", "application/x-research-info-systems", "ris", ris),
)
