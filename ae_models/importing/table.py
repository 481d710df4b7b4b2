"""Tables of numbers as text: Kaggle's CSV, any CSV of features, with a label column or without; TSV and blanks too."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import Mistake
from ae_models.importing.columns import Columns, choose
from ae_models.importing.items import Item, Problems
from ae_models.importing.limits import Budget, size
from ae_models.importing.names import shown, split_of
from ae_models.importing.raw import Hint, Part, Values

DELIMITERS = ",;\t|"
_SAMPLE_LINES, _BLOCK = 200, 8 << 20
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
    Mistake
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
        raise Mistake(f"{name}: is text in no UTF-8: save it as UTF-8") from None
    lines = re.split(r"\r\n|\n|\r", text)
    if max(map(len, lines[:2])) > most:
        raise Mistake(f"{name}: its first line has more than {most:,} letters, the most that is read")
    if item.size > len(head):
        lines.pop()  # cut in the middle
    above, separator, comment = _above(lines)
    lines = [line for line in lines[above:] if line.strip()][:_SAMPLE_LINES]
    if not lines:
        raise Mistake(f"{name}: holds comments and no rows")
    delimiter = separator or max(DELIMITERS, key=lines[0].count)
    if not lines[0].count(delimiter):
        delimiter = " "
    decimal = "," if delimiter == ";" and re.search(r"\d,\d", "".join(lines[1:3])) else "."
    try:
        rows = [line.split() for line in lines] if delimiter == " " else list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise Mistake(f"{name}: its first lines are no table ({error})") from None
    header: tuple[str, ...] | None
    if _names_columns(rows, decimal):
        header, body, first = tuple(cell.strip() for cell in rows[0]), rows[1:], above + 2
    else:
        header, body, first = _names_in(comment, rows[0], delimiter, decimal), rows, above + 1
    if not body:
        raise Mistake(f"{name}: holds a line of names and no rows")
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
    names = [f"c{place}" for place in range(columns.n)]
    first = look.first
    bad: list[tuple[int, str]] = []

    def uneven(row: Any) -> str:
        bad.append((row.number, f"has {row.actual_columns} fields, where the first line has {row.expected_columns}"))
        return "skip"

    types = {names[place]: pyarrow.float64() for place in columns.values}
    if columns.label is not None:
        types[names[columns.label]] = pyarrow.string()
    try:
        with item.open() as stream:
            reader = arrow.open_csv(
                stream,
                arrow.ReadOptions(
                    use_threads=False,
                    block_size=max(_BLOCK, budget.limits.line_bytes),
                    column_names=names,
                    skip_rows=first - 1,
                ),
                arrow.ParseOptions(delimiter=look.delimiter, invalid_row_handler=uneven, newlines_in_values=False),
                arrow.ConvertOptions(
                    column_types=types,
                    include_columns=list(types),
                    null_values=list(EMPTY),
                    strings_can_be_null=False,
                    decimal_point=look.decimal,
                ),
            )
            kept = [_batch(batch, budget, name, columns) for batch in reader]
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        if bad:
            raise Mistake(f"{name}: line {bad[0][0]} {bad[0][1]}") from None
        raise Mistake(f"{name}: {_why(str(error), look, columns, first)}") from None
    for number, why in bad[:1] if not problems.keep_good else bad:
        problems.add(item.name, f"line {number} {why}")
    values = _together([numbers for numbers, _ in kept])
    labels = np.concatenate([words for _, words in kept]) if columns.label is not None and kept else None
    lines = np.setdiff1d(np.arange(first, first + len(values) + len(bad)), [number for number, _ in bad])
    return _whole(values, labels, item.name, problems, columns, lines)


def _batch(batch: Any, budget: Budget, name: str, columns: Columns) -> tuple[Values, Values]:
    places = [batch.schema.names.index(f"c{place}") for place in columns.values]
    numbers = np.empty((batch.num_rows, len(places)), np.float64)
    for to, place in enumerate(places):
        numbers[:, to] = batch.column(place).to_numpy(zero_copy_only=False)  # a missing value becomes NaN
    small = smaller(numbers)
    budget.spend(small.nbytes, name)
    words: Values = np.empty(0, "U1")
    if columns.label is not None:
        words = np.array(batch.column(f"c{columns.label}").to_pylist(), "U")
    return small, words


def smaller(numbers: Values) -> Values:
    """Return whole numbers from 0 to 255 as bytes, others as float32: four to eight times less memory."""
    with np.errstate(invalid="ignore", over="ignore"):
        as_bytes = numbers.astype(np.uint8)
        if bool((as_bytes == numbers).all()):
            return as_bytes
        return numbers.astype(np.float32)


def _together(blocks: list[Values]) -> Values:
    if all(block.dtype == np.uint8 for block in blocks):
        return np.concatenate(blocks) if blocks else np.empty((0, 1), np.uint8)
    return np.concatenate([block.astype(np.float32, copy=False) for block in blocks])


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
        raise Mistake(f"{name}: {size(item.size)} of numbers between blanks: save it as CSV")
    text = item.content(budget).decode("utf-8-sig", "replace")
    try:
        table = np.loadtxt(io.StringIO(text), skiprows=look.first - 1, ndmin=2, dtype=np.float64)
    except ValueError as error:
        first = " ".join(str(error).split(";")[0].split())
        raise Mistake(f"{name}: {first}") from None
    labels = None if columns.label is None else np.array([f"{value:g}" for value in table[:, columns.label]])
    return smaller(table[:, list(columns.values)]), labels
