"""The Flask application that serves a release as linked data and through SPARQL."""

from __future__ import annotations
