"""Functions that documents of yarrrml-parser call and nobody has published: each gives something of its values.

What they would do is not known; that they are called, by which names and with which values, is. They are read as a
project's own functions are.
"""

from __future__ import annotations

_AUTHORS = "https://betweenourworlds.org/function/"


def get_class(value: str) -> str:
    """A class."""
    return f"http://example.com/class/{value}"


def get_stream_agent(value: str) -> str:
    """An agent."""
    return f"http://example.com/agent/{value}"


def get_sensor_classes(metrics: list[str]) -> list[str]:
    """Classes."""
    return [f"http://example.com/class/{len(one)}" for one in metrics]


def parse_date(text: str, date: str) -> str:
    """An address with a date."""
    return text + date


def do_something(preferred: str, alternative: str) -> str:
    """An IRI."""
    return f"http://example.com/{preferred}/{alternative}"


def to_small_letters(text: str) -> str:
    """A text in small letters."""
    return text.lower()


def mapped(text: str, table: str) -> str:
    """A text by a table."""
    return f"{text} of {len(table)}"


NAMES = {
    "get_class": f"{_AUTHORS}getClass",
    "get_stream_agent": f"{_AUTHORS}getStreamAgent",
    "get_sensor_classes": "http://example.com/idlab/functions/dyversify/getSensorClasses",
    "get_sensor_classes.metrics": "https://w3id.org/imec/idlab/function#list",
    "parse_date": "http://example.com/functions#parseDate",
    "parse_date.text": "http://example.com/functions#valueParameter",
    "parse_date.date": "http://example.com/functions#valueParameter2",
    "do_something": "http://example.com/doSomething",
    "to_small_letters": "http://example.com/toLowerCase",
    "to_small_letters.text": "http://example.com/input",
    "mapped": "http://example.com/idlab/functions/string/map",
    "mapped.text": "http://example.com/idlab/functions/string/valueParameter",
    "mapped.table": "http://example.com/idlab/functions/string/mappingParameter",
}
