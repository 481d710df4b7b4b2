"""Bring your own data: read files, see what they are taken for, keep them as a data set like those that ship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ae_models import datasets
from ae_models.base import Progress, Splits, UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets import Card, kept
from ae_models.datasets.readers import (
    LIMITS,
    Item,
    Limits,
    Prepared,
    Raw,
    Reading,
    contact_sheet,
    decide,
    prepare,
    read,
)
from ae_models.datasets.readers.items import Problems
from ae_models.datasets.readers.names import class_name, shown
from ae_models.datasets.readers.public import PUBLIC
from ae_models.datasets.readers.sheet import ContactSheet
from ae_models.kinds import kind_called

LISTED = 200  # files named on a card, of those read and of those left out


@dataclass(frozen=True, eq=False)
class Incoming:
    """Data that were read and not kept yet: as they came, what they are taken for, and the rows that would be kept."""

    raw: Raw
    plan: Reading
    rows: Prepared

    def again(self, config: ImportConfig) -> Incoming:
        """Return the same files taken for what ``config`` says, without reading them once more.

        What changes how files are read (``only``, ``labels``, ``size``, ``background``) needs ``look``.
        """
        return taken(self.raw, config)

    def sheet(self, seed: int = 0) -> ContactSheet:
        """Return a contact sheet of the training rows."""
        return contact_sheet(self.rows.train, seed)

    def preview(self) -> dict[str, Any]:
        """Return what a person should see before they accept: counts by class, values, guesses, what was left out."""
        raw, rows = self.raw, self.rows
        classes = [
            {
                "name": name,
                "train": int(np.sum(rows.train.labels == number)),
                "heldout": int(np.sum(rows.heldout.labels == number)),
            }
            for number, name in enumerate(rows.train.class_names)
        ]
        return {
            "format": raw.format,
            "kind": self.plan["kind"],
            "shape": list(rows.shape),
            "n_train": len(rows.train),
            "n_heldout": len(rows.heldout),
            "classes": classes,
            "values": {"min": float(raw.values.min()), "max": float(raw.values.max()), "type": str(raw.values.dtype)},
            "guesses": [{**asdict(guess), "choices": list(guess.choices)} for guess in self.plan.guesses],
            "notes": list(rows.notes),
            "left_out": [{"file": name, "why": why} for name, why in raw.left_out],
        }


def look(
    items: Sequence[Item],
    config: ImportConfig | None = None,
    *,
    problems: Problems | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> Incoming:
    """Read files and return what they are taken for; nothing is kept.

    Parameters
    ----------
    items : sequence of Item
        From ``importing.of_paths`` or ``importing.of_bytes``.
    config : ImportConfig, optional
        What the user knows better.
    problems : Problems, optional
        Whether bad files among good ones are refused or left out; its list of those left out may begin before.
    """
    config = config or ImportConfig()
    return taken(read(items, config, problems=problems, limits=limits, progress=progress), config, limits)


def taken(raw: Raw, config: ImportConfig, limits: Limits = LIMITS) -> Incoming:
    """Return rows that were read, taken for what ``config`` says and what is guessed."""
    plan = decide(raw, config, limits)
    return Incoming(raw, plan, prepare(raw, plan, config, limits=limits))


def name_of(title: str) -> str:
    """Return the name that a data set called ``title`` is kept under; ``UserError`` when it is taken or empty.

    Examples
    --------
    >>> name_of("My digits, 2024")
    'my-digits-2024'
    """
    name = kept.slug(title)
    if not name:
        raise UserError(f"a data set's name needs a letter from a to z or a digit: got '{shown(title)}'")
    if name in ("train", "test", "none", "auto"):
        raise UserError(f"a data set cannot be called '{name}'")
    if datasets.DATASETS.ships(name):
        raise UserError(f"'{name}' ships with the product: take another name")
    if name in PUBLIC:
        raise UserError(f"'{name}' is a public set (datasets --download {name}): take another name")
    if name in kept.names():
        raise UserError(f"there is a data set '{name}' already: delete it first, or take another name")
    return name


def keep(incoming: Incoming, title: str, licence: str = "", **about: Any) -> Card:
    """Keep data that were looked at; return their card.

    Parameters
    ----------
    title : str
        What a person calls it; its name is made of it.
    licence : str
        A note of where it comes from and what may be done with it.
    about
        Other fields of the card: ``noun``, ``name``, and ``owner``, the visitor whose it will be.
    """
    raw, rows, kind = incoming.raw, incoming.rows, kind_called(incoming.plan["kind"])
    name = str(about.pop("name", "") or name_of(title))
    fields = {
        "name": name,
        "title": class_name(title, 120),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "licence": " ".join(licence.split())[:400] or "not known",
        "noun": kind.sample,
        "kind": incoming.plan["kind"],
        "format": raw.format,
        "columns": rows.columns if kind.is_scaled else None,
        "sources": [{"name": source, "size": size} for source, size in raw.sources[:LISTED]],
        "n_sources": len(raw.sources),
        "guesses": [asdict(guess) for guess in incoming.plan.guesses],
        "notes": list(rows.notes),
        "left_out": [{"file": file, "why": why} for file, why in raw.left_out[:LISTED]],
        "n_left_out": len(raw.left_out),
        **about,
    }
    return kept.write(fields, Splits(rows.train, rows.heldout, "bundled"), rows.scale)


def values_of(name: str, split: str = "heldout") -> Any:
    """Return the numbers of a kept set of vectors in their own unit, ``(n, d)`` float64."""
    source = datasets.source(name)
    scale = source.scale() if isinstance(source, datasets.ImportedDataset) else None
    if scale is None:
        raise UserError(f"data set '{name}' holds {datasets.kind_of(name).plural}, whose values have no units")
    splits = source.load()
    chosen = splits.heldout if split == "heldout" else splits.train
    low, high = scale
    return low + (high - low) * (chosen.pixels[:, 0, 0].astype(np.float64) / chosen.levels)
