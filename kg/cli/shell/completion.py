"""`kg completion`: what a shell needs to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from kg.cli.output import Talk, common


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common
def completion(talk: Talk, shell: str) -> None:
    """Print the completion script of SHELL; add `eval "$(kg completion bash)"` to your start-up file."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    root = click.get_current_context().find_root()
    script = kind(root.command, {}, "kg", "_KG_COMPLETE").source()
    talk.result(script, {"shell": shell, "script": script})
