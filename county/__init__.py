"""The office's desk: counts, the monthly return, tables, charts and exports. Never changes what it counts.

May import certificates, livestream, courses and registry. Start reading at `ledger.py` (what counts),
`facts.py` (how it is kept ready) and `queries/counts.py` (how it is asked); `services/returns.py` signs the
monthly return; `api/` answers other platforms.
"""
