"""Single mutations of a module: what a slip of the hand would leave behind, one at a time.

Left out is what no test can see, or should: docstrings, annotations, decorators and bases of classes, assertions (they
are for the type checker), `if TYPE_CHECKING`, the raise that ends a `match`, and the wording of messages: a text with
a blank, or an f-string, in `raise`, in a call of `WORDED`, or under a name of `WORDED_NAMES`. A code such as
`"no-service"` is no wording, for it decides.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

WORDED = re.compile(
    r"(Problem|Error|Refused|Violation|Failed|Invalid|Exceeded|_bad|fault|fail|warn|warning|info|debug)$"
)
"""Calls whose texts are read by people."""
WORDED_NAMES = {"message", "messages", "hint", "hints", "reason", "what", "said"}
SAME_ANYWAY = {"strict", "encoding", "slots", "newline", "stacklevel"}
"""Keywords without which nothing changes that a test could see on this platform, or only for impossible input."""
TURNED = {
    ast.Eq: ("==", ["!="]), ast.NotEq: ("!=", ["=="]), ast.Lt: ("<", ["<=", ">"]), ast.LtE: ("<=", ["<", ">="]),
    ast.Gt: (">", [">=", "<"]), ast.GtE: (">=", [">", "<="]), ast.In: ("in", ["not in"]), ast.NotIn: ("not in", ["in"]),
    ast.Is: ("is", ["is not"]), ast.IsNot: ("is not", ["is"]),
}  # fmt: skip
CALCULATED = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "+"), ast.FloorDiv: ("//", "*"), ast.Mod: ("%", "*"),
    ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|"), ast.Pow: ("**", "*"), ast.Div: ("/", "*"),
}  # fmt: skip
PAIRS = [
    ("min", "max"), ("any", "all"), ("startswith", "endswith"), ("lower", "upper"), ("lstrip", "rstrip"),
    ("partition", "rpartition"), ("removeprefix", "removesuffix"), ("find", "rfind"), ("match", "search"),
    ("fullmatch", "match"), ("union", "intersection"), ("append", "extend"),
]  # fmt: skip
INSTEAD = {old: new for one, other in PAIRS for old, new in ((other, one), (one, other))} | {"sorted": "list"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module."""

    line: int
    scope: str
    """The function or class in which it stands."""
    what: str
    was: str
    """The lines that it changes, without indentation."""
    now: str
    text: str
    """The whole module with the change."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str
    what: str


@dataclass(frozen=True, slots=True)
class _Place:
    scope: str = ""
    message: bool = False

    def within(self, name: str) -> _Place:
        return _Place(f"{self.scope}.{name}".strip("."), self.message)

    @property
    def worded(self) -> _Place:
        return _Place(self.scope, message=True)


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module that differs from it and from the others, in the order of the text.

    >>> [m.now for m in mutants("def f(a):\\n    return a < 1\\n")]
    ['return None', 'return a <= 1', 'return a > 1', 'return a < 2', 'return a < 0']
    """
    tree = ast.parse(source)
    seen = {ast.dump(tree)}
    found = []
    octets = source.encode()
    for scope, edit in _Reader(source).edits(tree):
        text = (octets[: edit.start] + edit.text.encode() + octets[edit.end :]).decode()
        try:
            shape = ast.dump(ast.parse(text))
        except SyntaxError:
            continue
        if shape not in seen:
            seen.add(shape)
            line = octets.count(b"\n", 0, edit.start) + 1
            found.append(Mutant(line, scope, edit.what, *_changed(source, text), text))
    return found


def _changed(source: str, text: str) -> tuple[str, str]:
    was, now = source.splitlines(), text.splitlines()
    codes = [c for c in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if c[0] != "equal"]
    first, last = codes[0], codes[-1]
    sides = (was[first[1] : last[2]], now[first[3] : last[4]])
    before, after = ("\n".join(line.strip() for line in side) for side in sides)
    return before, after


