"""Regular expressions of XPath, by those of Python."""

from __future__ import annotations

import re

from sparql.oracle.terms import Wrong


def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """A pattern with the flags of XPath and XQuery Functions, section 5.6.1.

    :raises Wrong: for a pattern or a flag that there is not
    """
    if set(flags) - set("smixq"):
        raise Wrong("no such flag of a regular expression")
    options = re.NOFLAG
    if "q" in flags:
        pattern = re.escape(pattern)
    else:
        for letter, option in (("s", re.DOTALL), ("m", re.MULTILINE)):
            options |= option if letter in flags else re.NOFLAG
        pattern = unspaced(pattern) if "x" in flags else pattern
        # To Python, `$` is also before a last line end, which it is to XPath in no mode but that of many lines.
        pattern = pattern if "m" in flags else re.sub(r"(\\.)|\$(?![^\[]*\])", lambda m: m[1] or r"\Z", pattern)
    options |= re.IGNORECASE if "i" in flags else re.NOFLAG
    try:
        return re.compile(pattern, options)
    except re.error as error:
        raise Wrong(f"no regular expression: {error}") from error


def unspaced(pattern: str) -> str:
    """Without white space, which the flag x takes out before anything is read, but inside of brackets."""
    return re.sub(r"(\[[^\]]*\])|\s+", lambda m: m[1] or "", pattern)


def replace(text: str, pattern: str, replacement: str, flags: str) -> str:
    """fn:replace (XPath and XQuery Functions, section 5.6.4).

    :raises Wrong: for a pattern that matches the empty text, or a replacement with a bare `$` or `\\`
    """
    found = compiled(pattern, flags)
    if found.search(""):
        raise Wrong("a pattern that matches the empty text")
    if "q" in flags:
        return found.sub(lambda _: replacement, text)
    if not re.fullmatch(r"(?:[^\\$]|\\[\\$]|\$[0-9])*", replacement, re.DOTALL):
        raise Wrong("a replacement with a bare mark")

    def written(match: re.Match[str]) -> str:
        return re.sub(r"\\([\\$])|\$([0-9]+)", lambda part: part[1] or group(match, part[2]), replacement)

    return found.sub(written, text)


def group(match: re.Match[str], digits: str) -> str:
    """A captured group: the most digits that name one; what is left of them is text."""
    count = match.re.groups
    long = next((n for n in range(len(digits), 1, -1) if int(digits[:n]) <= count), 1)
    number = int(digits[:long])
    return ((match[number] or "") if number <= count else "") + digits[long:]
