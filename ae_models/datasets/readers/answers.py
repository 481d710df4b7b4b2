"""Labels of pictures in a table beside them: a column of file names, a column of classes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from ae_models.base import UserError
from ae_models.datasets.readers.columns import LABELS
from ae_models.datasets.readers.items import Item
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.names import shown
from ae_models.datasets.readers.recognise import PICTURE_ENDINGS
from ae_models.datasets.readers.table import DELIMITERS

_KNOWN = (*LABELS, "class_name", "label_name", "breed", "diagnosis", "kind", "type")
_ROW_BYTES, _CELL_BYTES = 64, 58  # of a list, and of a cell in it
_ENOUGH = 0.5  # of the pictures must be named in the column


@dataclass(frozen=True)
class Answers:
    """What a table says of pictures: ``of`` gives a label by a picture's short name."""

    file: str
    column: str
    of: dict[str, str]

    def label(self, picture: str) -> str | None:
        """Return the label of a picture by its path, or None."""
        return self.of.get(short(picture))


def short(name: str) -> str:
    """Return a picture's name without its folders and its ending, in small letters.

    Examples
    --------
    >>> short("train/IMG_07.PNG"), short("img_07")
    ('img_07', 'img_07')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip().lower()
    ending = next((ending for ending in PICTURE_ENDINGS if last.endswith(ending)), "")
    return last.removesuffix(ending)


def beside(tables: Sequence[Item], pictures: Sequence[str], wanted: str, budget: Budget) -> Answers | None:
    """Return what the first table says that names at least half of the pictures and has a column of classes.

    Parameters
    ----------
    tables : sequence of Item
        Tables that lie beside the pictures.
    pictures : sequence of str
        Their paths.
    wanted : str
        ``auto``, or the name of the column of classes.
    """
    known = {short(name) for name in pictures}
    if len(known) < len(pictures):
        return None  # two pictures of one name: a table cannot tell them apart
    for item in tables:
        found = _read(item, known, wanted, budget)
        if found is not None:
            return found
    return None


def _read(item: Item, known: set[str], wanted: str, budget: Budget) -> Answers | None:
    rows = _rows(item, budget)
    if rows is None or len(rows) < 2:
        return None
    header, body = [cell.strip() for cell in rows[0]], [row for row in rows[1:] if len(row) == len(rows[0])]
    named = [len({short(row[place]) for row in body} & known) for place in range(len(header))]
    if not body or max(named) < _ENOUGH * len(known):
        return None
    names = named.index(max(named))
    label = _label(header, names, body, wanted)
    if label is None:
        return None
    of = {short(row[names]): row[label].strip() for row in body if row[label].strip()}
    return Answers(shown(item.name), shown(header[label]), of)


def _rows(item: Item, budget: Budget) -> list[list[str]] | None:
    """Return the rows of a table as text; None where it is none that can be read."""
    name = shown(item.name)
    rows: list[list[str]] = []
    try:
        lines = item.lines(budget)
        first = next(lines, "")
        delimiter = max(DELIMITERS, key=first.count)
        for row in csv.reader(chain([first], lines), delimiter=delimiter):
            if row:
                budget.spend(_ROW_BYTES + sum(_CELL_BYTES + len(cell) for cell in row), name)
                budget.rows(len(rows), name)
                rows.append(row)
    except csv.Error:
        return None
    except UserError as mistake:
        if "no UTF-8" in str(mistake):
            return None
        raise
    return rows


def _label(header: list[str], names: int, body: list[list[str]], wanted: str) -> int | None:
    if wanted in header:
        return header.index(wanted)
    others = [place for place in range(len(header)) if place != names]
    few = [place for place in others if 1 < len({row[place] for row in body}) <= max(2, len(body) // 2)]
    called = {header[place].lower(): place for place in few}
    found = next((called[title] for title in _KNOWN if title in called), None)
    return found if found is not None else few[0] if len(few) == 1 else None
