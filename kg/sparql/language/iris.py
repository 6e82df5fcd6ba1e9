"""References to resources, resolved against a base (RFC 3986, section 5.2; RFC 3987 for the other letters)."""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.\-]*+):)?+(?://([^/?#]*+))?+([^?#]*+)(?:\?([^#]*+))?+(?:#(.*+))?+", re.DOTALL
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*+:")


def resolve(reference: str, base: str | None) -> str:
    """The IRI that a reference means; a reference without scheme stays as it is where there is no base.

    Dot segments are taken out of what is resolved only, not out of a path that the reference gives in full, as the
    engine does it.

    >>> resolve("../f?q", "http://example.org/a/b/c"), resolve("http://example.org/../f", "http://other/")
    ('http://example.org/a/f?q', 'http://example.org/../f')
    >>> resolve("", "http://example.org/a?b#c"), resolve("x", None)
    ('http://example.org/a?b', 'x')
    """
    if base is None or _SCHEME.match(reference):
        return reference
    whole, parts = _PARTS.fullmatch(base), _PARTS.fullmatch(reference)
    assert whole is not None, "every text has these parts"
    assert parts is not None, "every text has these parts"
    scheme, authority, path, query, _ = whole.groups()
    _, host, way, asked, fragment = parts.groups()
    if host is not None:
        authority, path, query = host, way, asked
    elif way:
        path, query = _without_dots(way if way.startswith("/") else _merged(authority, path, way)), asked
    elif asked is not None:
        query = asked
    return "".join(
        (
            f"{scheme}:" if scheme else "",
            "" if authority is None else f"//{authority}",
            path,
            "" if query is None else f"?{query}",
            "" if fragment is None else f"#{fragment}",
        )
    )


def _merged(authority: str | None, path: str, way: str) -> str:
    if authority is not None and not path:
        return f"/{way}"
    return path[: path.rfind("/") + 1] + way


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1 or (kept and kept[0]):
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
