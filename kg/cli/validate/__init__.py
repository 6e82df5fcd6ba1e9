"""`kg validate`: any RDF against any shapes."""

from __future__ import annotations

from kg.cli.validate.command import validate

__all__ = ["validate"]
