"""Dates as people write them: the names of months, and how what they write is to be written as data."""

from __future__ import annotations
