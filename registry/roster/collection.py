"""Python's search for reference cycles, paused while a list is read and compared."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_search() -> Iterator[None]:
    """Pause the search within; also a decorator.

    A county's list makes millions of small objects without a cycle, which all stay until the end: going
    through them again and again took a third of the time and freed nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
