"""scikit-learn's digits: 1,797 images of 8 x 8, from the file inside the installed package."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ae_models.base import ImageDataset, Shape, Splits, UserError
from ae_models.base.config import Variant
from ae_models.datasets.source import Bundled, split_rows


@dataclass(frozen=True)
class Digits(Bundled):
    """The set that ``sklearn.datasets.load_digits`` gives, read without importing scikit-learn (two seconds)."""

    name: str = "digits"
    title: str = "Small digits (8 x 8)"
    licence: str = "CC BY 4.0 (Alpaydin, Kaynak; UCI)"
    class_names: tuple[str, ...] = tuple(str(digit) for digit in range(10))
    noun: str = "digit"
    shape: Shape = (1, 8, 8)

    def sizes(self) -> tuple[int, int]:
        """Return the number of training and of held-out rows."""
        return 1_437, 360

    def load(self, variant: Variant = "auto") -> Splits:
        """Return 1,437 rows to train on and 360 held out, seeded and stratified."""
        self.resolve(variant)
        spec = find_spec("sklearn")
        if spec is None or spec.origin is None:
            raise UserError("dataset 'digits' comes with scikit-learn, which is not installed")
        path = Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"
        with gzip.open(path, "rt") as stream:
            table = np.loadtxt(stream, delimiter=",", dtype=np.uint8)  # (1797, 64 pixels + label)
        pixels = table[:, :64].reshape(-1, 1, 8, 8)
        labels = table[:, 64].astype(np.int32)
        everything = ImageDataset(
            self.name, pixels, labels, np.arange(len(labels), dtype=np.int32), self.class_names, levels=16
        )
        train_rows, held_rows = split_rows(labels)
        return Splits(everything.take(train_rows), everything.take(held_rows), "bundled")


DIGITS = Digits()
