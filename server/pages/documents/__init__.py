"""The page of a document: what it says, in the order of its text, with the words that carry each claim."""
