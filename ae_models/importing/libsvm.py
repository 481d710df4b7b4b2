"""libsvm's text form: ``label index:value ...``, indices from 1, zeros left out. USPS comes like this."""

from __future__ import annotations

import numpy as np

from ae_models.base import Mistake
from ae_models.importing.items import Item
from ae_models.importing.limits import Budget
from ae_models.importing.names import shown, split_of
from ae_models.importing.raw import Hint, Part, Values

_USPS_PIXELS, _MNIST_PIXELS = 256, 784


def read(item: Item, budget: Budget) -> Part:
    """Return the rows of a libsvm file.

    Raises ``Mistake`` naming the line that is no such line, or whose index is beyond the bound.
    """
    name, most = shown(item.name), budget.limits.columns
    labels: list[float] = []
    rows: list[tuple[list[int], list[float]]] = []
    width = 0
    for number, line in enumerate(item.content(budget).decode("ascii", "replace").splitlines(), 1):
        fields = line.partition("#")[0].split()
        if not fields:
            continue
        try:
            pairs = [field.split(":") for field in fields[1:]]
            indices = [int(index) for index, _ in pairs]
            values = [float(value) for _, value in pairs]
            labels.append(float(fields[0]))
        except ValueError:
            raise Mistake(f"{name}: line {number} is not 'label index:value ...'") from None
        if indices and (min(indices) < 1 or max(indices) > most):
            raise Mistake(f"{name}: line {number} has index {max(indices)}, where 1 to {most:,} are read")
        width = max(width, max(indices, default=0))
        budget.spend(16 * len(indices), name)
        if number % 1000 == 0:
            budget.tick(name)
        rows.append((indices, values))
    if not rows or not width:
        raise Mistake(f"{name}: holds no values")
    return _part(item.name, np.array(labels), rows, _whole_square(width))


def _whole_square(width: int) -> int:
    """Return 784 for rows of a few less: MNIST's last pixels are always 0, and zeros are not written.

    Examples
    --------
    >>> _whole_square(780), _whole_square(256), _whole_square(300)
    (784, 256, 300)
    """
    return _MNIST_PIXELS if _MNIST_PIXELS - 3 * 28 < width < _MNIST_PIXELS else width


def _part(name: str, labels: Values, rows: list[tuple[list[int], list[float]]], width: int) -> Part:
    values = np.zeros((len(rows), width), np.float32)
    for row, (indices, numbers) in enumerate(rows):
        values[row, np.array(indices, int) - 1] = numbers
    hints = {}
    is_usps = width == _USPS_PIXELS and set(labels.tolist()) <= set(range(1, 11))
    if is_usps and values.min() >= -1 and values.max() <= 1:
        hints["kind"] = Hint("images", "256 values from -1 to 1 and labels from 1 to 10, as USPS has them", "likely")
        hints["class_names"] = Hint("," + ",".join(map(str, range(10))), "USPS counts its digits from 1", "likely")
    return Part(name, "libsvm", values, labels, split_of(name), hints=hints)


def widened(found: list[Part]) -> list[Part]:
    """Return the parts with rows of one width: zeros that end a row are not written, in a test file as in any other."""
    wide = max((part.values.shape[1] for part in found), default=0)
    for part in found:
        missing = wide - part.values.shape[1]
        if missing:
            part.values = np.pad(part.values, ((0, 0), (0, missing)))
    return found
