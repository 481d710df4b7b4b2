"""Tables as people and programs write them: other line ends, comments, Excel's hint, columns that are empty, lists."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from ae_models.base import UserError
from ae_models.datasets import readers
from ae_models.datasets.readers.items import Problems

Look = Callable[..., Any]
ROWS = np.random.default_rng(0).normal(size=(30, 3)).round(3)


def text(between: str = ",", end: str = "\n", head: str = "a,b,c", tail: str = "", decimal: str = ".") -> bytes:
    """A table of the rows; ``head`` is its first lines."""
    lines = [between.join(str(value).replace(".", decimal) for value in row) + tail for row in ROWS]
    return (head.replace("\n", end) + end + end.join(lines) + end).encode()


def savetxt(**options: Any) -> bytes:
    buffer = io.StringIO()
    np.savetxt(buffer, ROWS, **options)
    return buffer.getvalue().encode()


TABLES: dict[str, tuple[bytes, tuple[str, ...] | None]] = {
    "line ends of an old Mac": (text(end="\r"), ("a", "b", "c")),
    "line ends of Windows, and a mark of order": (b"\xef\xbb\xbf" + text(end="\r\n"), ("a", "b", "c")),
    "bars between": (text("|", head="a|b|c"), ("a", "b", "c")),
    "decimal commas": (text(";", head="a;b;c", decimal=","), ("a", "b", "c")),
    "Excel's hint": (text(";", head="sep=;\na;b;c"), ("a", "b", "c")),
    "comments": (text(head="# made by me\n#\na,b,c"), ("a", "b", "c")),
    "blank lines": (text(head="\n\na,b,c\n"), ("a", "b", "c")),
    "a comma too many in each line": (text(head="a,b,c,", tail=","), ("a", "b", "c")),
    "NumPy's savetxt": (savetxt(), None),
    "NumPy's savetxt with names": (savetxt(header="a b c"), ("a", "b", "c")),
    "NumPy's savetxt with names and commas": (savetxt(header="a,b,c", delimiter=","), ("a", "b", "c")),
    "a comment that names nothing": (savetxt(header="three columns of nothing at all", delimiter=","), None),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_however_it_was_written(looked: Look, name: str) -> None:
    content, names = TABLES[name]
    found = looked({"x.csv": content}).raw
    assert found.values == pytest.approx(ROWS, abs=1e-6)
    assert found.columns == names
    assert found.labels is None


def test_a_line_number_counts_the_lines_over_the_table(looked: Look) -> None:
    with pytest.raises(UserError, match=r"x\.csv: line 5: 'x' in column 'b' is no number"):
        looked({"x.csv": b"# by me\n# twice\na,b\n1,2\n3,x\n" + b"1,2\n" * 20})


def test_text_that_was_left_out_is_quoted(looked: Look) -> None:
    notes = looked({"x.csv": b"a,b,who,where\n" + b"1,2,Ann,here\n3,4,Bob,there\n" * 9}).raw.notes
    assert notes == [
        "the column 'who' holds text ('Ann') and was left out",
        "the column 'where' holds text ('here') and was left out",
    ]


def in_parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()


def test_lists_in_parquet_are_rows(looked: Look) -> None:
    label = [f"kind {place % 2}" for place in range(30)]
    numbers = list(range(30))
    fixed = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(ROWS.ravel()), 3)
    for column in (ROWS.tolist(), fixed):
        found = looked({"x.parquet": in_parquet(id=numbers, embedding=column, text=label, label=label)}).raw
        assert found.values == pytest.approx(ROWS, abs=1e-6)
        assert found.labels.tolist() == label
        assert found.notes == ["the column 'id' was left out: 'embedding' is read"]


def test_lists_of_lists_in_parquet_are_images(looked: Look, digits: Any) -> None:
    x, y = digits
    incoming = looked({"x.parquet": in_parquet(image=x.tolist(), label=y.tolist())})
    assert (incoming.plan["kind"], incoming.rows.shape) == ("images", (1, 28, 28))
    assert np.array_equal(incoming.raw.values, x)


def test_a_folder_without_files_and_what_is_no_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / ".DS_Store").write_bytes(b"x")
    with pytest.raises(UserError, match="none: is a folder without files"):
        readers.of_paths([tmp_path / "none"], readers.LIMITS, Problems())
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(UserError, match=r"pipe\.csv: is neither a file nor a folder"):
            readers.of_paths([tmp_path / "pipe.csv"], readers.LIMITS, Problems())
