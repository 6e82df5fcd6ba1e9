"""`kg`: the group of commands and the way out."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

import click

from kg.cli.output import INTERRUPTED, envelope, forget_output
from kg.cli.shell.listing import FIRST, write_commands
from kg.cli.shell.mistakes import command_meant, option_meant, value_meant
from kg.cli.signals import end_in_order
from kg.errors import OperationError, Problem


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
    "completion": "shell.completion.completion",
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
            ctx.fail(f"No such command '{name}'. {command_meant(name, _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for; what is mistyped behind it is told with what may be meant."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            raise option_meant(error, partial(self._having, ctx)) from None
        except click.BadParameter as error:
            raise value_meant(error) from None

    def _having(self, ctx: click.Context, option: str) -> list[str]:
        """The commands that have an option."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [name for name, one in found if one and any(option in param.opts for param in one.params)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what they are for; click's own list has half of a sentence for each."""

        def command(name: str) -> click.Command:
            found = self.get_command(ctx, name)
            assert found is not None
            return found

        write_commands(formatter, command)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]}, epilog=FIRST)
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
    except OSError as error:  # of help and versions: what commands cannot write they tell themselves
        forget_output()
        if isinstance(error, BrokenPipeError):
            return 0
        click.echo(f"error: cannot write: {error.strerror or error} (check space and rights)", err=True)
        return OperationError.exit_code
    return code if isinstance(code, int) else 0
