"""When a text in a YAML file must stand in quotes: what the rest of the line means without them, and how to write it.

YAML 1.2 gives meaning to `, ` `: ` ` #` and to some first characters of a text (sections 5.3, 7.3.3). People who copy
words of a document meet them all; every hint here is the line as it should be.
"""

from __future__ import annotations

import json
import re
from typing import Final

_KEYED: Final = re.compile(
    r"(?P<before>\s*(?:- +)*)(?P<key>[^\s:#'\"{}\[\],&*!|>%@`][^:#'\"{}\[\],]*?): +(?P<text>\S.*)"
)
"""A line of a block mapping that holds a key and a text."""
_BEGINS: Final = frozenset("@`*&!%|>[]{},?-\"'#")
"""A text that begins with one of these is read as something else, or not at all."""
_COMMENT: Final = re.compile(r"[ \t]+#(?=[^\s#])")
_SIGN: Final = re.compile(r"(?<=[ \t])#(?=[^\s#])")
"""The same, for a search: no blank is looked at twice."""
_LAST_OF_FOUR: Final = 0xFFFF
"""The last character that four hexadecimal digits write."""
IN_BRACES: Final = "within { } a comma ends a text: put a text that holds one in quotes"


def quoted(text: str) -> str:
    """A text as YAML takes it whole, in double quotes, or in single ones where it holds double ones.

    >>> quoted("on March 27, 2026"), quoted('dit "le Pont"')
    ('"on March 27, 2026"', '\\'dit "le Pont"\\'')
    """
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def exactly(text: str) -> str:
    """A text as YAML takes it whole, whatever it holds: what is not seen is written by its number (section 5.7).

    >>> exactly("a quay"), exactly("en\\u00a02033\\n"), exactly('"le\\u200fPont"')
    ('"a quay"', '"en\\\\u00a02033\\\\n"', '"\\\\"le\\\\u200fPont\\\\""')
    """
    if text.isprintable():
        return quoted(text)
    written = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else _numbered(one) for one in written)


def _numbered(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= _LAST_OF_FOUR else f"\\U{number:08x}"


def in_quotes(key: str, text: str) -> str:
    """The hint that a text must stand in quotes.

    >>> in_quotes("exact", "on March 27, 2026")
    'put the text in quotes: exact: "on March 27, 2026"'
    """
    return f"put the text in quotes: {key}: {quoted(' '.join(text.split()))}"


def hint_for_line(line: str) -> str | None:
    """What to write in place of a line that is no YAML; None if its text is not the reason.

    >>> hint_for_line("  gloss: He said: go")
    'put the text in quotes: gloss: "He said: go"'
    >>> hint_for_line("- exact: @home")
    'put the text in quotes: exact: "@home"'
    >>> hint_for_line("  a: {exact: on: x}")
    'put a text that holds , : # [ ] { or } in quotes'
    >>> hint_for_line("  a: plain words") is None
    True
    """
    found = _KEYED.fullmatch(line.rstrip())
    if found is None:
        return "put a text that holds , : # [ ] { or } in quotes" if re.search(r"[{\[].*: ", line) else None
    text = found["text"]
    if re.match(r"[{\[].*: ", text):
        return "put a text that holds , : # [ ] { or } in quotes"
    whole = re.fullmatch(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", text)
    if whole is None and (text[0] in _BEGINS or ": " in text or text.endswith(":")):
        return in_quotes(found["key"], text)
    return None


def swallowed(text: str, end: int = 0) -> str:
    """What a line loses after words without quotes that stop at `end`, where a `#` before a word makes a comment of the
    rest; else nothing.

    A comment that people mean has a blank after its sign.

    >>> swallowed("see #1 of the list", 3), swallowed("  # a remark")
    ('#1 of the list', '')
    """
    if _COMMENT.match(text, end) is None:
        return ""
    stop = text.find("\n", end)
    return text[end : stop if stop >= 0 else None].strip()


def may_swallow(text: str) -> bool:
    """Whether a text has any line of which `swallowed` may find something lost.

    >>> may_swallow("a: see #1"), may_swallow("a: 1 # a remark")
    (True, False)
    """
    return _SIGN.search(text) is not None
