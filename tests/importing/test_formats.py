"""Every kind of file gives the same digits back: pixels, labels, names of classes, the split."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet
from scipy.io import savemat

from ae_models.datasets.readers.public import EMNIST

from .conftest import csv_of, idx, npy, npz, picture, zipped

Look = Callable[..., Any]
NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def together(rows: Any) -> tuple[np.ndarray, np.ndarray]:
    """All pixels and labels of an import in the order in which they came."""
    order = np.argsort(np.concatenate([rows.train.ids, rows.heldout.ids]), kind="stable")
    pixels = np.concatenate([rows.train.pixels, rows.heldout.pixels])[order]
    return pixels, np.concatenate([rows.train.labels, rows.heldout.labels])[order]


def libsvm(rows: np.ndarray, labels: np.ndarray) -> bytes:
    lines = [
        f"{label} " + " ".join(f"{place + 1}:{value:g}" for place, value in enumerate(row) if value)
        for row, label in zip(rows, labels, strict=True)
    ]
    return ("\n".join(lines) + "\n").encode()


def hugging_face(images: np.ndarray, labels: np.ndarray, names: list[str]) -> bytes:
    cells = [{"bytes": picture(image), "path": None} for image in images]
    kind = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    table = pyarrow.table({"image": pyarrow.array(cells, kind), "label": pyarrow.array(labels, pyarrow.int64())})
    about = {"info": {"features": {"label": {"names": names, "_type": "ClassLabel"}, "image": {"_type": "Image"}}}}
    buffer = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({b"huggingface": json.dumps(about).encode()}), buffer)
    return buffer.getvalue()


def matlab(**values: Any) -> bytes:
    buffer = io.BytesIO()
    savemat(buffer, values, do_compression=True)
    return buffer.getvalue()


def files_of(kind: str, x: np.ndarray, y: np.ndarray) -> dict[str, bytes]:
    flat = x.reshape(len(x), -1)
    pngs = {f"{label}/{place:03d}.png": picture(image) for place, (image, label) in enumerate(zip(x, y, strict=True))}
    made: dict[str, Callable[[], dict[str, bytes]]] = {
        "IDX": lambda: {"some-images-idx3-ubyte": idx(x), "some-labels-idx1-ubyte": idx(y.astype("u1"))},
        "IDX gzipped": lambda: {
            "images-idx3.gz": gzip.compress(idx(x)),
            "labels.gz": gzip.compress(idx(y.astype("u1"))),
        },
        "IDX in xz": lambda: {"images.xz": lzma.compress(idx(x)), "labels.xz": lzma.compress(idx(y.astype("u1")))},
        "QMNIST": lambda: {
            "qmnist-train-images-idx3-ubyte": idx(x),
            "qmnist-train-labels-idx2-int": idx(np.stack([y, *[y * 0 + 7] * 7], axis=1).astype("i4")),
        },
        "NPZ plain": lambda: {"a.npz": npz(images=x, labels=y)},
        "NPZ two files": lambda: {"kmnist-imgs.npz": npz(arr_0=x), "kmnist-labels.npz": npz(arr_0=y.astype("u1"))},
        "NPZ one-hot": lambda: {"a.npz": npz(x=x, y=np.eye(10)[y])},
        "NPZ flat": lambda: {"a.npz": npz(data=flat, target=y)},
        "NPY pair": lambda: {"x.npy": npy(x), "y.npy": npy(y)},
        "NPY floats": lambda: {"x.npy": npy(x / np.float32(255)), "y.npy": npy(y.astype(float))},
        "NPY column order": lambda: {"x.npy": npy(np.asfortranarray(x)), "y.npy": npy(y)},
        "CSV of Kaggle": lambda: {"train.csv": csv_of(flat, y)},
        "CSV of Fashion-MNIST": lambda: {"fashion.csv": csv_of(flat, y, first=1)},
        "CSV without names": lambda: {"mnist.csv": csv_of(flat, y, header=False)},
        "CSV with a mark": lambda: {"a.csv": b"\xef\xbb\xbf" + csv_of(flat, y).replace(b"\n", b"\r\n")},
        "CSV gzipped": lambda: {"a.csv.gz": gzip.compress(csv_of(flat, y))},
        "semicolons": lambda: {"a.csv": csv_of(flat, y).replace(b",", b";")},
        "TSV": lambda: {"a.tsv": csv_of(flat, y).replace(b",", b"\t")},
        "blanks": lambda: {"a.dat": csv_of(flat, y, header=False).replace(b",", b" ")},
        "libsvm": lambda: {"mnist.libsvm": libsvm(flat, y)},
        "libsvm in bz2": lambda: {"mnist.bz2": bz2.compress(libsvm(flat / 255, y))},
        "MAT": lambda: {"a.mat": matlab(X=flat, y=y)},
        "MAT of old": lambda: {"mnist-original.mat": matlab(data=flat.T, label=y[None].astype(float))},
        "MAT of SVHN": lambda: {"a.mat": matlab(X=np.repeat(np.moveaxis(x, 0, -1)[:, :, None], 3, axis=2), y=y)},
        "parquet of Hugging Face": lambda: {"train-00000-of-00001.parquet": hugging_face(x, y, NAMES)},
        "folder": lambda: pngs,
        "zip": lambda: {"a.zip": zipped(pngs)},
        "zip in a folder": lambda: {"a.zip": zipped({f"digits/all/{name}": png for name, png in pngs.items()})},
        "zip of a CSV": lambda: {"a.zip": zipped({"train.csv": csv_of(flat, y), "README.md": b"some, words\nmore\n"})},
        "zip of IDX": lambda: {"a.zip": zipped({"x-images-idx3": idx(x), "x-labels-idx1": idx(y.astype("u1"))})},
    }
    return made[kind]()


KINDS = (
    "IDX",
    "IDX gzipped",
    "IDX in xz",
    "QMNIST",
    "NPZ plain",
    "NPZ two files",
    "NPZ one-hot",
    "NPZ flat",
    "NPY pair",
    "NPY floats",
    "NPY column order",
    "CSV of Kaggle",
    "CSV of Fashion-MNIST",
    "CSV without names",
    "CSV with a mark",
    "CSV gzipped",
    "semicolons",
    "TSV",
    "blanks",
    "libsvm",
    "libsvm in bz2",
    "MAT",
    "MAT of old",
    "MAT of SVHN",
    "parquet of Hugging Face",
    "folder",
    "zip",
    "zip in a folder",
    "zip of a CSV",
    "zip of IDX",
)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_digits_come_back(looked: Look, digits: tuple[Any, Any], kind: str) -> None:
    x, y = digits
    incoming = looked(files_of(kind, x, y))
    pixels, labels = together(incoming.rows)
    assert incoming.rows.shape == (1, 28, 28)
    assert incoming.rows.train.levels == 255
    assert np.array_equal(pixels[:, 0], x)
    assert np.array_equal(labels, y)
    assert len(incoming.rows.heldout) == 8
    assert incoming.plan["inverted"] == incoming.plan["transposed"] == "no"
    expected = "zero" if "Hugging" in kind else "0"
    assert incoming.rows.train.class_names[0] == expected


def test_a_test_set_that_came_is_the_held_out_one(looked: Look, digits: tuple[Any, Any]) -> None:
    x, y = digits
    for files in (
        {"mnist.npz": npz(x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])},
        {
            "m.npz": npz(
                train_images=x[:20], train_labels=y[:20, None], val_images=x[20:30], val_labels=y[20:30, None],
                test_images=x[30:], test_labels=y[30:, None],
            )
        },
        {"fashion-mnist_train.csv": csv_of(x[:30].reshape(30, -1), y[:30]),
         "fashion-mnist_test.csv": csv_of(x[30:].reshape(10, -1), y[30:])},
        {"usps": libsvm(x[:30].reshape(30, -1), y[:30]), "usps.t": libsvm(x[30:].reshape(10, -1), y[30:])},
        {"a.zip": zipped({f"d/{'training' if place < 30 else 'testing'}/{label}/{place:03d}.png": picture(image)
                          for place, (image, label) in enumerate(zip(x, y, strict=True))})},
    ):  # fmt: skip
        incoming = looked(files)
        assert incoming.plan["split"] == "given", files.keys()
        assert np.array_equal(incoming.rows.train.pixels[:, 0], x[:30])
        assert np.array_equal(incoming.rows.heldout.pixels[:, 0], x[30:])
        assert np.array_equal(incoming.rows.heldout.labels, y[30:])
        assert incoming.rows.heldout.ids.tolist() == list(range(10))
        for path in incoming.raw.sources:
            assert path[1] > 0


@pytest.mark.parametrize("form", ["MAT", "IDX"])
def test_emnist_is_turned_over_and_its_letters_have_names(looked: Look, digits: tuple[Any, Any], form: str) -> None:
    x, y = digits
    stored = x.swapaxes(1, 2).reshape(len(x), -1)
    mapping = np.array([[letter, 64 + letter, 96 + letter] for letter in range(1, 27)])
    half = {"images": stored, "labels": (y + 1)[:, None]}
    files = {
        "MAT": lambda: {"emnist-letters.mat": matlab(dataset={"train": half, "test": half, "mapping": mapping})},
        "IDX": lambda: {
            f"emnist-letters-{split}-{what}": content
            for split in ("train", "test")
            for what, content in (
                ("images-idx3-ubyte", idx(x.swapaxes(1, 2).copy())),
                ("labels-idx1-ubyte", idx((y + 1).astype("u1"))),
            )
        },
    }[form]()
    incoming = looked(files)
    assert incoming.plan["transposed"] == "yes"
    assert np.array_equal(incoming.rows.train.pixels[:, 0], x)
    assert incoming.rows.train.class_names[0] in ("A/a", EMNIST["letters"][1])
    assert np.array_equal(incoming.rows.train.labels, y)


def test_several_sets_in_one_archive_ask_which(looked: Look, digits: tuple[Any, Any]) -> None:
    x, y = digits
    files = {
        f"gzip/emnist-{part}-train-{what}.gz": gzip.compress(content)
        for part in ("digits", "letters")
        for what, content in (("images-idx3-ubyte", idx(x)), ("labels-idx1-ubyte", idx((y + 1).astype("u1"))))
    }
    with pytest.raises(ValueError, match=r"files of 2 sets .* only=digits"):
        looked({"gzip.zip": zipped(files)})
    assert looked({"gzip.zip": zipped(files)}, only="letters").rows.train.class_names[:2] == ("A", "B")


def test_usps_counts_its_digits_from_1(looked: Look, digits: tuple[Any, Any]) -> None:
    x, y = digits
    small = x[:, ::2, ::2][:, :14, :14].astype(np.float32) / 127.5 - 1
    rows = np.pad(small, ((0, 0), (1, 1), (1, 1)), constant_values=-1).reshape(len(x), -1)
    incoming = looked({"usps": libsvm(rows, y + 1)})
    assert incoming.rows.shape == (1, 16, 16)
    assert incoming.plan["range"] == "minus1-1"
    assert incoming.rows.train.class_names == tuple("0123456789")
    assert np.allclose(together(incoming.rows)[0].reshape(len(x), -1) / 65_535, (rows + 1) / 2, atol=1e-5)


def test_without_labels(looked: Look, digits: tuple[Any, Any]) -> None:
    x, _ = digits
    for files in (
        {"test.csv": csv_of(x.reshape(len(x), -1), None)},
        {"x.npy": npy(x)},
        {"images-idx3-ubyte": idx(x)},
        {"a.zip": zipped({f"{place}.png": picture(image) for place, image in enumerate(x)})},
    ):
        incoming = looked(files)
        assert incoming.rows.train.labels is None
        assert incoming.rows.train.class_names == ()
        assert len(incoming.rows.train) + len(incoming.rows.heldout) == len(x)
        assert incoming.preview()["classes"] == []


def test_kaggles_test_file_without_labels_stays_out(looked: Look, digits: tuple[Any, Any]) -> None:
    x, y = digits
    flat = x.reshape(len(x), -1)
    files = {
        "train.csv": csv_of(flat, y),
        "test.csv": csv_of(flat, None),
        "sample_submission.csv": b"ImageId,Label\n1,0\n2,0\n",
    }
    incoming = looked({"digit-recognizer.zip": zipped(files)})
    assert len(incoming.rows.train) + len(incoming.rows.heldout) == len(x)
    assert any("test.csv has no labels" in note for note in incoming.rows.notes)


def test_labels_may_be_words(looked: Look) -> None:
    lines = ["sepal,petal,width,species"] + [
        f"{k},{k % 5},{k / 7},{'setosa' if k % 2 else 'virginica'}" for k in range(20)
    ]
    incoming = looked({"iris.csv": "\n".join(lines).encode()})
    assert incoming.rows.train.class_names == ("setosa", "virginica")
    assert incoming.rows.shape == (1, 1, 3)
    assert incoming.rows.columns == ("sepal", "petal", "width")


def test_colour_flat_in_planes_and_pixel_by_pixel(looked: Look, digits: tuple[Any, Any]) -> None:
    x, y = digits
    smooth = np.clip(
        x[:, None] * np.array([1, 0.5, 0.25])[:, None, None] + np.array([0, 60, 120])[:, None, None], 0, 255
    )
    colour = smooth.astype(np.uint8)  # (n, 3, h, w)
    for rows in (colour.reshape(len(x), -1), np.moveaxis(colour, 1, -1).reshape(len(x), -1)):
        incoming = looked({"a.npz": npz(x=rows, y=y)}, kind="images")
        assert incoming.rows.shape == (3, 28, 28)
        assert np.array_equal(together(incoming.rows)[0], colour)
