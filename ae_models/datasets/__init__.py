"""Images in [0, 1] and their labels: one file a source, one line a data set. No model lives here, no page.

``load`` gives rows to fit on and rows kept away from fitting; ``heldout`` gives only the second, cheaply. What the user
imported (``kept``) is offered beside what ships.
"""

from __future__ import annotations

from contextlib import suppress

from ae_models import kinds
from ae_models.base import ImageDataset, Splits, UserError
from ae_models.base.config import Variant
from ae_models.base.registry import Entry
from ae_models.datasets.card import Card
from ae_models.datasets.kept import ImportedDataset
from ae_models.datasets.shelf import Shelf
from ae_models.datasets.source import Source
from ae_models.kinds import Kind

DATASETS = Shelf(
    "dataset",
    {
        "mnist": Entry("ae_models.datasets.mnist_like:MNIST", "MNIST digits", "handwritten digits, 28 x 28"),
        "fashion-mnist": Entry(
            "ae_models.datasets.mnist_like:FASHION_MNIST", "Fashion-MNIST", "photographs of clothes, 28 x 28"
        ),
        "digits": Entry("ae_models.datasets.digits:DIGITS", "Small digits (8 x 8)", "scikit-learn's digits, 8 x 8"),
        "mnist-tinted": Entry(
            "ae_models.datasets.tinted:TINTED_MNIST", "MNIST in colour", "each digit in its class's tint"
        ),
        "kmnist": Entry("ae_models.datasets.mnist_like:KMNIST", "KMNIST", "cursive Japanese characters, 28 x 28"),
    },
)


def source(name: str) -> Source:
    """Return the source called ``name``; an unknown name raises ``UserError`` with the choices."""
    found: Source = DATASETS.load(name)
    return found


def kind_of(name: str) -> Kind:
    """Return the kind of a data set; of one that is gone, images."""
    try:
        return kinds.kind_of(source(name).shape)
    except UserError:
        return kinds.IMAGE


def load(name: str, variant: Variant = "auto") -> Splits:
    """Return the training rows and the held-out rows of a data set.

    ``auto`` takes the full files where they are and the bundled images elsewhere.
    """
    return source(name).load(variant)


def heldout(name: str, variant: Variant = "auto") -> ImageDataset:
    """Return the held-out rows alone, without reading the training file where it is a file of its own."""
    return source(name).heldout(variant)


def stamp(name: str) -> str:
    """Return what changes when the rows behind a name do: a digest for an imported set, nothing for one that ships."""
    found = source(name)
    return found.card.sha256 if isinstance(found, ImportedDataset) else ""


def features(name: str) -> tuple[tuple[str, float, float], ...]:
    """Return what each number of a row is called and its lowest and highest value; ``()`` where the data are images."""
    with suppress(UserError):  # whoever reads the rows says that they are damaged
        found = source(name)
        return found.features() if isinstance(found, ImportedDataset) else ()
    return ()


def scaling(name: str) -> str:
    """Return in a sentence how rows of numbers were scaled; ``""`` where the data are images."""
    with suppress(UserError):
        found = source(name)
        return found.scaling() if isinstance(found, ImportedDataset) else ""
    return ""


__all__ = ["DATASETS", "Card", "ImportedDataset", "Source", "features", "heldout", "load", "scaling", "source", "stamp"]
