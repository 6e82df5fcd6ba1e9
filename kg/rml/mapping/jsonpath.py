"""JSONPath (RFC 9535): names, indexes and wildcards by direct code, all else by a library."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

Step = str | int | None
"""A name, an index, or every child."""


@dataclass(frozen=True, slots=True)
class Path:
    """A query that was understood."""

    is_singular: bool
    """Whether it finds one value at most (RFC 9535, section 2.3.5.1)."""
    find: Callable[[Any], list[Any]]
    """All values, in order."""
    find_one: Callable[[Any], Any]
    """The one value, or `None`; only for a singular query."""
    up: int = 0
    """How many records above the one at hand it is about; this is no part of the standard."""


@cache
def _pattern() -> re.Pattern[str]:
    """One step of a path: its large sets of characters take a while to compile, and tables have no paths."""
    return re.compile(
        r"""\.(?P<name>[A-Za-z_\x80-\ud7ff\ue000-\U0010ffff][A-Za-z0-9_\x80-\ud7ff\ue000-\U0010ffff]*) | \.(?P<star>\*)
          | \[\s*(?P<index>0|-?[1-9]\d{0,14})\s*\] | \[\s*(?P<all>\*)\s*\]
          | \[\s*'(?P<single>(?:[^'\\\x00-\x1f]|\\[\\'])*)'\s*\]
          | \[\s*"(?P<double>(?:[^"\\\x00-\x1f]|\\[\\"])*)"\s*\]""",
        re.VERBOSE | re.ASCII,
    )


def parse_path(text: str) -> Path:
    """A JSONPath as a function.

    :raises ValueError: with what is wrong

    >>> parse_path("$.a[*]").find({"a": [1, 2]})
    [1, 2]
    >>> parse_path("$['a b'][-1]").find_one({"a b": [1, 2]})
    2
    >>> parse_path("^^$.a").up
    2
    """
    if text.startswith("^"):
        below = text.lstrip("^")
        return replace(parse_path(below), up=len(text) - len(below))
    if not text.startswith("$"):
        raise ValueError(f"a JSONPath begins with $: write $.{text}")
    steps: list[Step] = []
    at = 1
    while at < len(text):
        found = _pattern().match(text, at)
        if found is None:
            return _by_library(text)
        steps.append(_step(found))
        at = found.end()
    return Path(None not in steps, _walk(steps), _singular(steps))


def rooted(text: str) -> str:
    """A path with the `$` that the examples of RML-IO and RML-CC leave out.

    >>> rooted("name"), rooted("values.*"), rooted("['a b']"), rooted("$.name"), rooted("^name")
    ('$.name', '$.values.*', "$['a b']", '$.name', '^$.name')
    """
    below = text.lstrip("^")
    if below.startswith("$"):
        return text
    above = text[: len(text) - len(below)]
    return f"{above}${below}" if below.startswith("[") else f"{above}$.{below}"


def split_path(text: str, levels: int) -> tuple[str, ...]:
    """A path to records as one to those that they lie in, so many levels above, and paths from each to those within.

    :raises ValueError: if there are not so many levels that can be told apart

    >>> split_path("$.ports[*].berths[*]", 1)
    ('$.ports[*]', '$.berths[*]')
    >>> split_path("$[*]", 1)
    Traceback (most recent call last):
    ValueError: $[*] leads to records that lie in no other
    """
    steps: list[tuple[int, bool]] = []
    at = 1
    while at < len(text):
        found = _pattern().match(text, at)
        if found is None:
            raise ValueError(f"{text}: the records above can be told of names, indexes and [*] only")
        steps.append((at, found["index"] is None and found["all"] is None))
        at = found.end()
    ends = [len(text)]
    for _ in range(levels):
        while steps and not steps[-1][1]:
            steps.pop()
        if not steps:
            raise ValueError(f"{text} leads to records that lie in no other")
        ends.append(steps.pop()[0])
    first, *rest = reversed(ends)
    starts = [first, *rest[:-1]]
    return (text[:first], *(f"${text[start:end]}" for start, end in zip(starts, rest, strict=True)))


def _step(found: re.Match[str]) -> Step:
    if found["name"] is not None:
        return found["name"]
    if found["index"] is not None:
        return int(found["index"])
    for quoted in ("single", "double"):
        if found[quoted] is not None:
            return re.sub(r"\\(.)", r"\1", found[quoted])
    return None


def _singular(steps: list[Step]) -> Callable[[Any], Any]:
    if len(steps) == 1 and isinstance(steps[0], str):
        name = steps[0]
        return lambda node: node.get(name) if isinstance(node, dict) else None

    def find_one(node: Any) -> Any:
        for step in steps:
            if isinstance(step, str):
                if not isinstance(node, dict):
                    return None
                node = node.get(step)
            elif not isinstance(node, list) or step is None or not -len(node) <= step < len(node):
                return None
            else:
                node = node[step]
        return node

    return find_one


def _walk(steps: list[Step]) -> Callable[[Any], list[Any]]:
    def find(node: Any) -> list[Any]:
        found = [node]
        for step in steps:
            found = [child for value in found for child in _children(value, step)]
        return found

    return find


def _children(value: Any, step: Step) -> Iterable[Any]:
    if step is None:
        return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(step, str):
        return (value[step],) if isinstance(value, dict) and step in value else ()
    return (value[step],) if isinstance(value, list) and -len(value) <= step < len(value) else ()


def _by_library(text: str) -> Path:
    from jsonpath_rfc9535 import JSONPathError
    from jsonpath_rfc9535 import compile as compile_path

    try:
        query = compile_path(text)
    except JSONPathError as error:
        message = str(error).split("\n", maxsplit=1)[0]
        raise ValueError(f"not a JSONPath (RFC 9535): {text}: {message}") from None

    def find(node: Any) -> list[Any]:
        return list(query.find(node).values())

    def find_one(node: Any) -> Any:
        return next(iter(find(node)), None)

    return Path(query.singular_query(), find, find_one)
