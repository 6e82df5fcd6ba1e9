"""The verdict as a value, and the forms it is written in."""

from __future__ import annotations

from kg.shacl.report.reason import Reason
from kg.shacl.report.results import SH, VIOLATION, Message, Result
from kg.shacl.report.turtle import literal_text
from kg.shacl.report.verdict import Report, make_report, renamed

__all__ = ["SH", "VIOLATION", "Message", "Reason", "Report", "Result", "literal_text", "make_report", "renamed"]
