"""YAML that remembers its lines, and refuses what is no data."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import RecordError, StorageError
from kg.positions import Node, Sequence, Table, Value, parse_yaml, read_yaml


def plain(node: Node) -> object:
    """What a YAML library without positions would give."""
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Value):
        return node.value
    raise TypeError(node)


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\u2028\u2029\x85")
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_reads_what_a_yaml_library_writes(tree: object) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)
    assert plain(parse_yaml(text.encode(), "t.yaml")) == tree


@given(st.lists(TEXTS.filter(bool), min_size=1, max_size=8, unique=True))
def test_every_key_knows_its_line(keys: list[str]) -> None:
    quoted = [yaml.safe_dump(k, allow_unicode=True, default_style="'", width=10**6).strip() for k in keys]
    text = "".join(f"{key}: 1\n" for key in quoted)
    node = parse_yaml(text.encode(), "t.yaml")
    assert isinstance(node, Table)
    assert {key: position.line for key, position in node.keys.items()} == {k: n for n, k in enumerate(keys, 1)}


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "2025-07", "2025-09-12", "12:30", "0x1F", "0o17", "1_000", ".5", "NaN"]
)
def test_words_that_yaml_1_1_would_twist_stay_text(word: str) -> None:
    assert plain(parse_yaml(f"a: {word}\n".encode(), "t.yaml")) == {"a": word}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (b"a: 1\nb: [1, 2\nc: 3\n", 3, "not YAML"),
        (b"a:\n  b: 1\n c: 2\n", 3, "not YAML"),
        (b"a: 1\n\tb: 2\n", 2, "not YAML"),
        (b"a: 1\na: 2\n", 2, "a second time"),
        (b"a: &x [1]\nb: *x\n", 1, "aliases are not allowed"),
        (b"a: !!python/object:os.system x\n", 1, "tags are not allowed"),
        (b"a: 1\n---\nb: 2\n", 2, "one YAML document"),
        (b"? [1]\n: 2\n", 1, "a key must be a word"),
        (b"a: \xff\n", 1, "not UTF-8"),
        ("a: 1\nb: é\n".encode("latin-1"), 2, "not UTF-8"),
        (b"a: 1\nb: \x01\n", 2, "is not allowed"),
        (b"", 1, "empty"),
        (b"[" * 40 + b"]" * 40, 1, "levels deep"),
        (b"[" * 100_000, 1, "levels deep"),
    ],
)
def test_a_fault_names_its_line(text: bytes, line: int, said: str) -> None:
    with pytest.raises(RecordError, match=said) as caught:
        parse_yaml(text, "t.yaml")
    assert caught.value.problems[0].position is not None
    assert caught.value.problems[0].position.line == line


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(RecordError, match=r"big\.yaml:1: the file is larger than 8,000,000 bytes"):
        read_yaml(path, "big.yaml", limit=8_000_000, depth=32)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot read data"):
        read_yaml(tmp_path, "data", limit=10, depth=3)


def test_a_byte_order_mark_is_not_part_of_the_first_key() -> None:
    assert plain(parse_yaml("\ufeffa: 1\n".encode(), "t.yaml")) == {"a": 1}
