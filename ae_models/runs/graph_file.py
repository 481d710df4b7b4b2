"""An ONNX file before it is believed: how many parts it has, and whether each tensor holds what it promises."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ae_models.base import UserError
from ae_models.datasets.readers.names import shown

MOST_PARTS = 500_000  # messages, numbers and names: an empty one takes 2 bytes in a file and over 100 in memory
MOST_TENSOR_BYTES = 256_000_000  # of all tensors in one file, as they stand in memory
_DEEP = 100  # messages in messages
_WHOLE = {1: 256, 2: 64, 3: 256, 4: 64}  # protobuf's kinds of whole numbers: how many bytes of them count as one part
_BITS = {"UINT4": 4, "INT4": 4, "FLOAT4E2M1": 4, "UINT2": 2, "INT2": 2}
_FIELDS = ("float_data", "int32_data", "int64_data", "double_data", "uint64_data")


def parsed(name: str, content: bytes) -> Any:
    """Return the model in the bytes of an ONNX file; ``UserError`` when it is none, or has too many parts."""
    import onnx

    check_parts(name, content)
    try:
        return onnx.load_from_string(content)
    except Exception as error:  # noqa: BLE001 - protobuf has no common base for its errors
        raise UserError(f"{name} is no ONNX graph ({type(error).__name__})") from None


def check_parts(name: str, content: bytes) -> None:
    """Raise ``UserError`` where an ONNX file has so many parts that it would grow huge when it is parsed."""
    import onnx

    if _parts(memoryview(content), onnx.ModelProto.DESCRIPTOR, MOST_PARTS, _DEEP) < 0:
        raise UserError(f"{name} has more than {MOST_PARTS:,} parts, or parts deeper than {_DEEP} in others")


def _parts(content: memoryview, kind: Any, left: int, deep: int) -> int:
    """Return how many parts may still come after those of a message; negative when there are too many.

    What is no sound message ends the count: the parser says what is wrong with it.
    """
    fields, place, end = kind.fields_by_number, 0, len(content)
    while place < end and left >= 0:
        tag, place = _varint(content, place)
        field, wire = fields.get(tag >> 3), tag & 7
        left -= 1
        if wire == 2:
            length, place = _varint(content, place)
            if field is not None and field.message_type is not None and length and place + length <= end:
                left = _parts(content[place : place + length], field.message_type, left, deep - 1) if deep else -1
            elif field is not None and field.cpp_type in _WHOLE:  # in a row: 1 byte may become 4 or 8
                left -= length // _WHOLE[field.cpp_type]
            place += length
        elif wire == 0:
            _, place = _varint(content, place)
        elif wire in (1, 5):
            place += 8 if wire == 1 else 4
        elif wire > 5:
            return left
    return left


def _varint(content: memoryview, place: int) -> tuple[int, int]:
    """Return a number of variable length and the place after it; at the end of the content, a number that ends it."""
    value = shift = 0
    while place < len(content) and shift < 70:
        byte = content[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    return 7, len(content)


def check_tensors(name: str, tensors: Iterator[Any]) -> None:
    """Raise ``UserError`` unless each tensor holds as many numbers as its sizes say, and all of them are few enough."""
    import onnx

    total = 0
    for tensor in tensors:
        if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
            raise UserError(f"{name} wants to read another file")
        bits = bits_of(name, tensor.data_type)
        if any(size < 0 for size in tensor.dims):
            raise UserError(f"{name} has a tensor of a negative size")
        size = math.prod(tensor.dims)
        stored = size if bits >= 8 else -(-size * bits // 8)
        found = len(tensor.raw_data) * 8 / max(bits, 8) if tensor.HasField("raw_data") else _listed(tensor)
        if found != stored:
            raise UserError(f"{name} has a tensor that promises {size:,} numbers and holds {found:,.0f}")
        total += size * max(bits, 8) // 8
        if total > MOST_TENSOR_BYTES:
            raise UserError(f"{name} holds tensors of more than {MOST_TENSOR_BYTES:,} bytes, the most that is served")


def _listed(tensor: Any) -> int:
    """Return how many numbers a tensor holds that are written one by one."""
    return sum(len(getattr(tensor, field)) for field in _FIELDS)


def bits_of(name: str, element: int) -> int:
    """Return how many bits one number of an ONNX type takes; ``UserError`` for text and for what is no type."""
    import onnx
    from onnx import helper

    known = {number: text for text, number in onnx.TensorProto.DataType.items()}
    text = known.get(element, "UNDEFINED")
    if text in ("STRING", "UNDEFINED", "COMPLEX64", "COMPLEX128"):
        raise UserError(f"{name} holds {text.lower()} values, where numbers are served")
    return _BITS.get(text) or 8 * int(helper.tensor_dtype_to_np_dtype(element).itemsize)


def tensors_of(graph: Any) -> Iterator[Any]:
    """Yield the tensors of a graph or a function: those that are named, and those in the attributes of its nodes."""
    yield from getattr(graph, "initializer", ())
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def check_stands_alone(name: str, graph: Any) -> None:
    """Raise ``UserError`` where a graph or a function has graphs within, or sparse tensors.

    ONNX Runtime makes a dense tensor of each sparse one when a session is made, of any size that it names.
    """
    sparse = bool(getattr(graph, "sparse_initializer", ()))
    for node in graph.node:
        if any(attribute.HasField("g") or attribute.graphs for attribute in node.attribute):
            raise UserError(f"{name} has an operator that is not served here: {node.op_type[:40]!r}")
        sparse = sparse or any(value.HasField("sparse_tensor") or value.sparse_tensors for value in node.attribute)
    if sparse:
        raise UserError(f"{name} has a sparse tensor, which is not served: write it as a dense one")


def take_in(proto: Any, name: str, folder: Path | None, most: int) -> None:
    """Read the tensors that lie beside an ONNX file into its model; none that lie outside of its folder.

    Raises ``UserError`` for those, for bytes that are not there, and where all of them have more than ``most`` bytes.
    """
    import onnx

    total = 0
    for tensor in (tensor for part in (proto.graph, *proto.functions) for tensor in tensors_of(part)):
        if tensor.data_location != onnx.TensorProto.EXTERNAL and not tensor.external_data:
            continue
        about = {entry.key: entry.value for entry in tensor.external_data}
        location = about.get("location", "")
        if folder is None:
            raise UserError(f"{name}: keeps tensors in another file ({shown(location)}): save it as one file")
        path = _inside(folder, location)
        if path is None:
            raise UserError(f"{name}: wants to read '{shown(location)}', which is outside of its folder")
        content = _slice(path, about, name, most - total)
        total += len(content)
        tensor.raw_data = content
        del tensor.external_data[:]
        tensor.data_location = onnx.TensorProto.DEFAULT


def _inside(folder: Path, location: str) -> Path | None:
    if not location or location.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", location):
        return None
    if ".." in re.split(r"[/\\]", location):
        return None
    path = (folder / location).resolve()
    return path if path.is_relative_to(folder.resolve()) else None


def _slice(path: Path, about: dict[str, str], name: str, most: int) -> bytes:
    try:
        there = path.stat().st_size
        offset = int(about.get("offset", 0))
        length = int(about.get("length", there - offset))
        if offset < 0 or length < 0 or offset + length > there:
            raise UserError(
                f"{name}: wants bytes {offset:,} to {offset + length:,} of {path.name}, which has {there:,}"
            )
        if length > most:
            raise UserError(f"{name}: with what lies beside it, it is larger than what is read")
        with path.open("rb") as stream:
            stream.seek(offset)
            return stream.read(length)
    except OSError as error:
        raise UserError(f"{name}: {path.name}, which it needs, cannot be read ({error.strerror})") from None
    except ValueError as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"{name}: says nonsense of the file {path.name} that it needs") from None
