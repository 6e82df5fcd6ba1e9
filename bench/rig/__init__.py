"""What the benchmarks of the endpoint share: made data, servers, a light HTTP client, and readings of /proc."""
