"""Mappings with functions, as short text."""

from __future__ import annotations

import re
from pathlib import Path

from rml.mappings import HEAD, file_source, lines

FN = "@prefix fn: <https://w3id.org/zellige/fn#> .\n@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .\n"


def value(text: object) -> str:
    """What stands for a value: `$name` is a reference, `{...}` holds one, `[...]` is an expression, else a constant."""
    if isinstance(text, str) and re.fullmatch(r"\$(\$\S*|[a-z]\w*)", text):
        return f'rml:inputValueMap [ rml:reference "{text[1:]}" ]'
    if isinstance(text, str) and text.startswith("rml:"):
        return f"rml:inputValueMap [ {text} ]"
    quoted = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'rml:inputValueMap [ rml:template "{quoted}" ]'
        if re.search(r"\{[a-z]+\}", quoted)
        else f'rml:inputValue "{quoted}"'
    )


def call(name: str, *positional: object, **named: object) -> str:
    """An execution, as the inside of a term map; arguments by their place, or by name."""
    given = [(str(number), one) for number, one in enumerate(positional, 1)]
    given += [(key, one) for key, many in named.items() for one in (many if isinstance(many, list) else [many])]
    inputs = " , ".join(f"[ rml:parameter fn:{key} ; {value(one)} ]" for key, one in given)
    prefixed = name if ":" in name else f"fn:{name}"
    return f"rml:functionExecution [ rml:function {prefixed} {f'; rml:input {inputs}' if inputs else ''} ]"


def condition(inside: str) -> str:
    """A condition, as part of a map."""
    return f"rml:condition [ {inside} ]"


def objects(*maps: str) -> str:
    """Predicate-object maps of ex:p0, ex:p1 and so on."""
    pairs = (f"[ rml:predicate ex:p{n} ; rml:objectMap [ {one} ] ]" for n, one in enumerate(maps))
    return f"rml:predicateObjectMap {' , '.join(pairs)}"


def mapping(
    folder: Path, table: str, *parts: str, subject: str = 'rml:template "http://e/{id}"', more: str = ""
) -> Path:
    """A mapping of one table, `d.csv`, or of `d.json` if it begins with a bracket."""
    is_json = table.startswith("[")
    name = "d.json" if is_json else "d.csv"
    (folder / name).write_text(table, encoding="utf-8")
    source = file_source(name, "rml:JSONPath" if is_json else "rml:CSV", "$[*]" if is_json else None)
    path = folder / "m.ttl"
    inside = " ;\n ".join([source, f"rml:subjectMap [ {subject} ]", *parts])
    path.write_text(f"{HEAD}{FN}ex:m a rml:TriplesMap ;\n {inside} .\n{more}", encoding="utf-8")
    return path


def made(path: Path, **options: object) -> list[str]:
    """What a mapping makes, in short: `subject property object graph` without the namespaces of the tests."""
    short = (
        line.removesuffix(" .").replace("^^<http://www.w3.org/2001/XMLSchema#", "^^<xsd:")
        for line in lines(path, **options)
    )
    return [line.replace("http://e/", "") for line in short]
