"""How the command line speaks: progress on stderr, tables on stdout, files where it was told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ae_models.base import UserError

Answer = tuple[dict[str, Any], str]
"""What a command found: for ``--json``, and in words."""


def settings_of(pairs: list[str]) -> dict[str, str]:
    """Return the settings of ``--set KEY=VALUE ...``."""
    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UserError(f"--set takes KEY=VALUE: got '{pair}'")
        settings[key] = value
    return settings


class Bar:
    """A progress bar on stderr that is drawn when there is progress to tell, and taken down before anything else."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None

    def __call__(self, share: float, line: str) -> None:
        """Show how far it is."""
        from tqdm import tqdm

        if self._bar is None:
            layout = "{desc} {percentage:3.0f}% |{bar:30}| {postfix}"
            self._bar = tqdm(total=100, desc=self._title, file=sys.stderr, bar_format=layout)
        self._bar.set_postfix_str(line, refresh=False)
        self._bar.n = round(100 * share)
        self._bar.refresh()
        if share >= 1:
            self._bar.close()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows as aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def out_file(path: Path) -> Path:
    """Return a path that can be written; ``UserError`` when its folder is missing or it is a folder."""
    if not path.resolve().parent.is_dir():
        raise UserError(f"--out: the folder of {path} does not exist")
    if path.is_dir():
        raise UserError(f"--out: {path} is a folder, not a file")
    return path


def write_npz(path: Path, **arrays: Any) -> None:
    """Write arrays under their names; None is left out."""
    import numpy as np

    try:
        with path.open("wb") as stream:  # savez would add .npz to a name that lacks it
            np.savez(stream, **{name: array for name, array in arrays.items() if array is not None})
    except OSError as error:
        raise UserError(f"--out: {path} cannot be written ({error.strerror})") from None


def write_png(path: Path, image: Any) -> None:
    """Write an image ``(c, h, w)``, clipped to [0, 1], as PNG."""
    import numpy as np

    pixels = np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)  # (c, h, w)
    write_png_bytes(path, pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1))


def write_png_bytes(path: Path, pixels: Any) -> None:
    """Write uint8 pixels ``(h, w)`` or ``(h, w, 3)`` as PNG."""
    from PIL import Image

    try:
        Image.fromarray(pixels).save(path, format="PNG")
    except OSError as error:
        raise UserError(f"--out: {path} cannot be written ({error.strerror})") from None
