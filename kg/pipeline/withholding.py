"""What the shapes miss in the default graph, and claims state that did not enter it: which, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from kg import shacl
from kg.errors import Problem
from kg.shacl.report import SH, Result
from kg.terms import SCHEME, ZEL, Minter

_MISSING: Final = frozenset(f"{SH}{name}ConstraintComponent" for name in ("MinCount", "HasValue"))
"""Constraints that ask for a statement that is not there."""
_REVIEWED: Final = f"{SCHEME}review/reviewed"
_PLANS: Final = frozenset(("announced", "planned", "target"))
_TOLD: Final = 5
"""Claims of one reason that are named."""

Sought = tuple[str, str]
"""A thing, and the property of it that a shape misses."""


def explained(
    report: shacl.Report, problems: Sequence[Problem], lines: Iterable[str], mint: Minter
) -> tuple[Problem, ...]:
    """The problems of a report; those that miss what a claim states outside of the default graph say so.

    :param problems: one for each result of the report
    :param lines: the statements of the release, which are read as often as needed, and not at all if nothing is missing
    """
    sought = {id(result): _sought(result) for result in report.results}
    wanted = {one for one in sought.values() if one is not None}
    stating = _stating(wanted, lines, mint.claim("")) if wanted else {}
    if not stating:
        return tuple(problems)
    reasons = _reasons(lines, set().union(*stating.values()), mint)
    return tuple(
        problem if (found := stating.get(sought[id(result)] or ("", ""))) is None
        else replace(problem, hint=_told(found, reasons, mint))
        for result, problem in zip(report.results, problems, strict=True)
    )  # fmt: skip


def _sought(result: Result) -> Sought | None:
    if result.component not in _MISSING or not (result.path or "").startswith(("http://", "https://", "urn:")):
        return None
    return None if " " in (result.path or "") else (result.focus, result.path or "")


def _stating(wanted: AbstractSet[Sought], lines: Iterable[str], claims: str) -> Mapping[Sought, AbstractSet[str]]:
    """The claims that state what is missing."""
    begins = {(f"<{focus}>", f"<{path}>") for focus, path in wanted}
    found: defaultdict[Sought, set[str]] = defaultdict(set)
    for line in lines:
        subject, predicate, _ = line.split(" ", 2)
        if (subject, predicate) in begins:
            (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(claims):
                found[str(quad.subject)[1:-1], quad.predicate.value].add(quad.graph_name.value)
    return found


def _reasons(lines: Iterable[str], claims: AbstractSet[str], mint: Minter) -> Mapping[str, tuple[str, str]]:
    """Why each of some claims does not enter the default graph, by what `graph/claims` says of it."""
    ends = f" <{mint.graph('claims')}> ."
    known: dict[str, dict[str, str]] = {claim: {} for claim in claims}
    opposed: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        if not line.endswith(ends):
            continue
        subject, predicate, value = line.removesuffix(ends).split(" ", 2)
        one, name, other = subject[1:-1], predicate[1:-1].removeprefix(ZEL), value[1:-1]
        if name == "contradicts":
            opposed[one].add(other)
            opposed[other].add(one)
        elif name in {"reviewStatus", "modality"}:
            known.setdefault(one, {})[name] = other
    return {claim: _reason(claim, known, opposed[claim]) for claim in claims}


def _reason(claim: str, known: Mapping[str, Mapping[str, str]], opposed: AbstractSet[str]) -> tuple[str, str]:
    """Why a claim does not enter, and what to do about it."""
    status, modality = (known[claim].get(name, "") for name in ("reviewStatus", "modality"))
    if status != _REVIEWED:
        return f"{status.rpartition('/')[2] or 'without a review status'}", "review that claim"
    if any(one != claim and known.get(one, {}).get("reviewStatus") == _REVIEWED for one in opposed):
        return "contradicted by another reviewed claim", "state it in a claim of its own, apart from what is contested"
    name = modality.rpartition("/")[2]
    cure = "state it in a claim that is a thing done (docs/claims.md, The default graph)"
    return ("a plan that names nothing pending" if name in _PLANS else f"of the modality '{name}'"), cure


def _told(claims: AbstractSet[str], reasons: Mapping[str, tuple[str, str]], mint: Minter) -> str:
    kinds: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for claim in sorted(claims):
        kinds[reasons[claim]].append(claim)
    said = "; ".join(f"{_named(members, mint)}, {why}" for (why, _), members in kinds.items())
    cures = " or ".join(dict.fromkeys(cure for _, cure in kinds))
    return f"outside of the default graph it is stated by {said}: {cures}"


def _named(claims: Sequence[str], mint: Minter) -> str:
    names = [claim.removeprefix(mint.claim("")) for claim in claims]
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more
