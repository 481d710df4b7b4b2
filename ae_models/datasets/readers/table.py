"""Tables of numbers as text: Kaggle's CSV, any CSV of features, with a label column or without; TSV and blanks too."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.columns import Columns, choose
from ae_models.datasets.readers.items import Item, Problems
from ae_models.datasets.readers.limits import MOMENT, Budget, size
from ae_models.datasets.readers.names import shown, split_of
from ae_models.datasets.readers.raw import Hint, Part, Values, together, words_of

DELIMITERS = ",;\t|"
_SAMPLE_LINES, _HEAD_LINES, _BLOCK = 200, 20_000, 2 << 20
_MOST_BAD = 10_000  # lines of another length that are left out; a file of more is refused
_AT_ONCE = 1_000  # lines between blanks that are read at once
EMPTY = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-nan", "#N/A")


@dataclass(frozen=True)
class _Look:
    """What the first lines tell."""

    delimiter: str
    decimal: str
    header: tuple[str, ...] | None
    rows: list[list[str]]
    first: int  # the number of the first row's line


def read(item: Item, budget: Budget, problems: Problems, label_column: str, *, keep_ids: bool = False) -> Part:
    """Return the rows of a table.

    Parameters
    ----------
    label_column : str
        ``auto``, ``none``, ``first``, ``last`` or the name of a column.
    keep_ids : bool
        Whether a column that only counts the rows is read like any other.

    Raises
    ------
    UserError
        For a row of another length, a value that is no number, too many columns: with the number of the line.
    """
    look = _look(item, budget)
    columns = choose(look.header, look.rows, label_column, budget.limits.columns, shown(item.name), keep_ids)
    if look.delimiter == " ":
        values, labels = _by_blanks(item, budget, look, columns)
    else:
        values, labels = _by_arrow(item, budget, problems, look, columns)
    title = "none" if columns.label is None else columns.title(columns.label)
    hints = {"labels": Hint(title, columns.why, "sure" if columns.why == "its name says so" else "likely")}
    return Part(
        item.name,
        "CSV",
        values,
        labels,
        split_of(item.name),
        columns=columns.value_names,
        hints=hints,
        notes=list(columns.notes),
    )


def _look(item: Item, budget: Budget) -> _Look:
    name, most = shown(item.name), budget.limits.line_bytes
    head = item.head(4 * most)
    try:
        text = head.decode("utf-8-sig", "strict" if item.size <= len(head) else "ignore")
    except UnicodeDecodeError:
        raise UserError(f"{name}: is text in no UTF-8: save it as UTF-8") from None
    lines = re.split(r"\r\n|\n|\r", text, maxsplit=_HEAD_LINES)
    if max(map(len, lines[:2])) > most:
        raise UserError(f"{name}: its first line has more than {most:,} letters, the most that is read")
    if item.size > len(head) or len(lines) > _HEAD_LINES:
        lines.pop()  # cut in the middle, or the rest
    above, separator, comment = _above(lines)
    lines = [line for line in lines[above:] if line.strip()][:_SAMPLE_LINES]
    if not lines:
        raise UserError(f"{name}: holds comments and no rows")
    delimiter = separator or max(DELIMITERS, key=lines[0].count)
    if not lines[0].count(delimiter):
        delimiter = " "
    decimal = "," if delimiter == ";" and re.search(r"\d,\d", "".join(lines[1:3])) else "."
    try:
        rows = [line.split() for line in lines] if delimiter == " " else list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise UserError(f"{name}: its first lines are no table ({error})") from None
    header: tuple[str, ...] | None
    if _names_columns(rows, decimal):
        header, body, first = tuple(cell.strip() for cell in rows[0]), rows[1:], above + 2
    else:
        header, body, first = _names_in(comment, rows[0], delimiter, decimal), rows, above + 1
    if not body:
        raise UserError(f"{name}: holds a line of names and no rows")
    return _Look(delimiter, decimal, header, body, first)


def _above(lines: list[str]) -> tuple[int, str, str]:
    """Return how many lines stand over the table, and what they say: Excel's ``sep=;``, the last comment."""
    separator = comment = ""
    for count, line in enumerate(lines):
        said = re.fullmatch(r'"?sep=(.)"?', line.strip(), re.IGNORECASE)
        if said:
            separator = said[1]
        elif line.lstrip().startswith("#"):
            comment = line.strip().lstrip("#").strip()
        elif line.strip():
            return count, separator, comment
    return len(lines), separator, comment


