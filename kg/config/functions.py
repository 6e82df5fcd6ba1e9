"""Where the functions of a project's own stand: one Python file, which `kg.toml` names and nothing else can."""

from __future__ import annotations

from pathlib import Path

from kg.config import FILE_NAME, Config, find_project, read_config
from kg.errors import ConfigError, Position


def own_functions(config: Config) -> Path | None:
    """The file that `[paths] functions` names, if it names one.

    :raises ConfigError: if it is not there, or lies outside of the project
    """
    stated = config.paths.functions
    if not stated:
        return None
    path = config.root / stated
    is_inside = path.resolve().is_relative_to(config.root.resolve())
    if path.is_file() and is_inside:
        return path
    file = config.root / FILE_NAME
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    line = next((number for number, text in enumerate(lines, 1) if text.lstrip().startswith("functions")), 1)
    what = f"there is no file '{stated}'" if is_inside else f"'{stated}' leads out of the project"
    raise ConfigError(f"[paths] functions: {what}", position=Position(str(file), line))


def functions_for(mapping: Path) -> Path | None:
    """The file of the project that a mapping lies in; of a project that names none, nothing else is looked at.

    :raises ConfigError: if the settings of the project cannot be read, or the file is not there
    """
    root = find_project(mapping.absolute().parent)
    if root is None or "functions" not in (root / FILE_NAME).read_text(encoding="utf-8", errors="replace"):
        return None
    return own_functions(read_config(root))
