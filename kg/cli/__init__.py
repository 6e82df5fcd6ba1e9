"""The command line: one small module for each command; the only code that prints or exits."""

from __future__ import annotations
