"""What is known of public files by their names: EMNIST's classes, and that its images are transposed."""

from __future__ import annotations

import string
from collections.abc import Sequence

from ae_models.datasets.readers.names import words
from ae_models.datasets.readers.raw import Hint

_DIGITS, _UPPER, _LOWER = string.digits, string.ascii_uppercase, string.ascii_lowercase
_KEPT_LOWER = "abdefghnqrt"  # the small letters that do not look like their capitals

EMNIST = {
    "byclass": tuple(_DIGITS + _UPPER + _LOWER),
    "bymerge": tuple(_DIGITS + _UPPER + _KEPT_LOWER),
    "balanced": tuple(_DIGITS + _UPPER + _KEPT_LOWER),
    "letters": ("", *_UPPER),
    "digits": tuple(_DIGITS),
    "mnist": tuple(_DIGITS),
}
"""Names of the classes of each of EMNIST's sets, by their numbers; those of letters start at 1."""


def hints_of(names: Sequence[str]) -> dict[str, Hint]:
    """Return what the names of files say of their content.

    Examples
    --------
    >>> hints_of(["emnist-letters-train-images-idx3-ubyte.gz"])["transposed"].value
    'yes'
    """
    known = {word for name in names for word in words(name)}
    if "emnist" not in known:
        return {}
    found = {"transposed": Hint("yes", "the files are called EMNIST, which stores images column by column", "likely")}
    for part, classes in EMNIST.items():
        if part in known:
            found["class_names"] = Hint(",".join(classes), f"EMNIST's {part}", "likely")
            break
    return found
