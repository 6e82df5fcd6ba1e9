"""Random queries in all spellings that the language has: lists, brackets, collections, prefixes, letters of either case.

They are texts and not trees, so that what reads them is judged by the engine and not by what writes them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

P = "PREFIX : <http://e/> PREFIX x: <http://e/x#> "
_VARIABLES = "abcdef"
_FUNCTIONS = (
    "STR({})", "isIRI({})", "ISBLANK({})", "lang({})", "datatype({})", "bound(?a)", "ABS({})", "strlen(STR({}))",
    "UCASE(STR({}))", "IF(BOUND(?b), {}, {})", "coalesce({}, {})", "CONCAT(STR({}), 'x')", "regex(STR({}), \"^.*1\", 'i')",
    "SUBSTR(STR({}), 1, 2)", "replace(STR({}), 't', 'u')", "sameTerm({}, {})", "langMatches(LANG({}), '*')",
    "isNumeric({})", "STRDT(STR({}), <http://e/d>)", "iri(CONCAT('http://e/', STR({})))", "YEAR({})", "md5(STR({}))",
    "<http://www.w3.org/2001/XMLSchema#integer>({})", "isTRIPLE({})", "contains(STR({}), STR({}))", "ceil({})",
)  # fmt: skip


class Spellings:
    """Makes queries over the data of `DATA`."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._new = 0

    def variable(self) -> str:
        return self.chance.choice("?$") + self.chance.choice(_VARIABLES)

    def fresh(self) -> str:
        self._new += 1
        return f"?n{self._new}"

    def term(self) -> str:
        return self.chance.choice(
            [
                self.variable(), self.variable(), self.variable(), ":t", "x:a\\-b", "'?a { # }'", '"""a "b" """', "7", "-1", "2.5",
                "1e0", "true", "<t>", "<http://e/?a=*>", "'mot'@fr", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', "()",
            ]
        )  # fmt: skip

    def node(self, depth: int) -> str:
        if depth and not self.chance.randrange(3):
            return self.chance.choice(
                [
                    f"[ {self.properties(depth - 1)} ]",
                    f"( {self.node(depth - 1)} {self.node(depth - 1)} )",
                    "[]",
                    f"<<( {self.variable()} :p {self.variable()} )>>",
                    f"<< {self.variable()} :p {self.variable()} >>",
                    f"<< :s :q {self.variable()} ~ {self.variable()} >>",
                ]
            )
        return self.term()

    def path(self) -> str:
        return self.chance.choice(
            [
                ":p", "a", "x:q", "<p>", ":p*/^:q", "!(:p|^:q)+", "(:p/:q)|^x:q", "^(:p|:q)?", "(:p)", "!a", "^:p", ":p|:q/:r*",
                self.variable(),
            ]
        )  # fmt: skip

    def properties(self, depth: int) -> str:
        lists = [
            f"{self.path()} {' , '.join(self.node(depth) for _ in range(self.chance.randint(1, 2)))}"
            for _ in range(self.chance.randint(1, 2))
        ]
        return " ; ".join(lists) + self.chance.choice(["", "", " ;", ";;"])

    def triples(self) -> str:
        subject = self.chance.choice([self.variable(), ":s", f"[ {self.properties(1)} ]", f"( {self.term()} )"])
        annotation = f":s :p {self.variable()} {{| :q {self.variable()} |}}" if not self.chance.randrange(8) else ""
        return annotation or f"{subject} {self.properties(1)}"

    def expression(self, depth: int = 3) -> str:  # noqa: PLR0911
        if not depth:
            return self.chance.choice([self.variable(), self.variable(), "1", "2.5", "'t'", ":t", "-3", "true", "+1"])

        def inner() -> str:
            return self.expression(self.chance.randrange(depth))

        match self.chance.randrange(9):
            case 0 | 1:
                return f"{inner()}{self.chance.choice([' || ', '&&', ' && ', '||'])}{inner()}"
            case 2:
                left, right = (self.expression(0) for _ in "lr")
                return f"{left}{self.chance.choice([' = ', '!=', ' < ', '<', ' >', '<=', ' >= '])}{right}"
            case 3 | 4:
                return f"{inner()} {self.chance.choice('+-*/')} {self.expression(0)}"
            case 5:
                return f"({inner()})"
            case 6:
                return f"{self.chance.choice(['!', '-', '+', '! '])}({inner()})"
            case 7:
                word = self.chance.choice(["IN", "not in", "NOT IN"])
                return f"{self.expression(0)} {word} ({', '.join(inner() for _ in range(self.chance.randrange(3)))})"
        return self.chance.choice(_FUNCTIONS).format(inner(), inner())

    def condition(self) -> str:
        if not self.chance.randrange(4):
            return f"{self.chance.choice(['', 'NOT '])}EXISTS {self.group(1)}"
        return f"({self.expression()})"

    def select(self, depth: int) -> str:
        where = self.group(depth)
        match self.chance.randrange(3):
            case 0:
                head = self.chance.choice(["*", "DISTINCT *", "reduced *"])
                tail = ""
            case 1:
                head = f"{self.variable()} ({self.expression()} AS {self.fresh()})"
                tail = self.chance.choice(["", f" ORDER BY {self.variable()} DESC({self.expression(1)})"])
            case _:
                key = self.variable()
                count = self.chance.choice(
                    [
                        "COUNT(*)", "count(distinct *)", f"SUM({self.expression(1)})", f"MIN({self.variable()})", f"sample({key})",
                        f"COUNT(DISTINCT {self.variable()})", f"GROUP_CONCAT({self.variable()}; SEPARATOR=', ')",
                    ]
                )  # fmt: skip
                head = f"{key} ({count} AS {self.fresh()})"
                tail = f" GROUP BY {key}" + self.chance.choice(["", " HAVING (COUNT(*) > 1)"])
        values = self.chance.choice(["", "", f" VALUES {self.variable()} {{ 1 :t UNDEF }}"])
        return f"SELECT {head} {self.chance.choice(['WHERE ', '', 'where'])}{where}{tail}{values}"

    def element(self, depth: int) -> str:
        makers: list[Callable[[], str]] = [
            lambda: f"FILTER {self.condition()}",
            lambda: f"filter({self.expression()})",
            lambda: f"BIND({self.expression()} AS {self.fresh()})",
            lambda: f"VALUES ({self.variable()} {self.fresh()}) {{ (1 '}}') (UNDEF <http://e/>) }}",
            lambda: f"values {self.variable()} {{ 1 :t 'mot'@fr }}",
            lambda: "# ?m { *\n",
        ]
        if depth:
            makers += [
                lambda: f"OPTIONAL {self.group(depth - 1)}",
                lambda: f"MINUS {self.group(depth - 1)}",
                lambda: f"GRAPH {self.chance.choice([self.variable(), ':g', '<g>'])} {self.group(depth - 1)}",
                lambda: f"{self.group(depth - 1)} UNION {self.group(depth - 1)}",
                lambda: self.group(depth - 1),
                lambda: f"{{ {self.select(depth - 1)} }}",
            ]
        return self.chance.choice(makers)()

    def group(self, depth: int) -> str:
        parts: list[str] = []
        for _ in range(self.chance.randrange(4)):
            if self.chance.random() < 0.6:
                parts.append(f"{self.triples()} .")
            else:
                parts.append(self.element(depth) + self.chance.choice(["", "", " ."]))
                if parts[-1].endswith("\n ."):
                    parts.pop()
        return f"{{ {' '.join(parts)} }}"

    def query(self) -> str:
        dataset = self.chance.choice(["", "", "", "FROM :g FROM NAMED <g> "])
        match self.chance.randrange(6):
            case 0:
                return f"{P}ASK {dataset}{self.group(2)}"
            case 1:
                return f"{P}CONSTRUCT {{ {self.variable()} :made [ :of {self.variable()} ] }} {dataset}{self.group(2)}"
        return P + self.select(2)


DATA = """
<http://e/s> <http://e/p> <http://e/t>, 1, 7, "t", "mot"@fr, 2.5 ; <http://e/q> <http://e/t>, true ; a <http://e/t> .
<http://e/t> <http://e/p> <http://e/s>, -1 ; <http://e/x#q> "?a { # }", 1e0 ; <http://e/q> ( 1 7 ) .
<http://e/s> <http://e/r> [ <http://e/p> 7 ; <http://e/q> <http://e/s> ] .
<http://e/n> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <http://e/s> <http://e/p> 7 )>> ; <http://e/q> 2 .
"""
GRAPH = """
<http://e/s> <http://e/p> <http://e/u>, 3 . <http://e/u> <http://e/q> "u"@fr ; <http://e/p> <http://e/t> .
"""
