"""Reconciliation: which thing of a release a name means. The routes are in `server/reconcile.py`.

No module in here knows the web framework: `folding` (in `kg`) -> `similarity` (two names) -> `index` (one name, all names) -> `catalogue` (what a release names)
-> `service` (the questions of the Reconciliation Service API), and `protocol`, which reads them from JSON.
"""
