"""What is known of the tree of a query before it is evaluated, and ways to go through it."""
