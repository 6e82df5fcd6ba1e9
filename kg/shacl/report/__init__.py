"""The verdict as a value, and the forms it is written in."""

from __future__ import annotations

from kg.shacl.report.results import (
    SH,
    VIOLATION,
    Message,
    Report,
    Result,
    literal_text,
    make_report,
)

__all__ = ["SH", "VIOLATION", "Message", "Report", "Result", "literal_text", "make_report"]
