"""Constraint components (SHACL, section 4), one function for each kind of constraint."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.shacl.constraints import counts, keys, lists, pairs, reifiers, shapes, sparql, terms
from kg.shacl.engine import Check
from kg.shacl.shapes import model

CHECKS: Final[Mapping[type, Check]] = MappingProxyType(
    {
        model.Count: counts.count,
        model.UniqueLang: counts.unique_lang,
        model.HasValue: counts.has_value,
        model.Datatype: terms.datatype,
        model.Class: terms.kind_of,
        model.NodeKind: terms.node_kind,
        model.Range: terms.within,
        model.Length: terms.length,
        model.Pattern: terms.pattern,
        model.LanguageIn: terms.language_in,
        model.In: terms.member,
        model.Pair: pairs.pair,
        model.Logic: shapes.logic,
        model.Property: shapes.below,
        model.Qualified: shapes.qualified,
        model.Closed: shapes.closed,
        model.Select: sparql.select,
        model.Ask: sparql.ask,
        model.RootClass: terms.root_class,
        model.SingleLine: terms.single_line,
        model.SomeValue: shapes.some_value,
        model.MemberShape: lists.member_shape,
        model.ListLength: lists.length,
        model.UniqueMembers: lists.unique_members,
        model.UniqueValues: keys.unique_values,
        model.Reifier: reifiers.reifier,
        model.ClosedByTypes: shapes.closed_by_types,
        model.Annotated: shapes.annotated,
    }
)
