"""Candidates for matches with Wikidata: asked of a service that the user names, written for a person to decide on."""

from __future__ import annotations

from kg.linking.endpoint import ask_endpoint
from kg.linking.model import Candidate, Signature, Threshold, Wanted, permitted
from kg.linking.reconciliation import ask_reconciliation
from kg.linking.sheet import appended, new_file, proposals, wanted

__all__ = [
    "Candidate",
    "Signature",
    "Threshold",
    "Wanted",
    "appended",
    "ask_endpoint",
    "ask_reconciliation",
    "new_file",
    "permitted",
    "proposals",
    "wanted",
]
