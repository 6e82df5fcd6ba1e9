"""pySHACL, the judge of the engine: it validates graphs in memory, and is asked by tests and by `kg validate` alone."""