def _names_columns(rows: list[list[str]], decimal: str) -> bool:
    """Say whether the first line names the columns: it has text where most rows have numbers."""
    if not any(cell.strip() not in EMPTY and not is_number(cell, decimal) for cell in rows[0]):
        return False
    usual = Counter(_kinds(row, decimal) for row in rows[1:]).most_common(1)
    return not (usual and _kinds(rows[0], decimal) == usual[0][0])


def _names_in(comment: str, row: list[str], delimiter: str, decimal: str) -> tuple[str, ...] | None:
    """Return the names that a comment over the rows gives to their columns, as NumPy's ``savetxt`` writes them."""
    cells = comment.split() if delimiter == " " else [cell.strip() for cell in comment.split(delimiter)]
    fits = len(cells) == len(row) and not any(is_number(cell, decimal) for cell in cells)
    return tuple(cells) if fits and all(cells) else None


def _kinds(cells: list[str], decimal: str) -> tuple[bool, ...]:
    return tuple(is_number(cell, decimal) for cell in cells)


def is_number(cell: str, decimal: str = ".") -> bool:
    """Say whether a cell is a number; an infinite one is, and is refused later by its row."""
    try:
        float(cell.strip().replace(decimal, "."))
    except ValueError:
        return False
    return True


def _by_arrow(
    item: Item, budget: Budget, problems: Problems, look: _Look, columns: Columns
) -> tuple[Values, Values | None]:
    import pyarrow
    from pyarrow import csv as arrow

    name = shown(item.name)
    bad: list[tuple[int, str]] = []

    def uneven(row: Any) -> str:
        bad.append((row.number, f"has {row.actual_columns} fields, where the first line has {row.expected_columns}"))
        return "skip" if problems.keep_good and len(bad) <= _MOST_BAD else "error"

    reading = arrow.ReadOptions(
        use_threads=False,
        block_size=max(_BLOCK, 2 * budget.limits.line_bytes),
        column_names=[f"c{place}" for place in range(columns.n)],
        skip_rows=look.first - 1,
    )
    parsing = arrow.ParseOptions(delimiter=look.delimiter, invalid_row_handler=uneven, newlines_in_values=False)
    try:
        with item.open() as stream:
            reader = arrow.open_csv(stream, reading, parsing, _types(columns, look.decimal))
            numbers, words = _batches(reader, budget, name, columns)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        if len(bad) > _MOST_BAD:
            raise UserError(f"{name}: more than {_MOST_BAD:,} lines have another number of fields") from None
        if bad and not problems.keep_good:
            problems.add(item.name, f"line {bad[0][0]} {bad[0][1]}")
        if bad:
            raise UserError(f"{name}: line {bad[0][0]} {bad[0][1]}") from None
        raise UserError(f"{name}: {_why(str(error), look, columns, look.first)}") from None
    for number, why in bad:
        problems.add(item.name, f"line {number} {why}")
    values = together(numbers, budget, name) if numbers else np.empty((0, 1), np.uint8)
    labels = together(words, budget, name) if words else None
    lines = np.setdiff1d(np.arange(look.first, look.first + len(values) + len(bad)), [number for number, _ in bad])
    return _whole(values, labels, item.name, problems, columns, lines)


def _types(columns: Columns, decimal: str) -> Any:
    """Return how Arrow converts the columns that are read: numbers, and the label as text."""
    import pyarrow
    from pyarrow import csv as arrow

    types = {f"c{place}": pyarrow.float64() for place in columns.values}
    if columns.label is not None:
        types[f"c{columns.label}"] = pyarrow.string()
    return arrow.ConvertOptions(
        column_types=types,
        include_columns=list(types),
        null_values=list(EMPTY),
        strings_can_be_null=False,
        decimal_point=decimal,
    )


