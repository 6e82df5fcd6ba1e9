"""Search for people and programs: pages and JSON over the index of the texts of a release."""

from typing import Final

MOST: Final = 1_000
"""Texts of a search that are looked at: what is found by others only is not shown, and the answer says so."""
LIMIT: Final = 20
"""Things that are given at once, unless it is said how many."""
MOST_AT_ONCE: Final = 100
LONGEST_TYPE: Final = 2_000
"""Characters of the name of a class."""
LANGUAGE: Final = "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,7}"
"""What a language tag looks like, near enough (RFC 5646, section 2.1)."""
FORMATS: Final = ("json", "application/json", "html", "text/html")
"""The values of `format`."""
