"""Options that come as one value: groups of them, read where they belong and handed on as a whole."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

Command = TypeVar("Command", bound=Callable[..., None])
Option = Callable[[Any], Any]


def grouped(name: str, make: Callable[..., object], *options: Option) -> Option:
    """A decorator that gives a command options, and in their place the one value that `make` makes of them.

    What `make` raises is told as an error of the command, if the decorator stands below `common`.

    >>> import click
    >>> @click.command()
    ... @grouped("size", lambda w, h: w * h, click.option("--w", type=int), click.option("--h", type=int))
    ... def area(size):
    ...     click.echo(size)
    >>> area.main(["--w", "2", "--h", "3"], standalone_mode=False)
    6
    """
    names = tuple(inspect.signature(make).parameters)

    def give(function: Command) -> Command:
        @functools.wraps(function)
        def wrapped(*args: Any, **given: Any) -> None:
            mine = {part: given.pop(part) for part in names}
            function(*args, **given, **{name: make(**mine)})

        made: Any = wrapped
        for option in reversed(options):
            made = option(made)
        return cast("Command", made)

    return give