def _batches(reader: Any, budget: Budget, name: str, columns: Columns) -> tuple[list[Values], list[Values]]:
    """Return the numbers, and the labels, of each batch of rows."""
    n_rows = 0
    numbers: list[Values] = []
    words: list[Values] = []
    for batch in reader:
        n_rows += batch.num_rows
        budget.rows(n_rows, name)
        budget.room_for(8 * batch.num_rows * len(columns.values), name)
        at = {title: place for place, title in enumerate(batch.schema.names)}
        wide = np.empty((batch.num_rows, len(columns.values)), np.float64)
        for to, place in enumerate(columns.values):
            wide[:, to] = batch.column(at[f"c{place}"]).to_numpy(zero_copy_only=False)  # a missing value becomes NaN
        small = smaller(wide)
        budget.spend(small.nbytes, name)
        numbers.append(small)
        if columns.label is not None:
            words.append(words_of(batch.column(at[f"c{columns.label}"]).to_pylist(), budget, name))
    return numbers, words


def smaller(numbers: Values) -> Values:
    """Return whole numbers from 0 to 255 as bytes, others as float32: four to eight times less memory."""
    with np.errstate(invalid="ignore", over="ignore"):
        as_bytes = numbers.astype(np.uint8)
        if bool((as_bytes == numbers).all()):
            return as_bytes
        return numbers.astype(np.float32)


def _whole(
    values: Values, labels: Values | None, name: str, problems: Problems, columns: Columns, lines: Values
) -> tuple[Values, Values | None]:
    """Refuse, or leave out, rows with a missing or an endless value."""
    if values.dtype == np.uint8 or not len(values):
        return values, labels
    good = np.isfinite(values).all(axis=1)
    for row in np.flatnonzero(~good):
        place = int(np.flatnonzero(~np.isfinite(values[row]))[0])
        value = values[row, place]
        what = "is missing or no number" if np.isnan(value) else "is infinite or beyond 3.4e38"
        problems.add(name, f"line {lines[row]}: the value of {columns.title(columns.values[place])} {what}")
    return values[good], None if labels is None else labels[good]


def _why(text: str, look: _Look, columns: Columns, first: int) -> str:
    """Return pyarrow's complaint in the words of this page."""
    found = re.search(r"column #(\d+)(?:.*?Row #(\d+))?.*invalid value '(.*)'", text, re.DOTALL)
    if found:
        where = f"line {int(found[2])}: " if found[2] else ""
        return f"{where}'{shown(found[3])}' in {columns.title(int(found[1]))} is no number"
    if "straddling" in text or "block size" in text:
        return "a line is longer than what is read"
    return f"cannot be read as a table ({' '.join(text.split())[:120]})"


def _by_blanks(item: Item, budget: Budget, look: _Look, columns: Columns) -> tuple[Values, Values | None]:
    name = shown(item.name)
    if item.size > budget.limits.unpacked_bytes // 4:
        raise UserError(f"{name}: {size(item.size)} of numbers between blanks: save it as CSV")
    numbers: list[Values] = []
    labels: list[Values] = []
    lines = islice(item.lines(budget), look.first - 1, None)
    n_rows = 0
    while part := list(islice(lines, max(1, min(_AT_ONCE, MOMENT // (64 * columns.n))))):
        rows = [line for line in part if line.strip() and not line.lstrip().startswith("#")]
        if not rows:
            continue
        table = _table(rows, n_rows, name)
        n_rows += len(table)
        budget.rows(n_rows, name)
        if table.shape[1] != columns.n:
            raise UserError(f"{name}: row {n_rows} has {table.shape[1]} numbers, where the first has {columns.n}")
        if columns.label is not None:
            labels.append(words_of([f"{value:g}" for value in table[:, columns.label]], budget, name))
        small = smaller(table[:, list(columns.values)])
        budget.spend(small.nbytes, name)
        numbers.append(small)
    return together(numbers, budget, name), together(labels, budget, name) if labels else None


def _table(lines: list[str], before: int, name: str) -> Values:
    """Return some lines of numbers between blanks, ``(n, d)`` float64; ``before`` rows came before them."""
    try:
        found: Values = np.loadtxt(lines, ndmin=2, dtype=np.float64)
    except ValueError as error:
        first = " ".join(str(error).split(";")[0].split())
        said = re.sub(r"row (\d+)", lambda row: f"row {int(row[1]) + before}", first)
        raise UserError(f"{name}: {said}") from None
    return found
