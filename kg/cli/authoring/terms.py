"""`kg terms`: classes, properties and concepts, by any of their labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.errors import Suggestions, UsageError
from kg.terms import LANGUAGES, choose_language

if TYPE_CHECKING:
    from kg.authoring import Entry
    from kg.config import Config


@click.command()
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option("--kind", type=click.Choice(("class", "property", "concept", "individual")), help="Only these.")
@click.option("--language", metavar="TAG", default="en", help="Language of the definitions.")
@common
def terms(talk: Talk, words: tuple[str, ...], kind: str | None, language: str) -> None:
    """List what claims may name: classes, properties and concepts, with domain, range, definition and an example.

    With WORD only those that have it in a name, a label in any language, or a definition; spellings count as one. How
    often each is used in the current release is counted, if there is one.
    """
    from kg.authoring import entries, search
    from kg.ontology.own import vocabulary_of

    config = open_project(None)
    known = [one for one in entries(vocabulary_of(config)) if kind in {None, one.kind}]
    sought = " ".join(words)
    found = search(known, sought) if sought else tuple(known)
    if not found:
        labels = {label for one in known for texts in one.labels.values() for label in texts}
        hint = Suggestions({*labels, *(one.name for one in known)}).nearest(sought) or "kg terms lists them all"
        raise UsageError(f"no {kind or 'class, property or concept'} is called '{sought}'", hint=hint)
    release, counted = _uses(config, found)
    lines = [
        line
        for one in found
        for line in (_whole(one, language, counted, release) if sought else [_short(one, counted)])
    ]
    data = {"release": release, "terms": [{**_json(one), "uses": counted.get(one.iri)} for one in found]}
    talk.result("\n".join(lines), data)


def _uses(config: Config, found: Iterable[Entry]) -> tuple[str | None, Mapping[str, int]]:
    """The id of the current release, and how often terms are used in it; nothing where there is none."""
    from kg.errors import ReleaseError
    from kg.export.uses import uses
    from kg.release import open_release

    try:
        release = open_release(config.releases)
    except ReleaseError:
        return None, {}
    properties = {one.iri for one in found if one.kind == "property"}
    return release.id, uses(release, properties, {one.iri for one in found} - properties)


def _short(one: Entry, counted: Mapping[str, int]) -> str:
    times = f"{counted[one.iri]:>7} " if one.iri in counted else ""
    return f"{one.name:32} {times}{_place(one)}"


def _place(one: Entry) -> str:
    if one.kind == "class":
        return f"class, a kind of {one.domain}"
    if one.kind == "individual":
        return f"a {one.domain}"
    if one.kind == "concept":
        return f"concept of the scheme {one.domain}"
    return f"property of {one.domain or 'anything'}, its value: {one.range or 'anything'}"


def _whole(one: Entry, language: str, counted: Mapping[str, int], release: str | None) -> Iterator[str]:
    yield f"{one.name}: {_place(one)}"
    tags = (*(tag for tag in reversed(LANGUAGES) if tag in one.labels), *sorted(one.labels.keys() - set(LANGUAGES)))
    if tags:
        yield f"    {' | '.join(', '.join(one.labels[tag]) for tag in tags)}"
    if found := choose_language(one.definitions, (language, "en")):
        yield f"    {one.definitions[found]}"
    yield f"    {one.remark}" if one.remark else f"    {one.example}"
    if (times := counted.get(one.iri)) is not None:
        often = {0: "unused", 1: "used once"}.get(times, f"used {times:,} times")
        yield f"    {often} in release {release}"


def _json(one: Entry) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "iri": one.iri,
        "domain": one.domain,
        "range": one.range,
        "labels": {language: list(texts) for language, texts in one.labels.items()},
        "definitions": dict(one.definitions),
        "example": None if one.remark else one.example,
        "remark": one.remark,
    }
