"""The next token of a query, and what is said where none like it can stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kg.errors import QueryError
from kg.sparql.language.syntax import Span, Variable
from kg.sparql.language.tokens import Kind, Source, Token, tokens_of

DEPTH: Final = 64
"""How deep brackets, groups and lists may stand in one another: what reads a tree may then call itself for each."""


class Cursor:
    """A place in the tokens of a query."""

    def __init__(self, source: Source, tokens: Iterable[Token] | None = None) -> None:
        """Begin with the first token; `tokens`, without comments, are those of the source if they are known."""
        self.source = source
        end = len(source.text)
        known = tokens_of(source) if tokens is None else tokens
        self._rest = [token for token in known if token.kind is not Kind.COMMENT]
        self.taken: list[Token] = []
        """The tokens that were passed, as they were understood."""
        self._rest.append(Token(Kind.MARK, "", end, end))
        self._rest.reverse()
        self._depth = 0
        self.done = 0
        """Where the last token that was taken ends."""
        self._look()

    def _look(self) -> None:
        token = self._rest[-1]
        self.next = token
        kind = token.kind
        self.key = token.text if kind is Kind.MARK else token.text.upper() if kind is Kind.WORD else ""
        """Punctuation as it is, a keyword in capitals, and nothing for every other token and at the end."""

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return len(self._rest) == 1

    def second(self, mark: str, *, close: bool = True) -> bool:
        """Whether the token after the next one is the punctuation `mark`, and touches the next one if `close`."""
        if len(self._rest) == 1:
            return False
        token = self._rest[-2]
        return token.is_mark(mark) and (not close or token.start == self.next.end)

    def take(self) -> Token:
        """The next token, which is passed."""
        token, rest = self.next, self._rest
        self.done = token.end
        if len(rest) > 1:
            self.taken.append(rest.pop())
            self._look()
        return token

    def took(self, *keys: str) -> bool:
        """Whether the next token is one of these marks or keywords; if so, it is passed."""
        if self.key and self.key in keys:
            self.take()
            return True
        return False

    def expect(self, key: str, place: str = "") -> Token:
        """Pass a mark or keyword that must stand here; `place` says where that is."""
        if self.key != key:
            raise self.wrong(f"{key} is expected{place}")
        return self.take()

    def variable(self) -> Variable:
        """Pass a variable."""
        if self.next.kind is not Kind.VARIABLE:
            raise self.wrong("a variable is expected")
        token = self.take()
        return Variable(token.text[1:], Span(token.start, token.end))

    def reread(self) -> None:
        """Read the next token, an IRI of the longest match, as the operator `<` and what follows it.

        Section 19.8 lets the longest token win, by which `?a<?b&&?c>?d` is no expression at all.
        """
        start = self.next.start
        self._rest.pop()
        again: list[Token] = []
        for token in tokens_of(self.source, start, operator=True):
            while self._rest[-1].start < token.start and len(self._rest) > 1:
                self._rest.pop()
            if token.start == self._rest[-1].start and again:
                break
            if token.kind is not Kind.COMMENT:
                again.append(token)
        else:
            del self._rest[1:]
        self._rest.extend(reversed(again))
        self._look()

    def span(self, start: int) -> Span:
        """From an offset to the end of the last token that was taken."""
        return Span(start, self.done)

    def enter(self) -> None:
        """Note that one bracket, group or list more is open.

        :raises QueryError: if they are too many
        """
        self._depth += 1
        if self._depth > DEPTH:
            raise self.wrong(f"brackets and groups stand in one another more than {DEPTH} levels deep", found=False)

    def leave(self) -> None:
        """Note that one is closed."""
        self._depth -= 1

    def wrong(self, message: str, *, at: int | None = None, found: bool = True, hint: str | None = None) -> QueryError:
        """A problem at the next token, or at an offset; `found` adds what stands there."""
        if found:
            message += ", not the end" if self.ended else f", not {self.next.text[:40]!r}"
        start = self.next.start if at is None else at
        return QueryError(message, position=self.source.position(start), hint=hint)
