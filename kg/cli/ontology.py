"""`kg ontology`: the files that are generated from terms.csv."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is stale.")
@common
def ontology(talk: Talk, directory: Path | None, check: bool) -> None:
    """Write core.ttl, context.jsonld, the alignments and the shapes of terms anew from terms.csv."""
    from kg import ontology as generator
    from kg.errors import VocabularyError

    config = open_project(directory)
    folders = config.locate("ontology"), config.term_shapes
    stale = generator.stale(*folders)
    if check and stale:
        raise VocabularyError(f"stale: {', '.join(stale)}", hint="run kg ontology")
    if not check:
        generator.write(*folders)
    text = "\n".join(f"written: {name}" for name in stale) if stale else "every generated file is up to date"
    talk.result(text, {"written": list(stale)})
