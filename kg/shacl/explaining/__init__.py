"""Why a finding is one. Nothing here is asked before there is a finding: what conforms costs nothing."""

from __future__ import annotations

from kg.shacl.explaining.telling import told

__all__ = ["told"]
