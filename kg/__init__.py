"""Zellige: knowledge graphs whose every triple has its evidence."""

from __future__ import annotations
