"""Fetching a published file once, with its checksum: pooch does it, this says what to do when it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ae_models.base import Mistake, Progress


class _Bar:
    """What pooch asks of a progress bar: a total, update, reset, close."""

    def __init__(self, name: str, progress: Progress) -> None:
        self.total = 0.0
        self._done, self._name, self._progress = 0.0, name, progress

    def update(self, n: float) -> None:
        self._done += n
        if self.total:
            self._progress(min(self._done / self.total, 1.0), f"{self._name}: {self._done / 1e6:.1f} MB")

    def reset(self) -> None:
        self._done = 0.0

    def close(self) -> None:
        self._progress(1.0, self._name)


def fetch(url: str, known_hash: str, path: Path, progress: Progress | None = None) -> None:
    """Fetch ``url`` to ``path`` unless it is there already with the right checksum.

    Raises ``Mistake`` when the network, the server or the checksum fails; a half-loaded file does not stay.
    """
    import pooch
    from requests.exceptions import RequestException

    pooch.get_logger().setLevel("ERROR")
    bar: Any = _Bar(path.name, progress) if progress else False
    try:
        pooch.retrieve(
            url,
            known_hash,
            fname=path.name,
            path=path.parent,
            downloader=pooch.HTTPDownloader(progressbar=bar, timeout=30),
        )
    except RequestException:
        raise Mistake(
            f"could not download {url}: is there a network? Put the file at {path} by hand, "
            "or set AE_MODELS_DATA to a folder that has it"
        ) from None
    except ValueError:
        raise Mistake(f"{url}: its checksum is not the published {known_hash}; nothing was kept") from None
