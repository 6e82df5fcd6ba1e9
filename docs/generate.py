"""What `docs/reference.md` says of commands, settings and codes, as the program says it: `python docs/generate.py`.

Blocks between `<!-- made: NAME -->` and `<!-- end -->` are written anew: the options of every command from its `click`
declaration, the settings from the fields of `kg.config` and their docstrings, the codes of errors from the server. What
stands around them is written by hand. A command whose section has no block yet gets one at the end of the section; one
without a section is told by name, and so is a block of something that is not there. `make reference` runs this.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Final, get_type_hints

import click

from kg.cli.main import kg
from kg.config import Config
from server.http.codes import CODES

PAGE: Final = Path(__file__).resolve().parent / "reference.md"
COMMON: Final = frozenset({"json_output", "as_json", "json", "verbose", "quiet", "debug", "help"})
"""Parameters that every command takes, which the page tells once."""
_PLACE: Final = re.compile(r"docs/([\w-]+\.md)?(#[\w-]+)?")
_OPTION: Final = re.compile(r"(?<![\w`-])--?[a-z][\w-]*")
_TITLE: Final = re.compile(r"^### `kg ([^`]+)`$", re.MULTILINE)


class Missing(ValueError):
    """The page lacks a section, or has a block of something that there is not."""


def commands(group: click.Group = kg, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its words: `build`, `add document`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _cell(text: str) -> str:
    """Text in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def options(command: click.Command) -> str:
    """The table of what a command takes beside what all of them take."""
    context, rows = click.Context(command), []
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None and parameter.name not in COMMON:
            means = _OPTION.sub(r"`\g<0>`", _cell(record[1]))
            rows.append(f"| `{_cell(record[0])}` | {means} |")
    return "\n".join(["| option | means |", "|---|---|", *rows]) if rows else "It takes the common options only."


def settings(section: type) -> str:
    """The table of the settings of a section: their names, defaults and docstrings."""
    told = _docstrings(section)
    rows = [f"| `{one.name}` | {_default(one)} | {_linked(told.get(one.name, ''))} |" for one in fields(section)]
    return "\n".join(["| key | default | means |", "|---|---|---|", *rows])


def _docstrings(section: type) -> Mapping[str, str]:
    """What stands below each field of a class, on one line."""
    body = ast.parse(textwrap.dedent(inspect.getsource(section))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for one, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[ast.unparse(one.target)] = " ".join(str(after.value.value).split())
    return found


def _default(one: Field[object]) -> str:
    default = one.default
    if default is MISSING or default == ():
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, int) else f"`{default}`" if default else ""


def _linked(text: str) -> str:
    """Places in these pages as links: `docs/search.md#limits` is where a docstring says where to read on."""

    def link(found: re.Match[str]) -> str:
        page = "" if found[1] == PAGE.name else found[1] or ""
        return f"[{page or (found[2] or '').strip('#')}]({page}{found[2] or ''})"

    return _PLACE.sub(link, _cell(text))


def codes() -> str:
    """The table of the codes of errors."""
    rows = [f"| `{one.name}` | {', '.join(map(str, one.statuses))} | {one.meaning} |" for one in CODES.values()]
    return "\n".join(["| code | status | means |", "|---|---|---|", *rows])


def blocks() -> dict[str, str]:
    """Everything that is made, by its name."""
    found = {f"kg {name}": options(command) for name, command in commands()}
    hints = get_type_hints(Config)
    found |= {f"[{one.name}]": settings(hints[one.name]) for one in fields(Config) if one.name in _sections(hints)}
    return found | {"codes": codes()}


def _sections(hints: Mapping[str, type]) -> set[str]:
    """The fields of the settings that are sections of kg.toml."""
    return {name for name, hint in hints.items() if getattr(hint, "__module__", "").startswith("kg.config")}


def made(page: str) -> str:
    """The page with every block as it is to be.

    :raises Missing: naming the sections that there are not, and the blocks that nothing is known of
    """
    page, faults = _with_blocks_for_all(page), []
    known = blocks()
    for name in re.findall(r"^<!-- made: (.*) -->$", page, re.MULTILINE):
        if name not in known:
            faults.append(f"the block '{name}' is of nothing that there is: take it out of docs/reference.md")
            continue
        block = re.compile(rf"^<!-- made: {re.escape(name)} -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
        text = f"<!-- made: {name} -->\n{known.pop(name)}\n<!-- end -->"
        page = block.sub(lambda _, text=text: text, page)
    faults += [f"docs/reference.md has no section for {name}: write one, headed ### `{name}`" for name in known]
    if faults:
        raise Missing("\n".join(faults))
    return page


def _with_blocks_for_all(page: str) -> str:
    """Empty blocks at the ends of the sections of commands that have none."""
    for name, _ in commands():
        title = next((t for t in _TITLE.finditer(page) if f"{t[1]} ".startswith(f"{name} ")), None)
        if title is not None and f"<!-- made: kg {name} -->" not in page:
            end = re.compile(r"^##", re.MULTILINE).search(page, title.end())
            place = end.start() if end else len(page)
            page = f"{page[:place].rstrip()}\n\n<!-- made: kg {name} -->\n<!-- end -->\n\n{page[place:]}"
    return page


if __name__ == "__main__":
    try:
        PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    except Missing as error:
        sys.exit(str(error))
