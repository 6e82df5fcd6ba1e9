"""JSONPath as people wrote it before RFC 9535: `name`, `$.[*]`, `$.['x']`, `$.first name`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from kg.rml.mapping.jsonpath import parse_path, rooted

_STEP: Final = re.compile(
    r"""(?P<deep>\.\.)?\.?\s*(?:(?P<bracket>\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"]|\([^)]*\))*\])
      | (?P<star>\*) | (?P<name>[^.\[\]*]+))\s*""",
    re.VERBOSE,
)
_NAME: Final = re.compile(r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*")
_HOLE: Final = re.compile(r"\\[\\{}]|\{((?:[^{}\\]|\\[\\{}])*)\}")


def modern_path(text: str) -> str | None:
    """What a path is in RFC 9535; nothing if it is that already, or nobody knows what it is.

    >>> modern_path("name"), modern_path("$.[*]"), modern_path("$.['x']"), modern_path("$.first name")
    ('$.name', '$[*]', "$['x']", "$['first name']")
    >>> modern_path("a.b[0]"), modern_path("[*]"), modern_path("$.a"), modern_path("@.a")
    ('$.a.b[0]', '$[*]', None, '$.a')
    """
    if _is_path(rooted(text)):
        return None if text.startswith(("$", "^")) else rooted(text)
    rest = text.strip()
    if rest[:1] in {"$", "@"}:
        rest = rest[1:]
    made, at = "$", 0
    while at < len(rest):
        if rest[at:] == ".":
            break
        step = _STEP.match(rest, at)
        if step is None or step.end() == at:
            return None
        made += _written(step)
        at = step.end()
    return made if _is_path(made) else None


def _written(step: re.Match[str]) -> str:
    deep = ".." if step["deep"] else ""
    if step["bracket"] is not None:
        return deep + step["bracket"]
    if step["star"] is not None:
        return f"{deep}*" if deep else ".*"
    name = step["name"].strip()
    if _NAME.fullmatch(name):
        return f"{deep or '.'}{name}"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"{deep}['{escaped}']"


def _is_path(text: str) -> bool:
    try:
        parse_path(text)
    except ValueError:
        return False
    return True


def modern_template(text: str, modern: Callable[[str], str | None] = modern_path) -> str | None:
    r"""What a template with paths is today; nothing if it is that already.

    >>> modern_template(r"http://e/{id}/\{x\}/{$.a}")
    'http://e/{$.id}/\\{x\\}/{$.a}'
    """

    def one(found: re.Match[str]) -> str:
        inner = found[1]
        if inner is None:
            return found[0]
        made = modern(re.sub(r"\\([\\{}])", r"\1", inner))
        return found[0] if made is None else "{" + re.sub(r"([\\{}])", r"\\\1", made) + "}"

    made = _HOLE.sub(one, text)
    return None if made == text else made
