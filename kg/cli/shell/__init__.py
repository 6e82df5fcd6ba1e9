"""What a person meets in a shell before a command runs: the list of commands, what is mistyped, completion."""

from __future__ import annotations
