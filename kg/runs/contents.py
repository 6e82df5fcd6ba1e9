"""What a release is made of, and the files and the id that follow from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from kg import description
from kg.config import Project
from kg.errors import UsageError
from kg.runs.graph import Graph
from kg.runs.kinds import with_description
from kg.store import Rule

CONTEXT: Final = "context.jsonld"
GRAPH: Final = "graph.nq.gz"
MANIFEST: Final = "manifest.json"
RULE: Final = "default-graph.rq"
STORE: Final = "store"
VOID: Final = "void.ttl"


@dataclass(frozen=True, slots=True)
class ReleaseContents:
    """Everything that a release is made of; `publish` adds nothing but the date that the environment sets."""

    graph: Graph
    """All statements, the derived default graph included."""
    project: Project
    rule: Rule
    """The rule that derived the default graph."""
    inputs: Mapping[str, str]
    """SHA-256 by path, relative to the project, with `/`."""
    versions: Mapping[str, str]
    """Version by program or library."""
    report_json: str
    report_ttl: str
    withheld: Mapping[str, int] = field(default_factory=dict)
    """How many claims each reason kept out of the default graph."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Further figures for the manifest."""
    context: bytes = b""
    """The JSON-LD context of the ontology; empty for a release without one."""
    builder: str = ""
    """A hash of the program that made them: while it and all that goes in are the same, so is the release."""
    warnings: tuple[str, ...] = ()
    """What was told of the proof and is no reason to stop."""
    presented: description.Presented = field(default_factory=description.Presented)
    """What is said of it for those who look for it or begin to ask it."""
    display: bytes = b""
    """In which order its things and the columns of its tables are shown; empty where nothing says it."""


def source_date(environ: Mapping[str, str]) -> str | None:
    """The date that SOURCE_DATE_EPOCH sets, in UTC, or None.

    :raises UsageError: if it is not a number of seconds

    >>> source_date({"SOURCE_DATE_EPOCH": "1767225600"}), source_date({})
    ('2026-01-01', None)
    """
    text = environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds, not {text!r}") from None


def compose(contents: ReleaseContents, issued: str | None) -> dict[str, bytes]:
    """The files of a release, the graph and the store apart.

    :raises OSError: if the packed graph cannot be read
    """
    counts = contents.graph.counts
    graph = {"bytes": contents.graph.size, "sha256": contents.graph.sha256}
    made = origin(contents.project, contents.rule, contents.inputs, contents.versions)
    manifest: dict[str, Any] = {
        **made.pop("project"),
        **made,
        "languages": list(contents.project.languages),
        "counts": {**contents.counts, **counts.to_json(), "withheld": dict(contents.withheld)},
        "files": {"graph.nq": graph},
        # Without blank nodes the canonical form of the dataset is its sorted lines.
        "rdfc10": graph["sha256"],
    }
    release_id = manifest["id"] = identify(manifest)
    if issued is not None:
        manifest["date"] = issued
    packed = description.Dump(contents.graph.packed_size, contents.graph.packed_sha256())
    about = description.About(contents.project, release_id, issued, contents.presented)
    files = {
        "report.json": contents.report_json.encode(),
        "report.ttl": contents.report_ttl.encode(),
        RULE: contents.rule.text.encode(),
        VOID: description.describe(counts, about, packed).encode(),
    }
    if contents.context:
        files[CONTEXT] = contents.context
    if contents.display:
        files[description.DISPLAY] = contents.display
    # Queries about the dataset are answered from the data together with their description.
    manifest["kinds"] = with_description(contents.graph.kinds, files[VOID])
    manifest["files"][GRAPH] = {"bytes": packed.size, "sha256": packed.sha256}
    for name, data in files.items():
        manifest["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    text = json.dumps(manifest, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    return {**files, MANIFEST: text.encode()}


def origin(project: Project, rule: Rule, inputs: Mapping[str, str], versions: Mapping[str, str]) -> dict[str, Any]:
    """What decides about a release, the statements apart, as its manifest has it."""
    return {
        "inputs": dict(inputs),
        "project": {
            "base": project.base,
            "description": dict(project.description),
            "licence": project.licence,
            "name": project.name,
            "publisher": project.publisher,
            "title": dict(project.title),
        },
        "rule": {"sha256": rule.sha256, "version": rule.version},
        "versions": dict(versions),
    }


def origin_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What decided about the release of a manifest.

    :raises KeyError: if the manifest lacks a part
    """
    own = {key: manifest[key] for key in ("base", "description", "licence", "name", "publisher", "title")}
    return {"project": own, **{key: manifest[key] for key in ("inputs", "rule", "versions")}}


def identify(manifest: Mapping[str, Any]) -> str:
    """The id that follows from what a release is made of; dates, reports and packing have no part in it.

    :raises KeyError: if the manifest lacks a part
    """
    identity = {"graph": manifest["files"]["graph.nq"]["sha256"], **origin_of(manifest)}
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
