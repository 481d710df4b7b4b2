"""NPY: the header is read and judged before the array; Python objects (pickles) are never loaded."""

from __future__ import annotations

import io
import math
import tokenize
import warnings
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Budget, size
from ae_models.datasets.readers.raw import Values

_KINDS = "biufUS"  # truth values, integers, floats, text


def parse(content: bytes, name: str, budget: Budget) -> Values:
    """Return the array in the bytes of an NPY file: a view of them where the byte order is this machine's.

    Raises ``UserError`` for Python objects, records, complex numbers, sizes beyond the bounds and files cut short.
    """
    stream = io.BytesIO(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = np.lib.format.read_magic(stream)
            readers: dict[tuple[int, int], Any] = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }
            shape, by_columns, element = readers[version](stream)
    except (ValueError, KeyError, EOFError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError):
        raise UserError(f"{name}: the header of the NPY array is damaged") from None
    if element.hasobject:
        raise UserError(f"{name}: holds Python objects (pickles), which can run code and are never read")
    if element.kind not in _KINDS:
        raise UserError(f"{name}: holds {element}, where numbers are read")
    expected = math.prod(shape) * element.itemsize
    most = budget.limits.unpacked_bytes
    if expected > most:
        raise UserError(f"{name}: an array of {size(expected)}, where at most {size(most)} are read")
    there = len(content) - stream.tell()
    if there != expected:
        word = "is cut short" if there < expected else "is too long"
        raise UserError(f"{name}: {word}: {there:,} bytes of values, where its shape {shape} needs {expected:,}")
    found: Values = np.ndarray(shape, element, content, stream.tell(), order="F" if by_columns else "C")
    if found.dtype.isnative:
        return found
    budget.spend(found.nbytes, name)
    return found.astype(found.dtype.newbyteorder("="))
