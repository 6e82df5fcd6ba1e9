"""The addresses of the reconciliation service: version 0.2 of its API, and the draft of 1.0."""

from __future__ import annotations

from typing import Final

from server.http.protocol import FORM
from server.openapi.answers import EVERY, PAGES, problem
from server.openapi.model import Answer, Content, Operation, Parameter, Route, reference

_TAG: Final = "Reconciliation"
_JSON: Final = "application/json"
_SCRIPT: Final = Content(("text/javascript",), "Script")
_SENT: Final = ("Vary", *EVERY)
_HEADERS: Final = ("Cache-Control", *_SENT)
_WRONG: Final = (problem(400), problem(500), problem(503))
_UNCHANGED: Final = Answer(304, "The client has the answer already", (), ("ETag", *EVERY))
_READ: Final = (_UNCHANGED, problem(412), problem(500), problem(503))
"""What else a GET may be answered whose answer can be kept."""
_NAMES: Final = ("lang", "acceptLanguage")
_SPOKEN: Final = (*_NAMES, "ifNoneMatch")
_COUNT: Final = {"type": "integer", "minimum": 0, "maximum": 99_999}
_CALLBACK: Final = Parameter(
    "callback", "query",
    {"type": "string", "pattern": r"^[A-Za-z_$][A-Za-z0-9_$]{0,99}(\.[A-Za-z_$][A-Za-z0-9_$]{0,99}){0,5}$"},
    "The name of a function that the answer calls (JSONP, version 0.2)",
)  # fmt: skip
_PREFIX: Final = Parameter("prefix", "query", {"type": "string", "maxLength": 500}, "A name half typed")
_CURSOR: Final = Parameter("cursor", "query", _COUNT, "How many to leave out", may_be_empty=True)
_LIMIT: Final = Parameter("limit", "query", _COUNT, "How many to give", may_be_empty=True)
_TYPE: Final = Parameter("type", "query", {"type": "string"}, "The identifier of a type")
_ID: Final = Parameter("id", "query", {"type": "string"}, "The identifier of a thing", required=True)
_KIND: Final = Parameter(
    "kind", "path", {"type": "string", "enum": ["entity", "type", "property"]}, "What is suggested", required=True
)


def _json(schema: str, *more: Content, headers: tuple[str, ...] = _HEADERS) -> Answer:
    return Answer(200, "Done", (Content((_JSON,), schema), *more), headers)


def _in_json(name: str, schema: str, description: str) -> Parameter:
    return Parameter(name, "query", reference("schemas", schema), description, in_json=True)


def _endpoint() -> Route:
    contents = tuple(Content((_JSON,), schema) for schema in ("Manifest", "Candidates", "Columns"))
    answer = Answer(200, "Candidates or columns", contents[1:], _SENT)
    scripted = Answer(200, "The manifest, candidates or columns", (*contents, _SCRIPT), _HEADERS)
    queries = _in_json("queries", "Batch", "A batch of queries, in JSON")
    extend = _in_json("extend", "Extension", "A data extension, in JSON")
    return Route(
        "/reconcile",
        (
            Operation(
                "get", "reconcile", "The manifest; candidates for `queries`; columns for `extend`", _TAG,
                (scripted, problem(400), problem(413), *_READ), (queries, extend, _CALLBACK, *_SPOKEN),
            ),
            Operation(
                "post", "postReconcile", "Candidates for `queries`; columns for `extend`", _TAG,
                (answer, *_WRONG, problem(413), problem(415)), _NAMES,
                (Content((FORM, "multipart/form-data"), "ReconcileForm"),),
            ),
        ),
        ("/reconcile/",),
    )  # fmt: skip


def _draft() -> tuple[Route, ...]:
    sent = (*_WRONG, problem(413), problem(415))
    candidates, columns = (_json(schema, headers=_SENT) for schema in ("DraftCandidates", "DraftColumns"))
    return (
        Route(
            "/reconcile/draft",
            (
                Operation(
                    "get", "readDraftManifest", "The manifest (draft of 1.0)", _TAG,
                    (_json("DraftManifest"), *_READ), _SPOKEN,
                ),
            ),
            ("/reconcile/draft/",),
        ),
        Route(
            "/reconcile/draft/reconcile",
            (
                Operation(
                    "post", "draftReconcile", "Candidates (draft of 1.0)", _TAG, (candidates, *sent),
                    ("acceptLanguage",), (Content((_JSON,), "DraftBatch"),),
                ),
            ),
        ),
        Route(
            "/reconcile/draft/extend",
            (
                Operation(
                    "post", "draftExtend", "Columns (draft of 1.0)", _TAG, (columns, *sent),
                    ("acceptLanguage",), (Content((_JSON,), "Extension"),),
                ),
            ),
        ),
    )  # fmt: skip


def _shared(root: str, version: str) -> tuple[Route, ...]:
    """What both versions have, below their own addresses."""
    leads = Answer(303, "Leads to the page of the thing", (PAGES,), ("Location", *EVERY))
    framed = Answer(200, "A page for a frame", (PAGES,), ("Content-Language", "ETag", *_HEADERS))
    return (
        Route(
            f"{root}/suggest/{{kind}}",
            (
                Operation(
                    "get", f"suggest{version}", "What a name half typed may become", _TAG,
                    (_json("Suggestions", _SCRIPT), problem(400), problem(404), *_READ),
                    (_KIND, _PREFIX, _CURSOR, _CALLBACK, *_SPOKEN),
                ),
            ),
        ),
        Route(
            f"{root}/extend/propose",
            (
                Operation(
                    "get", f"proposeProperties{version}", "Properties of a type", _TAG,
                    (_json("Properties", _SCRIPT), problem(400), *_READ),
                    (_TYPE, _LIMIT, _CALLBACK, *_SPOKEN),
                ),
            ),
        ),
        Route(
            f"{root}/preview",
            (
                Operation(
                    "get", f"preview{version}", "A small page on a thing", _TAG,
                    (framed, problem(404), *_READ), (_ID, *_SPOKEN),
                ),
            ),
        ),
        Route(
            f"{root}/view",
            (
                Operation(
                    "get", f"view{version}", "Leads to the page of a thing", _TAG,
                    (leads, problem(404), problem(500), problem(503)), (_ID,),
                ),
            ),
        ),
    )  # fmt: skip


ROUTES: Final = (_endpoint(), *_shared("/reconcile", ""), *_draft(), *_shared("/reconcile/draft", "Draft"))
