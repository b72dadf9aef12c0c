"""What a person earned: papers with numbers, signed PDFs and QR codes, and how anybody checks them.

May import courses and registry. Start reading at `models/certificate.py`, then `services/issuing.py`,
`services/printing.py` and `queries/checks.py`. A second form of a paper, such as a badge, hangs on
`services/printing.py`, where it gets its file, and on `queries/checks.py`, which says what no longer holds.
"""
