"""Commands for those who write: documents, quotes, terms."""
