"""What a stranger brings: files become images or vectors, graphs become runs. One file a format; no page, no torch.

Nothing here writes: ``read`` gives a ``Raw``, ``decide`` says what it takes it for and why, ``prepare`` makes rows of
it. Every bound on size and time is in ``limits``.
"""

from __future__ import annotations

from ae_models.datasets.readers.guess import Guess, Reading, decide
from ae_models.datasets.readers.items import Item, of_bytes, of_paths
from ae_models.datasets.readers.limits import LIMITS, UPLOADS, Limits
from ae_models.datasets.readers.prepare import Prepared, prepare
from ae_models.datasets.readers.raw import Raw
from ae_models.datasets.readers.read import read
from ae_models.datasets.readers.sheet import contact_sheet

__all__ = [
    "LIMITS",
    "UPLOADS",
    "Guess",
    "Item",
    "Limits",
    "Prepared",
    "Raw",
    "Reading",
    "contact_sheet",
    "decide",
    "of_bytes",
    "of_paths",
    "prepare",
    "read",
]
