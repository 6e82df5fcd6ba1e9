"""The reference names every command, option, format, exit code and setting, and nothing that does not exist."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from kg.cli.main import kg
from kg.config import Federation, Limits, Naming, Paths, Project, Server
from server.http.codes import CODES
from server.openapi import ROUTES

COMMANDS = kg.list_commands(click.Context(kg))
SECTIONS = {
    "project": Project,
    "paths": Paths,
    "limits": Limits,
    "server": Server,
    "federation": Federation,
    "vocabulary": Naming,
}
COMMON = {"--json", "--verbose", "-v", "--quiet", "-q", "--debug"}


@pytest.fixture(scope="module")
def reference(root: Path) -> str:
    return (root / "docs" / "reference.md").read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    found = re.search(rf"^### `{re.escape(heading)}[^`]*`\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading}"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_section_with_its_options(name: str, reference: str) -> None:
    command = kg.get_command(click.Context(kg), name)
    assert command
    assert command.help
    body = section(reference, f"kg {name}")
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    for parameter in (*command.params, *(parameter for one in inner for parameter in one.params)):
        for option in set(parameter.opts) - COMMON if isinstance(parameter, click.Option) else ():
            assert f"`{option}" in body or f"/`{option}" in body or f"{option} " in body or f"{option}`" in body, option
        if isinstance(parameter.type, click.Choice):
            for choice in parameter.type.choices:
                assert f"`{choice}`" in body, choice


def test_no_section_without_a_command(reference: str) -> None:
    assert set(re.findall(r"^### `kg ([a-z]+)", reference, re.MULTILINE)) == set(COMMANDS)


def test_options_of_every_command_are_told_once(reference: str) -> None:
    for option in COMMON:
        assert f"`{option}`" in reference


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_setting_is_in_its_table_with_its_default(name: str, reference: str) -> None:
    body = section(reference, f"[{name}]")
    told = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \|", body, re.MULTILINE))
    assert set(told) == {field.name for field in fields(SECTIONS[name])}
    for field in fields(SECTIONS[name]):
        if name != "project" and isinstance(field.default, int | str):
            default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert told[field.name].strip() == default


def test_every_route_is_told_with_its_methods(reference: str) -> None:
    told: dict[str, set[str]] = {}
    for routes, methods in re.findall(r"^\| (`/[^|]*) \| ([A-Z, ]+) \|", reference, re.MULTILINE):
        for route in re.findall(r"`([^`]+)`", routes):
            told[route] = set(methods.split(", "))
    assert told == {route.path: {operation.method.upper() for operation in route.operations} for route in ROUTES}


def test_every_code_of_an_error_is_told_with_its_statuses_and_its_meaning(reference: str) -> None:
    body = reference.partition("## Codes of errors\n")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([\w-]+)` \| ([\d, ]+) \| (.*) \|$", body, re.MULTILINE)
    assert told == [(code.name, ", ".join(map(str, code.statuses)), code.meaning) for code in CODES.values()]
