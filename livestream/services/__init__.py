"""The verbs of livestream coaching."""

from livestream.services.run_of_show import (
    forget_runs,
    move_segment,
    put_away,
    remove_product,
    remove_segment,
    rename_run,
    save_product,
    save_segment,
    start_run,
)

__all__ = [
    "forget_runs",
    "move_segment",
    "put_away",
    "remove_product",
    "remove_segment",
    "rename_run",
    "save_product",
    "save_segment",
    "start_run",
]
