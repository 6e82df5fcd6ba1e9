"""Texts of Turtle, as first mappings are written."""

from __future__ import annotations

import json
import re


def quoted(text: str) -> str:
    """A Turtle string on one line; the escapes of JSON are among those of Turtle (section 6.4)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F").replace("\x85", "\\u0085")


def braced(name: str) -> str:
    """A column's name inside a template: braces and backslashes are escaped (RML-Core, string templates)."""
    return re.sub(r"[\\{}]", lambda found: "\\" + found[0], name)


def call(function: str, name: str, **more: str) -> str:
    """A function of a column, as the inside of a term map."""
    return call_of(function, f"rml:reference {quoted(name)}", **more)


def call_of(function: str, inner: str, **more: str) -> str:
    """A function of what the inside of a term map gives."""
    inputs = [f"[ rml:parameter fn:text ; rml:inputValueMap [ {inner} ] ]"]
    inputs += [f"[ rml:parameter fn:{key} ; rml:inputValue {quoted(value)} ]" for key, value in more.items()]
    return f"rml:functionExecution [ rml:function fn:{function} ; rml:input {' , '.join(inputs)} ]"
