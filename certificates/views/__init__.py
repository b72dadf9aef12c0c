"""Pages: what everybody may check, what a holder sees of hers, and the desk of clerk and office."""
