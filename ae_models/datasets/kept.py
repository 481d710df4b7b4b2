"""Data sets that the user brought: a folder each, a card and arrays, written beside and renamed; never a pickle."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ae_models.base import ImageDataset, Progress, Shape, Splits, UserError, Visitor, paths
from ae_models.base.config import Variant
from ae_models.base.stored import UNREADABLE, file_size, folders, is_folder, promised
from ae_models.base.trash import Deleted, OwnedFolders, Trash
from ae_models.datasets.card import NAME_PATTERN, Card, made_card, read_card
from ae_models.kinds import kind_called

_SPLITS = ("train", "heldout")


def slug(title: str) -> str:
    """Return the name that data called ``title`` are kept under; empty where nothing of it can be in a name.

    Examples
    --------
    >>> slug("My digits, 2024")
    'my-digits-2024'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:64].strip("-")


def folder() -> Path:
    """Return the folder of the user's data sets."""
    return paths.home() / "data"


def names() -> list[str]:
    """Return the names of all data sets that were kept, whole or damaged, sorted."""
    return folders(folder(), NAME_PATTERN)


def card(name: str) -> Card:
    """Return the card of a kept data set; ``UserError`` when there is none or it is damaged."""
    if not re.fullmatch(NAME_PATTERN, name) or not is_folder(folder() / name):
        raise UserError(f"no data set '{name[:80]}' was imported here")
    try:
        found = read_card(folder() / name)
    except UserError as mistake:
        raise UserError(f"data set '{name}' is damaged: {mistake}") from None
    if found.name != name:
        raise UserError(f"data set '{name}' is damaged: its card belongs to '{found.name}'")
    return found


def owned() -> OwnedFolders[Card]:
    """Return the user's data sets as folders that can be deleted, taken back for 30 days, and handed over."""
    return OwnedFolders("data set", folder(), "card.json", Trash(folder() / ".trash"), card)


def delete(name: str, by: Visitor) -> Deleted:
    """Put a data set away, from where ``owned().restore`` brings it back for 30 days."""
    if name not in names():
        raise UserError(f"no data set '{name}' was imported here: {', '.join(names()) or 'there is none'}")
    return owned().delete(name, by)


