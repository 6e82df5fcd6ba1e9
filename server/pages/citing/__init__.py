"""How a page is cited, and what its head tells programs: BibTeX, CSL-JSON, RIS, schema.org, addresses by language."""
