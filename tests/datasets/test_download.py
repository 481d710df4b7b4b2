"""Downloads over a real local server: the right bytes stay, wrong ones do not, and no network is told in one line."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets.mnist_like import KMNIST, STEMS, MnistLike

N_TRAIN, N_TEST = 12, 5


def _files() -> dict[str, bytes]:
    """Four small published files: images of 28 x 28 and their labels, gzipped."""
    generator = np.random.default_rng(0)
    files = {}
    for stem in STEMS:
        n = N_TRAIN if stem.startswith("train") else N_TEST
        shape = (n, 28, 28) if "images" in stem else (n,)
        values = generator.integers(0, 10, shape, np.uint8)
        head = b"".join(size.to_bytes(4, "big") for size in (0x800 | len(shape), *shape))
        files[f"/{stem}.gz"] = gzip.compress(head + values.tobytes(), mtime=0)
    return files


FILES = _files()
MD5 = tuple(md5(content, usedforsecurity=False).hexdigest() for content in FILES.values())


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = FILES.get(self.path.removeprefix("/cut"))
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write((content or b"")[: 50 if self.path.startswith("/cut") else None])

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/"
        serving.shutdown()
        thread.join()


def _source(address: str, md5s: tuple[str, ...] = MD5) -> MnistLike:
    return replace(KMNIST, address=address, md5=md5s)


def _kept(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_the_right_files_are_kept_and_read(bundled_only: Path, server: str) -> None:
    source = _source(server)
    assert not source.available()
    told: list[tuple[float, str]] = []
    source.download(lambda share, line: told.append((share, line)))
    assert _kept(bundled_only) == sorted(f"{stem}.gz" for stem in STEMS)
    assert source.available()
    splits = source.load()
    assert splits.variant == "full"
    assert (len(splits.train), len(splits.heldout)) == (N_TRAIN, N_TEST)
    assert all(0 <= share <= 1 for share, _ in told)
    assert told[-1][0] == 1


def test_a_second_download_asks_nobody(bundled_only: Path, server: str) -> None:
    _source(server).download()
    _source("http://127.0.0.1:9/").download()
    assert len(_kept(bundled_only)) == 4


@pytest.mark.parametrize("wrong", range(4))
def test_another_checksum_is_refused_and_nothing_of_it_is_kept(bundled_only: Path, server: str, wrong: int) -> None:
    md5s = list(MD5)
    md5s[wrong] = "0" * 32
    with pytest.raises(UserError, match="checksum is not the published") as caught:
        _source(server, tuple(md5s)).download()
    assert STEMS[wrong] in str(caught.value)
    assert _kept(bundled_only) == sorted(f"{stem}.gz" for stem in STEMS[:wrong])


@pytest.mark.parametrize("path", ["nowhere/", "cut/"])
def test_a_server_without_the_file_or_that_hangs_up(bundled_only: Path, server: str, path: str) -> None:
    with pytest.raises(UserError, match="could not download"):
        _source(server + path).download()
    assert _kept(bundled_only) == []


def test_no_network_is_one_line_with_a_way_out(bundled_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(UserError, match="is there a network") as caught:
        _source("http://127.0.0.1:9/").download()
    assert "AE_MODELS_DATA" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert _kept(bundled_only) == []


def test_a_home_that_cannot_be_written_is_told_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(UserError, match="set AE_MODELS_HOME"):
        _source("http://127.0.0.1:9/").download()


def test_addresses_and_checksums_of_the_published_sets() -> None:
    for name in ("mnist", "fashion-mnist", "kmnist"):
        source = datasets.source(name)
        assert isinstance(source, MnistLike)
        assert source.address.startswith("http")
        assert source.address.endswith("/")
        assert len(set(source.md5)) == 4
        assert all(len(digest) == 32 for digest in source.md5)
