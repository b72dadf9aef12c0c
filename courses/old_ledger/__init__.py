"""Old ledgers: a workbook of classes that were run on paper, read and checked; the service writes them.

`columns` names the five sheets, `reader` finds them, `cells` reads one row, `drafts` is a class once it is
read, `checking` puts the rows together: start reading there. Nothing here writes.
"""
