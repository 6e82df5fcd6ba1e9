"""Functions of regular expressions: RE2, whose time grows with the text alone (https://github.com/google/re2/wiki/Syntax)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final

import re2

from kg.rml.functions.texts import too_long
from kg.rml.mapping.functions import LONGEST, MOST, Refused

_LONGEST_PATTERN: Final = 1_000
"""Characters of a regular expression."""
_CONTINUES: Final = 0b10
"""The first bits of a byte within a character in UTF-8."""
_MEMORY: Final = 2 << 20
"""Bytes that an expression may become; RE2 refuses what would be more."""
_KEPT: Final = 2_000
"""Characters of texts, times those of what is put in, whose results are remembered."""
_GROUP: Final = re.compile(r"\\(\\|\d)|\$(\$|\d)")
SHORT: Final = 200
"""Characters of a text, or of what is put in, up to which Python's own regular expressions are asked."""
_ONE: Final = (
    r"(?:[^\\.^$*+?{}\[\]|()]|\.|\\[dDwWsS]|\\[\\.^$*+?{}\[\]|()/-]"
    r"|\[\^?(?:[0-9A-Za-z]-[0-9A-Za-z]|[^\[\]\\^&~|-])+-?\])"
)
"""What fits one character: itself, any, a class."""
_SIMPLE: Final = re.compile(rf"\^?{_ONE}*(?:{_ONE}[*+?]\??)?{_ONE}*(?P<end>\$)?")
"""Expressions that mean the same to RE2 and to Python, which tries no more than the square of a text for them."""
_BLANK: Final[Mapping[str, str]] = MappingProxyType({r"\s": r"[\t\n\f\r ]", r"\S": r"[^\t\n\f\r ]"})
"""Blanks of RE2: Python has one more."""


def matches(text: str, pattern: str) -> bool:
    """Whether the text holds something that fits a regular expression (`^` and `$` bind it to the ends)."""
    return _compiled(pattern).search(text.encode()) is not None


def regex_replace(text: str, pattern: str, replacement: str) -> str:
    r"""The text with another one in place of all that fits a regular expression; `\1` or `$1` is its first group."""
    is_short = len(text) * (len(replacement) + 1) < _KEPT
    return (_replaced_before if is_short else _replaced)(text, pattern, replacement)


def regex_extract(text: str, pattern: str) -> str | None:
    """What fits a regular expression, or its first group if it has one; none if nothing fits."""
    found = _compiled(pattern).search(text.encode())
    if found is None:
        return None
    part: bytes | None = found[1] if _compiled(pattern).groups else found[0]
    return None if part is None else part.decode()


def regex_groups(text: str, pattern: str) -> list[str]:
    """The groups of a regular expression that fits the whole text, each a value; none if it does not fit.

    The expression may stand between slashes, as GREL writes one.
    """
    found = _compiled(_without_slashes(pattern)).fullmatch(text.encode())
    return [] if found is None else [group.decode() for group in found.groups() if group is not None]


def _without_slashes(pattern: str) -> str:
    return pattern[1:-1] if len(pattern) > 1 and pattern[0] == pattern[-1] == "/" else pattern


def regex_split(text: str, pattern: str) -> list[str]:
    """The parts of the text between what fits a regular expression, without blanks around them; no empty ones."""
    content, at = text.encode(), 0
    parts = []
    for found in _found(_compiled(pattern), content):
        parts.append(content[at : found.start()])
        at = found.end()
    texts = (part.decode().strip() for part in (*parts, content[at:]))
    return [part for part in texts if part]


def _found(compiled: Any, content: bytes) -> Iterator[Any]:
    for count, found in enumerate(compiled.finditer(content)):
        if count >= MOST:
            raise Refused(f"the regular expression fits more than {MOST:,} times")
        # What fits nothing is found before every byte: within a character there is no place.
        if found.end() > found.start() or not _is_within(content, found.start()):
            yield found


def _is_within(content: bytes, at: int) -> bool:
    """Whether a place is between the bytes of one character in UTF-8."""
    return at < len(content) and content[at] >> 6 == _CONTINUES


def _replaced(text: str, pattern: str, replacement: str) -> str:
    return replacer(pattern, replacement)(text)


