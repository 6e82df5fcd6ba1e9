"""What is typed and there is not: commands, options and values, with what may be meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

import click

_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType({
    "check": "verify",
    "compare": "diff",
    "convert": "export",
    "create": "init",
    "document": "add document",
    "dump": "export",
    "find": "quote",
    "format": "fmt",
    "import": "init",
    "info": "doctor",
    "lint": "validate",
    "make": "build",
    "new": "init",
    "publish": "build",
    "reconcile": "link",
    "release": "build",
    "run": "serve",
    "search": "quote",
    "shacl": "validate",
    "sparql": "query",
    "start": "serve",
    "status": "doctor",
    "transform": "map",
    "update": "upgrade",
    "vocabulary": "terms",
    "watch": "dev",
})  # fmt: skip
"""What other tools call something like a command of this one."""
_CLOSE: Final = 0.6
_SLIP: Final = 0.8
_CHOICE: Final = re.compile(r"'(?P<given>[^']*)' is not one of ")


def command_meant(name: str, commands: Iterable[str]) -> str:
    """What to say of a command that there is not.

    >>> command_meant("biuld", ["build", "schema"]), command_meant("chek", ["build", "schema"])
    ("Did you mean 'build'?", "Did you mean 'verify'?")
    >>> command_meant("help", ["build"]), command_meant("xyzzy", ["build"])
    ('kg --help lists the commands, and kg COMMAND --help says more of one.', 'kg --help lists them.')
    """
    if name.casefold() in {"help", "commands"}:
        return "kg --help lists the commands, and kg COMMAND --help says more of one."
    if name.casefold() == "version":
        return "Did you mean '--version'?"
    meant = {**_ELSEWHERE, **{one: one for one in commands}}
    found = get_close_matches(name.casefold(), meant, n=1, cutoff=_CLOSE)
    return f"Did you mean '{meant[found[0]]}'?" if found else "kg --help lists them."


def option_meant(error: click.NoSuchOption, having: Callable[[str], list[str]]) -> click.NoSuchOption:
    """The error of an option that a command has not, with the nearest one that it has, or what else helps.

    :param having: the commands that have an option
    """
    context, name = error.ctx, error.option_name
    if context is None:
        return error
    told = f"No such option '{name}'."
    arguments = [one for one in context.command.params if isinstance(one, click.Argument)]
    if any(name.lstrip("-") in {one.name, (one.metavar or "").casefold()} for one in arguments):
        usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
        return click.NoSuchOption(name, f"{told} It is written without a name: {usage}", ctx=context)
    options = [one for param in context.command.params for one in (*param.opts, *param.secondary_opts)]
    near = get_close_matches(name.casefold(), [one for one in options if one.startswith("--")], n=1, cutoff=_CLOSE)
    others = [] if near and _is_slip(name.casefold(), near[0]) else having(name)
    if others:
        hint = f"{_listed([f'kg {one}' for one in others])} {'has' if len(others) == 1 else 'have'} it."
    elif near:
        hint = f"Did you mean '{near[0]}'?"
    else:
        hint = f"{context.command_path} --help lists what there is."
    return click.NoSuchOption(name, f"{told} {hint}", ctx=context)


def _is_slip(name: str, option: str) -> bool:
    """Whether an option differs so little from one that there is that it can hardly be another command's."""
    return name.startswith(option) or option.startswith(name) or bool(get_close_matches(name, [option], 1, _SLIP))


def value_meant(error: click.BadParameter) -> click.BadParameter:
    """The error of a value that is none of those that there are, with the nearest of them."""
    choices = error.param.type.choices if error.param and isinstance(error.param.type, click.Choice) else ()
    given = _CHOICE.match(error.message)
    near = get_close_matches(given["given"].casefold(), map(str, choices), n=1, cutoff=_CLOSE) if given else []
    if not near:
        return error
    message = f"{error.message} Did you mean '{near[0]}'?"
    return click.BadParameter(message, ctx=error.ctx, param=error.param, param_hint=error.param_hint)


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
