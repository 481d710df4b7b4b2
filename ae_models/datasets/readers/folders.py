"""Pictures in folders, where the folder is the class, or beside a table that names their classes; and their splits."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from ae_models.base import Progress, UserError
from ae_models.datasets.readers.columns import LABELS
from ae_models.datasets.readers.items import Item, Problems
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.names import TEST, TRAIN, VALID, shown
from ae_models.datasets.readers.pictures import PictureEntry, Wish, collect
from ae_models.datasets.readers.raw import ORDER, Hint, Part, words_of
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


_SPLITS = {**dict.fromkeys(TEST, "test"), **dict.fromkeys(TRAIN, "train"), **dict.fromkeys(VALID, "valid")}


def read(
    items: Sequence[Item],
    wish: Wish,
    budget: Budget,
    problems: Problems,
    progress: Progress | None,
    answers: Answers | None = None,
) -> list[Part]:
    """Return the pictures as one part a split, labelled by their folders where there are several, else by a table.

    Raises ``UserError`` when some lie in folders and some beside them, or none can be used.
    """
    places = _places(items, problems)
    if not places:
        raise UserError("no picture lies in a folder of its class")
    if len({folder for _, _, folder in places}) > 1:
        answers = None
    if answers is not None:
        places = _answered(places, answers, problems)
    places.sort(key=lambda place: ORDER[place[1]])  # so that rows of one split stand together, and are not copied
    entries = [
        PictureEntry(item.name, lambda item=item: item.content(budget, budget.limits.picture_bytes))  # type: ignore[misc]
        for item, _, _ in places
    ]
    found = collect(entries, wish, budget, problems, progress)
    if not found.kept:
        raise UserError(f"none of the {len(entries):,} pictures can be used")
    kept = [places[place] for place in found.kept]
    classes = sorted({folder for _, _, folder in kept})
    labels = None
    if len(classes) > 1 or answers is not None:
        labels = words_of([folder for _, _, folder in kept], budget, kept[0][0].name)
    splits = [split or "" for _, split, _ in kept]
    made = []
    for split in dict.fromkeys(splits):
        rows = slice(splits.index(split), splits.index(split) + splits.count(split))  # they stand together
        mine = None if labels is None else labels[rows]
        name = next(item.name for item, found_split, _ in kept if (found_split or "") == split)
        made.append(Part(name, "pictures", found.values[rows], mine, split or None, notes=found.notes))
    if answers is not None:
        made[0].hints["labels"] = Hint(answers.column, f"{answers.file} names the pictures", "likely")
    return made


def _answered(
    places: list[tuple[Item, str | None, str]], answers: Answers, problems: Problems
) -> list[tuple[Item, str | None, str]]:
    """Return the pictures with the labels of a table in the place of folders; those without one are told."""
    found = []
    for item, split, _ in places:
        label = answers.label(item.name)
        if label is None:
            problems.add(item.name, f"has no line with a label in {answers.file}")
        else:
            found.append((item, split, label))
    return found


def _places(items: Sequence[Item], problems: Problems) -> list[tuple[Item, str | None, str]]:
    """Return ``(item, split, class)`` of each picture; the class is empty where there are no folders."""
    folders = [item.name.split("/")[:-1] for item in items]
    common = 0  # folders that all lie in
    while len({tuple(parts[: common + 1]) for parts in folders}) == 1 and common < len(folders[0]):
        common += 1
    below = [parts[common:] for parts in folders]
    above = folders[0][:common]
    first = {parts[0].lower() for parts in below if parts}
    split_first = bool(first) and all(parts for parts in below) and first <= set(_SPLITS) and first != {"t"}
    one_split = _SPLITS.get(above[-1].lower()) if above and not split_first else None
    found: list[tuple[Item, str | None, str]] = []
    for item, parts in zip(items, below, strict=True):
        split = _SPLITS[parts[0].lower()] if split_first else one_split
        found.append((item, split, "/".join(parts[1:] if split_first else parts)))
    if len({folder for _, _, folder in found}) > 1:
        lonely = [entry for entry in found if not entry[2]]
        for item, _, _ in lonely:
            problems.add(item.name, "lies beside folders of classes: which class is it?")
        found = [entry for entry in found if entry[2]]
    return found
