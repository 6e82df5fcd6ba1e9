"""What every command shares: results on stdout, talk on stderr, one JSON object when asked, documented exit codes."""

from __future__ import annotations

import functools
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeVar, cast

import click

from kg.errors import KgError, Problem, StorageError, UsageError
from kg.files import replaced

Command = TypeVar("Command", bound=Callable[..., None])
INTERRUPTED = 130
_CLAIM: Final = re.compile(r"^claim '[^']*': ")
"""What the message of a problem of one claim begins with."""
_ALIKE: Final = 5
"""Problems that are equal but for their lines, from which on one stands for all."""


@dataclass(frozen=True, slots=True)
class Talk:
    """How one run of a command speaks."""

    command: str
    as_json: bool = False
    verbosity: int = 0
    """-1 quiet, 0 normal, 1 verbose."""
    debug: bool = False

    def say(self, text: str) -> None:
        """Tell a person what happens, on stderr."""
        if self.verbosity >= 0 and not self.as_json:
            click.echo(text, err=True)

    def detail(self, text: str) -> None:
        """The same, when the person asked for more."""
        if self.verbosity > 0:
            click.echo(text, err=True)

    def result(self, text: str, data: Mapping[str, Any]) -> None:
        """The result, on stdout: `text`, or one JSON object with `data`."""
        if self.as_json:
            click.echo(envelope(self.command, data=data))
        elif text:
            click.echo(text)


def envelope(command: str, *, data: Mapping[str, Any] | None = None, problems: Iterable[Problem] = ()) -> str:
    """The one object that `--json` prints: ok, command, data, errors."""
    errors = [problem.to_json() for problem in problems]
    body = {"ok": not errors, "command": command, "data": data, "errors": errors}
    return json.dumps(body, ensure_ascii=False, indent=2)


@contextmanager
def opened(output: Path | None, *, makes_folder: bool = False) -> Iterator[IO[bytes]]:
    """Standard output, or a file that is written aside and renamed, so that a failure never leaves half of it.

    A device or a pipe takes what it is given.

    :param makes_folder: whether the folder of the file is made, if it is not there
    :raises UsageError: if it is a folder
    :raises StorageError: if it cannot be written
    """
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.is_dir():
        raise UsageError(f"{output} is a folder", hint="name a file")
    is_file = output.is_file() or not output.exists()
    try:
        if makes_folder:
            output.parent.mkdir(parents=True, exist_ok=True)
        with replaced(output) if is_file else output.open("wb") as file:
            yield file
    except OSError as error:
        raise StorageError(f"cannot write {output}: {error.strerror or error}", hint="check space and rights") from None


def forget_output() -> None:
    """Write nothing more: Python must not try at its end what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def common(function: Command) -> Command:
    """Give a command `--json`, `-v`, `-q` and `--debug`, and turn its errors into words and an exit code.

    The command receives a `Talk` as its first argument.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object: ok, command, data, errors.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more, on stderr.")
    @click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(function)
    def wrapped(*args: Any, as_json: bool, verbose: bool, quiet: bool, debug: bool, **options: Any) -> None:
        name = click.get_current_context().info_name or ""
        talk = Talk(name, as_json, -1 if quiet else int(verbose), debug)
        try:
            function(talk, *args, **options)
        except KgError as error:
            fail(talk, error.problems, error.exit_code)
        except BrokenPipeError:
            forget_output()  # its reader has left
            sys.exit(0)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            fail(talk, [Problem("storage", f"{place}{error.strerror or error}", hint="check space and rights")], 3)
        except MemoryError:
            fail(talk, [Problem("memory", "not enough memory", hint="close something, or split the input")], 3)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 -- the last boundary: a person gets a sentence, not a traceback
            hint = "this is a fault of zellige; run again with --debug and report it"
            fail(talk, [Problem("internal", f"{type(error).__name__}: {error}", hint=hint)], 3)

    return cast("Command", wrapped)


def fail(talk: Talk, problems: Iterable[Problem], exit_code: int) -> None:
    """Report the problems and leave with the exit code."""
    if talk.debug:
        traceback.print_exc()
    if talk.as_json:
        click.echo(envelope(talk.command, problems=problems))
    else:
        for problem, more in gathered(problems):
            click.echo(f"{click.style('error:', fg='red')} {problem}{more}", err=True, color=_colour())
            for line in problem.excerpt():
                click.echo(line, err=True)
    sys.exit(exit_code)


def gathered(problems: Iterable[Problem]) -> list[tuple[Problem, str]]:
    """Problems, those that are equal but for their lines, and claims, as one, with what is to be said of the others.

    >>> from kg.errors import Position
    >>> [(one, more)] = gathered([Problem("data", "no id", Position("d.csv", line)) for line in range(2, 802)])
    >>> print(f"{one}{more}")
    d.csv:2: no id, and 799 times more: lines 3, 4, 5, 6, 7, ...
    """
    groups: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        where = problem.position
        alike = (
            (problem.code, _CLAIM.sub("", problem.message), problem.hint, problem.mapping, where.path)
            if where
            else number
        )
        groups.setdefault(alike, []).append(problem)
    told = []
    for first, *others in groups.values():
        if len(others) < _ALIKE:
            told += [(one, "") for one in (first, *others)]
            continue
        lines = ", ".join(str(one.position.line) for one in others[:_ALIKE] if one.position)
        more = ", ..." if len(others) > _ALIKE else ""
        told.append((first, f", and {len(others):,} times more: lines {lines}{more}"))
    return told


def _colour() -> bool:
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ
