"""From tokens to a tree: each module reads what it is named after, and is built upon the one before it."""