class _Reader:
    def __init__(self, source: str) -> None:
        self._octets = source.encode()
        starts = [0]
        for line in self._octets.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        self._starts = starts

    def edits(self, tree: ast.Module) -> Iterator[tuple[str, _Edit]]:
        yield from self._body(tree.body, _Place())

    # --- the walk: what is left out, and what is a message

    def _body(self, body: list[ast.stmt], place: _Place) -> Iterator[tuple[str, _Edit]]:
        for before, statement in zip([None, *body], body, strict=False):
            # The house's rule: every ladder ends in a raise, which nothing reaches.
            if not (isinstance(statement, ast.Raise) and isinstance(before, ast.Match)):
                yield from self._walk(statement, place)

    def _walk(self, node: ast.AST, place: _Place) -> Iterator[tuple[str, _Edit]]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            place = place.within(node.name)
            defaults = [] if isinstance(node, ast.ClassDef) else [*node.args.defaults, *node.args.kw_defaults]
            for default in filter(None, defaults):
                yield from self._walk(default, place)
            yield from self._body(node.body, place)
            return
        if self._is_left_out(node):
            return
        for edit in self._edits_of(node, place):
            yield place.scope, edit
        if isinstance(node, ast.JoinedStr):
            return  # places within an f-string are not exact
        for child in self._children(node):
            yield from self._walk(child, place.worded if self._is_message(node, child) else place)

    def _is_left_out(self, node: ast.AST) -> bool:
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Pass():
                return True
            case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Global() | ast.Nonlocal():
                return True
            case ast.keyword(arg=str() as name):
                return name in SAME_ANYWAY
            case ast.Assign(targets=[ast.Name(id=name)]):
                return name in {"__all__", "__slots__"}
        return False

    def _children(self, node: ast.AST) -> Iterator[ast.AST]:
        match node:
            case ast.AnnAssign():
                yield from filter(None, (node.value,))
            case ast.Call(func=ast.Name(id="cast")):
                yield from node.args[1:]
            case ast.Lambda():
                yield node.body
            case _:
                yield from ast.iter_child_nodes(node)

    def _is_message(self, node: ast.AST, child: ast.AST) -> bool:
        match node:
            case ast.Raise():
                return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                return WORDED.search(name) is not None and child is not node.func
            case ast.keyword(arg=str() as name):
                return name in WORDED_NAMES
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name.strip("_").lower() in WORDED_NAMES
        return False

    # --- the edits of one node

    def _edits_of(self, node: ast.AST, place: _Place) -> Iterator[_Edit]:
        yield from self._of_condition(node)
        match node:
            case ast.Compare():
                yield from self._of_compare(node)
            case ast.BoolOp():
                yield from self._of_bool(node)
            case ast.BinOp():
                yield from self._of_calculation(node)
            case ast.UnaryOp(op=ast.Not()):
                yield self._edit(node, self._text(node.operand), "`not` removed")
            case ast.Constant():
                yield from self._of_constant(node, place)
            case ast.JoinedStr():
                yield from self._of_joined(node, place)
            case ast.Call() if not (isinstance(node.func, ast.Name) and node.func.id == "cast"):
                yield from self._of_call(node)
            case ast.stmt():
                yield from self._of_statement(node)

    def _of_condition(self, node: ast.AST) -> Iterator[_Edit]:
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield self._edit(test, f"not ({self._text(test)})", "condition negated")
            case ast.comprehension(ifs=tests):
                for test in tests:
                    yield self._edit(test, f"not ({self._text(test)})", "condition negated")
                    yield self._edit(test, "True", "condition removed")

    def _of_compare(self, node: ast.Compare) -> Iterator[_Edit]:
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            old, instead = TURNED[type(operator)]
            for new in instead:
                yield from self._between(left, right, old, new)

    def _of_bool(self, node: ast.BoolOp) -> Iterator[_Edit]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in itertools.pairwise(node.values):
            yield from self._between(left, right, old, new)
        for value in node.values:
            yield self._edit(value, "True" if old == "and" else "False", "operand removed")

    def _of_calculation(self, node: ast.BinOp) -> Iterator[_Edit]:
        is_text = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        if is_text or isinstance(node.left, ast.JoinedStr):
            return
        if type(node.op) in CALCULATED:
            yield from self._between(node.left, node.right, *CALCULATED[type(node.op)])

    def _of_constant(self, node: ast.Constant, place: _Place) -> Iterator[_Edit]:
        match node.value:
            case bool():
                yield self._edit(node, str(not node.value), "constant")
            case int() | float():
                yield self._edit(node, repr(node.value + 1), "constant")
                yield self._edit(node, repr(node.value - 1), "constant")
            case str() if not (place.message and re.search(r"\s", node.value)):
                yield self._edit(node, repr(misspelt(node.value)), "text misspelt")
            case bytes():
                yield self._edit(node, repr(misspelt(node.value.decode("latin-1")).encode("latin-1")), "text misspelt")

    def _of_joined(self, node: ast.JoinedStr, place: _Place) -> Iterator[_Edit]:
        if place.message:
            return
        for at, part in enumerate(node.values):
            if isinstance(part, ast.Constant):
                values = [*node.values]
                values[at] = ast.Constant(misspelt(part.value))
                yield self._edit(node, ast.unparse(ast.JoinedStr(values)), "text misspelt")

    def _of_call(self, node: ast.Call) -> Iterator[_Edit]:
        given = [*node.args, *(keyword for keyword in node.keywords if keyword.arg)]
        for before, dropped in itertools.pairwise(given):
            if not isinstance(dropped, ast.keyword) or dropped.arg not in SAME_ANYWAY:
                yield _Edit(self._span(before)[1], self._span(dropped)[1], "", "argument dropped")
        if isinstance(node.func, ast.Name) and node.func.id in INSTEAD:
            yield self._edit(node.func, INSTEAD[node.func.id], "another function")
        elif isinstance(node.func, ast.Attribute) and node.func.attr in INSTEAD:
            end = self._span(node.func)[1]
            yield _Edit(end - len(node.func.attr.encode()), end, INSTEAD[node.func.attr], "another function")

    def _of_statement(self, node: ast.stmt) -> Iterator[_Edit]:
        match node:
            case ast.Return(value=ast.Constant(value=bool())):
                return  # where a truth is asked for, None is False; the constant is turned around instead
            case ast.Return(value=ast.expr() as value):
                yield self._edit(value, "None", "nothing returned")
            case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
                yield self._edit(node, "pass", "statement deleted")
            case ast.Assign(targets=[ast.Subscript() | ast.Attribute(), *_]):
                yield self._edit(node, "pass", "statement deleted")
            case ast.Continue():
                yield self._edit(node, "break", "another jump")
                yield self._edit(node, "pass", "statement deleted")
            case ast.Break():
                yield self._edit(node, "continue", "another jump")
                yield self._edit(node, "pass", "statement deleted")

    # --- places in the text

    def _span(self, node: ast.AST) -> tuple[int, int]:
        start = self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self._octets[start:end].decode()

    def _edit(self, node: ast.AST, text: str, what: str) -> _Edit:
        return _Edit(*self._span(node), text, what)

    def _between(self, left: ast.AST, right: ast.AST, old: str, new: str) -> Iterator[_Edit]:
        """The operator between two operands turned into another one."""
        start, end = self._span(left)[1], self._span(right)[0]
        words = rb"\s+".join(re.escape(word.encode()) for word in old.split())
        found = re.search(words, self._octets[start:end])
        if found:
            yield _Edit(start + found.start(), start + found.end(), new, f"{old} as {new}")


def misspelt(text: str) -> str:
    """A text with another letter in its middle.

    >>> misspelt("SERVICE"), misspelt("")
    ('SERQICE', 'Q')
    """
    at = len(text) // 2
    return text[:at] + ("X" if text[at : at + 1] in {"q", "Q"} else "Q") + text[at + 1 :]
