"""What terms look like: IRIs and the lexical forms of datatypes.

RFC 3987 (IRIs), XML Schema 1.1 part 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FORBIDDEN: Final = r"\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff\ue000-\uf8ff"
NOT_IN_IRI: Final = re.compile(rf"[{_FORBIDDEN}\[\]]|%(?![0-9A-Fa-f]{{2}})")
"""A character that no IRI has, but for brackets around an address; private use stands in queries alone, and is not let
through."""
ODD_AUTHORITY: Final = re.compile(r"//[^/?#]*[:@]")
"""Where a host may be one with a port, a user, or an address: that needs a closer look."""
_AUTHORITY: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@\[\]]*@)?(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|[^/?#@:\[\]]*)(?::[0-9]*)?(?=[/?#]|\Z)"
)
_UCSCHAR: Final = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14)
) + "\U000e1000-\U000efffd"  # fmt: skip


def is_iri(text: str, *, ascii_only: bool = False) -> bool:
    """Whether a text is an absolute IRI, or with `ascii_only` a URI (RFC 3987, section 2.2).

    >>> is_iri("http://e/é"), is_iri("http://e/é", ascii_only=True), is_iri("e"), is_iri("http://e/a b")
    (True, False, False, False)
    >>> is_iri("http://u@[::1]:80/"), is_iri("http://e/[a]"), is_iri("http://e:x/"), is_iri("http://e/#a#b")
    (True, False, False, False)
    """
    if not SCHEME.match(text) or (ascii_only and not text.isascii()) or text.count("#") > 1:
        return False
    at = 0
    if ODD_AUTHORITY.search(text) or "[" in text:
        authority = _AUTHORITY.match(text)
        if authority is None:
            return _has_no_authority(text) and not NOT_IN_IRI.search(text)
        if authority["address"] is not None:
            before = text[: authority.start("address") - 1]
            if not _is_address(authority["address"]) or NOT_IN_IRI.search(before):
                return False
            at = authority.end("address") + 1
    return not NOT_IN_IRI.search(text, at)


def _has_no_authority(text: str) -> bool:
    return not text.partition(":")[2].startswith("//")


def _is_address(text: str) -> bool:
    from ipaddress import IPv6Address

    try:
        return bool(IPv6Address(text))
    except ValueError:
        return False


def percent_encoded(text: str, *, ascii_only: bool = False) -> str:
    """Everything outside of `iunreserved`, or with `ascii_only` of `unreserved`, percent-encoded.

    >>> percent_encoded("Zoë/ 1"), percent_encoded("Zoë", ascii_only=True)
    ('Zoë%2F%201', 'Zo%C3%AB')
    """
    pattern = not_unreserved(ascii_only=ascii_only)
    return pattern.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8")), text)


@cache  # making it takes milliseconds, which a mapping that never needs it should not spend at its start
def not_unreserved(*, ascii_only: bool) -> re.Pattern[str]:
    """A character outside of `iunreserved`, or with `ascii_only` of `unreserved` (RFC 3987, section 2.2)."""
    return re.compile(rf"[^A-Za-z0-9._~{'' if ascii_only else _UCSCHAR}-]")


_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-9]))"
)
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DECIMAL: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_FLOAT: Final = rf"{_DECIMAL}(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_DAYS: Final = r"(?:\d+Y)?(?:\d+M)?(?:\d+D)?"
_CLOCK: Final = r"(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)"
_BASE64: Final = r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}=|(?:[A-Za-z0-9+/] ?){2}= ?=)?"
_NONNEGATIVE: Final = r"\+?\d+|-0+"
_PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "boolean": "true|false|1|0",
        "decimal": _DECIMAL,
        "double": _FLOAT,
        "float": _FLOAT,
        "date": f"{_YEAR}-{_DAY}{_ZONE}?",
        "time": f"{_TIME}{_ZONE}?",
        "dateTime": f"{_YEAR}-{_DAY}T{_TIME}{_ZONE}?",
        "dateTimeStamp": f"{_YEAR}-{_DAY}T{_TIME}{_ZONE}",
        "gYear": f"{_YEAR}{_ZONE}?",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
        "gMonth": f"--{_MONTH}{_ZONE}?",
        "gDay": rf"---(?:0[1-9]|[12]\d|3[01]){_ZONE}?",
        "gMonthDay": f"--{_DAY}{_ZONE}?",
        "duration": rf"-?P(?=[\dT]){_DAYS}{_CLOCK}?",
        "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
        "dayTimeDuration": rf"-?P(?=[\dT])(?:\d+D)?{_CLOCK}?",
        "hexBinary": "(?:[0-9A-Fa-f]{2})*",
        "base64Binary": _BASE64,
        "integer": r"[+-]?\d+",
        "nonNegativeInteger": _NONNEGATIVE,
        "unsignedLong": _NONNEGATIVE,
        "unsignedInt": _NONNEGATIVE,
        "unsignedShort": _NONNEGATIVE,
        "unsignedByte": _NONNEGATIVE,
        "positiveInteger": r"\+?0*[1-9]\d*",
        "nonPositiveInteger": r"-\d+|\+?0+",
        "negativeInteger": r"-0*[1-9]\d*",
        "long": r"[+-]?\d+",
        "int": r"[+-]?\d+",
        "short": r"[+-]?\d+",
        "byte": r"[+-]?\d+",
    }
)
_BITS: Final[Mapping[str, tuple[int, bool]]] = MappingProxyType(
    {
        **{XSD + name: (bits, True) for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))},
        XSD + "unsignedLong": (64, False),
        XSD + "unsignedInt": (32, False),
        XSD + "unsignedShort": (16, False),
        XSD + "unsignedByte": (8, False),
    }
)


def lexical(datatype: str) -> re.Pattern[str] | None:
    """What the lexical forms of a datatype look like; none for one that is not built in, which takes any text."""
    name = datatype.removeprefix(XSD)
    return _lexical(name) if name in _PATTERNS and datatype != name else None


@cache  # of thirty, a mapping needs a few
def _lexical(name: str) -> re.Pattern[str]:
    return re.compile(_PATTERNS[name], re.ASCII)


def column_pattern(datatype: str) -> re.Pattern[str] | None:
    """What many values of a datatype look like, each with a line end after it; none where a pattern does not decide.

    >>> bool(column_pattern(XSD + "integer").fullmatch("1\\n-2\\n")), column_pattern(XSD + "byte")
    (True, None)
    """
    of_one = lexical(datatype)
    if of_one is None or datatype in _BITS:
        return None
    # Nothing is given back: a value that does not fit fails at once, however long the column is.
    return re.compile(rf"(?>(?:{of_one.pattern})\n)*+", re.ASCII)


_LEAP_DAY: Final = re.compile(r"(-?\d{4,})-02-29")


def is_lexical(text: str, datatype: str) -> bool:
    """Whether a text is a lexical form of a datatype; of one that is not built in, every text is.

    >>> is_lexical("2030-02-29", XSD + "date"), is_lexical("2028-02-29", XSD + "date"), is_lexical("x", "http://e/t")
    (False, True, True)
    >>> is_lexical("128", XSD + "byte"), is_lexical("-128", XSD + "byte")
    (False, True)
    """
    pattern = lexical(datatype)
    if pattern is None:
        return True
    if not pattern.fullmatch(text):
        return False
    if datatype in _BITS:
        bits, signed = _BITS[datatype]
        digits = text.lstrip("+-0")
        number = int(digits[:40] or "0") * (-1 if text.startswith("-") else 1)
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        return low <= number <= high
    leap = _LEAP_DAY.match(text)
    if leap:
        # Only the last digits of a year decide, and a year may have thousands of them.
        year = int(leap[1][-4:].lstrip("-"))
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return True
