"""What `kg map` tells of its runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.cli.output import Talk, opened

if TYPE_CHECKING:
    from kg.rml import KeptPart, Part, Summary


_FILES: Final = 50
"""Files of targets that are named one by one."""


def tell_parts(talk: Talk, kept: Sequence[KeptPart], folder: Path) -> None:
    """What became of each triples map, with `--parts`."""
    for one in kept:
        for note in one.notes:
            talk.say(f"warning: {note}")
        for problem in one.part.problems:
            talk.say(f"left out: {problem}")
        how = "mapped" if one.was_mapped else "as it was"
        talk.detail(f"{one.path}: {one.part.triples:,} triples of {one.part.rows:,} rows, {how}")
        _tell_joins(talk, one.part)
    mapped = sum(one.was_mapped for one in kept)
    skipped = sum(one.part.skipped for one in kept)
    left = f", {skipped:,} rows left out" if skipped else ""
    talk.say(f"{len(kept)} parts in {folder}: {mapped} mapped, {len(kept) - mapped} as they were{left}")
    maps = [
        {
            "name": one.part.name,
            "file": str(one.path),
            "rows": one.part.rows,
            "triples": one.part.triples,
            "skipped": one.part.skipped,
            **_of_joins(one.part),
            "mapped": one.was_mapped,
        }
        for one in kept
    ]
    left_out = [problem.to_json() for one in kept for problem in one.part.problems]
    notes = [note.to_json() for one in kept for note in one.notes]
    talk.result("\n".join(str(one.path) for one in kept), {"maps": maps, "left_out": left_out, "warnings": notes})


def tell_text(talk: Talk, text: str, output: Path | None, data: dict[str, str]) -> None:
    """A text that was asked for: to its file, or to standard output."""
    if output is None:
        talk.result(text.rstrip("\n"), {**data, "text": text})
        return
    with opened(output) as file:
        file.write(text.encode())
    talk.say(f"written to {output}")
    if talk.as_json:
        talk.result("", {**data, "output": str(output)})


def _triples(summary: Summary) -> str:
    """How many triples were made: those of the output, and those that went to files of the mapping."""
    elsewhere = sum(file.triples for file in summary.files)
    if not elsewhere:
        return f"{summary.triples:,} triples"
    files = "a file" if len(summary.files) == 1 else f"{len(summary.files):,} files"
    if not summary.triples:
        return f"{elsewhere:,} triples, all in {files} of the mapping,"
    return f"{summary.triples:,} triples, and {elsewhere:,} in {files} of the mapping,"


def tell(talk: Talk, summary: Summary, output: str | None) -> None:
    """How many triples of how many rows, and what was left out."""
    for note in summary.notes:
        talk.say(f"warning: {note}")
    left_out = [problem for problem in summary.problems if problem.code != "absent"]
    for problem in summary.problems:
        talk.say(f"left out: {problem}" if problem in left_out else f"warning: {problem}")
    if (faulty := summary.skipped + summary.unlinked) > len(left_out):
        talk.say(f"and {faulty - len(left_out):,} rows more: --json lists a thousand of a triples map")
    skipped = f", {summary.skipped:,} rows left out" if summary.skipped else ""
    talk.say(f"{_triples(summary)} of {summary.rows:,} rows{skipped}")
    for file in summary.files[:_FILES]:
        talk.say(f"{file.path}: {file.triples:,} triples, {file.target.serialization}")
    if len(summary.files) > _FILES:
        talk.say(f"and {len(summary.files) - _FILES:,} files more: --json lists them")
    for part in summary.parts:
        if not part.rows:
            talk.say(f"no rows for {part.name}: does the iterator of its source fit?")
        talk.detail(f"{part.name}: {part.triples:,} triples of {part.rows:,} rows")
        for reference, count in part.lacking:
            talk.detail(f"{part.name}: {count:,} of {part.rows:,} records have no {reference}")
        _tell_joins(talk, part)
    if talk.as_json:
        parts = [
            {
                "name": part.name,
                "rows": part.rows,
                "triples": part.triples,
                "skipped": part.skipped,
                "lacking": dict(part.lacking),
                **_of_joins(part),
            }
            for part in summary.parts
        ]
        data = {"output": output, "triples": summary.triples, "rows": summary.rows, "skipped": summary.skipped}
        told = [problem.to_json() for problem in summary.problems]
        notes = [note.to_json() for note in summary.notes]
        files = [
            {"path": str(file.path), "serialization": str(file.target.serialization), "triples": file.triples}
            for file in summary.files
        ]
        talk.result("", {**data, "maps": parts, "targets": files, "left_out": told, "warnings": notes})


def _of_joins(part: Part) -> dict[str, int]:
    counted = {"unmatched": part.unmatched, "unlinked": part.unlinked}
    return {name: count for name, count in counted.items() if count}


def _tell_joins(talk: Talk, part: Part) -> None:
    if part.unlinked:
        talk.say(f"{part.name}: nothing is linked to {part.unlinked:,} rows that it joins, for they have no key")
    if part.unmatched:
        talk.say(f"{part.name}: a join of its view found nothing for {part.unmatched:,} of its rows")