@dataclass(frozen=True)
class ImportedDataset:
    """A data set that was imported: a ``Source`` like those that ship."""

    card: Card

    @property
    def name(self) -> str:
        """Its name, a folder of the store."""
        return self.card.name

    @property
    def title(self) -> str:
        """What its owner calls it."""
        return self.card.title

    @property
    def licence(self) -> str:
        """Where it is from, and what may be done with it."""
        return self.card.licence

    @property
    def shape(self) -> Shape:
        """The shape of a row."""
        return self.card.shape

    @property
    def class_names(self) -> tuple[str, ...]:
        """What its classes are called; empty where it has no labels."""
        return self.card.class_names

    @property
    def noun(self) -> str:
        """What one row shows, in a word."""
        return self.card.noun

    def resolve(self, variant: Variant) -> Literal["full", "bundled"]:
        """Return ``bundled``: all of its rows, those to train on too, are here."""
        if variant == "full":
            raise UserError(f"data set '{self.name}' has no full variant: all that was imported is here")
        return "bundled"

    def sizes(self) -> tuple[int, int]:
        """Return the number of training and of held-out rows."""
        return self.card.n_train, self.card.n_heldout

    def available(self) -> bool:
        """Say whether it can be loaded: always."""
        return True

    def load(self, variant: Variant = "auto") -> Splits:
        """Return the rows to train on and those held out."""
        self.resolve(variant)
        with self._arrays() as arrays:
            train, heldout = (self._rows(arrays, split) for split in _SPLITS)
        return Splits(train, heldout, "bundled")

    def heldout(self, variant: Variant = "auto") -> ImageDataset:
        """Return the held-out rows alone."""
        self.resolve(variant)
        with self._arrays() as arrays:
            return self._rows(arrays, "heldout")

    def download(self, progress: Progress | None = None) -> None:
        """Raise ``UserError``: it is here already."""
        raise UserError(f"data set '{self.name}' was imported: there is nothing to download")

    def scale(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
        """Return ``(low, high)`` of each number of a vector, or None for images.

        A row's numbers are ``low + (high - low) * images``.
        """
        if not kind_called(self.card.kind).is_scaled:
            return None
        with self._arrays() as arrays:
            low, high = (self._array(arrays, key, (self.shape[2],), "f") for key in ("low", "high"))
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            raise UserError(f"data set '{self.name}' is damaged: its scale is not finite")
        return low, high

    def check(self) -> None:
        """Look at what every array's header says; ``UserError`` where an array is missing or another than it should be.

        Nothing is unpacked: what stands in the arrays is checked when they are read.
        """
        with self._arrays() as arrays:
            for split, n in zip(_SPLITS, self.sizes(), strict=True):
                self._check_header(arrays, f"{split}_ids", (n,), "iu")
                self._check_header(arrays, f"{split}_pixels", (n, *self.shape), "u")
                if self.class_names:
                    self._check_header(arrays, f"{split}_labels", (n,), "iu")

    def features(self) -> tuple[tuple[str, float, float], ...]:
        """Return what each number of a vector is called and its lowest and highest value; ``()`` for images."""
        scale = self._known_scale()
        if scale is None:
            return ()
        names = self.card.columns
        if names is None or len(names) != self.shape[2]:
            names = tuple(f"number {place + 1}" for place in range(self.shape[2]))
        return tuple((name, float(low), float(high)) for name, low, high in zip(names, *scale, strict=True))

    def scaling(self) -> str:
        """Return in a sentence how the numbers of vectors were scaled; ``""`` for images."""
        scale = self._known_scale()
        if scale is None:
            return ""
        low, high = scale
        if (low == low[0]).all() and (high == high[0]).all():
            return f"All numbers are drawn on one scale: {low[0]:.4g} lies at the foot, {high[0]:.4g} at the top."
        return "Each number is drawn on its own scale: its lowest value in all rows at the foot, its highest on top."

    def _known_scale(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
        """Return the scale, and None too where it cannot be read: whoever reads the rows says that they are damaged."""
        with suppress(UserError):
            return self.scale()
        return None

    @contextmanager
    def _arrays(self) -> Iterator[Any]:
        path, what = folder() / self.name / "rows.npz", f"data set '{self.name}' is damaged"
        with ExitStack() as opened:
            try:
                if file_size(path) != self.card.size:
                    raise UserError("rows.npz has another size than was written")
                arrays = opened.enter_context(np.load(opened.enter_context(path.open("rb")), allow_pickle=False))
                if not isinstance(arrays, np.lib.npyio.NpzFile):
                    raise UserError("rows.npz is one array")
            except UserError as mistake:
                raise UserError(f"{what}: {mistake}") from None
            except UNREADABLE:
                raise UserError(f"{what}: rows.npz cannot be read") from None
            yield arrays

    def _array(self, arrays: Any, key: str, shape: tuple[int, ...], kinds: str) -> Any:
        """Return one array after looking at what its header says; the zip's checksum is compared on the way."""
        self._check_header(arrays, key, shape, kinds)
        try:
            return arrays[key]
        except UNREADABLE:
            raise UserError(f"data set '{self.name}' is damaged: {key} in rows.npz cannot be read") from None

    def _check_header(self, arrays: Any, key: str, shape: tuple[int, ...], kinds: str) -> None:
        try:
            found_shape, kind = promised(arrays.zip, f"{key}.npy")
        except UNREADABLE:
            raise UserError(f"data set '{self.name}' is damaged: {key} in rows.npz cannot be read") from None
        if found_shape != shape or kind.kind not in kinds:
            words = f"shape {found_shape}, not {shape}" if found_shape != shape else f"values of {kind}"
            raise UserError(f"data set '{self.name}' is damaged: {key} has {words}")

    def _rows(self, arrays: Any, split: str) -> ImageDataset:
        n = self.card.n_train if split == "train" else self.card.n_heldout
        labels = None
        if self.class_names:
            labels = self._array(arrays, f"{split}_labels", (n,), "iu").astype(np.int32)
            if labels.min() < 0 or labels.max() >= len(self.class_names):
                raise UserError(f"data set '{self.name}' is damaged: it has labels beyond its classes")
        ids = self._array(arrays, f"{split}_ids", (n,), "iu")
        if ids.min() < 0 or ids.max() >= 2**31 or len(np.unique(ids)) != n:
            raise UserError(f"data set '{self.name}' is damaged: its rows have no numbers of their own")
        pixels = self._array(arrays, f"{split}_pixels", (n, *self.shape), "u")
        if pixels.dtype not in (np.uint8, np.uint16) or pixels.max() > self.card.levels:
            raise UserError(f"data set '{self.name}' is damaged: it has values above {self.card.levels:,}")
        return ImageDataset(self.name, pixels, labels, ids.astype(np.int32), self.class_names, self.card.levels)


def write(about: dict[str, Any], splits: Splits, scale: dict[str, Any] | None = None) -> Card:
    """Keep a data set: its files beside the final place, then one rename; return its card.

    Parameters
    ----------
    about : dict
        Fields of ``Card`` that are not of the rows: name, title, created, licence, guesses ...
    splits : Splits
    scale : dict of (d,) arrays, optional
        ``low`` and ``high`` of vectors.

    Raises
    ------
    UserError
        When the name is taken or the folder cannot be written; nothing stays behind.
    """
    arrays: dict[str, Any] = dict(scale or {})
    counts = {}
    for split, rows in zip(_SPLITS, (splits.train, splits.heldout), strict=True):
        arrays |= {f"{split}_pixels": rows.pixels, f"{split}_ids": rows.ids}
        if rows.labels is not None:
            arrays[f"{split}_labels"] = rows.labels
            counts[split] = np.bincount(rows.labels, minlength=len(rows.class_names)).tolist()
    root = paths.writable(folder())
    beside = paths.beside(root / "new")
    try:
        beside.mkdir()
        with (beside / "rows.npz").open("w+b") as stream:
            np.savez(stream, **arrays)
            stream.seek(0)
            digest = file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
        made = made_card(
            {
                **about,
                "shape": splits.train.shape,
                "levels": splits.train.levels,
                "class_names": splits.train.class_names,
                "n_train": len(splits.train),
                "n_heldout": len(splits.heldout),
                "digests": {"train": splits.train.digest, "heldout": splits.heldout.digest},
                "counts": counts,
                "size": size,
                "sha256": digest,
            }
        )
        (beside / "card.json").write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
        if (root / made.name).exists():
            raise UserError(f"there is a data set '{made.name}' already: delete it first, or take another name")
        beside.rename(root / made.name)
    except OSError as error:
        raise UserError(f"the data set could not be written in {root} ({error.strerror})") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return made
