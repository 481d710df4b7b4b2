"""Bad files, made here and not downloaded: a name, what lies in the folder, and words of the line that must be said."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow
from PIL import Image
from pyarrow import parquet

from .conftest import csv_of, idx, npy, npz, picture, zipped

Files = dict[str, bytes]
Bad = tuple[Callable[[], Files], str]  # the files, and a pattern of the line

RANDOM = np.random.default_rng(0)
X = RANDOM.integers(0, 256, (20, 28, 28)).astype(np.uint8)
Y = (np.arange(20) % 4).astype(np.uint8)
FLAT = X.reshape(20, -1)
GOOD = {f"{label}/{place}.png": picture(image) for place, (image, label) in enumerate(zip(X, Y, strict=True))}


def png_of(width: int, height: int, bits: int = 8, colour: int = 0) -> bytes:
    """A PNG that says it is this large and holds nearly nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def animated() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.fromarray(image) for image in X[:3]]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def cmyk() -> bytes:
    buffer = io.BytesIO()
    Image.new("CMYK", (28, 28), (10, 20, 30, 40)).save(buffer, "JPEG")
    return buffer.getvalue()


def floating() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(X[0].astype(np.float32)).save(buffer, "TIFF")
    return buffer.getvalue()


def odd_zip(**entry: Any) -> bytes:
    """A zip with one odd entry: a name, or attributes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
        odd = zipfile.ZipInfo(entry.get("name", "0/odd.png"))
        odd.external_attr = entry.get("attributes", 0o644 << 16)
        archive.writestr(odd, entry.get("content", GOOD["0/0.png"]))
    return buffer.getvalue()


def bomb() -> bytes:
    """Two million bytes that unpack to two thousand million."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        part = bytes(1 << 24)
        for place in range(3):
            archive.writestr(f"0/{place}.png", part)
    content = bytearray(buffer.getvalue())
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:  # the table of contents says 700 MB each
        content[start + 24 : start + 28] = struct.pack("<I", 700 << 20)
        start += 4
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(zipped(GOOD))
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        content[start + 8] |= 1
        start += 4
    return bytes(content)


