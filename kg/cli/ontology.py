"""`kg ontology`: the files that are generated from the tables of layers of vocabulary."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common, opened
from kg.cli.project import open_project
from kg.config import Config


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is stale.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="A folder for what is yours.")
@common
def ontology(talk: Talk, directory: Path | None, check: bool, output: Path | None) -> None:
    """Write ontology.ttl, context.jsonld, the alignments and the shapes of terms of each layer anew from its terms.csv.

    With --output: the OWL, the context and the shapes that follow from the vocabulary of the project's own, which a
    build makes by itself.
    """
    from kg import ontology as generator
    from kg.errors import VocabularyError

    config = open_project(directory)
    if output is not None:
        _write_own(talk, config, output)
        return
    folder = config.locate("ontology")
    stale = generator.stale(folder)
    if check and stale:
        raise VocabularyError(f"stale: {', '.join(stale)}", hint="run kg ontology")
    if not check:
        generator.write(folder)
    text = "\n".join(f"written: {name}" for name in stale) if stale else "every generated file is up to date"
    talk.result(text, {"written": list(stale)})


def _write_own(talk: Talk, config: Config, output: Path) -> None:
    from kg.ontology.own import own_generated, vocabulary_of

    written = []
    for name, text in own_generated(config, vocabulary_of(config)).items():
        with opened(output / name, makes_folder=True) as file:
            file.write(text.encode())
        written.append(str(output / name))
    talk.result("\n".join(written), {"written": written})
