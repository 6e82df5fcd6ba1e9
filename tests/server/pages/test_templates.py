"""Templates: macros stand under one name of their own, so that none hides what a view gives, and nothing is guessed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from jinja2 import StrictUndefined, UndefinedError, nodes

MACROS = "macros.html"
NAMES = {
    MACROS: "m",
    "document_macros.html": "d",
    "drawing_macros.html": "p",
    "facts_macros.html": "f",
    "table_macros.html": "t",
}
SERVER = Path(__file__).resolve().parents[3] / "server"
TEMPLATES = sorted(path.name for path in SERVER.joinpath("pages", "templates").glob("*.html"))


@pytest.fixture(scope="module")
def shared(app: Flask) -> set[str]:
    """The names that every page is given, beside the values of its view."""
    seen: list[set[str]] = []

    def note(_: Flask, context: dict[str, object], **__: object) -> None:
        seen.append(set(context))

    with template_rendered.connected_to(note, app):
        app.test_client().get("/absent", headers={"Accept": "text/html"})
    return seen[0] - {"status", "problems", *NAMES.values()}


def parsed(app: Flask, name: str) -> nodes.Template:
    assert app.jinja_env.loader is not None
    return app.jinja_env.parse(app.jinja_env.loader.get_source(app.jinja_env, name)[0])


def bound(tree: nodes.Template) -> Iterator[str]:
    """The names that a template gives to something itself."""
    for found in tree.find_all(nodes.Name):
        if found.ctx in {"store", "param"}:
            yield found.name


def views() -> Iterator[tuple[str, set[str]]]:
    """Each page that is rendered anywhere in the server, and the names of the values that its view gives."""
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render" and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant) and str(name.value).endswith(".html"):
                    yield str(name.value), {keyword.arg or "**" for keyword in node.keywords}


def test_the_templates_are_found() -> None:
    assert {"base.html", MACROS, "query.html"} <= set(TEMPLATES)
    assert {name for name, _ in views()} <= set(TEMPLATES)
    assert len(list(views())) >= 7


@pytest.mark.parametrize("name", TEMPLATES)
def test_macros_are_imported_whole_under_one_name(app: Flask, name: str) -> None:
    tree = parsed(app, name)
    assert list(tree.find_all(nodes.FromImport)) == []
    for found in tree.find_all(nodes.Import):
        assert isinstance(found.template, nodes.Const)
        assert found.template.value != MACROS, "every page is given these"
        assert (found.target, found.with_context) == (NAMES[found.template.value], True)
    assert name in NAMES or list(tree.find_all(nodes.Macro)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_hides_what_every_page_is_given(app: Flask, shared: set[str], name: str) -> None:
    assert set(bound(parsed(app, name))) & {*shared, *NAMES.values(), *app.jinja_env.globals} == set()


@pytest.mark.parametrize(("name", "values"), list(views()), ids=lambda it: it if isinstance(it, str) else "")
def test_no_view_gives_a_value_under_a_name_that_is_taken(
    app: Flask, shared: set[str], name: str, values: set[str]
) -> None:
    assert "**" not in values, "the names could not be known here"
    assert values & {*shared, *NAMES.values(), *app.jinja_env.globals} == set(), name


def test_a_name_that_nobody_gives_is_a_fault(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    with app.test_request_context("/"), pytest.raises(UndefinedError, match="nobody"):
        app.jinja_env.from_string("{{ nobody }}").render()
