"""What a project expects of itself: its questions with their answers, and cases of its own shapes."""

from __future__ import annotations

from kg.competency.asking import Asker
from kg.competency.cases import Cases
from kg.competency.findings import Trial, to_json, to_junit, to_text
from kg.competency.questions import Questions

__all__ = ["Asker", "Cases", "Questions", "Trial", "to_json", "to_junit", "to_text"]
