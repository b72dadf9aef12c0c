"""Reads over run-of-show."""

from livestream.queries.run_of_show import RunSheet, SheetLine, run_of, run_sheet, runs_of

__all__ = ["RunSheet", "SheetLine", "run_of", "run_sheet", "runs_of"]
