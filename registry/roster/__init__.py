"""The parts of a roster import, in the order a row meets them.

`sheets` (file to raw rows; `sheet_pieces` for large ones) > `columns` (what the export holds and what we may
keep) > `reader` (the kept cells; `kept_file` is what is stored of an upload) > `rows` (cells to checked rows
and problems) > `staging` (rows beside the register: what is new) > `known` > `plan` (what would change) >
`writing`, which notes in the `journal` what `undoing` takes back. `rehearsal` joins them up to the plan, and
that is all a dry run does; `services/roster.py` goes on to write.
"""
