"""`kg`: the group of commands and the way out."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

import click

from kg.cli.output import INTERRUPTED, envelope
from kg.cli.signals import end_in_order
from kg.errors import Problem, nearest


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import version

    names = (("kg", "zellige"), ("pyoxigraph", "pyoxigraph"), ("rdflib", "rdflib"), ("pyshacl", "pyshacl"))
    click.echo("\n".join(f"{name} {version(distribution)}" for name, distribution in names))
    context.exit()


_COMMANDS: Final[Mapping[str, str]] = MappingProxyType({
    "build": "build",
    "validate": "validate",
    "map": "map_command",
    "verify": "verify",
    "query": "query",
    "export": "export",
    "link": "link",
    "diff": "diff",
    "serve": "serve",
    "doctor": "doctor",
    "ontology": "ontology",
    "completion": "completion",
    "add": "authoring.add.add",
    "fmt": "authoring.fmt.fmt",
    "quote": "authoring.quote.quote",
    "schema": "authoring.schema.schema",
    "terms": "authoring.terms.terms",
    "init": "authoring.init.init",
    "test": "authoring.testing.test",
    "upgrade": "authoring.upgrade.upgrade",
    "dev": "dev",
})  # fmt: skip
"""The commands, each in a module of its name: what it is called there; after a dot, if its module is another one."""

_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType({
    "check": "verify",
    "compare": "diff",
    "convert": "export",
    "create": "init",
    "format": "fmt",
    "import": "init",
    "lint": "validate",
    "new": "init",
    "run": "serve",
    "sparql": "query",
    "start": "serve",
    "watch": "dev",
})  # fmt: skip
"""What other tools call something like a command of this one."""


class _Group(click.Group):
    """A command is imported when it is asked for: a third of the time to start goes into those that are not."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].rpartition(".")
        found = getattr(import_module(f"kg.cli.{module or cmd_name}"), name)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, or the one that may be."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            like = _ELSEWHERE.get(name)
            hint = f"did you mean '{like}'?" if like is not None else nearest(name, _COMMANDS)
            ctx.fail(f"No such command '{name}'. {hint[:1].upper() + hint[1:] if hint else 'kg --help lists them.'}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show versions.")
def kg() -> None:
    """Build, prove, publish and serve a knowledge graph whose every triple has its evidence.

    Exit codes: 0 done, 1 the data failed a gate, 2 wrong usage or configuration, 3 could not do it, 130 interrupted,
    143 told to end.
    """


def run() -> None:
    """Run the command line; the only place that exits on wrong usage, an interrupt, or when it is told to end."""
    end_in_order()
    code = _code()
    gc.freeze()  # or Python looks for cycles among all that there is, several times, before it ends
    sys.exit(code)


def _code() -> int:
    try:
        code = kg.main(standalone_mode=False)
    except click.ClickException as error:
        if "--json" in sys.argv:
            click.echo(envelope("kg", problems=[Problem("usage", error.format_message())]))
        else:
            error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0
