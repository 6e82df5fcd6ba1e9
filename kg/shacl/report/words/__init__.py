"""What results say in Arabic, French and English."""

from __future__ import annotations

from kg.shacl.report.words.language import Language
from kg.shacl.report.words.sentences import LANGUAGES, language_of, sentence, word

__all__ = ["LANGUAGES", "Language", "language_of", "sentence", "word"]
