"""Documents are composed as PyYAML composes them, or refused by the name of what they hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import Position, RecordError
from kg.positions import Node, Sequence, Table, Value, parse_yaml

PIECES = (
    "a", "b", "key", "a: ", "b: ", "k:", "- ", "{", "}", "[", "]", ", ", ",", ": ", ":", " #x", " # r", "#", "\n", "\n",
    "\n  ", "\n- ", "\n    ", '"q"', "'s'", '"a: b"', "&x ", "*x", "!!str ", "!t ", "! ", "|\n", ">\n", "|-\n  ", "---\n",
    "...\n", "\t", "? ", "<<: ", "<<: *x\n", "1", "-0", "1.5", "1e3", "007", "no", "null", "~", "true", "-", "سد ٢", "é",
    "\u2028", "\x85", "\r\n", "\r", "\ufeff", "𝔄", '"\\u0041\\\n"', "%YAML 1.1\n", "@", "`", "1,000", "\u200f", "\x00",
)  # fmt: skip
PLAIN = ("null", "~", "", "true", "false")
DOCUMENTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
Tree = tuple[object, ...]


def composed(node: yaml.Node) -> Tree:
    """What PyYAML's own composer makes of a document: words, values and places."""
    place = Position("t.yaml", node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        value = node.value if node.style else typed(node.value)
        return (node.value, type(value), value, place)
    if isinstance(node, yaml.SequenceNode):
        return (place, [composed(item) for item in node.value])
    assert isinstance(node, yaml.MappingNode)
    return (place, bool(node.flow_style), [(composed(key)[0::3], composed(value)) for key, value in node.value])


def typed(text: str) -> object:
    """A plain scalar by the JSON schema of YAML 1.2, section 10.2."""
    if text in {"", "~"}:
        return None
    is_json = text in {"null", "true", "false"} or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", text)
    try:
        return json.loads(text) if is_json else text
    except ValueError:
        return text


def read(node: Node) -> Tree:
    """The same of what the reader here makes."""
    if isinstance(node, Value):
        return (node.text, type(node.value), node.value, node.position)
    if isinstance(node, Sequence):
        return (node.position, [read(item) for item in node.items])
    assert isinstance(node, Table)
    return (node.position, node.in_braces, [((key, node.keys[key]), read(value)) for key, value in node])


def events(text: str) -> list[yaml.Event]:
    return list(yaml.parse(text, Loader=yaml.CSafeLoader))


def mappings(node: yaml.Node | None) -> Iterator[list[tuple[yaml.Node, yaml.Node]]]:
    if isinstance(node, yaml.MappingNode):
        yield node.value
        for pair in node.value:
            for inner in pair:
                yield from mappings(inner)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from mappings(inner)


def has_anchor(text: str) -> bool:
    return any(getattr(event, "anchor", None) is not None for event in events(text))


def has_tag(text: str) -> bool:
    return any(getattr(event, "tag", None) is not None for event in events(text))


def has_two(text: str) -> bool:
    return sum(isinstance(event, yaml.DocumentStartEvent) for event in events(text)) > 1


def is_empty(text: str) -> bool:
    return not any(isinstance(event, yaml.DocumentStartEvent) for event in events(text))


def has_second_key(text: str) -> bool:
    keys = [[key.value for key, _ in pairs] for pairs in mappings(yaml.compose(text, yaml.CSafeLoader))]
    return any(len(set(map(str, some))) < len(some) for some in keys)


def has_long_key(text: str) -> bool:
    pairs = (pair for some in mappings(yaml.compose(text, yaml.CSafeLoader)) for pair in some)
    return any(not isinstance(key, yaml.ScalarNode) for key, _ in pairs)


def has_bare_key(text: str) -> bool:
    pairs = (pair for some in mappings(yaml.compose(text, yaml.CSafeLoader)) for pair in some)
    return any(value.start_mark.index == value.end_mark.index == key.end_mark.index for key, value in pairs)


def is_no_yaml(text: str) -> bool:
    try:
        events(text)
    except yaml.YAMLError:
        return True
    return False


REFUSED: dict[str, Callable[[str], bool]] = {
    "anchors and aliases are not allowed": has_anchor,
    "tags are not allowed": has_tag,
    "a file holds one YAML document": has_two,
    "the file is empty": is_empty,
    "stands here a second time": has_second_key,
    "a key must be a word": has_long_key,
    "has no value, for within { } a comma ends a text": has_bare_key,
    "not YAML: ": is_no_yaml,
    "is not allowed in YAML": is_no_yaml,
}


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
def test_a_document_is_composed_as_pyyaml_does_or_refused_for_what_it_holds(document: str) -> None:
    text = document.removeprefix("\ufeff")
    try:
        node = parse_yaml(document.encode(), "t.yaml", prose=False)
    except RecordError as error:
        for problem in error.problems:
            reasons = [holds for said, holds in REFUSED.items() if said in problem.message]
            assert len(reasons) == 1, problem
            assert is_no_yaml(text) or reasons[0](text), problem
    else:
        assert read(node) == composed(yaml.compose(text, yaml.CSafeLoader))


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("a: 1\nb: &x [1]\n", "anchors", 2, 4), ("a: *x\n", "anchors", 1, 4), ("<<: *x\n", "anchors", 1, 5),
        ("a:\n  - !!str 1\n", "tags", 2, 5), ("a: !x {}\n", "tags", 1, 4), ("a: 1\n---\nb: 2\n", "one YAML document", 2, 1),
        ("سد: 1\nسد: 2\n", "second time", 2, 1), ("? [a]\n: 1\n", "a key must be a word", 1, 3),
        ("a: {x, y: 1, x}\n", "no value", 1, 5), ("a: {x, y: 1, x}\n", "no value", 1, 14),
        ("a: |\n  سد\nb: >\n  x\nc: ]\n", "not YAML", 5, 4), ("\ufeffa: 1\n\ta: 2\n", "not YAML", 2, 1),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_where_it_stands(text: str, said: str, line: int, column: int) -> None:
    with pytest.raises(RecordError) as raised:
        parse_yaml(text.encode(), "t.yaml")
    places = {(p.position.line, p.position.column) for p in raised.value.problems if p.position and said in p.message}
    assert (line, column) in places


def test_one_long_line_is_read_once() -> None:
    """What follows a text is looked at as far as its blanks go, and no line is copied for each of its texts."""
    text = "a: [" + "x, " * 200_000 + "y] # remark #1\n"
    root = parse_yaml(text.encode(), "t.yaml")
    assert isinstance(root, Table)
    node = root.get("a")
    assert isinstance(node, Sequence)
    assert (len(node.items), node.items[-1].position.column) == (200_001, 5 + 3 * 200_000)


def test_many_blanks_are_looked_at_once() -> None:
    node = parse_yaml(("a: x" + " " * 2_000_000 + "\nb: 1\n").encode(), "t.yaml")
    assert isinstance(node, Table)
    assert list(node.keys) == ["a", "b"]
