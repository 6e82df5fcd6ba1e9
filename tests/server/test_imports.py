"""What the server may not load: a bridge that is many times slower, and the parts that build a release."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = (
    "rdflib",
    "oxrdflib",
    "pyshacl",
    "kg.records",
    "kg.rml",
    "kg.shacl",
    "kg.store",
    "kg.release",
    "kg.pipeline",
)


def test_the_server_loads_none_of_them(root):
    program = "import sys, server.app, server.serving; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "pyoxigraph" in loaded
    assert [name for name in loaded if name in FORBIDDEN or name.split(".")[0] in FORBIDDEN] == []


def test_what_can_do_without_a_web_framework_does(root):
    names = (
        "http.negotiation",
        "http.results",
        "pages.language",
        "http.protocol",
        "http.problems",
        "engine.inprocess",
        "pages.views",
        "discovery.service",
        "discovery.signposts",
        "discovery.markup",
        "discovery.sitemap",
        "openapi",
    )
    program = f"import sys, {', '.join(f'server.{name}' for name in names)}; print('flask' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
