"""What is wrong with a query that was refused, in the words of people: line, column, cause and cure.

What is asked of a right query is one look for the names of other products; everything else is loaded and done when
a query was refused.
"""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = re.compile(
    r"bif:|java:|jena|bigdata\.com|wikiba\.se|mediawiki\.org|ontotext\.com|openrdf\.org|stardog|franz\.com|"
    r"openlinksw\.com|neptune|marklogic\.com|qlever|\\"
)
"""Every name in `products.tsv` holds one of these, unless it is written in escapes."""


def may_be_foreign(text: str) -> bool:
    """Whether a query may hold a name of another product: what holds none of their signs does not.

    >>> may_be_foreign("ASK { ?s <bif:xcontains> 'a' }"), may_be_foreign("ASK { ?s ?p ?o }")
    (True, False)
    """
    return _SIGNS.search(text) is not None
