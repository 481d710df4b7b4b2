"""Columns as CSV, parquet or NPZ: the same names, numbers and order in each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Columns = Mapping[str, npt.NDArray[Any]]
TABLES = ("csv", "npz", "parquet")


def table(columns: Columns, form: str) -> bytes:
    """Return columns of one length as the bytes of a file.

    Parameters
    ----------
    columns : mapping of (n,) arrays
        Numbers or text.
    form : {"csv", "npz", "parquet"}
        CSV has one line of names, quotes where text needs them, and 9 digits of each float32; NPZ has an array a
        column, text as fixed-width unicode, never objects.
    """
    if form == "npz":
        buffer = io.BytesIO()
        arrays: dict[str, Any] = dict(columns)
        np.savez(buffer, **arrays)
        return buffer.getvalue()
    import pyarrow
    from pyarrow import csv, parquet

    made = pyarrow.table({name: _array(values) for name, values in columns.items()})
    sink = pyarrow.BufferOutputStream()
    if form == "csv":
        csv.write_csv(made, sink)
    elif form == "parquet":
        parquet.write_table(made, sink)
    else:
        raise ValueError(f"a table is written as {', '.join(TABLES)}: got {form!r}")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _array(values: npt.NDArray[Any]) -> Any:
    import pyarrow

    return pyarrow.array(values.tolist(), pyarrow.string()) if values.dtype.kind == "U" else pyarrow.array(values)


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return a Markdown table; no text leaves its cell or becomes markup.

    Examples
    --------
    >>> print(markdown(["name", "SSE"], [["a|b <i>", 2.5]]))
    | name | SSE |
    | --- | --- |
    | a\|b &lt;i> | 2.5 |
    <BLANKLINE>
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    text = "" if value is None or value != value else f"{value:.6g}" if isinstance(value, float) else str(value)
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files by name as one zip, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def size_of(n_bytes: int) -> str:
    """Return a size as a person reads it.

    Examples
    --------
    >>> size_of(310), size_of(45_300), size_of(10_830_000)
    ('310 bytes', '45 kB', '10.8 MB')
    """
    if n_bytes < 1000:
        return f"{n_bytes} bytes"
    return f"{n_bytes / 1e3:.0f} kB" if n_bytes < 999_500 else f"{n_bytes / 1e6:.1f} MB"
