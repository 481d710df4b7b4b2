"""Names from files are text: shown whole where they are short, cut and without tricks where they are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SHOWN = 80
# Marks that turn the direction of the text after them, and characters that break or hide in a line.
_TRICKS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # Cf too, but some scripts are written with them

TEST = {"test", "testing", "t10k", "tst", "t"}
TRAIN = {"train", "training", "trn"}
VALID = {"val", "valid", "validation", "dev"}


def shown(name: str) -> str:
    r"""Return a file's name as one line of a message shows it: at most 80 letters, no control characters.

    Examples
    --------
    >>> shown("a\nb.png")
    'a b.png'
    >>> len(shown("x" * 5000))
    80
    """
    clean = _plain(name)
    return clean if len(clean) <= _SHOWN else f"{clean[:50]}…{clean[-(_SHOWN - 51) :]}"


def class_name(name: str, most: int) -> str:
    """Return a class's name: one line, at most ``most`` letters, without marks that turn the text around."""
    clean = _plain(name) or "(no name)"
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def _plain(name: str) -> str:
    letters = (
        letter if letter in _JOINERS or unicodedata.category(letter) not in _TRICKS else " " for letter in str(name)
    )
    return " ".join("".join(letters).split())


def class_names(names: Sequence[str], most: int) -> tuple[tuple[str, ...], list[str]]:
    """Return class names made plain and different from one another, and a note for each that was changed."""
    made: list[str] = []
    notes = []
    for name in names:
        clean = class_name(name, most)
        if clean != name:
            notes.append(f"the class name '{shown(name)}' ({len(name):,} characters) is shown as '{clean}'")
        place, whole = 2, clean
        while clean in made:
            clean, place = f"{whole[: most - 5]} ({place})", place + 1
        made.append(clean)
    return tuple(made), notes


def words(name: str) -> list[str]:
    """Return the words of a file's or an array's name, in small letters.

    Examples
    --------
    >>> words("emnist-letters-train-images-idx3-ubyte.gz")
    ['emnist', 'letters', 'train', 'images', 'idx3', 'ubyte', 'gz']
    """
    return [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]


def split_of(name: str) -> str | None:
    """Return ``train``, ``test`` or ``valid`` where a name says so.

    Examples
    --------
    >>> split_of("x_train"), split_of("t10k-labels-idx1-ubyte"), split_of("usps.t"), split_of("digits.csv")
    ('train', 'test', 'test', None)
    """
    for word in words(name):
        for found, known in (("test", TEST), ("train", TRAIN), ("valid", VALID)):
            if word in known:
                return found
    return None