def replacer(pattern: str, replacement: str) -> Callable[[str], str]:
    """What replaces in a text all that fits a regular expression."""
    compiled = _compiled(pattern)
    search, write = compiled.search, _writer(replacement, compiled.groups)
    is_never_empty = not _may_be_empty(pattern)

    def replaced(text: str) -> str:
        content = text.encode()
        found = search(content)
        if found is None:
            return text
        start, end = found.span()
        if is_never_empty and end == len(content):
            made = content[:start] + write(found)
        else:
            made = _all_replaced(compiled, content, write)
        return made.decode()  # RE2 looks at code points, so what is cut is whole

    return replaced


@lru_cache(256)
def short_replacer(pattern: str, replacement: str) -> Callable[[str], str] | None:
    """The same for texts of at most `SHORT` characters, where the expression is so simple that Python may be asked.

    A call of RE2 costs ten times what such a text does. Nothing is given for expressions that may fit nothing, and for
    replacements with groups, which are not as simple. A text that RE2 could not take must not come here.
    """
    simple = _SIMPLE.fullmatch(pattern)
    if simple is None or len(replacement) > SHORT or _GROUP.search(replacement) or _may_be_empty(pattern):
        return None
    whole = pattern.removesuffix("$") + r"\Z" if simple["end"] else pattern
    whole = re.sub(r"\\.", lambda found: _BLANK.get(found[0], found[0]), whole, flags=re.DOTALL)
    return partial(re.compile(whole, re.ASCII).sub, replacement.replace("\\", r"\\"))


def _all_replaced(compiled: Any, content: bytes, write: Callable[[Any], bytes]) -> bytes:
    made: list[bytes] = []
    at = size = 0
    for found in _found(compiled, content):
        piece = content[at : found.start()] + write(found)
        size += len(piece)
        if size > 4 * LONGEST:
            raise too_long()
        made.append(piece)
        at = found.end()
    return b"".join((*made, content[at:]))


@lru_cache(256)
def _may_be_empty(pattern: str) -> bool:
    """Whether the expression may fit nothing at the end of a text, behind what it fits before."""
    return "\\b" in pattern.lower() or _compiled(pattern).search(b"") is not None


_replaced_before: Final = lru_cache(2048)(_replaced)


@lru_cache(256)
def _writer(replacement: str, groups: int) -> Callable[[Any], bytes]:
    """What writes a replacement for a match."""
    parts: list[bytes | int] = []
    at = 0
    for found in _GROUP.finditer(replacement):
        sign = found[1] or found[2]
        parts.append(replacement[at : found.start()].encode())
        parts.append(int(sign) if sign.isdecimal() else sign.encode())
        at = found.end()
    parts.append(replacement[at:].encode())
    for part in parts:
        if isinstance(part, int) and part > groups:
            raise Refused(f"the replacement names group {part} of a pattern that has {groups}")
    if len(parts) == 1:
        fixed = replacement.encode()
        return lambda _: fixed
    return lambda found: b"".join((found[part] or b"") if isinstance(part, int) else part for part in parts)


@lru_cache(64)
def _compiled(pattern: str) -> Any:
    if len(pattern) > _LONGEST_PATTERN:
        raise Refused(f"the regular expression has more than {_LONGEST_PATTERN:,} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern.encode("utf-8"), options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0]
        told = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(error)
        hint = "RE2 has no look-around and no references back: https://github.com/google/re2/wiki/Syntax"
        raise Refused(f"not a regular expression of RE2: {pattern[:60]!r} ({told})", hint) from None


def check(given: Mapping[str, Any]) -> None:
    """A regular expression is one of RE2, not too large, and has the groups that its replacement names.

    :raises Refused: if it is not so
    """
    if "pattern" in given:
        groups = _compiled(given["pattern"]).groups
        if "replacement" in given:
            _writer(given["replacement"], groups)


def check_groups(given: Mapping[str, Any]) -> None:
    """The same of an expression that may stand between slashes, and has a group.

    :raises Refused: if it is not so
    """
    if "pattern" in given and not _compiled(_without_slashes(given["pattern"])).groups:
        raise Refused(f"the regular expression {given['pattern']!r} has no group: put what is wanted in parentheses")
