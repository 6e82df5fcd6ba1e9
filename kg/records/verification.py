"""Evidence against the texts themselves, where a person has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.collecting import uncollected
from kg.errors import EvidenceError, Problem, StorageError
from kg.records.model import Claim, Document, Evidence, Records
from kg.records.quotes import DocumentQuotes, QuoteReport, without_machine
from kg.records.texts import Text, read_text
from kg.terms import SCHEME, ZEL

_REVIEWED: Final = {"@id": SCHEME + "review/reviewed"}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What does not hold of a quote, or of a text."""

    problem: Problem
    of_reviewed: bool
    """Whether a reviewed claim has the quote, or any in the text."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found when quotes were compared with the texts at hand."""

    report: QuoteReport
    """How many quotes hold, by document."""
    mismatches: tuple[Mismatch, ...]
    """What does not hold, in the order of the documents."""
    documents: tuple[str, ...]
    """Documents whose text was at hand."""
    absent: tuple[str, ...]
    """Documents that name a text which was not at hand."""
    unquoted: int
    """Claims whose evidence is a document as a whole."""
    public: Mapping[str, Path]
    """By hash, the texts at hand that a release may give away: their documents state the hash and a licence."""

    def raise_any(self, *, of_reviewed: bool = False) -> None:
        """Raise what does not hold, all of it or that of reviewed claims.

        :raises EvidenceError: with each mismatch at the file and line of its claim
        """
        problems = [one.problem for one in self.mismatches if one.of_reviewed or not of_reviewed]
        if problems:
            raise EvidenceError(problems=problems)


def verify(records: Records, folder: Path) -> Verification:
    """Compare every quote with the texts in `folder`; whatever does not hold is an error.

    :raises EvidenceError: with every mismatch, each at the file and line of its claim
    :raises StorageError: if the folder or a text cannot be read
    """
    if not folder.is_dir():
        raise StorageError(f"no such folder: {folder}", hint="give the folder that holds the source texts")
    found = compare(records, folder)
    found.raise_any()
    return found


@uncollected()
def compare(records: Records, folder: Path | None) -> Verification:
    """Compare hash, offsets, words and sentences of every quote with the texts in `folder`, if there is one.

    A quote holds if `text[start:end] == exact`, in Unicode code points of the decoded file (Web Annotation Data
    Model, section 4.2.5), inside the sentence that it names.

    :raises StorageError: if a text cannot be read
    """
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in records.claims.values():
        by_document[claim.document].append(claim)
    compared = {slug: _compared(one, by_document[slug], folder) for slug, one in records.documents.items()}
    named = [slug for slug, document in records.documents.items() if document.text_file is not None]
    return Verification(
        report=QuoteReport({slug: one.counted() for slug, one in compared.items() if one.quoted or one.about_text}),
        mismatches=tuple(mismatch for one in compared.values() for mismatch in one.mismatches()),
        documents=tuple(slug for slug in named if compared[slug].is_present),
        absent=tuple(slug for slug in named if not compared[slug].is_present),
        unquoted=sum(1 for claim in records.claims.values() if all(e.exact is None for e in claim.evidence)),
        public=dict(path for one in compared.values() for path in one.public(folder)),
    )


_Quoted = tuple[Claim, Evidence]


