"""IDX of any element type and any number of sizes: MNIST's files, and QMNIST's labels of eight integers."""

from __future__ import annotations

import math

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.raw import Values

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def parse(content: bytes, name: str, budget: Budget) -> Values:
    """Return the array in the bytes of an IDX file, in the machine's byte order; single bytes are not copied.

    Raises ``UserError`` when its sizes and its length disagree.

    References
    ----------
    LeCun, Cortes, Burges: "The MNIST database", section "File formats".
    """
    if content[2] not in _TYPES:
        raise UserError(f"{name}: is IDX of an unknown element type (0x{content[2]:02x})")
    element, n_sizes = np.dtype(_TYPES[content[2]]), content[3]
    header = 4 + 4 * n_sizes
    if len(content) < header:
        raise UserError(f"{name}: is cut short: {len(content)} bytes, where its header alone has {header}")
    sizes = [int.from_bytes(content[4 + 4 * place : 8 + 4 * place], "big") for place in range(n_sizes)]
    expected = header + element.itemsize * math.prod(sizes)
    if len(content) != expected:
        word = "is cut short" if len(content) < expected else "is too long"
        raise UserError(f"{name}: {word}: {len(content):,} bytes, where its sizes {sizes} need {expected:,}")
    if element.itemsize > 1:
        budget.spend(len(content), name)
    found = np.frombuffer(content, element, offset=header).reshape(sizes)
    return found.astype(element.newbyteorder("="), copy=False)
