"""`kg schema`: JSON Schemas by which editors complete and check files of a project."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli.output import Talk, common, opened
from kg.cli.project import open_project
from kg.errors import UsageError

_KINDS = ("claims", "sources", "entities")


@click.command()
@click.argument("kind", type=click.Choice(_KINDS), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="A folder for all three.")
@common
def schema(talk: Talk, kind: str | None, output: Path | None) -> None:
    """Print the JSON Schema of a kind of files: claims, sources or entities; or write all three into a folder.

    It follows from the vocabulary of the project, so that an editor completes its terms and concepts.
    """
    from kg.authoring import schema as schema_of
    from kg.ontology.own import vocabulary_of

    if (kind is None) == (output is None):
        raise UsageError(
            "name one kind of files, or a folder for all", hint="kg schema claims, or kg schema -o .schemas"
        )
    config = open_project(None)
    vocabulary, languages = vocabulary_of(config), config.project.languages
    if output is None:
        made = schema_of(str(kind), vocabulary, languages)
        talk.result(json.dumps(made, ensure_ascii=False, indent=2), {"schema": made})
        return
    written = []
    for name in _KINDS:
        path = output / f"{name}.schema.json"
        with opened(path, makes_folder=True) as file:
            file.write(
                json.dumps(schema_of(name, vocabulary, languages), ensure_ascii=False, indent=2).encode() + b"\n"
            )
        written.append(str(path))
    talk.say(
        f"first line of a claims file: # yaml-language-server: $schema={(output / 'claims.schema.json').resolve()}"
    )
    talk.result("\n".join(written), {"written": written})
