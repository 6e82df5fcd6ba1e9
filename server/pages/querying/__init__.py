"""The page of `/query`: a query is typed, answered, arranged and passed on, with a script and without one."""
