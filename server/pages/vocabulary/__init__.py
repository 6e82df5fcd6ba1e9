"""The vocabulary for people: an index of its terms, and a page for each of them.

`/ont` is the index, at whose anchors the IRIs of the project's own terms lead; `/ont/0.1.0` is the same by the IRI of a
version. A term has its page at `/term/NAME`, and one of any other namespace at `/term?iri=IRI`: what stands below
`/ont/` are versions, so no name of a term can be taken for one.
"""
