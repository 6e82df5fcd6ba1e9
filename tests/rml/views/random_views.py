"""Random views: fields of every kind over random sources and over each other, and joins."""

from __future__ import annotations

from hypothesis import strategies as st
from rml.generated_sources import COLUMNS, Source, documents, quoted, tables, trees
from rml.strategies import PREFIXES, Case, triples_maps

UPPER = (
    "rml:functionExecution [ rml:function fn:toUpperCase ; "
    "rml:input [ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference {} ] ] ]"
)
WORDS = (
    "rml:functionExecution [ rml:function fn:split ; rml:input [ rml:parameter fn:1 ; "
    'rml:inputValueMap [ rml:reference {} ] ] , [ rml:parameter fn:2 ; rml:inputValue " " ] ]'
)


def field(name: str, inside: str) -> str:
    return f"rml:field [ rml:fieldName {quoted(name)} ; {inside} ]"


def plain(name: str, reference: str) -> str:
    return field(name, f"rml:reference {quoted(reference)}")


def within_json() -> dict[str, tuple[str, list[str]]]:
    """Fields that have several values or records, of a tree: the text, and what can be referred to."""
    parts = f"{plain('v', '$.v')} ; {plain('w', '$.w[*]')}"
    deep = f'a rml:IterableField ; rml:iterator "$.deep" ; {parts}'
    items = f'rml:iterator "$.list[*]" ; {plain("it", "$")}'
    return {
        "list": ('rml:reference "$.list[*]"', ["list", "list.#"]),
        "deep": (deep, ["deep.v", "deep.w", "deep.w.#", "deep.#"]),
        "items": (items, ["items.it", "items.#"]),
    }


def within_xml() -> dict[str, tuple[str, list[str]]]:
    deep = f'a rml:IterableField ; rml:iterator "deep" ; {plain("v", "v")}'
    above = f'a rml:IterableField ; rml:iterator "list" ; {plain("up", "../deep/v")}'
    return {
        "list": ('rml:reference "list"', ["list", "list.#"]),
        "deep": (deep, ["deep.v", "deep.#"]),
        "above": (above, ["above.up", "above.#"]),
    }


def written(key: str, number: str) -> dict[str, tuple[str, list[str]]]:
    """Values that hold records in another form."""
    in_json = f'rml:iterator "$[*]" ; rml:referenceFormulation rml:JSONPath ; {plain("e", "$")}'
    cells = f"{plain('a', 'a')} ; {plain('b', 'b')}"
    in_csv = f"a rml:IterableField ; rml:referenceFormulation rml:CSV ; {cells}"
    in_xml = f'a rml:IterableField ; rml:referenceFormulation rml:XPath ; rml:iterator "/r/i" ; {plain("a", "@a")}'
    listed, table, tree = (
        f'["{{{key}}}", 7, "{{{number}}}"]',
        f"a,b\n{{{key}}},1\n{{{number}}},2",
        f"<r><i a='{{{key}}}'/><i/></r>",
    )
    return {
        "packed": (f"rml:template {quoted(listed)} ; {field('j', in_json)}", ["packed.j.e", "packed.j.#", "packed"]),
        "table": (f"rml:template {quoted(table)} ; {field('c', in_csv)}", ["table.c.a", "table.c.b", "table.c.#"]),
        "tree": (f"rml:template {quoted(tree)} ; {field('x', in_xml)}", ["tree.x.a", "tree.x.#", "tree.#"]),
    }


