"""What is known of the quotes of a release: which were compared with their texts, and which were not.

It lies beside the release, since it depends on the texts that a builder has, and a release does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from kg.errors import Position, Problem

_COUNTED: Final = ("quotes", "verified", "failed")


@dataclass(frozen=True, slots=True)
class DocumentQuotes:
    """What is known of the quotes of one document."""

    quotes: int
    verified: int = 0
    """Quotes found word for word at their offsets, in the text that the document describes."""
    failed: int = 0
    """Quotes that do not hold against the text that was at hand."""
    text: bool | None = None
    """Whether the text at hand is the one that the document describes; None if none was at hand."""
    sha256: str | None = None
    """The hash that the document states."""
    mismatches: tuple[Problem, ...] = ()
    """What does not hold."""

    def to_json(self) -> dict[str, Any]:
        """The members of the report; `from_json` reads them."""
        told = {name: getattr(self, name) for name in (*_COUNTED, "text", "sha256")}
        return {**told, "mismatches": [problem.to_json() for problem in self.mismatches]}

    @classmethod
    def from_json(cls, value: Any) -> DocumentQuotes:
        """Read what `to_json` gave.

        :raises ValueError: if it is anything else
        """
        match value:
            case {
                "quotes": int(quotes),
                "verified": int(verified),
                "failed": int(failed),
                "text": bool() | None as text,
                "sha256": str() | None as sha256,
                "mismatches": list(mismatches),
            } if min(verified, failed) >= 0 and verified + failed <= quotes:
                return cls(quotes, verified, failed, text, sha256, tuple(map(_problem, mismatches)))
        raise ValueError(value)


@dataclass(frozen=True, slots=True)
class QuoteReport:
    """What is known of the quotes of all documents, by slug."""

    documents: Mapping[str, DocumentQuotes]

    @property
    def quotes(self) -> int:
        """How many quotes there are."""
        return sum(one.quotes for one in self.documents.values())

    @property
    def verified(self) -> int:
        """Quotes that hold, word for word."""
        return sum(one.verified for one in self.documents.values())

    @property
    def failed(self) -> int:
        """Quotes that do not hold, of claims that are not reviewed."""
        return sum(one.failed for one in self.documents.values())

    @property
    def unchecked(self) -> int:
        """Quotes whose text was not at hand, or is another one."""
        return self.quotes - self.verified - self.failed

    def figures(self) -> dict[str, int]:
        """The four counts by name.

        >>> QuoteReport({"note": DocumentQuotes(3, 1, text=True)}).figures()
        {'quotes': 3, 'verified': 1, 'failed': 0, 'unchecked': 2}
        """
        return {name: getattr(self, name) for name in (*_COUNTED, "unchecked")}

    def after(self, earlier: QuoteReport | None) -> QuoteReport:
        """This report of a release, with what an earlier build of the same release found in texts of the same hash.

        >>> seen = QuoteReport({"note": DocumentQuotes(3, 3, text=True, sha256="0a")})
        >>> QuoteReport({"note": DocumentQuotes(3, sha256="0a")}).after(seen).verified
        3
        """
        known = {} if earlier is None else earlier.documents
        return QuoteReport({slug: _later(one, known.get(slug)) for slug, one in self.documents.items()})

    def to_bytes(self, release_id: str) -> bytes:
        """The report as a JSON file, the same for the same findings."""
        documents = {slug: one.to_json() for slug, one in self.documents.items()}
        body = {"release": release_id, **self.figures(), "documents": documents}
        return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes, release_id: str) -> QuoteReport:
        """Read what `to_bytes` wrote.

        :raises ValueError: if it is anything else, or a report on another release
        """
        body = json.loads(data)
        if not isinstance(body, dict) or body.get("release") != release_id:
            raise ValueError(f"no report on the release {release_id}")
        documents = body.get("documents")
        if not isinstance(documents, dict):
            raise ValueError("the report has no documents")
        return cls({slug: DocumentQuotes.from_json(value) for slug, value in documents.items()})


def _later(now: DocumentQuotes, before: DocumentQuotes | None) -> DocumentQuotes:
    """What was found in a text of the stated hash stays true of the same quotes when no text is at hand."""
    if before is None or now.text is not None or not before.text or now.sha256 is None:
        return now
    return before if (before.sha256, before.quotes) == (now.sha256, now.quotes) else now


def _problem(value: Any) -> Problem:
    match value:
        case {"code": str(code), "message": str(message), "where": where, "hint": str() | None as hint}:
            return Problem(code, message, _position(where), hint=hint)
    raise ValueError(value)


def _position(value: Any) -> Position | None:
    match value:
        case {"file": str(file), "line": int(line), "column": int(column)}:
            return Position(file, line, column)
        case {"file": str(file), "line": int(line)}:
            return Position(file, line)
        case None:
            return None
    raise ValueError(value)


def without_machine(problem: Problem) -> Problem:
    """A problem as it may stand in a file that others read: a place outside of the project loses its folders.

    >>> print(without_machine(Problem("quote", "no", Position("/home/me/claims.yaml", 3))))
    claims.yaml:3: no
    """
    place = problem.position
    if place is None or not PurePath(place.path).is_absolute():
        return problem
    return replace(problem, position=replace(place, path=PurePath(place.path).name))
