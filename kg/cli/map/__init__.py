"""`kg map`."""

from kg.cli.map.command import map_command

__all__ = ["map_command"]
