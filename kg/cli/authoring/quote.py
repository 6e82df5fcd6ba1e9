"""`kg quote`: words of a document -> evidence to paste into a claim."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.errors import EvidenceError, Problem, RecordError, Suggestions, UsageError
from kg.quoting import exactly

if TYPE_CHECKING:
    from kg.config import Config
    from kg.records import Document
    from kg.records.evidence import Found
    from kg.records.texts import Text

_LONGEST: Final = 200
"""Characters of a quote that the shapes of claims allow (`shape:QuoteSelectorShape-exact`)."""
_MOST: Final = 20
"""Places that are printed."""


@click.command()
@click.argument("document")
@click.argument("words", nargs=-1, required=True)
@click.option("--sources", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder that holds the texts.")
@click.option("--offsets", "with_offsets", is_flag=True, help="Print sentence and offsets too.")
@common
def quote(talk: Talk, document: str, words: tuple[str, ...], sources: Path | None, with_offsets: bool) -> None:
    """Print the evidence for WORDS of DOCUMENT as YAML to paste, once for each place of the text that has them.

    Places with just these characters come first, then those that read alike and are spelled otherwise: the words are
    printed as the text has them. WORDS is - to read them from standard input. Several quotes, each in quotation marks,
    are looked for one after the other.
    """
    config = open_project(None)
    # Who leaves the quotation marks out has typed one quote, in as many arguments as it has words.
    asked = words if any(len(one.split()) > 1 for one in words) else (" ".join(words),)
    quotes = [_given(one).strip() for one in asked]
    if not all(quotes):
        raise UsageError("no words to look for", hint='kg quote DOCUMENT "words of the text"')
    described, text = _opened(config, document, sources)
    found: list[Found] = []
    problems: list[Problem] = []
    for one in quotes:
        try:
            found += _places(talk, described, text, one)
        except EvidenceError as error:
            problems += error.problems
    if problems:
        raise EvidenceError(problems=problems)
    lines = [line for one in found for line in _told(document, one, with_offsets=with_offsets)]
    talk.result("\n".join(lines), {"document": document, "found": [_json(one) for one in found]})


def _places(talk: Talk, document: Document, text: Text, words: str) -> tuple[Found, ...]:
    """Where the text has some words.

    :raises EvidenceError: if it has them nowhere
    """
    from kg.records.evidence import find, matched

    found = tuple(islice(find(document, text, words), _MOST + 1))
    if not found:
        nearest, head = text.nearest(words), matched(text, words)
        hint = f"it has {head!r}, and not the words that follow" if head else "no word of it is there"
        hint = hint if nearest is None else str(nearest)
        raise EvidenceError(f"the text of '{document.slug}' has no words {words!r}", hint=hint)
    if len(found) > _MOST:
        talk.say(f"warning: more than {_MOST} places have these words: take more of them")
    for one in found[:_MOST]:
        for text_of in _warnings(one):
            talk.say(f"warning: {text_of}")
    return found[:_MOST]


def _given(words: str) -> str:
    """The words of the command line, or those of standard input.

    :raises UsageError: if they are not UTF-8
    """
    try:
        return (sys.stdin.buffer.read() if words == "-" else words.encode()).decode("utf-8")
    except UnicodeError:
        raise UsageError(
            "the words are not UTF-8", hint="set the terminal to UTF-8, or pass them in a file: -"
        ) from None


def _opened(config: Config, slug: str, sources: Path | None) -> tuple[Document, Text]:
    """The document and its text.

    :raises UsageError: if there is no such document, or its text is not at hand
    :raises RecordError: if `sources.yaml` cannot be read, or the text is another one than it describes
    """
    from kg.positions import Faults, read_yaml
    from kg.records.documents import read_documents
    from kg.records.texts import read_text

    path, faults = config.locate("sources"), Faults()
    name = config.name_of(path)
    root = read_yaml(path, name, limit=config.limits.file_bytes, depth=config.limits.depth)
    documents = read_documents(root, faults)
    faults.raise_any()
    if slug not in documents:
        hint = Suggestions(documents).nearest(slug) or f"{name} describes: {', '.join(sorted(documents)) or 'none'}"
        raise UsageError(f"unknown document '{slug}'", hint=hint)
    document, folder = documents[slug], sources or config.texts
    if document.text_file is None:
        hint = "name it there ('text: FILE'), or let `kg add document` do so"
        raise RecordError(f"'{slug}' names no text", position=document.position, hint=hint)
    if folder is None:
        hint = "give --sources FOLDER, or set [paths] sources_texts in kg.toml"
        raise UsageError("no folder of source texts", hint=hint)
    problems: list[Any] = []
    text = read_text(document, folder, problems)
    if problems:
        raise RecordError(problems=problems)
    if text is None:
        hint = "give --sources FOLDER, the folder that holds it"
        raise UsageError(f"the text of '{slug}' is not at hand: there is no {folder / document.text_file}", hint=hint)
    return document, text


def _told(slug: str, one: Found, *, with_offsets: bool) -> Iterator[str]:
    """The lines about one place: remarks of YAML, then the evidence."""
    from kg.records.spelling import told

    sentence = f"sentence {one.sentence}" if one.sentence is not None else "no sentence"
    yield f"# {slug}, {sentence}, {one.start}-{one.end}: {_line(one)}"
    if one.differences:
        yield f"# spelled otherwise in the text: {told(one.differences)}"
    yield f"evidence: {_evidence(one, with_offsets=with_offsets)}"


def _line(one: Found) -> str:
    """The place with the words around it, none of which is cut."""
    before, after = one.before.partition(" ")[2], one.after.rpartition(" ")[0]
    begin = f"…{before}" if one.start > len(one.before) else one.before
    end = f"{after}…" if one.goes_on else one.after
    return " ".join(f"{begin}[{one.exact}]{end}".split())


def _evidence(one: Found, *, with_offsets: bool) -> str:
    parts: Mapping[str, int | None] = {"occurrence": one.occurrence if one.of > 1 else None}
    if with_offsets:
        parts = {"sentence": one.sentence, "start": one.start, "end": one.end}
    told: Sequence[str] = [f"{key}: {number}" for key, number in parts.items() if number is not None]
    return f"{{{', '.join([*told, f'exact: {exactly(one.exact)}'])}}}"


def _warnings(one: Found) -> Iterator[str]:
    if len(one.exact) > _LONGEST:
        yield f"{len(one.exact)} characters at {one.start}: the shapes allow a quote of {_LONGEST}; take fewer words"
    if one.crosses:
        yield f"the words at {one.start}-{one.end} stand in no single sentence: quote words of one sentence"


def _json(one: Found) -> dict[str, Any]:
    return {
        "start": one.start,
        "end": one.end,
        "exact": one.exact,
        "sentence": one.sentence,
        "occurrence": one.occurrence,
        "of": one.of,
        "before": one.before,
        "after": one.after,
        "differences": [str(difference) for difference in one.differences],
        "evidence": _evidence(one, with_offsets=False),
    }
