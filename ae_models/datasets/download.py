"""Fetching a published file once, with its checksum: pooch does it, this goes on where it was cut off, and speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ae_models.base import Progress, UserError

_PART = 1 << 16
_TIMEOUT = 30


class _Loader:
    """A pooch downloader that keeps what came of a file whose server can go on from the middle.

    The half file lies beside the final place as ``NAME.part``; the checksum decides at the end, so nothing wrong can
    come of it.
    """

    def __init__(self, kept: Path, progress: Progress | None) -> None:
        self._kept, self._progress = kept, progress

    def __call__(self, url: str, output_file: Any, _pooch: Any, **_: Any) -> None:
        import requests

        have = self._kept.stat().st_size if self._kept.is_file() else 0
        headers = (
            {"Range": f"bytes={have}-", "Accept-Encoding": "identity"} if have else {"Accept-Encoding": "identity"}
        )
        with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as answer:
            if answer.status_code == 416:  # there is nothing after what we have
                self._kept.unlink()
                self(url, output_file, _pooch)
                return
            answer.raise_for_status()
            goes_on = answer.status_code == 206
            can_resume = goes_on or answer.headers.get("Accept-Ranges", "").lower() == "bytes"
            have = have if goes_on else 0
            total = have + int(answer.headers.get("Content-Length") or 0)
            try:
                self._take(answer, "ab" if goes_on else "wb", have, total)
            except BaseException:
                if not can_resume:
                    self._kept.unlink(missing_ok=True)
                raise
        if total and self._kept.stat().st_size != total:
            if not can_resume:
                self._kept.unlink()
            raise requests.ConnectionError("the connection ended too early")
        self._hand_over(output_file)

    def _take(self, answer: Any, mode: str, have: int, total: int) -> None:
        with self._kept.open(mode) as stream:
            for part in answer.iter_content(_PART):
                stream.write(part)
                have += len(part)
                if self._progress and total:
                    name = self._kept.name.removesuffix(".part")
                    self._progress(min(have / total, 1.0), f"{name}: {have / 1e6:.1f} MB")

    def _hand_over(self, output_file: Any) -> None:
        self._kept.replace(Path(output_file))


def fetch(url: str, known_hash: str | None, path: Path, progress: Progress | None = None) -> None:
    """Fetch ``url`` to ``path`` unless it is there already with the right checksum.

    A download that was cut off goes on where it ended, if the server can do that. ``known_hash`` None takes what comes
    (for files whose checksum nobody published).

    Raises ``UserError`` when the network, the server or the checksum fails; a file under its final name is whole.
    """
    import pooch
    from requests.exceptions import RequestException

    pooch.get_logger().setLevel("ERROR")
    loader: Any = _Loader(path.with_name(f"{path.name}.part"), progress)
    try:
        pooch.retrieve(url, known_hash, fname=path.name, path=path.parent, downloader=loader)
    except RequestException:
        raise UserError(
            f"could not download {url}: is there a network? Put the file at {path} by hand, "
            "or set AE_MODELS_DATA to a folder that has it"
        ) from None
    except ValueError:
        raise UserError(f"{url}: its checksum is not the published {known_hash}; nothing was kept") from None
    if progress:
        progress(1.0, path.name)
