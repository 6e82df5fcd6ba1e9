"""RDF of any origin: every node has a page and its data, whatever its IRI and whichever graphs speak of it."""
