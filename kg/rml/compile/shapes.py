"""What the columns of a source hold, by what is known of it before it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.rml.compile.columns import Shape
from kg.rml.mapping.jsonpath import parse_path, rooted
from kg.rml.mapping.model import Expression, Formulation, Reference, Source
from kg.rml.mapping.xpath import has_one_value


def shapes_of(source: Source, references: Sequence[str]) -> Mapping[str, Shape]:
    """What the columns of a source hold."""
    match source.formulation:
        case Formulation.CSV:
            return dict.fromkeys(references, Shape.TABLE)
        case Formulation.JSON_PATH:
            return {r: Shape.OPTIONAL if parse_path(rooted(r)).is_singular else Shape.MANY for r in references}
        case Formulation.XPATH:
            return {r: Shape.OPTIONAL if has_one_value(r) else Shape.MANY for r in references}
        case Formulation.SQL_TABLE | Formulation.SQL_QUERY:
            return dict.fromkeys(references, Shape.OPTIONAL)
        case Formulation.VIEW:
            return {r: Shape.TABLE if _gives_cell(source, r) else Shape.OPTIONAL for r in references}
    raise ValueError(source.formulation)


def _gives_cell(source: Source, reference: str) -> bool:
    """Whether a reference leads to a cell of a table, through views or not, and to nothing else in any row."""
    view = source.view
    if view is None:
        return source.formulation is Formulation.CSV
    own = {field.name for field in view.fields if _is_cell(view.on, field.expression)}
    # Where the key of a join can fail, values of its rows are what has failed.
    for join in view.joins:
        for one in join.joins:
            is_own = isinstance(one.child, Reference) and one.child.text in own
            if not is_own or not _is_cell(join.parent, one.parent):
                return False
    joined = (field.name for j in view.joins for field in j.fields if _is_cell(j.parent, field.expression))
    return reference in own or reference in set(joined)


def _is_cell(source: Source, expression: Expression | None) -> bool:
    return isinstance(expression, Reference) and _gives_cell(source, expression.text)
