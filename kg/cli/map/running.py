"""The runs of `kg map`: to a file, into a store, in parts, under Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from kg.cli.output import Talk
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.rml import Access, KeptPart, OnError, Summary

_LISTED: Final = 1000
"""Faulty rows of a triples map that are told to a program; a person gets fewer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run was asked for."""

    mapping: Path
    access: Access
    base: str | None
    workers: int
    on_error: OnError
    distinct: bool
    told: int
    """Faulty rows of a triples map that are told one by one."""

    @classmethod
    def of(cls, mapping: Path, access: Access, given: Mapping[str, Any], *, listed: bool) -> Asked:
        """The options as `kg.rml` takes them."""
        from kg.rml import TOLD, OnError

        told = _LISTED if listed else TOLD
        on_error = OnError(given["on_error"])
        return cls(mapping, access, given["base"], given["workers"], on_error, given["distinct"], told)


def to_output(asked: Asked, output: IO[bytes]) -> Summary:
    """Map to an open file."""
    from kg.rml import map_to

    return map_to(
        asked.mapping,
        output,
        base=asked.base,
        workers=asked.workers,
        on_error=asked.on_error,
        distinct=asked.distinct,
        access=asked.access,
        told=asked.told,
    )


def to_store(talk: Talk, asked: Asked, store: Path) -> Summary:
    """Map into a new store, and tell which literals it keeps otherwise than they are written."""
    from kg.loading import loading
    from kg.rdf import Forms
    from kg.store import kept_forms

    forms = Forms(kept_forms)
    with loading(store, forms=forms) as target:
        summary = to_output(asked, target)
    for line in forms.told():
        talk.say(line)
    return summary


def to_parts(asked: Asked, folder: Path) -> Sequence[KeptPart]:
    """Map each triples map to a file of its own; those that would be the same stay.

    :raises UsageError: if lines shall be distinct, or several processes map
    """
    if asked.distinct or asked.workers > 1:
        raise UsageError("--parts goes without --distinct and --workers", hint="it writes a file for each map")
    from kg.rml import map_parts

    return map_parts(asked.mapping, folder, base=asked.base, on_error=asked.on_error, access=asked.access)


def under_spark(asked: Asked, folder: str, master: str, sources: tuple[str, ...], settings: tuple[str, ...]) -> Summary:
    """Map to a folder that Spark writes; `sources` and `settings` are texts as NAME=PLACE and KEY=VALUE."""
    from kg.rml.spark import map_with_spark, spark_session

    places, properties = _places(sources), dict(_pair(text, "--conf KEY=VALUE") for text in settings)
    with spark_session(master, properties) as session:
        return map_with_spark(
            session,
            asked.mapping,
            folder,
            sources=places,
            base=asked.base,
            on_error=asked.on_error,
            distinct=asked.distinct,
            access=asked.access,
            told=asked.told,
        )


def _pair(text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise UsageError(f"'{text}' is not {form}")
    return name, value


def _places(sources: tuple[str, ...]) -> dict[str, list[str]]:
    """What is read for each source; a name that is given twice has two places."""
    places: dict[str, list[str]] = {}
    for text in sources:
        name, place = _pair(text, "--source NAME=PLACE")
        places.setdefault(name, []).append(place)
    return places