@dataclass(frozen=True, slots=True)
class _Compared:
    """The quotes of one document beside its text."""

    document: Document
    quoted: Sequence[_Quoted]
    text: Text | None
    """None if it is not at hand, or cannot be read as a text."""
    about_text: Sequence[Problem]
    wrong: Sequence[tuple[Claim, Sequence[Problem]]]
    """For each quote that does not hold, its claim and why."""
    moved: int = 0
    """How many further quotes a text of another hash has elsewhere: what is told of that text says so."""

    @property
    def is_present(self) -> bool:
        return self.text is not None or bool(self.about_text)

    def mismatches(self) -> Iterator[Mismatch]:
        is_relied_on = any(_is_reviewed(claim) for claim, _ in self.quoted)
        yield from (Mismatch(problem, is_relied_on) for problem in self.about_text)
        for claim, problems in self.wrong:
            yield from (Mismatch(problem, _is_reviewed(claim)) for problem in problems)

    def public(self, folder: Path | None) -> Iterator[tuple[str, Path]]:
        """Its text by its hash, if it may be given away and is what the document states."""
        document, is_described = self.document, self.text is not None and self.text.is_described
        if is_described and document.text_licence and document.sha256 and document.text_file and folder is not None:
            yield document.sha256, folder / document.text_file

    def counted(self) -> DocumentQuotes:
        is_described = self.text is not None and self.text.is_described
        return DocumentQuotes(
            quotes=len(self.quoted),
            verified=len(self.quoted) - len(self.wrong) if is_described else 0,
            failed=len(self.wrong) + self.moved,
            text=is_described if self.is_present else None,
            sha256=self.document.sha256,
            mismatches=tuple(without_machine(mismatch.problem) for mismatch in self.mismatches()),
        )


def _compared(document: Document, claims: Sequence[Claim], folder: Path | None) -> _Compared:
    # What could not be located has no offsets, and is told by who looked for it.
    evidence = ((claim, one) for claim in claims for one in claim.evidence if one.exact is not None)
    quoted = [(claim, one) for claim, one in evidence if one.start is not None]
    about_text: list[Problem] = []
    text = read_text(document, folder, about_text) if folder is not None else None
    wrong: list[tuple[Claim, Sequence[Problem]]] = []
    moved = 0
    for claim, one in quoted if text is not None else ():
        assert text is not None
        if problems := list(_mismatches(claim, one, document, text)):
            if not text.is_described and (one.exact or "") in text.characters:
                moved += 1
            else:
                wrong.append((claim, problems))
    if moved:
        about_text = [_with_moved(problem, moved, len(quoted)) for problem in about_text]
    return _Compared(document, quoted, text, about_text, wrong, moved)


def _with_moved(problem: Problem, moved: int, quotes: int) -> Problem:
    """What is told of a text of another hash, with how many of its quotes stand elsewhere in it."""
    told = f"{moved} of the {quotes} quotes {'stands' if moved == 1 else 'stand'} elsewhere in it"
    return replace(problem, message=f"{problem.message}; {told}")


def _is_reviewed(claim: Claim) -> bool:
    return _REVIEWED in claim.metadata.get(f"{ZEL}reviewStatus", ())


def _mismatches(claim: Claim, evidence: Evidence, document: Document, text: Text) -> Iterator[Problem]:
    start, end, exact = evidence.start or 0, evidence.end or 0, evidence.exact or ""
    length, where = len(text.characters), evidence.position
    found = text.characters[start:end]
    if end > length:
        message = f"claim '{claim.id}': offset {end} is past the end of the text ({length} characters)"
        hint = text.whereabouts(exact, start) or "count Unicode characters from 0"
        yield Problem("past-the-end", message, where, hint=hint)
        return
    if found != exact:
        message = f"claim '{claim.id}': the text at {start}-{end} reads {found!r}, not {exact!r}"
        hint = text.whereabouts(exact, start) or _elsewhere(text, exact, (start, end))
        yield Problem("quote", message, where, hint=hint)
    if document.sentences and evidence.sentence is not None and evidence.sentence <= len(document.sentences):
        first, last = document.sentences[evidence.sentence - 1]
        if last > length:
            yield Problem("sentences", f"sentence {evidence.sentence} ends past the text", document.position)
        elif not first <= start <= end <= last:
            message = f"claim '{claim.id}': {start}-{end} lies outside sentence {evidence.sentence} ({first}-{last})"
            yield Problem("outside-sentence", message, where)


def _elsewhere(text: Text, exact: str, span: tuple[int, int]) -> str:
    """What is near to words that a text does not have, if that is not what it has at their place."""
    nearest = text.nearest(exact)
    is_there = nearest is None or (nearest.start < span[1] and span[0] < nearest.end)
    return "no such words in the text" if is_there else f"no such words in the text; {nearest}"
