"""The commands as `kg --help` lists them: in the order in which a person meets them, each with a whole sentence."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import click

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Begin": ("init", "add", "upgrade"),
        "Write": ("terms", "quote", "fmt", "schema", "link", "dev"),
        "Prove and publish": ("verify", "build", "test", "validate"),
        "Ask and show": ("query", "serve", "export", "diff"),
        "Tables and vocabulary": ("map", "ontology"),
        "This installation": ("doctor", "completion"),
    }
)
"""The commands by what they are for."""
FIRST: Final = "First time here: kg init FOLDER makes a project that builds as it stands, and says how to go on."


def write_commands(formatter: click.HelpFormatter, command: Callable[[str], click.Command]) -> None:
    """Write the sections, each command with the first sentence of its help."""
    for title, names in SECTIONS.items():
        with formatter.section(title):
            formatter.write_dl([(name, first_sentence(command(name))) for name in names])


def first_sentence(command: click.Command) -> str:
    """The first sentence of the help of a command, in one line.

    >>> first_sentence(click.Command("a", help="Print\\nit; all of it. And more."))
    'Print it; all of it.'
    """
    text = " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", text, maxsplit=1)[0]
