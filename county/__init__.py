"""The office's desk: counts, tables, charts and exports. Counts and never changes what it counts.

May import certificates, livestream, courses and registry. Start reading at `queries.py`.
"""
