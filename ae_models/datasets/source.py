"""What every data set's file offers, and the seeded, stratified split of bundled rows."""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from ae_models.base import ImageDataset, IntArray, Progress, Shape, Splits, UserError
from ae_models.base.config import Variant

HELDOUT_EVERY = 5  # one image in five is held out of a bundled set


class Source(Protocol):
    """A data set that can be asked what it is before anything is read."""

    name: str
    title: str
    licence: str
    shape: Shape
    class_names: tuple[str, ...]
    noun: str

    def resolve(self, variant: Variant) -> Literal["full", "bundled"]:
        """Return the variant that ``load`` would give; ``UserError`` when its files are not here."""
        ...

    def sizes(self) -> tuple[int, int]:
        """Return the number of training and of held-out rows that ``load("auto")`` would give."""
        ...

    def available(self) -> bool:
        """Say whether ``load("auto")`` works without a download."""
        ...

    def load(self, variant: Variant = "auto") -> Splits:
        """Return all rows: those to train on, and the held-out ones."""
        ...

    def heldout(self, variant: Variant = "auto") -> ImageDataset:
        """Return the held-out rows alone."""
        ...

    def download(self, progress: Progress | None = None) -> None:
        """Fetch the full files; ``UserError`` when there is nothing to fetch or no network."""
        ...


class Bundled(Source, Protocol):
    """A data set that has one variant, which is always here: its file says what it is, its sizes, and ``load``."""

    def resolve(self, variant: Variant) -> Literal["full", "bundled"]:
        """Return ``bundled``: there is no larger set of these."""
        if variant == "full":
            n = sum(self.sizes())
            raise UserError(f"dataset '{self.name}' has no full variant: all of its {n:,} images are bundled")
        return "bundled"

    def available(self) -> bool:
        """Say whether ``load("auto")`` works without a download: always."""
        return True

    def heldout(self, variant: Variant = "auto") -> ImageDataset:
        """Return the held-out rows."""
        return self.load(variant).heldout

    def download(self, progress: Progress | None = None) -> None:
        """Raise ``UserError``: everything is here already."""
        raise UserError(f"dataset '{self.name}' is bundled: there is nothing to download")


def split_rows(labels: IntArray, seed: int = 0) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the rows to train on and the rows held out, both sorted.

    One row in five is held out; each class keeps its share to within one row. The order inside a class is drawn
    with ``seed``.

    Examples
    --------
    >>> train, heldout = split_rows(np.repeat(np.arange(2, dtype=np.int32), 10))
    >>> len(train), len(heldout)
    (16, 4)
    """
    random = np.random.default_rng(seed).random(len(labels))
    by_class = np.lexsort((random, labels))
    held = np.zeros(len(labels), dtype=bool)
    held[by_class[::HELDOUT_EVERY]] = True
    return np.flatnonzero(~held), np.flatnonzero(held)
