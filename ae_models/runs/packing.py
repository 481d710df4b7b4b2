"""A run as one zip file: out, and in again. What comes in is a stranger's, and is checked before any of it is kept."""

from __future__ import annotations

import io
import re
import zipfile
from hashlib import sha256
from typing import Any

from ae_models.base import UserError
from ae_models.base.stored import UNREADABLE
from ae_models.runs.contents import MOST_ARRAY_BYTES, MOST_FILE_BYTES, check_contents
from ae_models.runs.graph_checks import check_pair
from ae_models.runs.record import FILES, ID_PATTERN, PRIVATE, RunRecord, new_id
from ae_models.runs.store import MOST_RECORD_BYTES, RunStore, own_runs, parsed, shipped_runs

MOST_ZIP_BYTES = 64 << 20
MOST_UNPACKED_BYTES = 256_000_000  # of all files


def pack(store: RunStore, record: RunRecord) -> bytes:
    """Return a run as a zip: a folder named by its id, with every file checked by its sha256."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in record.files:
            packed.writestr(zipfile.ZipInfo(f"{record.id}/{name}"), store.file(record, name), zipfile.ZIP_DEFLATED)
        about = record.model_dump_json(indent=1, exclude=PRIVATE) + "\n"
        packed.writestr(zipfile.ZipInfo(f"{record.id}/run.json"), about, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(content: bytes, store: RunStore | None = None, *, owner: str = "") -> RunRecord:
    """Keep the run that a zip holds, as an imported one of ``owner``; return its record.

    The id stays where it is free; else the run gets a new one.

    Raises
    ------
    UserError
        When it is no zip of one run, too large, or any of its files is not what ``run.json`` says; nothing is kept.
    """
    store = store or own_runs()
    files = _files_of(content)
    if "run.json" not in files:
        raise UserError("this zip holds no run: it has no run.json")
    record = parsed(None, files.pop("run.json"))
    for name, entry in record.files.items():
        if name not in files:
            raise UserError(f"this zip holds no whole run: {name} is missing")
        if len(files[name]) != entry.size or sha256(files[name]).hexdigest() != entry.sha256:
            raise UserError(f"this zip holds no whole run: {name} is not the file that run.json describes")
    extra = sorted(set(files) - set(record.files))
    if extra:
        raise UserError(f"this zip holds no whole run: run.json does not name {extra[0]}")
    for name in sorted(files):
        try:
            check_contents(record, name, files[name], MOST_ARRAY_BYTES)
        except UserError as mistake:
            raise UserError(f"this zip holds no whole run: {mistake}") from None
    graphs = files["encoder.onnx"], files["decoder.onnx"]
    check_pair(*graphs, record.input_shape, record.output_shape, record.latent_dim)
    taken = record.id in store or record.id in shipped_runs()
    values: dict[str, Any] = record.model_dump(mode="json", exclude={"files", *PRIVATE})
    values |= {"id": new_id(record.id) if taken else record.id, "origin": "imported", "owner": owner}
    return store.write(values, files)


def _files_of(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name; the one folder that they may lie in is left out. No path is made from it."""
    if len(content) > MOST_ZIP_BYTES:
        raise UserError(f"a run's zip may have at most {MOST_ZIP_BYTES:,} bytes: this one has {len(content):,}")
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            folders = {entry.filename.rpartition("/")[0] for entry in entries}
            if len(folders) > 1 or not all(re.fullmatch(f"(?:{ID_PATTERN})?", folder) for folder in folders):
                raise UserError("this zip holds no run: its files must lie in one folder, or in none")
            for entry in entries:
                name = entry.filename.rpartition("/")[2]
                if name not in (*FILES, "run.json"):
                    raise UserError(f"this zip holds no run: a run has no file called {name[:64]!r}")
                if name in files:
                    raise UserError(f"this zip holds no run: it has {name} twice")
                files[name] = _read(packed, entry, MOST_RECORD_BYTES if name == "run.json" else MOST_FILE_BYTES)
                if sum(map(len, files.values())) > MOST_UNPACKED_BYTES:
                    raise UserError(
                        f"this zip unpacks to more than {MOST_UNPACKED_BYTES:,} bytes, the most that is read"
                    )
    except UserError:
        raise
    except UNREADABLE as error:
        raise UserError(f"this is no zip that can be read ({type(error).__name__})") from None
    return files


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return an entry's bytes; never more than ``most`` are unpacked, whatever the zip says of itself."""
    with packed.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise UserError(f"this zip holds no run: {entry.filename.rpartition('/')[2]} is larger than {most:,} bytes")
    return content
