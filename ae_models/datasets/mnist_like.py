"""MNIST and the sets that took over its files: four IDX files, 60,000 and 10,000 images of 28 x 28, ten classes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ae_models.base import ImageDataset, Progress, Shape, Splits, UserError, paths
from ae_models.base.config import Variant
from ae_models.datasets.idx import count, read_pair
from ae_models.datasets.source import HELDOUT_EVERY, split_rows

STEMS = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@dataclass(frozen=True)
class MnistLike:
    """One such set: where its files may be, and what they are called."""

    name: str
    title: str
    licence: str
    class_names: tuple[str, ...]
    noun: str
    address: str
    md5: tuple[str, str, str, str]  # of the four published .gz files, in the order of STEMS
    shape: Shape = (1, 28, 28)

    def _file(self, folders: list[Path], stem: str) -> Path | None:
        candidates = (folder / f"{stem}{ending}" for folder in folders for ending in (".gz", ""))
        return next((path for path in candidates if path.is_file()), None)

    def _bundled(self, stem: str) -> Path | None:
        return self._file([paths.SHIPPED / "images" / self.name], stem)

    def _full(self, stem: str) -> Path | None:
        named = paths.full_data()
        folders = [named / self.name] if named else []
        return self._file([*folders, paths.home() / "datasets" / self.name], stem)

    def resolve(self, variant: Variant) -> Literal["full", "bundled"]:
        """Return the variant that ``load`` would give; ``UserError`` when its files are not here."""
        has_full = all(self._full(stem) for stem in STEMS)
        if variant == "full" or (variant == "auto" and has_full):
            if has_full:
                return "full"
            missing = ", ".join(stem for stem in STEMS if not self._full(stem))
            raise UserError(
                f"the full {self.title} is not here (missing {missing}): set AE_MODELS_DATA to a folder that has "
                f"{self.name}/{STEMS[0]}.gz and the others, "
                f"or run 'python -m ae_models datasets --download {self.name}'"
            )
        if self._bundled(STEMS[2]) is None:
            raise UserError(
                f"{self.title} does not ship with the product: "
                f"run 'python -m ae_models datasets --download {self.name}' while there is a network"
            )
        return "bundled"

    def available(self) -> bool:
        """Say whether ``load("auto")`` works without a download."""
        return self._bundled(STEMS[2]) is not None or all(self._full(stem) for stem in STEMS)

    def sizes(self) -> tuple[int, int]:
        """Return the number of training and of held-out rows that ``load("auto")`` would give."""
        train, test = self._full(STEMS[0]), self._bundled(STEMS[2]) or self._full(STEMS[2])
        if not self.available() or test is None:
            return 60_000, 10_000  # as published; nothing is here to be counted
        if self.resolve("auto") == "full" and train is not None:
            return count(train), count(test)
        n_test = -(-count(test) // HELDOUT_EVERY)
        return count(test) - n_test, n_test

    def _read(self, images: Path, labels: Path) -> ImageDataset:
        pixels, classes = read_pair(images, labels, len(self.class_names))
        ids = np.arange(len(pixels), dtype=np.int32)
        return ImageDataset(self.name, pixels, classes.astype(np.int32), ids, self.class_names)

    def _test_rows(self) -> ImageDataset:
        # The bundled files are the test files: no need for the full set where only they are asked for.
        images = self._bundled(STEMS[2]) or self._full(STEMS[2])
        labels = self._bundled(STEMS[3]) or self._full(STEMS[3])
        if images is None or labels is None:
            raise UserError(f"the test images of {self.title} are not here: see 'python -m ae_models datasets'")
        return self._read(images, labels)

    def load(self, variant: Variant = "auto") -> Splits:
        """Return training and held-out rows; the bundled 10,000 are split 8,000 to 2,000, seeded and stratified."""
        chosen = self.resolve(variant)
        test = self._test_rows()
        if chosen == "bundled":
            assert test.labels is not None  # read_pair gave them
            train_rows, held_rows = split_rows(test.labels)
            return Splits(test.take(train_rows), test.take(held_rows), "bundled")
        images, labels = self._full(STEMS[0]), self._full(STEMS[1])
        assert images is not None  # resolve saw them
        assert labels is not None
        return Splits(self._read(images, labels), test, "full")

    def heldout(self, variant: Variant = "auto") -> ImageDataset:
        """Return the held-out rows alone: the test file, or the held-out fifth of the bundled rows."""
        if variant == "bundled" or (variant == "auto" and self.resolve("auto") == "bundled"):
            return self.load("bundled").heldout
        return self._test_rows()

    def download(self, progress: Progress | None = None) -> None:
        """Fetch the four published files into ``$AE_MODELS_HOME/datasets``, checking their md5."""
        from ae_models.datasets.download import fetch

        folder = paths.writable(paths.home() / "datasets" / self.name)
        for stem, md5 in zip(STEMS, self.md5, strict=True):
            fetch(f"{self.address}{stem}.gz", f"md5:{md5}", folder / f"{stem}.gz", progress)


_DIGIT_NAMES = tuple(str(digit) for digit in range(10))

MNIST = MnistLike(
    "mnist",
    "MNIST digits",
    "CC BY-SA 3.0 (LeCun, Cortes, Burges)",
    _DIGIT_NAMES,
    "digit",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    (
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
    ),
)

FASHION_MNIST = MnistLike(
    "fashion-mnist",
    "Fashion-MNIST",
    "MIT (Zalando SE)",
    ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    "kind of clothing",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    (
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    ),
)

KMNIST = MnistLike(
    "kmnist",
    "KMNIST",
    "CC BY-SA 4.0 (CODH)",
    ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を"),
    "character",
    "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    (
        "bdb82020997e1d708af4cf47b453dcf7",
        "e144d726b3acfaa3e44228e80efcd344",
        "5c965bf0a639b31b8f53240b1b52f4d7",
        "7320c461ea6c1c855c0b718fb2a4b134",
    ),
)
