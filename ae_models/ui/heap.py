"""How the server's memory goes back to the system when it is freed: glibc keeps it by default, an arena a thread."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # names of options in malloc.h
_LARGE = 1 << 20  # bytes from which an array is memory of its own, given back as soon as it is freed


def give_memory_back() -> bool:
    """Let freed memory go back to the system; return whether this system has such settings.

    Each visitor's run of a page is a thread of its own. With an arena a thread, and thresholds that grow with what was
    freed, a server keeps several hundred megabytes that nobody uses.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):  # another C library
        return False
    settings = ((_ARENA_MAX, 2), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE))
    taken = [set_option(option, value) for option, value in settings]
    return all(taken)
