"""Lines of canonical N-Quads taken apart by one pattern, without a parser."""

from __future__ import annotations

import re
from typing import Final

ROW: Final = re.compile(
    rb"(<[^>]*+>|_:\S++) (<[^>]*+>) "
    rb'(<[^>]*+>|_:\S++|"(?:[^"\\]++|\\.)*+"(?:@[A-Za-z0-9-]++|\^\^<[^>]*+>)?+)'
    rb"(?: (<[^>]*+>|_:\S++))?+ \.\n"
)
"""A line of N-Quads as canonicalisation writes it: subject, predicate, object, and the name of the graph or nothing."""
Row = tuple[bytes, bytes, bytes, bytes]
