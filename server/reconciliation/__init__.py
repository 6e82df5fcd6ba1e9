"""Reconciliation: which thing of a release a name means. The routes are in `server/reconcile.py`.

No module in here knows the web framework. `similarity` compares two names, `index` one name with all of them,
`catalogue` is what a release names, `service` answers the questions of the Reconciliation Service API, `protocol` reads
them from JSON, and `keeper` makes it all anew when the release changes.
"""
