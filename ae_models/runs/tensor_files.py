"""Tensors that an ONNX file keeps beside itself: read from its folder, within bounds, and from nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Limits
from ae_models.datasets.readers.names import shown
from ae_models.runs import tensors_of


def take_in(proto: Any, name: str, folder: Path | None, limits: Limits) -> None:
    """Read the tensors that lie beside an ONNX file into its model; none that lie outside of its folder.

    Raises ``UserError`` for those, for bytes that are not there, and where all of them are larger than what is read.
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
        content = _slice(path, about, name, limits.graph_bytes - total)
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
