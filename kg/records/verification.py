"""Evidence against the texts themselves, where a person has them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from kg.errors import EvidenceError, Position, Problem, StorageError
from kg.records.model import Claim, Document, Evidence, Records


@dataclass(frozen=True, slots=True)
class Verification:
    """What a run of `verify` looked at."""

    documents: tuple[str, ...]
    """Documents whose text was at hand."""
    absent: tuple[str, ...]
    """Documents that have a hash and whose text was not in the folder."""
    quotes: int
    """Quotes found word for word at their offsets."""
    unquoted: int
    """Claims whose evidence is a document as a whole."""


def verify(records: Records, folder: Path) -> Verification:
    """Check hash, offsets, words and sentences of every quote against the texts in `folder`.

    A quote holds if `text[start:end] == exact`, in Unicode code points of the decoded file (Web Annotation Data
    Model, section 4.2.5), inside the sentence that it names.

    :raises EvidenceError: with every mismatch, each at the file and line of its claim
    :raises StorageError: if the folder or a text cannot be read
    """
    if not folder.is_dir():
        raise StorageError(f"no such folder: {folder}", hint="give the folder that holds the source texts")
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in records.claims.values():
        by_document[claim.document].append(claim)
    problems: list[Problem] = []
    checked, absent, quotes = [], [], 0
    for slug, document in records.documents.items():
        if document.sha256 is None or document.text_file is None:
            continue
        content = _read(folder / document.text_file)
        if content is None:
            absent.append(slug)
            continue
        checked.append(slug)
        text = _text_of(content, document, problems)
        if text is None:
            continue
        quoted = [(claim, e) for claim in by_document[slug] for e in claim.evidence if e.exact is not None]
        quotes += len(quoted)
        for claim, evidence in quoted:
            problems.extend(_mismatches(claim, evidence, document, text))
    if problems:
        raise EvidenceError(problems=problems)
    unquoted = sum(1 for claim in records.claims.values() if all(e.exact is None for e in claim.evidence))
    return Verification(tuple(checked), tuple(absent), quotes, unquoted)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from None


def _text_of(content: bytes, document: Document, problems: list[Problem]) -> str | None:
    found = hashlib.sha256(content).hexdigest()
    if found != document.sha256:
        message = f"the text of '{document.slug}' has another hash: {found}, not {document.sha256}"
        hint = "the text was changed, or the hash is that of another edition"
        problems.append(Problem("hash", message, document.position, hint=hint))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the text of '{document.slug}' is not UTF-8 at byte {error.start}"
        problems.append(Problem("encoding", message, document.position))
        return None


def _mismatches(claim: Claim, evidence: Evidence, document: Document, text: str) -> list[Problem]:
    start, end, exact = evidence.start or 0, evidence.end or 0, evidence.exact or ""
    where: Position = evidence.position
    if end > len(text):
        message = f"claim '{claim.id}': offset {end} is past the end of the text ({len(text)} characters)"
        return [Problem("past-the-end", message, where, hint="count Unicode characters from 0")]
    problems: list[Problem] = []
    if text[start:end] != exact:
        elsewhere = text.find(exact)
        hint = (
            f"the quote stands at {elsewhere}-{elsewhere + len(exact)}"
            if elsewhere >= 0
            else "no such words in the text"
        )
        message = f"claim '{claim.id}': the text at {start}-{end} reads {text[start:end]!r}, not {exact!r}"
        problems.append(Problem("quote", message, where, hint=hint))
    if document.sentences and evidence.sentence is not None and evidence.sentence <= len(document.sentences):
        first, last = document.sentences[evidence.sentence - 1]
        if last > len(text):
            problems.append(Problem("sentences", f"sentence {evidence.sentence} ends past the text", document.position))
        elif not first <= start <= end <= last:
            message = f"claim '{claim.id}': {start}-{end} lies outside sentence {evidence.sentence} ({first}-{last})"
            problems.append(Problem("outside-sentence", message, where))
    return problems