def lying_zip() -> bytes:
    """A zip whose members have other bytes than their checksums say."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
    content = bytearray(buffer.getvalue())
    at = content.find(b"IDAT")
    content[at + 10] ^= 0xFF
    return bytes(content)


def images_in_parquet(contents: list[bytes | None]) -> bytes:
    kind = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    cells = [{"bytes": content, "path": None} for content in contents]
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table({"image": pyarrow.array(cells, kind), "label": list(range(len(cells)))}), buffer)
    return buffer.getvalue()


def table_in_parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()


def with_value(value: float) -> np.ndarray:
    values = X.astype(np.float32) / 255
    values[7, 3, 4] = value
    return values


def labelled(*labels: int) -> np.ndarray:
    return np.array([*labels, *Y[len(labels) :]], np.int64)


def lines(change: Callable[[list[bytes]], None]) -> bytes:
    rows = csv_of(FLAT, Y).splitlines()
    change(rows)
    return b"\n".join(rows) + b"\n"


def header_of(**values: Any) -> bytes:
    """An NPY file that says it is an array of this shape and kind and holds no value."""
    text = repr({"descr": "<f4", "fortran_order": False, **values}).encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def without(**changes: bytes) -> Files:
    """The good folder with other files put over."""
    return {**GOOD, **{name.replace("__", "/").replace("_png", ".png"): content for name, content in changes.items()}}


CORPUS: dict[str, Bad] = {
    # IDX
    "IDX cut short": (lambda: {"x.idx": idx(X)[:-5]}, r"x\.idx: is cut short"),
    "IDX too long": (lambda: {"x.idx": idx(X) + b"more"}, r"x\.idx: is too long"),
    "IDX header alone": (lambda: {"x.idx": idx(X)[:7]}, r"x\.idx: is cut short"),
    "IDX of an unknown type": (lambda: {"x.idx": b"\0\0\x0a\x03" + bytes(40)}, r"unknown element type"),
    "IDX of endless sizes": (lambda: {"x.idx": b"\0\0\x08\x03" + b"\xff" * 12}, r"is cut short"),
    "IDX without images": (lambda: {"x.idx": idx(X[:0])}, r"x\.idx: holds no rows"),
    "IDX of one image": (lambda: {"x.idx": idx(X[:1])}, r"1 row is too few"),
    "IDX counts that disagree": (
        lambda: {"t-images-idx3-ubyte": idx(X), "t-labels-idx1-ubyte": idx(Y[:4])},
        r"t-labels-idx1-ubyte: 4 labels for the 20 images of t-images",
    ),
    "IDX labels alone": (lambda: {"labels-idx1-ubyte": idx(Y)}, r"labels without images"),
    "another magic": (lambda: {"x-ubyte": b"\x12\x34\x56\x78" + bytes(99)}, r"x-ubyte: is of no kind that is known"),
    "nothing at all": (lambda: {"x.idx": b""}, r"x\.idx: is empty"),
    "blanks only": (lambda: {"x.csv": b"  \n \n"}, r"x\.csv: holds nothing but blanks"),
    # gzip
    "gzip cut short": (lambda: {"x.gz": gzip.compress(idx(X))[:-30]}, r"x\.gz: the gzip stream is damaged"),
    "gzip damaged": (lambda: {"x.gz": gzip.compress(idx(X))[:50] + bytes(50)}, r"the gzip stream is damaged"),
    "gzip in gzip": (lambda: {"x.gz": gzip.compress(gzip.compress(idx(X)))}, r"x\.gz: is packed twice"),
    "gzip of nothing known": (lambda: {"x.gz": gzip.compress(bytes(99))}, r"is of no kind that is known"),
    # NPY and NPZ
    "NPY of objects": (lambda: {"x.npy": npy(np.array([{"a": 1}, None], object))}, r"x\.npy: holds Python objects"),
    "NPZ of objects": (
        lambda: {"x.npz": npz(images=X, labels=np.array(list("abcdefghij" * 2), object))},
        r"x\.npz/labels\.npy: holds Python objects \(pickles\)",
    ),
    "NPY of records": (lambda: {"x.npy": npy(np.zeros(20, [("a", "f4"), ("b", "i4")]))}, r"where numbers are read"),
    "NPY of complex numbers": (lambda: {"x.npy": npy(X * 1j)}, r"complex128, where numbers are read"),
    "NPY cut short": (lambda: {"x.npy": npy(X)[:-9]}, r"x\.npy: is cut short"),
    "NPY with a broken header": (
        lambda: {"x.npy": b"\x93NUMPY\x01\x00\x10\x00{'descr': nothing"},
        r"header .* damaged",
    ),
    "NPY that says it is huge": (lambda: {"x.npy": header_of(shape=(10**6, 10**6))}, r"an array of .* GiB"),
    "NPY of one number": (lambda: {"x.npy": npy(np.array(3.0))}, r"x\.npy"),
    "NPY of five sizes": (lambda: {"x.npy": npy(np.zeros((20, 2, 2, 2, 8)))}, r"has 5 sizes"),
    "NPY of two channels": (lambda: {"x.npy": npy(np.zeros((20, 28, 28, 2)))}, r"neither 1 nor 3 channels"),
    "NPY of text": (lambda: {"x.npy": npy(np.array([["a", "b"]] * 20))}, r"holds text where numbers are read"),
    "NaN": (lambda: {"x.npy": npy(with_value(np.nan))}, r"x\.npy: row 7 .* holds nan"),
    "an infinite value": (lambda: {"x.npy": npy(with_value(np.inf))}, r"x\.npy: row 7 .* holds inf"),
    "images all alike": (lambda: {"x.npy": npy(X * 0)}, r"every value is 0: there is nothing to see"),
    "images too small": (lambda: {"x.npy": npy(X[:, :5, :5])}, r"sides of 8 to 64 pixels: got 5 x 5"),
    "images too narrow": (lambda: {"x.npy": npy(np.ones((20, 4, 900)) * np.arange(900))}, r"too narrow"),
    "NPZ counts that disagree": (lambda: {"x.npz": npz(images=X, labels=Y[:-1])}, r"19 labels for the 20 images"),
    "NPZ of nothing but labels": (lambda: {"x.npz": npz(labels=Y)}, r"labels without images"),
    "label -1": (lambda: {"x.npz": npz(images=X, labels=labelled(0, 1, -1))}, r"row 2 .* has label -1"),
    "label 30000": (lambda: {"x.npz": npz(images=X, labels=labelled(0, 30_000))}, r"row 1 .* has label 30000"),
    "half a label": (lambda: {"x.npz": npz(images=X, labels=Y + 0.5)}, r"labels are whole numbers or words: got 0\.5"),
    "training and test of two sizes": (
        lambda: {"x.npz": npz(x_train=X, x_test=X[:, :20, :20])},
        r"rows of 20 x 20, where .* rows of 28 x 28",
    ),
    # text
    "CSV with a short row": (
        lambda: {"x.csv": lines(lambda rows: rows.__setitem__(5, b"1,2,3"))},
        r"line 6 has 3 fields",
    ),
    "CSV with a long row": (
        lambda: {"x.csv": lines(lambda rows: rows.__setitem__(5, rows[5] + b",1"))},
        r"line 6 has 786",
    ),
    "CSV with text in it": (
        lambda: {"x.csv": lines(lambda rows: rows.__setitem__(-1, rows[-1].replace(b",", b",abc", 1)))},
        r"x\.csv: .*abc\d*' in column 'pixel0' is no number",
    ),
    "CSV with a hole": (
        lambda: {"x.csv": lines(lambda rows: rows.__setitem__(4, b"1," + rows[4].split(b",", 2)[2].join([b",", b""])))},
        r"line 5: the value of column 'pixel0' is missing",
    ),
    "CSV with nan": (
        lambda: {"x.csv": lines(lambda rows: rows.__setitem__(4, b"1,nan," + rows[4].split(b",", 2)[2]))},
        r"line 5: the value of column 'pixel0' is missing or no number",
    ),
    "CSV with inf": (
        lambda: {"x.csv": lines(lambda rows: rows.__setitem__(4, b"1,inf," + rows[4].split(b",", 2)[2]))},
        r"line 5: the value of column 'pixel0' is infinite",
    ),
    "CSV of 10,000 columns": (lambda: {"x.csv": csv_of(np.ones((12, 10_000), int), None)}, r"x\.csv: 10,000 columns"),
    "CSV with an endless line": (lambda: {"x.csv": b"1," * (3 << 20)}, r"x\.csv: its first line has more than"),
    "CSV of names alone": (lambda: {"x.csv": csv_of(FLAT[:0], Y[:0])}, r"x\.csv: holds a line of names and no rows"),
    "CSV with a column twice": (lambda: {"x.csv": b"a,a\n" + b"1,2\n" * 20}, r"two columns are called 'a'"),
    "CSV in UTF-16": (lambda: {"x.csv": csv_of(FLAT, Y).decode().encode("utf-16")}, r"x\.csv: is UTF-16 text"),
    "CSV of words only": (lambda: {"x.csv": b"a,b\n" + b"c,d\n" * 20}, r"no column of numbers"),
    "blanks with a short row": (lambda: {"x.dat": b"1 2 3\n" * 15 + b"1 2\n"}, r"x\.dat: .*columns changed"),
    "libsvm without order": (
        lambda: {"x.svm": b"1 1:2 3:4\n" * 10 + b"1 what:3\n"},
        r"line 11 is not 'label index:value",
    ),
    "libsvm from 0": (lambda: {"x.svm": b"1 0:2 3:4\n" * 12}, r"line 1 has index"),
    "libsvm with a huge index": (lambda: {"x.svm": b"1 1:2 99999999:4\n" * 12}, r"index 99999999"),
    "libsvm with nan": (lambda: {"x.svm": b"1 1:2 2:4\n" * 12 + b"1 1:nan\n"}, r"row 12 .* holds nan"),
    "CSV of units under the names": (
        lambda: {"x.csv": b"a,b\ncm,kg\n" + b"1,2\n" * 20},
        r"x\.csv: line 2: 'cm' in column 'a' is no number",
    ),
    "CSV of shares": (
        lambda: {"x.csv": b"a,b\n" + b"12%,2\n13%,3\n" * 9},
        r"x\.csv: vectors have 2 .* got 1; column 'a' is taken for the label",
    ),
    "CSV of one column of numbers": (
        lambda: {"x.csv": b"name,note,a\n" + b"Ann,good,2\nBob,bad,3\n" * 9},
        r"x\.csv: vectors have .* got 1; .*'name' holds text \('Ann'\)",
    ),
    "CSV of comments alone": (lambda: {"x.csv": b"# a,b\n# 1,2\n"}, r"x\.csv: holds comments and no rows"),
    "CSV under a title": (lambda: {"x.csv": b"My table\na,b\n" + b"1,2\n" * 20}, r"x\.csv: is text, but no table: its"),
    "an SVG drawing": (lambda: {"x.svg": b"<?xml version='1.0'?>\n<svg xmlns='x'/>"}, r"x\.svg: is an SVG drawing"),
    "a HEIC photo": (lambda: {"x.heic": b"\0\0\0\x18ftypheic" + bytes(40)}, r"x\.heic: is a HEIC photo: save it as"),
    "a video": (lambda: {"x.mp4": b"\0\0\0\x18ftypmp42" + bytes(40)}, r"x\.mp4: is a video"),
    "safetensors": (
        lambda: {"x.safetensors": (60).to_bytes(8, "little") + b'{"a":{"dtype":"F32"' + bytes(60)},
        r"x\.safetensors: is safetensors",
    ),
    "a database": (lambda: {"x.db": b"SQLite format 3\0" + bytes(99)}, r"x\.db: is a database"),
    "four channels": (
        lambda: {"x.npy": npy(np.zeros((20, 4, 9, 9), np.uint8))},
        r"x\.npy: images of 4 x 9 x 9 .* of four \(RGBA, CMYK\) keep three",
    ),
    "a web page": (lambda: {"x.csv": b"<!DOCTYPE html><html>404"}, r"x\.csv: is a web page"),
    "JSON": (lambda: {"x.csv": b'{"a": [1, 2]}'}, r"x\.csv: is JSON"),
    "a pointer of Git LFS": (lambda: {"x.npz": b"version https://git-lfs.github.com/spec/v1\n"}, r"Git LFS"),
    "prose": (lambda: {"x.txt": b"Dear reader\nthis is a letter\n"}, r"x\.txt: is text, but no table"),
    # pickles and other kinds
    "a pickle": (lambda: {"x.npy": b"\x80\x04\x95" + bytes(40)}, r"x\.npy: is a Python pickle"),
    "a PyTorch file": (lambda: {"x.pt": zipped({"archive/data.pkl": b"\x80\x02"})}, r"x\.pt: is a PyTorch file"),
    "HDF5": (lambda: {"x.mat": b"\x89HDF\r\n\x1a\n" + bytes(99)}, r"x\.mat: is an HDF5 file"),
    "Excel": (lambda: {"x.csv": zipped({"xl/workbook.xml": b"<x/>"})}, r"x\.csv: is an Excel workbook"),
    "tar": (lambda: {"x.idx": bytes(257) + b"ustar" + bytes(200)}, r"x\.idx: is (a tar archive|of no kind)"),
    "PDF": (lambda: {"x.csv": b"%PDF-1.4"}, r"x\.csv: is a PDF"),
    "MAT cut short": (
        lambda: {"x.mat": b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + b"\x0f\0\0\0\xff\0\0\0xx"},
        "damaged",
    ),
    "MAT of nothing": (lambda: {"x.mat": b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"}, r"holds no matrix"),
    "parquet cut short": (
        lambda: {"x.parquet": images_in_parquet(list(GOOD.values()))[:300]},
        r"x\.parquet: .* damaged",
    ),
    "parquet of words": (lambda: {"x.parquet": table_in_parquet(a=["b"] * 20)}, r"neither a column of pictures"),
    "parquet with a hole": (
        lambda: {"x.parquet": table_in_parquet(a=[1.0, None] * 9, b=[1.0] * 18)},
        r"row 1 \(counted from 0\) has no value of 'a'",
    ),
    "parquet of lists of two lengths": (
        lambda: {"x.parquet": table_in_parquet(a=[[1.0, 2.0]] * 18 + [[1.0]])},
        r"x\.parquet, 'a': row 18 \(counted from 0\) has a list of 1, where the first has 2",
    ),
    "parquet of lists with a hole": (
        lambda: {"x.parquet": table_in_parquet(a=[[1.0, 2.0]] * 18 + [[1.0, None]])},
        r"x\.parquet, 'a': holds lists with missing values",
    ),
    "parquet with broken pictures": (
        lambda: {"x.parquet": images_in_parquet([*GOOD.values(), b"\x89PNG\r\n\x1a\n broken"])},
        r"x\.parquet, row 20: is a damaged picture",
    ),
    "parquet with no picture in a row": (
        lambda: {"x.parquet": images_in_parquet([*GOOD.values(), None])},
        r"x\.parquet, row 20: is no picture",
    ),
    # pictures
    "one picture": (lambda: {"a.png": GOOD["0/0.png"]}, r"1 row is too few"),
    "text called .png": (lambda: without(**{"0__t_png": b"I am text"}), r"0/t\.png: is no picture"),
    "an empty .png": (lambda: without(**{"0__t_png": b""}), r"0/t\.png: is no picture"),
    "a picture cut short": (lambda: without(**{"0__t_png": GOOD["0/0.png"][:200]}), r"0/t\.png: is a damaged picture"),
    "a picture of 20,000 pixels": (lambda: without(**{"0__t_png": png_of(20_000, 20_000)}), r"t\.png: has .*pixels"),
    "a picture wide and thin": (lambda: without(**{"0__t_png": png_of(8_000, 2)}), r"0/t\.png: has 8000 x 2 pixels"),
    "another size": (lambda: without(**{"0__t_png": picture(X[0][:20, :20])}), r"0/t\.png: has 20 x 20 pixels, where"),
    "CMYK": (lambda: without(**{"0__t_png": cmyk()}), r"0/t\.png: has colours that are not read \(CMYK"),
    "animated": (lambda: without(**{"0__t_png": animated()}), r"0/t\.png: is animated or has 3 pages"),
    "floating-point pixels": (lambda: without(**{"0__t_png": floating()}), r"0/t\.png: has colours that are not read"),
    "pictures beside folders": (lambda: without(t_png=GOOD["0/0.png"]), r"t\.png: lies beside folders of classes"),
    "nothing that is known": (lambda: {"a.bin": bytes(30), "b.bin": bytes(30)}, r"is of no kind that is known"),
    # zips
    "zip cut short": (lambda: {"x.zip": zipped(GOOD)[:-40]}, r"x\.zip: the zip is damaged"),
    "zip of nothing": (lambda: {"x.zip": zipped({})}, r"x\.zip: is an empty zip"),
    "zip bomb": (lambda: {"x.zip": bomb()}, r"x\.zip: .* that unpack to 2\.05 GiB"),
    "zip that leads out": (
        lambda: {"x.zip": odd_zip(name="../odd.png")},
        r"x\.zip/\.\./odd\.png: leads out of the zip",
    ),
    "zip that leads out backwards": (lambda: {"x.zip": odd_zip(name="a\\..\\..\\odd.png")}, r"odd\.png: leads out"),
    "zip with an absolute path": (lambda: {"x.zip": odd_zip(name="/etc/odd.png")}, r"odd\.png: has an absolute path"),
    "zip with a drive": (lambda: {"x.zip": odd_zip(name="C:/odd.png")}, r"odd\.png: has an absolute path"),
    "zip with a link": (lambda: {"x.zip": odd_zip(attributes=0o120777 << 16)}, r"0/odd\.png: is a link"),
    "zip in a zip": (lambda: {"x.zip": zipped({**GOOD, "b.zip": zipped(GOOD)})}, r"b\.zip: is a zip in a zip"),
    "zip with a zip called .png": (lambda: {"x.zip": odd_zip(content=zipped(GOOD))}, r"0/odd\.png: is a zip in a zip"),
    "zip with a password": (lambda: {"x.zip": encrypted()}, r"is encrypted"),
    "zip with other bytes": (lambda: {"x.zip": lying_zip()}, r"\.png: .*damaged"),
    "zip with folders in folders": (
        lambda: {"x.zip": odd_zip(name="a/" * 12 + "odd.png")},
        r"more than 8 folders deep",
    ),
    "zip with a name twice": (lambda: {"x.zip": odd_zip(name="0/0.png")}, r"0/0\.png: stands in it twice"),
}
