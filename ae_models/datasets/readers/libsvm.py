"""libsvm's text form: ``label index:value ...``, indices from 1, zeros left out. USPS comes like this."""

from __future__ import annotations

from array import array

import numpy as np

from ae_models.base import UserError
from ae_models.datasets.readers.items import Item
from ae_models.datasets.readers.limits import Budget
from ae_models.datasets.readers.names import shown, split_of
from ae_models.datasets.readers.raw import Hint, Part, Values

_USPS_PIXELS, _MNIST_PIXELS = 256, 784


def read(item: Item, budget: Budget) -> Part:
    """Return the rows of a libsvm file.

    Raises ``UserError`` naming the line that is no such line, or whose index is beyond the bound; and when the rows,
    with the zeros that are left out, are larger than what is read.
    """
    name, most = shown(item.name), budget.limits.columns
    labels, indices, values = array("d"), array("i"), array("f")
    ends = array("q")  # of each row, among the indices
    width = 0
    for number, line in enumerate(item.lines(budget), 1):
        fields = line.partition("#")[0].split()
        if not fields:
            continue
        try:
            pairs = [field.split(":") for field in fields[1:]]
            mine = [int(index) for index, _ in pairs]
            values.extend(float(value) for _, value in pairs)
            labels.append(float(fields[0]))
        except (ValueError, OverflowError):
            raise UserError(f"{name}: line {number} is not 'label index:value ...'") from None
        if mine and (min(mine) < 1 or max(mine) > most):
            raise UserError(f"{name}: line {number} has index {max(mine)}, where 1 to {most:,} are read")
        width = max(width, max(mine, default=0))
        indices.extend(mine)
        ends.append(len(indices))
        budget.spend(8 * len(mine) + 16, name)
        budget.rows(len(labels), name)
        budget.room_for(4 * len(labels) * width, name)
    if not len(labels) or not width:
        raise UserError(f"{name}: holds no values")
    width = _whole_square(width)
    budget.spend(4 * len(labels) * width, name)
    rows = np.zeros((len(labels), width), np.float32)
    start = 0
    for row, end in enumerate(ends):
        rows[row, np.array(indices[start:end], int) - 1] = values[start:end]
        start = end
    return _part(item.name, np.array(labels), rows)


def _whole_square(width: int) -> int:
    """Return 784 for rows of a few less: MNIST's last pixels are always 0, and zeros are not written.

    Examples
    --------
    >>> _whole_square(780), _whole_square(256), _whole_square(300)
    (784, 256, 300)
    """
    return _MNIST_PIXELS if _MNIST_PIXELS - 3 * 28 < width < _MNIST_PIXELS else width


def _part(name: str, labels: Values, values: Values) -> Part:
    hints = {}
    is_usps = values.shape[1] == _USPS_PIXELS and set(labels.tolist()) <= set(range(1, 11))
    if is_usps and values.min() >= -1 and values.max() <= 1:
        hints["kind"] = Hint("images", "256 values from -1 to 1 and labels from 1 to 10, as USPS has them", "likely")
        hints["class_names"] = Hint("," + ",".join(map(str, range(10))), "USPS counts its digits from 1", "likely")
    return Part(name, "libsvm", values, labels, split_of(name), hints=hints)


def widened(found: list[Part], budget: Budget) -> list[Part]:
    """Return the parts with rows of one width: zeros that end a row are not written, in a test file as in any other."""
    wide = max((part.values.shape[1] for part in found), default=0)
    for part in found:
        missing = wide - part.values.shape[1]
        if missing:
            budget.spend(4 * len(part.values) * wide, shown(part.name))
            part.values = np.pad(part.values, ((0, 0), (0, missing)))
    return found
