"""IDX files: what is good is read, and each way of being bad is told in one line that names the file."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.datasets.idx import IMAGES_MAGIC, LABELS_MAGIC, read_idx, read_pair

PIXELS = np.arange(5 * 3 * 4, dtype=np.uint8).reshape(5, 3, 4)
LABELS = np.array([0, 1, 2, 1, 0], np.uint8)


def idx(array: np.ndarray, magic: int | None = None) -> bytes:
    """The bytes of an IDX file of unsigned bytes, as the format's page describes it."""
    head = (0x00000800 | array.ndim) if magic is None else magic
    return b"".join(value.to_bytes(4, "big") for value in (head, *array.shape)) + array.tobytes()


@pytest.mark.parametrize("name", ["images", "images.gz"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_a_good_file_is_read_gzipped_or_not_whatever_its_name(tmp_path: Path, name: str, packed: bool) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(idx(PIXELS)) if packed else idx(PIXELS))
    found = read_idx(path, IMAGES_MAGIC)
    assert found.dtype == np.uint8
    assert np.array_equal(found, PIXELS)


def test_labels_are_read(tmp_path: Path) -> None:
    (tmp_path / "labels").write_bytes(idx(LABELS))
    assert read_idx(tmp_path / "labels", LABELS_MAGIC).tolist() == LABELS.tolist()


GOOD = idx(PIXELS)
PACKED = gzip.compress(GOOD)
FLIPPED = bytearray(PACKED)
FLIPPED[len(FLIPPED) // 2] ^= 0xFF
BAD = {
    "empty": (b"", "too few"),
    "three bytes": (b"\x00\x00\x08", "too few"),
    "gzip of nothing": (gzip.compress(b""), "too few"),
    "header cut": (GOOD[:10], "cut short in its header"),
    "a byte missing": (GOOD[:-1], "cut short"),
    "a byte too many": (GOOD + b"\x00", "too long"),
    "gzip cut in the middle": (PACKED[: len(PACKED) // 2], "damaged or cut short"),
    "gzip cut at its end": (PACKED[:-4], "damaged or cut short"),
    "gzip with a flipped byte": (bytes(FLIPPED), "damaged or cut short"),
    "gzip and then rubbish": (PACKED + b"rubbish", "damaged or cut short"),
    "gzip's first two bytes": (PACKED[:2], "damaged or cut short"),
    "labels in place of images": (idx(LABELS), "expected images .* found a file of labels"),
    "floats": (idx(PIXELS, 0x00000D03), "not an IDX file of bytes"),
    "a web page": (b"<!DOCTYPE html><html>not found</html>", "not an IDX file of bytes"),
    "no images": (idx(PIXELS[:0]), "holds no images"),
    "images of no height": (idx(PIXELS[:, :0]), "holds no images|no pixels"),
    "sizes beyond memory": (b"\x00\x00\x08\x03" + b"\xff" * 12, "cut short"),
}


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_a_mistake_that_names_it_and_says_why(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "some-images"
    path.write_bytes(content)
    with pytest.raises(UserError, match=why) as caught:
        read_idx(path, IMAGES_MAGIC)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_images_in_place_of_labels(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(idx(PIXELS))
    with pytest.raises(UserError, match=r"expected labels .* found a file of images"):
        read_idx(tmp_path / "x", LABELS_MAGIC)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_idx(tmp_path / "nowhere", IMAGES_MAGIC)
    with pytest.raises(UserError, match="cannot be read"):
        read_idx(tmp_path, IMAGES_MAGIC)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.write_bytes(idx(PIXELS))
    labels.write_bytes(idx(LABELS))
    return images, labels


def test_a_pair_gets_its_channel(pair: tuple[Path, Path]) -> None:
    pixels, labels = read_pair(*pair, n_classes=3)
    assert pixels.shape == (5, 1, 3, 4)
    assert np.array_equal(pixels[:, 0], PIXELS)
    assert labels.tolist() == LABELS.tolist()


def test_counts_that_disagree(pair: tuple[Path, Path]) -> None:
    pair[1].write_bytes(idx(LABELS[:4]))
    with pytest.raises(UserError, match="4 labels for the 5 images"):
        read_pair(*pair, n_classes=3)


def test_a_label_beyond_the_classes(pair: tuple[Path, Path]) -> None:
    with pytest.raises(UserError, match="label 2 where the highest class is 1"):
        read_pair(*pair, n_classes=2)
