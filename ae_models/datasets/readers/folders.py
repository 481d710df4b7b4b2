"""Pictures in folders: the folder is the class; ``train`` and ``test`` above the classes are the split."""

from __future__ import annotations

from collections.abc import Sequence

from ae_models.base import Progress, UserError
from ae_models.datasets.readers.answers import Answers
from ae_models.datasets.readers.items import Item, Problems
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.names import TEST, TRAIN, VALID
from ae_models.datasets.readers.pictures import PictureEntry, Wish, collect
from ae_models.datasets.readers.raw import ORDER, Hint, Part, words_of

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
