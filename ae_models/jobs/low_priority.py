"""What a worker on this machine does first: step back behind the pages. A Dask preload."""

from __future__ import annotations

import os
from typing import Any


def dask_setup(_worker: Any) -> None:
    """Give this process a low priority."""
    import psutil

    if os.name == "nt":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(10)
