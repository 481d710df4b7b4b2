"""Public sets by name, over a real local server: checksum, going on where it was cut off, and what comes of it."""

from __future__ import annotations

import bz2
import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets import kept
from ae_models.datasets.download import fetch
from ae_models.datasets.readers.public import PUBLIC, PublicSet
from ae_models.recipes import fetching

from .conftest import idx, npz, zipped

BIG = np.random.default_rng(0).bytes(300_000)


class _Handler(BaseHTTPRequestHandler):
    files: dict[str, bytes] = {}  # noqa: RUF012 - the server makes its own handlers
    cut: int | None = None  # bytes after which the connection ends, once
    ranges = True
    asked: list[str | None] = []  # noqa: RUF012

    def do_GET(self) -> None:
        content = self.files.get(self.path.split("?")[0])
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        if content is None:
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        self.send_response(206 if start else 200)
        if self.ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end, type(self).cut = type(self).cut, None
        self.wfile.write(content[start:end])

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    _Handler.files, _Handler.asked, _Handler.cut, _Handler.ranges = {"/big": BIG}, [], None, True
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def digest(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()


def test_it_goes_on_where_it_was_cut_off(server: str, tmp_path: Path) -> None:
    _Handler.cut = 100_000
    with pytest.raises(UserError, match="could not download"):
        fetch(f"{server}/big", f"md5:{digest(BIG)}", tmp_path / "big")
    assert not (tmp_path / "big").exists()
    have = (tmp_path / "big.part").stat().st_size
    assert 0 < have <= 100_000
    told: list[float] = []
    fetch(f"{server}/big", f"md5:{digest(BIG)}", tmp_path / "big", lambda share, _: told.append(share))
    assert (tmp_path / "big").read_bytes() == BIG
    assert _Handler.asked == [None, f"bytes={have}-"]
    assert [path.name for path in tmp_path.iterdir()] == ["big"]
    assert told == sorted(told)
    assert told[0] >= have / len(BIG)
    assert told[-1] == 1


def test_a_server_that_cannot_go_on_begins_again(server: str, tmp_path: Path) -> None:
    (tmp_path / "big.part").write_bytes(b"something else")
    _Handler.ranges = False
    fetch(f"{server}/big", f"md5:{digest(BIG)}", tmp_path / "big")
    assert (tmp_path / "big").read_bytes() == BIG


def test_what_was_begun_of_another_file_is_noticed_and_does_not_stay(server: str, tmp_path: Path) -> None:
    (tmp_path / "big.part").write_bytes(b"x" * 1000)
    with pytest.raises(UserError, match="checksum"):
        fetch(f"{server}/big", f"md5:{digest(BIG)}", tmp_path / "big")
    assert list(tmp_path.iterdir()) == []
    fetch(f"{server}/big", f"md5:{digest(BIG)}", tmp_path / "big")
    (tmp_path / "again.part").write_bytes(BIG + b"more")
    _Handler.files["/again"] = BIG


def emnist(x: np.ndarray, y: np.ndarray) -> bytes:
    stored = x.swapaxes(1, 2).copy()
    files = {}
    for part in ("letters", "digits"):
        labels = np.arange(len(y)) % 26 + 1 if part == "letters" else y
        for split in ("train", "test"):
            files[f"gzip/emnist-{part}-{split}-images-idx3-ubyte.gz"] = gzip.compress(idx(stored))
            files[f"gzip/emnist-{part}-{split}-labels-idx1-ubyte.gz"] = gzip.compress(idx(labels.astype("u1")))
    return zipped(files)


def usps(y: np.ndarray) -> bytes:
    rows = np.linspace(-1, 1, 256)[None] * np.linspace(0.2, 1, len(y))[:, None]
    lines = [
        f"{label + 1} " + " ".join(f"{k + 1}:{v:.3f}" for k, v in enumerate(row))
        for label, row in zip(y, rows, strict=True)
    ]
    return bz2.compress("\n".join(lines).encode())


def served(monkeypatch: pytest.MonkeyPatch, server: str, name: str, contents: list[bytes]) -> PublicSet:
    """Let a public set come from the local server, with the checksums of what is there."""
    files = tuple(
        (file, f"{server}/{file}?download=1", digest(content))
        for (file, _, _), content in zip(PUBLIC[name].files, contents, strict=True)
    )
    _Handler.files |= {f"/{file}": content for (file, _, _), content in zip(files, contents, strict=True)}
    changed = replace(PUBLIC[name], files=files)
    monkeypatch.setitem(PUBLIC, name, changed)
    return changed


def contents_of(name: str, x: np.ndarray, y: np.ndarray) -> list[bytes]:
    labels = np.stack([y] + [y * 0] * 7, axis=1).astype("i4")
    colour = np.stack([x, x // 2, x // 3], axis=-1)
    four = y % 8
    return {
        "emnist-letters": lambda: [emnist(x, y)],
        "emnist-digits": lambda: [emnist(x, y)],
        "qmnist": lambda: [gzip.compress(content) for content in (idx(x), idx(labels)) * 2],
        "usps": lambda: [usps(y)] * 2,
        "bloodmnist": lambda: [
            npz(
                train_images=colour, train_labels=four[:, None], val_images=colour, val_labels=four[:, None],
                test_images=colour, test_labels=four[:, None],
            )
        ],
        "chestmnist": lambda: [
            npz(train_images=x, train_labels=np.eye(14)[y] * 0 + (y % 2)[:, None], test_images=x,
                test_labels=np.ones((len(x), 14)))
        ],
    }[name]()  # fmt: skip


@pytest.mark.parametrize("name", ["emnist-letters", "emnist-digits", "qmnist", "usps", "bloodmnist", "chestmnist"])
def test_a_set_by_name(
    cli: Callable[..., Any], home: Path, server: str, monkeypatch: pytest.MonkeyPatch, digits: Any, name: str
) -> None:
    x, y = digits
    chosen = served(monkeypatch, server, name, contents_of(name, x, y))
    code, out, err = cli("datasets", "--download", name, "--owner", "0123456789abcdef")
    assert code == 0, err
    assert name in out
    source = datasets.source(name)
    assert (source.title, source.licence, source.noun) == (chosen.title, chosen.licence, chosen.noun)
    assert source.class_names == chosen.class_names
    assert kept.card(name).owner == "0123456789abcdef"
    splits = datasets.load(name)
    assert splits.train.shape == chosen.shape
    assert len(splits.heldout) == len(x)
    if name.startswith("emnist"):
        assert np.array_equal(splits.train.pixels[:, 0], x)
    if name == "qmnist":
        assert np.array_equal(splits.heldout.labels, y)
    asked = len(_Handler.asked)
    with pytest.raises(UserError, match="nothing to download"):
        fetching.fetch_set(name)
    assert len(_Handler.asked) == asked


def test_two_sets_of_one_archive_are_fetched_once(
    home: Path, server: str, monkeypatch: pytest.MonkeyPatch, digits: Any
) -> None:
    content = [emnist(*digits)]
    for name in ("emnist-letters", "emnist-digits"):
        served(monkeypatch, server, name, content)
        fetching.fetch_set(name)
    assert len(_Handler.asked) == 1


def test_another_checksum_leaves_no_set(home: Path, server: str, monkeypatch: pytest.MonkeyPatch, digits: Any) -> None:
    chosen = served(monkeypatch, server, "usps", contents_of("usps", *digits))
    _Handler.files["/usps.t.bz2"] = b"something else"
    with pytest.raises(UserError, match="checksum is not the published"):
        fetching.fetch_set("usps")
    assert "usps" not in datasets.DATASETS
    assert chosen.name in PUBLIC


def test_unknown_names_list_all_that_can_be_had() -> None:
    with pytest.raises(UserError, match=r"mnist, .*emnist-letters.*bloodmnist"):
        fetching.fetch_set("emnist")


@pytest.mark.parametrize("name", PUBLIC)
def test_each_says_all_that_is_needed(name: str) -> None:
    each = PUBLIC[name]
    assert each.title
    assert each.licence
    assert min(each.sizes) > 0
    for file, address, checksum in each.files:
        assert "/" not in file
        assert address.startswith("https://")
        assert len(bytes.fromhex(checksum)) == 16
    assert len(set(each.class_names)) == len(each.class_names)
