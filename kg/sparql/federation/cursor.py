"""A place in a sequence of tokens, and the ways to go on from it."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import Problem, QueryRefused
from kg.sparql.federation.structure import Span
from kg.sparql.language.tokens import Kind, Source, Token


class Cursor:
    """Goes through tokens one by one."""

    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self.source, self.tokens, self.place = source, tokens, 0
        self.end = Token(Kind.MARK, "", len(source.text), len(source.text))

    @property
    def next(self) -> Token:
        """The token at the present place; an empty one at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else self.end

    def take(self) -> Token:
        """The present token, which is passed."""
        token = self.next
        if token is self.end:
            raise self.refused("the query ends too early")
        self.place += 1
        return token

    def took_word(self, *words: str) -> bool:
        """Pass one of these keywords, if it stands here."""
        found = self.next.is_word(*words)
        self.place += found
        return found

    def took_mark(self, mark: str) -> bool:
        """Pass this punctuation, if it stands here."""
        found = self.next.is_mark(mark)
        self.place += found
        return found

    def expect(self, mark: str) -> None:
        """Pass this punctuation, which must stand here."""
        if not self.took_mark(mark):
            raise self.refused(f"{mark!r} is expected before {self.next.text[:40]!r}")

    def span(self, start: int) -> Span:
        """From `start` to the present place."""
        return Span(start, self.place)

    def variable(self) -> str:
        """Pass a variable; its name without the mark."""
        token = self.take()
        if token.kind is not Kind.VARIABLE:
            raise self.refused(f"a variable is expected in place of {token.text[:40]!r}")
        return token.text[1:]

    def refused(self, message: str) -> QueryRefused:
        """The refusal of what stands at the present place."""
        place = self.source.position(self.next.start)
        hint = "write the part around SERVICE in plainer SPARQL 1.1"
        return QueryRefused(problems=[Problem("service-unplanned", message, place, hint=hint)])
