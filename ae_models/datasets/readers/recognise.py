"""What a file is, by its first bytes and not by its name; and one line about what it is where it cannot be read."""

from __future__ import annotations

import re

from ae_models.base import UserError
from ae_models.datasets.readers.items import Item
from ae_models.datasets.readers.names import shown

PICTURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"P1": "PPM",
    b"P2": "PPM",
    b"P3": "PPM",
    b"P4": "PPM",
    b"P5": "PPM",
    b"P6": "PPM",
}
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm")
DATA_ENDINGS = (".csv", ".tsv", ".npy", ".npz", ".mat", ".parquet", ".libsvm", ".svm", "ubyte", ".idx", "-int", ".zip")

_REFUSED = (
    (b"\x89HDF\r\n\x1a\n", "is an HDF5 file (MATLAB 7.3 writes them too): save it as NPZ, or with -v7 in MATLAB"),
    (b"ARROW1", "is an Arrow file: save it as parquet"),
    (b"\xff\xfe", "is UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text: save it as UTF-8"),
    (b"Rar!", "is a RAR archive: give a zip or the unpacked folder"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive: give a zip or the unpacked folder"),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd: unpack it first"),
    (b"%PDF", "is a PDF"),
    (b"SQLite format 3", "is a database: save a table of it as CSV"),
    (b"\x00\x00\x00\x0cjP  ", "is a JPEG 2000 picture: save it as PNG"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel or Word file: save it as CSV"),
    (b"version https://git-lfs", "is only a pointer to a file in Git LFS: fetch the file itself"),
    (b"PK\x05\x06", "is an empty zip"),
)
_WEB_PAGE = re.compile(rb"^\s*<(!doctype|html|\?xml)", re.IGNORECASE)
_DRAWING = re.compile(rb"^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype svg[^>]*>\s*)?<svg", re.IGNORECASE | re.DOTALL)
_ABOVE = re.compile(rb'^(\s*(#[^\r\n]*|"?sep=."?)(\r\n|\r|\n|$))+', re.IGNORECASE)  # a table may have lines over it
_CONTAINERS = {b"heic": "a HEIC photo: save it as JPEG or PNG", b"avif": "an AVIF picture: save it as PNG"}
_LIBSVM = re.compile(rb"^[+-]?[\d.eE+-]+(,[\d.]+)*([ \t]+\d+:[^\s:]+)+[ \t]*(#.*)?$")
KINDS = (
    "IDX, NPZ, NPY, CSV, MAT (version 7 or older), libsvm text, parquet, or a folder or zip of pictures "
    "(PNG, JPEG, GIF, BMP, TIFF, WebP, PPM)"
)


def kind_of(item: Item) -> str:
    """Return ``idx``, ``npy``, ``zip``, ``mat``, ``libsvm``, ``parquet``, ``table`` or ``picture``.

    Raises ``UserError`` saying what the file is where it is known and not read, and what is read where it is not.
    """
    head = item.head(65_536)
    name = shown(item.name)
    if not head:
        raise UserError(f"{name}: is empty")
    for magic, why in _REFUSED:
        if head.startswith(magic):
            raise UserError(f"{name}: {why}")
    if head[4:8] == b"ftyp":
        raise UserError(f"{name}: is {_CONTAINERS.get(head[8:12], 'a video: give its pictures one by one')}")
    if 8 < int.from_bytes(head[:8], "little") < 100_000_000 and head[8:10] == b'{"':
        raise UserError(
            f"{name}: is safetensors: 'import safetensors' takes the weights of a model; save arrays as NPZ"
        )
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"MATLAB 5.0"):
        return "mat"
    if is_picture(head):
        return "picture"
    if head[:2] == b"\x00\x00" and len(head) >= 4 and head[2] in range(0x08, 0x0F) and 1 <= head[3] <= 8:
        return "idx"
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise UserError(f"{name}: is a Python pickle, which can run code and is never read: save arrays as NPZ")
    if head[257:262] == b"ustar":
        raise UserError(f"{name}: is a tar archive: give a zip or the unpacked folder")
    return _text(head, name)


def is_picture(head: bytes) -> bool:
    """Say whether these bytes begin as a picture does."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    if head[:2] in (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"):
        return head[2:3].isspace()
    if head[:2] == b"BM":
        return head[6:10] == b"\x00" * 4
    return any(head.startswith(magic) for magic in PICTURES)


def _text(head: bytes, name: str) -> str:
    if b"\x00" in head or sum(byte < 32 and byte not in b"\t\r\n\x0c" for byte in head) > 0:
        raise UserError(f"{name}: is of no kind that is known here: {KINDS}")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise UserError(f"{name}: holds nothing but blanks")
    text = _ABOVE.sub(b"", text).lstrip()
    if not text:
        raise UserError(f"{name}: holds comments and no rows")
    if _DRAWING.match(text):
        raise UserError(f"{name}: is an SVG drawing: save it as PNG")
    if _WEB_PAGE.match(text):
        raise UserError(f"{name}: is a web page, not data: a download that went wrong?")
    if text[:1] in b"[{":
        raise UserError(f"{name}: is JSON: save it as CSV, NPZ or parquet")
    if text[:1] == b"@" or text[:2] == b"%!":
        raise UserError(f"{name}: is text of no kind that is known here (ARFF?): save it as CSV")
    first = text.splitlines()[0]
    if _LIBSVM.match(first) or (b":" in first and re.match(rb"^[+-]?[\d.]+[ \t]+\d+:", first)):
        return "libsvm"
    if re.search(rb"[,;\t|]", first) or re.match(rb"^[ \t]*[+-]?[\d.]", first):
        return "table"
    raise UserError(f"{name}: is text, but no table: its first line has no comma, semicolon or tab, and no number")
