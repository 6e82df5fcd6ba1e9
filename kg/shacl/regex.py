r"""Regular expressions of XPath, as SPARQL's REGEX has them (XPath and XQuery Functions 3.1, section 5.6).

They are not Python's: `\d` is any decimal digit of Unicode, `\p{Lu}`, `\i` and `\c` exist and `\b` does not, classes
can be subtracted from one another, `$` never stands before a last line end, and the flags are `smixq`. An expression is
translated for RE2, whose time grows with the text alone; what RE2 does not have (subtraction, blocks of Unicode,
references back, long repetitions) goes to the package `regex`, which ends at a deadline.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import re2

from kg.errors import ShapesError

if TYPE_CHECKING:
    import regex  # takes longer to begin than most patterns to match, and few of them need it

_SECONDS: Final = 2.0
"""Processor time on one text, of what RE2 does not have."""
_TOGETHER: Final = 30.0
"""The same on all texts of one use of a pattern."""
_LARGEST: Final = 100_000
"""Characters and classes of an expression whose repetitions are written out."""
_DEEPEST: Final = 100
"""Groups, or subtractions, within one another."""
_FLAGS: Final = frozenset("smixq")
_SPACES: Final = " \t\n\r"
_WORD: Final = r"\p{P}\p{Z}\p{C}"
_NAME_START: Final = (
    r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}"
    r"\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}"
)
_NAME: Final = _NAME_START + r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}"
_CLASSES: Final = {"d": r"\p{Nd}", "s": " \\t\\n\\r", "i": _NAME_START, "c": _NAME}
_KINDS: Final = frozenset("dDsSwWiIcC")
_PLAIN: Final = frozenset("\\|.?*+(){}$-[]^")
_ANCHORS: Final = {".": ("s", r"[\s\S]", r"[^\n\r]"), "^": ("m", "(?m:^)", r"\A"), "$": ("m", "(?m:$)", r"\z")}
"""What depends on a flag: the flag, what is written with it, and without."""
_PIECES: Final = re.compile(r"\\.|\{([0-9]{1,9})(?:,([0-9]{0,9}))?\}|.", re.DOTALL)
_QUANTITY: Final = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_CONTROLS: Final = {"n": r"\n", "r": r"\r", "t": r"\t"}
Matcher = Callable[[str], bool]


@lru_cache(512)
def matcher(pattern: str, flags: str = "") -> Matcher:
    r"""A function that tells whether a text has a match for `pattern` somewhere.

    :raises ShapesError: if the pattern or the flags are none of XPath's

    >>> matcher(r"^\p{Lu}\d")("É٣"), matcher("b$")("ab\n"), matcher("^(a+)+$")("a" * 40 + "!")
    (True, False, False)
    >>> matcher("[a-z-[aeiou]]")("aei"), matcher("A b", "xi")("ab"), matcher("a.c", "q")("abc")
    (False, True, False)
    """
    unknown = set(flags) - _FLAGS
    if unknown:
        raise ShapesError(f"sh:flags has {''.join(sorted(unknown))!r}", hint="the flags of XPath are s, m, i, x and q")
    if "q" not in flags:
        _check_size(pattern)
    reader = _Reader(pattern, flags)
    translated = _literally(pattern) if "q" in flags else reader.expression()
    if not reader.needs_more:
        found = _linear(translated, ignoring_case="i" in flags)
        if found is not None:
            return found
    return _bounded(pattern, reader.for_regex(translated), ignoring_case="i" in flags)


def _literally(text: str) -> str:
    import regex

    escaped: str = regex.escape(text)
    return escaped


def _linear(translated: str, *, ignoring_case: bool) -> Matcher | None:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignoring_case
    options.never_capture = True  # only whether it matches is asked
    try:
        compiled = re2.compile(translated, options)
    except re2.error:
        return None
    return lambda text: compiled.search(text.encode()) is not None  # of a text it would look for offsets as well


def _bounded(pattern: str, translated: str, *, ignoring_case: bool) -> Matcher:
    import regex

    try:
        compiled = regex.compile(translated, regex.VERSION1 | (regex.IGNORECASE if ignoring_case else 0))
    except regex.error as error:
        raise ShapesError(f"not a regular expression of XPath: {pattern!r} ({error})") from None

    return _Bounded(pattern, compiled)


class _Bounded:
    """A match that may take long: it ends at a deadline."""

    def __init__(self, pattern: str, compiled: regex.Pattern[str]) -> None:
        self._pattern, self._compiled = pattern, compiled

    def __call__(self, text: str) -> bool:
        try:
            return self._compiled.search(text, timeout=_SECONDS) is not None
        except TimeoutError:
            raise self.fault(f"{_SECONDS:g} s on one text") from None

    def fault(self, what: str) -> ShapesError:
        return ShapesError(
            f"the regular expression {self._pattern!r} takes more than {what}",
            hint="write it without nested repetitions",
        )


def together(matches: Matcher) -> Matcher:
    """The same for many texts: one whose every match is slow ends as well, with a `ShapesError`."""
    if not isinstance(matches, _Bounded):
        return matches
    bounded, spent = matches, 0.0

    def within(text: str) -> bool:
        nonlocal spent
        start = time.process_time()
        found = bounded(text)
        spent += time.process_time() - start
        if spent > _TOGETHER:
            raise bounded.fault(f"{_TOGETHER:g} s on the texts of one shape")
        return found

    return within


def _check_size(pattern: str) -> None:
    """Refuse what would be written out into more than memory holds: counted repetitions of repetitions.

    :raises ShapesError: if the expression is too large, or its groups stand too deep in one another
    """
    totals, last, depth = [0], 0, 0
    for found in _PIECES.finditer(pattern):
        piece = found[0]
        depth += (piece == "[") - (piece == "]")
        if piece == "(" and not depth:
            totals.append(0)
        elif piece == ")" and not depth and len(totals) > 1:
            last = totals.pop()
            totals[-1] += last
        elif found[1] and not depth:
            totals[-1] += last * (int(found[2] or found[1]) - 1)
            last *= int(found[2] or found[1])
        elif not depth:
            last = 1
            totals[-1] += 1
        if max(totals) > _LARGEST or len(totals) > _DEEPEST or depth > _DEEPEST:
            raise ShapesError(
                f"the regular expression {pattern[:60]!r} is too large: at most {_LARGEST:,} characters with its "
                f"repetitions written out, {_DEEPEST} groups in one another"
            )


class _Reader:
    """A walk over an expression of XPath that writes it for RE2."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern, self._flags = pattern, flags
        self._at = 0
        self.needs_more = False
        """Whether it has what RE2 has not."""

    @staticmethod
    def for_regex(translated: str) -> str:
        r"""The same for `regex`, which writes code points in another way."""
        longer: str = re.sub(r"\\x\{([0-9A-F]+)\}", lambda found: f"\\U{int(found[1], 16):08X}", translated)
        return longer.replace(r"\z", r"\Z")

    def _fault(self, what: str) -> ShapesError:
        return ShapesError(f"not a regular expression of XPath: {self._pattern!r} ({what} at {self._at})")

    def expression(self) -> str:
        pieces: list[str] = []
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            self._at += 1
            pieces.append(self._outside(sign))
        return "".join(pieces)

    def _outside(self, sign: str) -> str:
        if sign in _SPACES and "x" in self._flags:
            return ""
        if sign in _ANCHORS:
            flag, with_it, without = _ANCHORS[sign]
            return with_it if flag in self._flags else without
        match sign:
            case "\\":
                return self._escape()
            case "[":
                return self._class()
            case "(" if self._pattern.startswith("?", self._at) and not self._pattern.startswith("?:", self._at):
                raise self._fault("a group that XPath has not")
            case "]":
                raise self._fault("a bracket that was not opened")
            case "{" | "}":
                return self._quantity(sign)
        return sign

    def _quantity(self, sign: str) -> str:
        """A counted repetition; elsewhere braces stand for themselves only with a backslash."""
        found = _QUANTITY.match(self._pattern, self._at - 1)
        if sign == "}" or found is None:
            raise self._fault(f"a {sign} that is no repetition")
        self._at = found.end()
        return str(found[0])

    def _escape(self) -> str:
        sign = self._next()
        if sign in _KINDS:
            return self._kind(sign, inside=False)
        if sign in "pP":
            return self._property(sign)
        if sign.isdigit() and sign != "0":
            self.needs_more = True
            return f"\\{sign}"
        return self._single(sign)

    def _single(self, sign: str) -> str:
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign in _PLAIN:
            return f"\\{sign}"
        raise self._fault(f"the escape \\{sign}")

    def _kind(self, sign: str, *, inside: bool) -> str:
        if sign in "wW":
            if not inside:
                return f"[{'^' if sign == 'w' else ''}{_WORD}]"
            if sign == "W":
                return _WORD
            self.needs_more = True
            return f"[^{_WORD}]"
        if sign == "D":
            return r"\P{Nd}"
        ranges = _CLASSES[sign.lower()]
        if sign.isupper():
            self.needs_more = self.needs_more or inside
            return f"[^{ranges}]"
        return ranges if inside or sign == "d" else f"[{ranges}]"

    def _property(self, sign: str) -> str:
        end = self._pattern.find("}", self._at)
        if not self._pattern.startswith("{", self._at) or end < 0:
            raise self._fault("a property without braces")
        name = self._pattern[self._at + 1 : end]
        self._at = end + 1
        if name.startswith("Is"):
            self.needs_more = True
            return f"\\{sign}{{In{name[2:]}}}"
        if not re.fullmatch("[LMNPZSC][a-z]?", name):
            raise self._fault(f"no category {name!r}")
        return f"\\{sign}{{{name}}}"

    def _class(self) -> str:
        negated = self._pattern.startswith("^", self._at)
        self._at += negated
        pieces: list[str] = []
        while True:
            sign = self._next()
            if sign == "]" and pieces:
                break
            if sign == "]":
                raise self._fault("a class without members")
            if sign == "-" and self._pattern.startswith("[", self._at):
                self._at += 1
                self.needs_more = True
                inner = self._class()
                if self._next() != "]":
                    raise self._fault("a subtraction that is not last")
                return f"[[{'^' if negated else ''}{''.join(pieces)}]--{inner}]"
            pieces.append(self._within(sign))
        return f"[{'^' if negated else ''}{''.join(pieces)}]"

    def _within(self, sign: str) -> str:
        if sign == "\\":
            sign = self._next()
            if sign in _KINDS:
                return self._kind(sign, inside=True)
            return self._property(sign) if sign in "pP" else self._single(sign)
        if sign == "[":
            raise self._fault("a bracket within brackets")
        if sign == "-" or sign.isalnum() or ord(sign) > 0x7F:  # noqa: PLR2004 -- beyond ASCII nothing has a meaning
            return sign
        return f"\\{sign}" if sign not in _SPACES else sign

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise self._fault("it ends too early")
        self._at += 1
        return self._pattern[self._at - 1]
