"""A text in lines of a picture, which does not break lines by itself."""

from __future__ import annotations


def broken(text: str, room: int, most: int) -> tuple[str, ...]:
    """A text in `most` lines of `room` characters at most, broken between words; what has no room is cut.

    >>> broken("Ministry of Digital Transition and Administration Reform", 22, 2)
    ('Ministry of Digital', 'Transition and…')
    >>> broken("a" * 30, 10, 2)
    ('aaaaaaaaa…',)
    """
    lines = [""]
    for word in text.split():
        grown = f"{lines[-1]} {word}".strip()
        if len(grown) <= room or not lines[-1]:
            lines[-1] = grown
        else:
            lines.append(word)
    shown = [cut(line, room) for line in lines[:most]]
    if len(lines) > most and not shown[-1].endswith("…"):
        shown[-1] = cut(f"{shown[-1]}…", room)
    return tuple(shown)


def cut(text: str, room: int) -> str:
    """A text in one line of `room` characters at most.

    >>> cut("Hespress, on maghress.com", 12), cut("MAP", 12)
    ('Hespress, o…', 'MAP')
    """
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
