"""`kg diff`: what changed between two releases, or two files of RDF."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_releases
from kg.errors import UsageError


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help="The folder of releases.")
@common
def diff(talk: Talk, a: str, b: str, releases: Path | None) -> None:
    """List the claims and triples added, removed and changed from release A to release B.

    A and B are ids, the first characters of an id, or 'current'; or both are files of RDF of any syntax.
    """
    from kg import difference
    from kg.release import open_release

    are_files = [_is_file(name) for name in (a, b)]
    if any(are_files):
        if not all(are_files):
            other = b if are_files[0] else a
            raise UsageError(f"there is no file of RDF '{other}'", hint="name two files, or two releases")
        if releases is not None:
            raise UsageError("files are compared without --releases", hint="leave it out")
        compared = difference.diff_files(Path(a), Path(b))
        talk.result(compared.to_text().rstrip("\n"), compared.to_json())
        return
    folder = open_releases(releases).releases
    found = difference.diff(open_release(folder, a), open_release(folder, b))
    talk.result(found.to_text().rstrip("\n"), found.to_json())


def _is_file(name: str) -> bool:
    """Whether a name means a file: no release has a name with a dot."""
    return Path(name).is_file() or "." in name
