"""`kg dev`: a project is built anew whenever a file of it is saved, and its pages follow."""

from __future__ import annotations

from kg.cli.dev.command import dev

__all__ = ["dev"]
