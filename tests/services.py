"""Spellings of SERVICE: those that anybody may write, and those that hide it from all readers but the engine's."""

from __future__ import annotations

URL = "<http://127.0.0.1:1/>"
GROUP = "{ ?s ?p ?o }"

_WORDS = (
    "SERVICE", "service", "Service", "sErViCe", "SERVICE SILENT", "service silent",
    "SERVICE\nSILENT", "SERVICE\tSilent",
    "SERVICE#c\n", "SERVICE # '''\n SILENT", "SERVICE\r", "SERVICE\r\n", "SERVICE   ", "\\u0053ERVICE",
    "\\U00000053ERVICE",
    "S\\u0045RVICE", "\\u0073\\u0065\\u0072\\u0076\\u0069\\u0063\\u0065", "SERVICE\\u0020", "SERVICE\\u0023c\n",
    "SERVICE SIL\\u0045NT", "SERVICESILENT",
)  # fmt: skip
_ENDPOINTS = (URL, "?e", "$e", "ex:a", ":a", "<a>", "<http://127.0.0.1:1/#x>", "ex:", "<http://127.0.0.1:1/\\u0061>")
_PLACES = (
    "SELECT * WHERE {{ {0} }}",
    "SELECT*{{{0}}}",
    "ASK {{ ?s ?p ?o . {0} }}",
    "ASK {{ ?s ?p 1{0} }}",
    "ASK {{ ?s ?p true {0} }}",
    "ASK {{ ?s ?p 'a'@en {0} }}",
    "ASK {{ ?s ?p <http://x/a#b> . {0} }}",
    "ASK {{ ?s ?p '#' . {0} }}",
    "ASK {{ ?s ?p 'it\\'s' . {0} }}",
    "ASK {{ ?s ?p '''a'b''' . {0} # '''\n }}",
    "ASK {{ # SELECT '''\n {0} }}",
    "ASK {{ FILTER(1<2) {0} }}",
    "ASK {{ FILTER(?a<?b)\n{0}\nFILTER(?c>?d) }}",
    "SELECT * {{ OPTIONAL {{ {0} }} }}",
    "SELECT * {{ OPTIONAL{{OPTIONAL{{{0}}}}} }}",
    "SELECT * {{ {{ ?a ?b ?c }} UNION {{ {0} }} }}",
    "SELECT * {{ {{ SELECT ?s WHERE {{ {0} }} }} }}",
    "SELECT * {{ ?a ?b ?c MINUS {{ {0} }} }}",
    "SELECT * {{ GRAPH ?g {{ {0} }} }}",
    "SELECT * {{ FILTER EXISTS {{ {0} }} }}",
    "SELECT * {{ FILTER(NOT EXISTS {{ {0} }}) }}",
    "SELECT * {{ BIND(EXISTS {{ {0} }} AS ?x) }}",
    "SELECT (EXISTS {{ {0} }} AS ?x) {{}}",
    "SELECT * {{ VALUES ?e {{ <http://127.0.0.1:1/> }} {0} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {0} }}",
    "CONSTRUCT WHERE {{ {0} }}",
    "DESCRIBE ?s WHERE {{ {0} }}",
    "SELECT * {{ ?s ?p ?o }} HAVING (EXISTS {{ {0} }})",
    "SELECT * {{ SERVICE <http://a/> {{ {0} }} }}",
    "ASK {{ {0} {0} }}",
)
_PROLOGUE = "PREFIX ex: <http://e/> PREFIX : <http://127.0.0.1:1/> BASE <http://127.0.0.1:1/> "

SPELLINGS = (
    *(f"{_PROLOGUE}SELECT * {{ {word} {URL} {GROUP} }}" for word in _WORDS),
    *(f"{_PROLOGUE}SELECT * {{ SERVICE {endpoint} {GROUP} }}" for endpoint in _ENDPOINTS),
    *(
        f"{_PROLOGUE}SELECT * {{ SERVICE{endpoint}{GROUP} }}"
        for endpoint in _ENDPOINTS
        if not endpoint.startswith("ex")
    ),
    *(_PROLOGUE + place.format(f"SERVICE {URL} {GROUP}") for place in _PLACES),
    *(_PROLOGUE + place.format(f"service silent ?e {GROUP}") for place in _PLACES),
)
"""Every one is refused by the rule `no-service`."""

DECEPTIVE = (
    # one prefixed name to the standard, keyword and name to the engine
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:a { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> PREFIX SERVICE: <http://e/> SELECT * { SERVICE:a { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICESILENT:a { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p trueSERVICE:a { ?s ?p ?o } }",
    # a name that makes no IRI: the engine falls back to the bare prefix
    f"PREFIX ex: <http://e:80> SELECT * {{ VALUES ?x {{ ex: }} SERVICE {URL} {{ ?s ?p ?o }} }}",
    f"PREFIX ex: <http://e:80> SELECT * {{ {{ ?s ?p ex:SERVICE {URL} {{ ?s ?p ?o }} }} UNION {{ ?s ?p ?o }} }}",
    f"PREFIX ex: <http://e:80> SELECT * {{ ?s ?p ?o BIND(ex:SERVICE{URL}{{ ?s ?p ?o }} }}",
    # an operator and a comment to the engine, an IRI to the standard
    f"BASE <http://e/> SELECT * {{ ?s ?p ?o FILTER(0<?o)#>'''\nSERVICE {URL} {{ ?s ?p ?o }}#'''\n}}",
    f'BASE <http://e/> SELECT * {{ ?s ?p ?o FILTER(0<=?o)#>"""\nSERVICE {URL} {{ ?s ?p ?o }}#"""\n}}',
    f"BASE <http://e/> SELECT * {{ BIND({URL} AS ?e) ?s ?p ?o FILTER(0<?o)SERVICE?e#>\n{{ ?s ?p ?o }} }}",
    # a string with an escape that the engine does not know: it falls back to the empty one
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE {URL} {{ ?s ?p ?o }} #\\q '''\n}}",
    f"SELECT * {{ VALUES ?x {{ '''a' }} SERVICE {URL} {{ ?s ?p ?o }} #\\uD800 '''\n}}",
    f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE {URL} {{ ?s ?p ?o }} #\\U00110000 """\n}}',
    # keywords without a boundary
    f"SELECT * {{ ?s ?p 1SERVICE {URL} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p trueSERVICE {URL} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 'a'@en--ltrSERVICE {URL} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p _:a.SERVICE {URL} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \u017fERVICE {URL} {{ ?s ?p ?o }} }}",
)
"""Refused, or spelled anew so that the engine reads them as the standard does."""
