"""What a process behind the pages does first: step back. A Dask preload, too."""

from __future__ import annotations

import os
from typing import Any


def dask_setup(_worker: Any) -> None:
    """Give this worker a low priority."""
    step_back()


def step_back() -> None:
    """Give this process a low priority."""
    import psutil

    if os.name == "nt":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(10)
