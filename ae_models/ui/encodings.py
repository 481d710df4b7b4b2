"""Which compressions a browser takes."""

from __future__ import annotations


def takes(accepted: str, coding: str) -> bool:
    """Return whether an ``Accept-Encoding`` header names a coding, and not with a weight of nought.

    Examples
    --------
    >>> takes("br, gzip;q=0.5", "gzip"), takes("gzip;q=0", "gzip"), takes("br", "gzip")
    (True, False, False)
    """
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "").removeprefix("q=") not in ("0", "0.", "0.0", "0.00", "0.000")
    return False
