"""The parts of a roster import, in the order a row meets them.

`columns` (what the export holds, what we may keep) > `reader` (spreadsheet to cells) > `rows` (cells to
checked rows and problems) > `known` (what is on record of them) > `plan` (what would change) > `writing`.
`rehearsal` joins them up to the plan, which is all a dry run does; `services/roster.py` goes on to write.
"""
