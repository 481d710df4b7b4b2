"""Which column of a table is the label, which are values, and which are neither."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ae_models.base import UserError
from ae_models.datasets.readers.names import shown

LABELS = ("label", "labels", "class", "target", "category", "digit", "species", "y")
_INDICES = ("", "id", "index", "unnamed: 0", "imageid", "image_id", "rowid", "row_id")


@dataclass(frozen=True)
class Columns:
    """The places of a table's columns."""

    n: int
    label: int | None
    values: tuple[int, ...]
    names: tuple[str, ...] | None
    notes: tuple[str, ...] = field(default=())
    why: str = ""

    def title(self, place: int) -> str:
        """Return what messages call a column."""
        return f"column '{shown(self.names[place])}'" if self.names else f"column {place + 1}"

    @property
    def value_names(self) -> tuple[str, ...] | None:
        """The names of the columns of values."""
        return tuple(self.names[place] for place in self.values) if self.names else None


def choose(
    header: tuple[str, ...] | None,
    rows: Sequence[Sequence[str]],
    label: str,
    most: int,
    name: str,
    keep_ids: bool = False,
) -> Columns:
    """Return which column is what.

    The label is the column that is asked for; else the one called label, class, target ...; else the only column of
    text; else, without names, the first or last of one more than a square image has pixels. A column that only counts
    the rows, and text beside the label, are left out.
    """
    n = len(header or rows[0])
    if n > most + 8:
        raise UserError(f"{name}: {n:,} columns, where at most {most:,} are read")
    if header and len(set(header)) < n:
        twice = next(title for place, title in enumerate(header) if title in header[:place])
        if twice:
            raise UserError(f"{name}: two columns are called '{shown(twice)}'")
    small = [title.lower() for title in header] if header else None
    whole = [row for row in rows if len(row) == n]
    # One word in a column of numbers is a mistake to be told, not a column of text.
    text = [place for place in range(n) if sum(_is_number(row[place]) for row in whole) < 0.5 * len(whole)]
    empty = [place for place in range(n) if whole and not any(row[place].strip() for row in whole)]
    chosen, why = _label(header, small, n, whole, text, label, name)
    left: dict[int, str] = {}  # why a column is left out; nothing where nobody needs to be told
    for place in set(range(n)) - {chosen}:
        if place in empty:
            left[place] = "is empty"
        elif place in text:
            word = next(row[place].strip() for row in whole if not _is_number(row[place]))
            left[place] = f"holds text ('{shown(word)}')"
        elif not keep_ids and small and small[place] in _INDICES and _counts(whole, place):
            left[place] = "only counts the rows"
        elif label == "none" and small and small[place] in LABELS[:-1]:
            left[place] = ""
    notes = [f"{_title(header, place)} {reason} and was left out" for place, reason in sorted(left.items()) if reason]
    values = tuple(place for place in range(n) if place != chosen and place not in left)
    if not values:
        raise UserError(f"{name}: no column of numbers{': ' + notes[0] if notes else ''}")
    if len(values) > most:
        raise UserError(f"{name}: {len(values):,} columns of numbers, where at most {most:,} are read")
    return Columns(n, chosen, values, header, tuple(notes), why)


def _label(
    header: tuple[str, ...] | None,
    small: list[str] | None,
    n: int,
    rows: list[Sequence[str]],
    text: list[int],
    label: str,
    name: str,
) -> tuple[int | None, str]:
    """Return the place of the label's column, if there is one, and why it is that one."""
    if label in ("first", "last", "none"):
        return {"first": 0, "last": n - 1, "none": None}[label], "you said so"
    if label != "auto":
        if header and label in header:
            return header.index(label), "you said so"
        known = ", ".join(shown(title) for title in (header or ())[:8])
        raise UserError(f"{name}: no column '{shown(label)}': it has {known or 'no line of names'}")
    for known_name in LABELS if small else ():
        if small and known_name in small:
            return small.index(known_name), "its name says so"
    if len(text) == 1 and len(_values(rows, text[0])) < max(2, len(rows)):
        return text[0], "it is the only column of text"
    for place in (0, n - 1) if header is None and is_square(n - 1) else ():
        if _few_whole(rows, place):
            return place, f"the other {n - 1} make a square image, and it holds few whole numbers"
    return None, "no column looks like a label"


def is_square(n: int) -> bool:
    """Say whether ``n`` values make a square image of 8 to 64 pixels a side, grey or colour.

    Examples
    --------
    >>> [is_square(n) for n in (784, 3072, 785, 49)]
    [True, True, False, False]
    """
    return any(
        n % channels == 0 and math.isqrt(n // channels) ** 2 == n // channels and 8 <= math.isqrt(n // channels) <= 64
        for channels in (1, 3)
    )


def _few_whole(rows: list[Sequence[str]], place: int) -> bool:
    values = _values(rows, place)
    return all(value.is_integer() and 0 <= value < 100 for value in map(float, values)) and (
        len(rows) < 20 or 1 < len(values) < 0.7 * len(rows)
    )


def _values(rows: list[Sequence[str]], place: int) -> set[str]:
    return {row[place] for row in rows}


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip().replace(",", ".") or "nan")
    except ValueError:
        return cell.strip() in ("NA", "N/A", "null", "NULL", "None", "?", "#N/A")
    return True


def _counts(rows: list[Sequence[str]], place: int) -> bool:
    try:
        found = [float(row[place]) for row in rows]
    except ValueError:
        return False
    return all(after - before == 1 for before, after in pairwise(found))


def _title(header: tuple[str, ...] | None, place: int) -> str:
    return f"the column '{shown(header[place])}'" if header else f"column {place + 1}"
