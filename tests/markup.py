"""A reader of pages that finds what a browser would forgive."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "base", "input", "br", "hr", "img", "wbr"})
NEEDED = frozenset({"html", "head", "title", "body", "main", "h1", "header", "footer"})


class Page(HTMLParser):
    """The elements of one page; `faults` tells what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], dict[str, str | None], str]] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag, _ in self._open]
        seen = [tag for tag, _ in self.elements]
        self.faults += [f"no <{tag}>" for tag in NEEDED if tag not in seen]
        self.faults += [f"{seen.count(tag)} <{tag}>" for tag in ("title", "h1", "main") if seen.count(tag) > 1]
        ids = [given["id"] for _, given in self.elements if "id" in given]
        self.faults += [f"the id {i!r} stands twice" for i in ids if ids.count(i) > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._check(tag, given, attrs)
        self.elements.append((tag, given))
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1][0] if self._open else 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            holder = self._open[-1][1] if self._open else {}
            self.texts.append((tuple(tag for tag, _ in self._open), holder, data.strip()))

    def _check(self, tag: str, given: dict[str, str | None], attrs: list[tuple[str, str | None]]) -> None:
        if len(given) < len(attrs):
            self.faults.append(f"<{tag}> states an attribute twice")
        if tag == "html" and (given.get("lang") not in {"ar", "fr", "en"} or "dir" not in given):
            self.faults.append("<html> has no lang or no dir")
        if tag == "bdi" and ("lang" not in given or given.get("dir") not in {"auto", "ltr", "rtl"}):
            self.faults.append("<bdi> has no lang or no dir")
        if given.get("dir") == "auto" and given.get("lang"):
            self.faults.append(f"<{tag}> guesses the direction of a text in {given['lang']}")
        if tag == "th" and given.get("scope") not in {"row", "col"}:
            self.faults.append("<th> has no scope")
        if tag == "script" or any(name.startswith("on") or name == "style" for name in given):
            self.faults.append(f"<{tag}> carries a script or a style")
        for name in ("href", "src", "action"):
            address = given.get(name) or ""
            if tag in {"link", "img", "form"} and address.startswith(("http:", "https:", "//")):
                self.faults.append(f"<{tag}> loads {address}")
            if address.startswith("javascript:"):
                self.faults.append(f"<{tag}> runs {address}")

    def within(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """The texts directly in elements of this name, with their attributes."""
        return [(given, text) for path, given, text in self.texts if path and path[-1] == tag]

    def links(self) -> list[str]:
        return [given["href"] or "" for tag, given in self.elements if tag == "a" and "href" in given]
