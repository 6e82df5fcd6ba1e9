"""`kg add document`: a file -> a document of the project, with its text."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.config import Config
from kg.errors import Position, Problem, StorageError, UsageError
from kg.files import replaced
from kg.folding import fold
from kg.terms import is_slug

if TYPE_CHECKING:
    from kg.documents import Described, Extracted

Command = TypeVar("Command", bound=Callable[..., Any])
_KINDS: Final = ("txt", "html", "docx", "pdf")
_LARGEST: Final = 100_000_000
"""Size of a file that a text is taken from, in bytes."""
_OURS_TO_QUOTE: Final = "The publisher's text; only offsets, a hash and short phrases are kept."
_FREE: Final = re.compile(
    r"\bcc0\b|\bcc[ -]by(?:[ -]sa)?\b(?![ -]n[cd])|creativecommons\.org/(?:licenses/by(?:-sa)?/|publicdomain/)"
    r"|public domain|domaine public|licence ouverte|\betalab\b|open government licen[cs]e|\bogl\b|\bodbl\b|\bodc-by\b",
    re.IGNORECASE,
)
"""Licences under which a text may be given away."""
_ASKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "Title",
        "language": "Language of the text (ar, fr, en, ...)",
        "publisher": "Publisher",
        "licence": "Licence, or what is kept of the text",
        "date": "Date (2031, 2031-05 or 2031-05-03; nothing if it has none)",
        "address": "Address of the page (nothing if it has none)",
    }
)
_OPTIONAL: Final = ("date", "address")


@click.group()
def add() -> None:
    """Add something to a project: `kg add document FILE`."""


def _described(function: Command) -> Command:
    """The options that say what a document is."""
    for name, text in reversed(tuple(_ASKED.items())):
        function = click.option(f"--{name}", metavar="TEXT", help=f"{text}.")(function)
    return function


@add.command()
@click.argument("file", metavar="FILE|-")
@click.option("--name", metavar="SLUG", help="What the project calls it; default: the name of the file.")
@_described
@click.option("--as", "kind", type=click.Choice(_KINDS), help="What FILE is, where its name and beginning do not tell.")
@click.option("--text", "keeping", type=click.Choice(("keep", "leave")), help="Keep the text, or out of git.")
@click.option("--sources", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder that holds the texts.")
@click.option("--renew", metavar="SLUG", help="Write the hash of FILE into the entry of this document, and no more.")
@common
def document(
    talk: Talk,
    file: str,
    name: str | None,
    kind: str | None,
    keeping: str | None,
    sources: Path | None,
    renew: str | None,
    **said: str | None,
) -> None:
    """Add FILE (- for standard input) as a document: its text, hashes, sentences, and what is said of it.

    The text is taken from FILE once, and written into the folder of texts; offsets count in it. If title, language or
    publisher is not said, a terminal is asked. Where the licence is not known to be a free one, the text is left out
    of git (a .gitignore in the folder of texts): --text keep or leave decides otherwise.

    A table, or a file of RDF, that is a document and was changed: --renew writes its new hash into sources.yaml.
    """
    from kg.documents import entry, extract, has_sentences, kind_of, of_same_text, registered

    config = open_project(None)
    if renew is not None:
        _renew(talk, config, file, renew)
        return
    folder = sources or config.texts
    if folder is None:
        hint = 'set [paths] sources_texts = "texts" in kg.toml, or give --sources FOLDER'
        raise UsageError("no folder for the texts of documents", hint=hint)
    content = _content(file)
    found = extract(content, file, kind or kind_of(content, file))
    for text in found.warnings:
        talk.say(f"warning: {text}")
    slug = _slug(file, name)
    told = _complete(said, found, asks=file != "-" and sys.stdin.isatty())
    described = _document(slug, told, found, content)
    lines = entry(described)
    path = config.locate("sources")
    before = path.read_bytes() if path.is_file() else None
    written = registered(before, config.name_of(path), slug, lines)
    keeps = keeping == "keep" or (keeping is None and _FREE.search(described.licence) is not None)
    _write(_Files(config, folder, path), described, found.text, written, keeps=keeps)
    _tell_same(talk, slug, of_same_text(written, config.name_of(path), described))
    if not has_sentences():
        talk.say("no sentences were found: pip install 'zellige[collation]'")
    talk.say(f"the text is {'kept' if keeps else 'left out of git (.gitignore)'}: {folder / described.text_file}")
    talk.say(f'now find words in it: kg quote {slug} "words"')
    facts = {"document": slug, "characters": len(found.text), "sentences": len(described.sentences), "kept": keeps}
    text = f"{slug}: {len(found.text)} characters, {len(described.sentences)} sentences"
    talk.result(text, {**facts, "sha256": described.sha256, "extractor": described.extractor})


def _tell_same(talk: Talk, slug: str, others: list[tuple[str, Position]]) -> None:
    """Two publishers may print one text; one document under two names would be two sources that agree."""
    for other, place in others:
        advice = f"cite '{other}' if they are one, and take out '{slug}'; else what both say counts as said twice"
        talk.say(f"warning: {place}: the document '{other}' has the same text ({advice})")


def _renew(talk: Talk, config: Config, file: str, slug: str) -> None:
    """Write the hash of a file that was changed into the entry of its document."""
    from kg.documents.renewing import renewed

    path = config.locate("sources")
    sha256, before = hashlib.sha256(_content(file)).hexdigest(), path.read_bytes()
    written = renewed(before, config.name_of(path), slug, sha256)
    if written != before:
        with replaced(path) as output:
            output.write(written)
    told = "has" if written == before else "now has"
    talk.result(f"{slug} {told} the hash {sha256}", {"document": slug, "sha256": sha256})


def _content(file: str) -> bytes:
    if file == "-":
        content = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        try:
            with Path(file).open("rb") as opened:
                content = opened.read(_LARGEST + 1)
        except FileNotFoundError:
            raise UsageError(f"no such file: {file}") from None
        except OSError as error:
            raise StorageError(f"cannot read {file}: {error.strerror}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"{file} is larger than {_LARGEST:,} bytes", hint="save its text, and add that")
    return content


def _slug(file: str, name: str | None) -> str:
    """The name of the document: the one given, or that of the file in small Latin letters.

    :raises UsageError: if neither can be part of an IRI
    """
    stem = "" if file == "-" else Path(file).name.partition(".")[0]
    slug = fold(stem).replace(" ", "-") if name is None else name
    if not is_slug(slug):
        what = f"'{slug}' cannot name a document" if slug else "the document has no name"
        raise UsageError(what, hint="give --name of small Latin letters, digits and hyphens")
    return slug


def _complete(said: Mapping[str, str | None], found: Extracted, *, asks: bool) -> dict[str, str | None]:
    """What is said of the document, with what its file says, and with what a person answers.

    :raises UsageError: naming everything that nobody says
    """
    from kg.folding import is_arabic

    known = {"title": found.title, "language": found.language or ("ar" if is_arabic(found.text) else None)}
    known["licence"] = _OURS_TO_QUOTE
    # Who says all that is needed is asked nothing: a script, or lines pasted into a terminal.
    asks = asks and any(said[name] is None and not known.get(name) for name in _ASKED if name not in _OPTIONAL)
    told: dict[str, str | None] = {}
    for name, question in _ASKED.items():
        given = said[name]
        if given is None and asks:
            default = known.get(name) or ("" if name in _OPTIONAL else None)
            given = str(click.prompt(question, default=default, show_default=bool(default), err=True))
        told[name] = (given if given is not None else known.get(name) or "").strip() or None
    missing = [name for name in _ASKED if told[name] is None and name not in _OPTIONAL]
    if missing:
        problems = [Problem(UsageError.code, f"nobody says the {name}", hint=f"give --{name}") for name in missing]
        raise UsageError(problems=problems)
    return told


def _document(slug: str, told: Mapping[str, str | None], found: Extracted, content: bytes) -> Described:
    from kg.documents import Described, sentences

    text, language = found.text.encode(), told["language"] or ""
    return Described(
        slug=slug,
        title=told["title"] or "",
        language=language,
        publisher=told["publisher"] or "",
        licence=told["licence"] or "",
        address=told["address"],
        date=told["date"],
        sha256=hashlib.sha256(text).hexdigest(),
        text_file=f"{slug}.{language}.txt",
        sentences=sentences(found.text, language),
        extractor=found.extractor,
        original=hashlib.sha256(content).hexdigest() if found.extractor is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Files:
    config: Config
    folder: Path
    """Where the texts lie."""
    sources: Path
    """`sources.yaml`."""


def _write(files: _Files, described: Described, text: str, sources: bytes, *, keeps: bool) -> None:
    """Write the text, then what is said of it; a text that is there and is another one stays.

    :raises UsageError: if another text has its name
    :raises OSError: if something cannot be written
    """
    path = files.folder / described.text_file
    if path.exists() and path.read_bytes() != text.encode():
        raise UsageError(f"{path} is there and is another text", hint="give another --name, or move it away")
    files.folder.mkdir(parents=True, exist_ok=True)
    files.sources.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as file:
        file.write(text.encode())
    if not keeps:
        ignored = files.folder / ".gitignore"
        before = ignored.read_text(encoding="utf-8") if ignored.is_file() else ""
        if described.text_file not in before.splitlines():
            with replaced(ignored) as file:
                file.write(f"{before.rstrip()}\n{described.text_file}\n".lstrip().encode())
    with replaced(files.sources) as file:
        file.write(sources)
