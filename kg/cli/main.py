"""`kg`: the group of commands and the way out."""

from __future__ import annotations

import sys

import click

from kg.cli.build import build
from kg.cli.completion import completion
from kg.cli.diff import diff
from kg.cli.doctor import doctor
from kg.cli.export import export
from kg.cli.link import link
from kg.cli.map import map_command
from kg.cli.ontology import ontology
from kg.cli.output import INTERRUPTED, envelope
from kg.cli.query import query
from kg.cli.serve import serve
from kg.cli.validate import validate
from kg.cli.verify import verify
from kg.errors import Problem


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import version

    names = (("kg", "zellige"), ("pyoxigraph", "pyoxigraph"), ("rdflib", "rdflib"), ("pyshacl", "pyshacl"))
    click.echo("\n".join(f"{name} {version(distribution)}" for name, distribution in names))
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show versions.")
def kg() -> None:
    """Build, prove, publish and serve a knowledge graph whose every triple has its evidence.

    Exit codes: 0 done, 1 the data failed a gate, 2 wrong usage or configuration, 3 could not do it, 130 interrupted.
    """


for _command in (build, validate, map_command, verify, query, export, link, diff, serve, doctor, ontology, completion):
    kg.add_command(_command)


def run() -> None:
    """Run the command line; the only place that exits on wrong usage or an interrupt."""
    try:
        code = kg.main(standalone_mode=False)
    except click.ClickException as error:
        if "--json" in sys.argv:
            click.echo(envelope("kg", problems=[Problem("usage", error.format_message())]))
        else:
            error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)