@st.composite
def views(
    draw: st.DrawFn, number: int, source: Source, on: str, others: list[tuple[Source, str]]
) -> tuple[Source, str]:
    """A view on a source or a view: as a source whose columns are its fields, and the text of it."""
    parts = [plain(name, source.reference(name)) for name in COLUMNS]
    several: dict[str, tuple[str, list[str]]] = {
        "words": (WORDS.format(quoted(source.reference("t"))), ["words", "words.#"])
    }
    if source.kind != "view":
        several |= written(source.reference("key"), source.reference("n"))
    if source.is_json:
        several |= within_json()
    if source.kind == "xml":
        several |= within_xml()
    extra = ["#", "key.#"]
    for name in draw(st.lists(st.sampled_from(sorted(several)), max_size=2 if not others else 1, unique=True)):
        text, keys = several[name]
        parts.append(field(name, text))
        extra += keys
    if draw(st.booleans()):
        parts.append(
            field("made", draw(st.sampled_from(["rml:constant 7", UPPER.format(quoted(source.reference("t")))])))
        )
        extra.append("made")
    if source.odd and source.kind == "view":
        inner = draw(st.sampled_from(source.odd))
        parts.append(plain("inner", inner))
        extra += ["inner", "inner.#"]
    chosen = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
    for count, (parent, name) in enumerate(chosen):
        parts.append(join(draw, count, parent, name, is_alone=len(chosen) == 1))
        extra += [f"j{count}a", f"j{count}b", f"j{count}a.#"]
    text = f"ex:view{number} a rml:LogicalView ;\n  rml:viewOn {on} ;\n  " + " ;\n  ".join(parts) + " .\n"
    return Source(f"ex:view{number}", "view", tuple(extra)), text


def join(draw: st.DrawFn, count: int, parent: Source, name: str, *, is_alone: bool) -> str:
    kinds = ["rml:leftJoin", "rml:leftJoin", "rml:innerJoin"]
    kind = draw(st.sampled_from(["rml:fullJoin", "rml:fullJoin", *kinds] if is_alone else kinds))
    conditions = [draw(conditions_of())]
    if draw(st.integers(0, 3)) == 3:
        conditions.append(draw(conditions_of()))
    inside = "rml:reference " + quoted(draw(st.sampled_from(["t", "iri", *parent.odd])))
    made = [
        field(f"j{count}a", inside),
        field(f"j{count}b", draw(st.sampled_from(['rml:template "{key}-{n}"', inside]))),
    ]
    joined = " , ".join(f"[ {one} ]" for one in conditions)
    return f"{kind} [ rml:parentLogicalView {name} ; rml:joinCondition {joined} ; {' ; '.join(made)} ]"


@st.composite
def conditions_of(draw: st.DrawFn) -> str:
    sides = []
    for side in ("child", "parent"):
        column = quoted(draw(st.sampled_from(["key", "key", "lang", "n"])))
        simple = f"rml:{side} {column}"
        inside = draw(st.sampled_from(["short", "short", "function", "words", "template"]))
        forms = {
            "short": simple,
            "function": f"rml:{side}Map [ {UPPER.format(column)} ]",
            "words": f"rml:{side}Map [ {WORDS.format(column)} ]",
            "template": f"rml:{side}Map [ rml:template {quoted('{' + column[1:-1] + '}')} ]",
        }
        sides.append(forms[inside])
    return " ; ".join(sides)


@st.composite
def view_cases(draw: st.DrawFn) -> Case:
    """One or two triples maps over views of one or two sources, joined or one on another."""
    files: dict[str, str] = {}
    blocks: list[str] = []
    made: list[tuple[Source, str]] = []
    for number in range(draw(st.integers(1, 2))):
        source, text = draw(draw(st.sampled_from([tables, trees, documents]))(f"s{number}"))
        files[f"s{number}.{source.kind}"] = text
        view, block = draw(views(len(made), source, source.turtle, made))
        made.append((view, view.turtle))
        blocks.append(block)
    if draw(st.integers(0, 2)) == 2:
        below = draw(st.sampled_from(made))
        others = [one for one in made if one is not below]
        view, block = draw(views(len(made), below[0], below[1], others))
        made.append((view, view.turtle))
        blocks.append(block)
    chosen = draw(st.lists(st.sampled_from([view for view, _ in made]), min_size=1, max_size=2))
    return Case(PREFIXES + "\n".join([*blocks, *draw(triples_maps(chosen))]), files)
