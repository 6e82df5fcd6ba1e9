"""What shapes say in SPARQL: constraints, components and targets, read and checked."""
