"""Pages for people: what they show, in which language, and their templates."""
