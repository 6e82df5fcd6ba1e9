"""What mutants of queries are made of: marks, words, literals, calls and code points that somebody gets wrong."""

from __future__ import annotations

from typing import Final

ODD: Final = (
    '\x00', '\x01', '\x0b', '\x0c', '\x1c', '\x7f', '\x85', '\xa0', '\xad', '\u0301', '\u061c', '\u200b', '\u200d',
    '\u200e', '\u202e', '\u2028', '\u2029', '\u2066', '\u3000', '\ufeff', '\ufffd', '\ufffe', '\U0001f469',
    '\U000e0001', '\U0010ffff', '\u017f', '\u212a', '\u0130', '\u0660', '\uff33', '\ud7ff', '\ufdfa',
)  # fmt: skip
"""Code points that are invisible, change direction, fold to ASCII letters, or are no characters."""
BROKEN: Final = (
    b'\xff', b'\xfe', b'\xc0\x80', b'\xc3', b'\xe2\x82', b'\xed\xa0\x80', b'\xed\xb0\x80', b'\xf4\x90\x80\x80',
    b'\xf0\x9f\x98', b'\x80', b'\xef\xbb\xbf', b'\xff\xfe', b'\x00',
)  # fmt: skip
"""Bytes that are no UTF-8, or that some readers take for the beginning of another encoding."""
ESCAPES: Final = (
    '\\u0053', '\\u0000', '\\uD800', '\\uDFFF', '\\U00110000', '\\UFFFFFFFF', '\\u', '\\u12', '\\U0001F600', '\\q',
    '\\', "\\'", '\\"', '\\\\', '\\n', '\\u000A', '\\u0022', '\\u003E', '\\u007B', '\\~', '%', '%zz', '%00', '%C3',
    '%2F',
)  # fmt: skip
"""Escapes of SPARQL and of addresses, right and wrong."""
NUMBERS: Final = (
    '0', '-0', '00', '1e400', '-1e400', '1e-400', '99999999999999999999', '9223372036854775807',
    '-9223372036854775808', '9223372036854775808', '170141183460469231731687303715884105728', '1.0e99999999999',
    '1.', '.5', '1e', '0x10', '1_000', '+-1', '1.7976931348623157e309', '1000000000000000000000000000000.5',
    "9" * 400, "0." + "0" * 400 + "1",
)  # fmt: skip
"""Numbers at and beyond the limits of their types."""
LITERALS: Final = tuple(
    r"""
"INF"^^<http://www.w3.org/2001/XMLSchema#double>
"NaN"^^<http://www.w3.org/2001/XMLSchema#float>
"-9999999999-13-45T25:61:61"^^<http://www.w3.org/2001/XMLSchema#dateTime>
"P99999999999999999Y"^^<http://www.w3.org/2001/XMLSchema#duration>
"-P1Y-1M"^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration>
"24:00:00+15:00"^^<http://www.w3.org/2001/XMLSchema#time>
"99999999999999999999999999999999999999999999999"^^<http://www.w3.org/2001/XMLSchema#decimal>
"x"@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
"x"@en--ltr
"x"@en--xxx
""@
"x"^^<>
"x"^^<a b>
<>
< >
<a
_:
<<( ?s ?p ?o )>>
<< ?s ?p ?o >>
{| ?p ?o |}
?s ?p ?o ~ ?r
VERSION '1.2'
""".strip().splitlines()
)
"""Literals, and the beginnings of them; triples in triples."""
CALLS: Final = tuple(
    """
NOW()
RAND()
UUID()
STRUUID()
BNODE()
BNODE ('a')
CONCAT ()
COALESCE ()
COALESCE(1/0)
IRI(CONCAT('x', STR(?s)))
URI('')
SUBSTR('abc', -1, 1e300)
SUBSTR('abc', 9223372036854775807)
REPLACE('aaa', '', 'b')
REPLACE('aaa', '(a*)*', '$9')
REGEX('x', '[')
REGEX('a', '(a+)+$', 'xyz')
STRLEN(GROUP_CONCAT(?s))
AVG(DISTINCT ?s)
SUM(?o)
SAMPLE(*)
COUNT(*)
MIN(?o)
ENCODE_FOR_URI('%')
STRDT('x', <a>)
STRLANG('x', '')
LANGMATCHES('', '*')
TIMEZONE(NOW())
SECONDS('x')
MD5(?s)
SHA512(?o)
IF(?s, ?p, 1/0)
1/0
1.0/0.0
9223372036854775807 + 1
-9223372036854775807 - 2
ROUND(1e400)
ABS('x')
CEIL(-0.0)
TRIPLE(?s, ?p, ?o)
SUBJECT(?s)
isTRIPLE(?s)
ADJUST(NOW(), ?o)
STRBEFORE('a', 'a')
?o IN ()
?o NOT IN (1, 1/0)
EXISTS { ?s ?p ?o }
NOT EXISTS { }
<http://a/>()
<http://a/>(DISTINCT 1)
""".strip().splitlines()
)
"""Calls and expressions at the limits of what they are defined for."""
MARKS: Final = (*"{}()[];,.|/^*+!=<>?$@:_-~&'\"#\\%", "'''", '"""')
WORDS: Final = (
    'SELECT', 'ASK', 'CONSTRUCT', 'DESCRIBE', 'WHERE', 'FROM', 'FROM NAMED', 'GRAPH', 'OPTIONAL', 'UNION', 'MINUS',
    'FILTER', 'BIND', 'AS', 'VALUES', 'UNDEF', 'DISTINCT', 'REDUCED', 'LIMIT', 'OFFSET', 'ORDER BY', 'GROUP BY',
    'HAVING', 'EXISTS', 'NOT', 'IN', 'a', 'BASE', 'PREFIX', 'SERVICE', 'SILENT', 'LOAD', 'INSERT DATA',
    'DELETE WHERE', 'CLEAR ALL', 'DROP', 'WITH', 'USING', 'INTO', 'ASC', 'DESC', 'true', 'false', 'SEPARATOR',
    'LATERAL', 'ANNOTATION', 'EXPLAIN',
)  # fmt: skip
"""Keywords of queries and updates."""
