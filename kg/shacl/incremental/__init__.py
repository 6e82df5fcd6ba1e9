"""Proving a release again after a change: what the change cannot reach is taken from what was proved before."""

from __future__ import annotations

from kg.shacl.incremental.proving import FOLDER, Before, Proof, Proofs
from kg.shacl.incremental.revalidating import Revalidated, State, revalidate

__all__ = ["FOLDER", "Before", "Proof", "Proofs", "Revalidated", "State", "revalidate"]
