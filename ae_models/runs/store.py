"""A folder of runs: list them, read one, write one without ever leaving half of it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ae_models.base import UserError, paths
from ae_models.base.fields import first_fault
from ae_models.base.stored import file_size, folders, is_folder, plain_json, read_file
from ae_models.runs.contents import MOST_FILE_BYTES, check_contents
from ae_models.runs.record import FILES, ID_PATTERN, SCHEMA_VERSION, RunRecord

MOST_RECORD_BYTES = 1_000_000
MOST_CHECKPOINT_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Damaged:
    """A folder that looks like a run and is not a whole one."""

    id: str
    why: str


@dataclass(frozen=True)
class RunStore:
    """The runs below one folder, each in a folder of its own named by its id."""

    root: Path

    def ids(self) -> list[str]:
        """Return the ids of all folders that are or were meant to be runs, sorted."""
        return folders(self.root, ID_PATTERN)

    def __contains__(self, run_id: str) -> bool:
        return bool(re.fullmatch(ID_PATTERN, run_id)) and is_folder(self.root / run_id)

    def read(self, run_id: str) -> RunRecord:
        """Return a run's record after checking that every file it names is there with its size.

        Raises ``UserError`` naming the run and what is wrong with it.
        """
        if run_id not in self:
            raise UserError(f"no run '{run_id}' in {self.root}")
        record = parsed(run_id, _content(run_id, self.root / run_id / "run.json"))
        for name, entry in record.files.items():
            try:
                size = file_size(self.root / run_id / name)
            except OSError:
                raise UserError(f"run '{run_id}' is damaged: {name} is missing") from None
            except UserError as mistake:
                raise UserError(f"run '{run_id}' is damaged: {mistake}") from None
            if size != entry.size:
                raise UserError(f"run '{run_id}' is damaged: {name} has {size:,} of {entry.size:,} bytes")
        return record

    def file(self, record: RunRecord, name: str) -> bytes:
        """Return the content of one of the run's files after checking its sha256 and, of arrays, what they hold."""
        if name not in record.files:
            raise UserError(f"run '{record.id}' has no {name}")
        path = self.root / record.id / name
        try:
            content = read_file(path, MOST_FILE_BYTES)
        except OSError as error:
            raise UserError(f"run '{record.id}' is damaged: {name} cannot be read ({error.strerror})") from None
        except UserError as mistake:
            raise UserError(f"run '{record.id}' is damaged: {mistake}") from None
        if sha256(content).hexdigest() != record.files[name].sha256:
            raise UserError(f"run '{record.id}' is damaged: {name} is not the file that was written (sha256 differs)")
        try:
            if self != shipped_runs():  # a test looks at those
                check_contents(record, name, content)
        except UserError as mistake:
            raise UserError(f"run '{record.id}' is damaged: {mistake}") from None
        return content

    def list(self) -> tuple[list[RunRecord], list[Damaged]]:
        """Return every whole run, and every damaged one with the reason; one bad run hides no other."""
        whole, damaged = [], []
        for run_id in self.ids():
            try:
                record = self.read(run_id)
                for name in record.files:
                    self.file(record, name)
                whole.append(record)
            except UserError as mistake:
                damaged.append(Damaged(run_id, str(mistake)))
            except OSError as error:
                damaged.append(Damaged(run_id, f"run '{run_id}' cannot be read ({error.strerror})"))
        return whole, damaged

    def write(self, record: dict[str, Any], files: dict[str, bytes]) -> RunRecord:
        """Write a run: its files beside the final place, ``run.json`` last, then one rename.

        Parameters
        ----------
        record : dict
            All fields of ``RunRecord`` but ``files``, which is computed here.
        files : dict of bytes
            Names from ``FILES``.

        Raises
        ------
        UserError
            When the folder cannot be written, the disk is full, or the id is taken; nothing stays behind.
        """
        unknown = set(files) - set(FILES)
        if unknown:
            raise ValueError(f"a run has no file called {sorted(unknown)[0]}")
        described = {
            name: {"size": len(content), "sha256": sha256(content).hexdigest()} for name, content in files.items()
        }
        try:
            whole = RunRecord.model_validate({**record, "files": described})
        except ValidationError as error:
            raise UserError(f"this run cannot be kept: {first_fault(error)}") from None
        paths.writable(self.root)
        beside = paths.beside(self.root / "new")
        try:
            beside.mkdir()
            for name, content in files.items():
                (beside / name).write_bytes(content)
            (beside / "run.json").write_text(whole.model_dump_json(indent=1) + "\n")
            beside.rename(self.root / whole.id)
        except OSError as error:
            raise UserError(f"run '{whole.id}' could not be written in {self.root} ({error.strerror})") from None
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return whole


def _content(run_id: str, path: Path) -> bytes:
    if path.parent.is_symlink():
        raise UserError(f"run '{run_id}' is damaged: it is a link to another folder")
    try:
        return read_file(path, MOST_RECORD_BYTES)
    except FileNotFoundError:
        raise UserError(f"run '{run_id}' is unfinished: it has no run.json") from None
    except OSError:
        raise UserError(f"run '{run_id}' is damaged: run.json cannot be read") from None
    except UserError as mistake:
        raise UserError(f"run '{run_id}' is damaged: {mistake}") from None


def parsed(run_id: str | None, content: bytes) -> RunRecord:
    """Return the record that the bytes of a ``run.json`` hold; ``UserError`` when they are not those of a whole run.

    ``run_id`` is the id that it must have; None takes any.
    """
    what = "this run" if run_id is None else f"run '{run_id}'"
    if len(content) > MOST_RECORD_BYTES:
        raise UserError(f"{what} is damaged: run.json is larger than {MOST_RECORD_BYTES:,} bytes")
    try:
        values = plain_json(content)
    except ValueError as error:
        raise UserError(f"{what} is damaged: run.json cannot be read ({str(error)[:80]})") from None
    version = values.get("schema_version") if isinstance(values, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise UserError(f"{what} was written by a newer Latent Lab (schema {version}, this one reads {SCHEMA_VERSION})")
    try:
        record = RunRecord.model_validate(values)
    except ValidationError as error:
        raise UserError(f"{what} is damaged: run.json, {first_fault(error)}") from None
    if run_id is not None and record.id != run_id:
        raise UserError(f"{what} is damaged: run.json belongs to '{record.id}'")
    if set(record.files) - set(FILES) or not {"encoder.onnx", "decoder.onnx"} <= set(record.files):
        raise UserError(f"{what} is damaged: run.json names the files {str(sorted(record.files))[:200]}")
    return record


def shipped_runs() -> RunStore:
    """Return the runs that ship with the product."""
    return RunStore(paths.SHIPPED / "runs")


def own_runs() -> RunStore:
    """Return the runs trained or imported here."""
    return RunStore(paths.home() / "runs")


def pca_runs() -> RunStore:
    """Return PCA baselines fitted for own runs: run folders too, kept in the cache."""
    return RunStore(paths.home() / "cache" / "pca")


@dataclass(frozen=True)
class Unfinished:
    """Trainings in progress or interrupted: an order and the checkpoint of the last whole epoch, a folder each."""

    root: Path

    def ids(self) -> list[str]:
        """Return the ids of all trainings that left a checkpoint, sorted."""
        return [run_id for run_id in RunStore(self.root).ids() if _has_checkpoint(self.root / run_id)]

    def write(self, run_id: str, order: dict[str, Any], checkpoint: bytes) -> None:
        """Keep one epoch's checkpoint, replacing the one before in one step."""
        folder = paths.writable(self.root / run_id)
        for name, content in (("order.json", json.dumps(order).encode()), ("checkpoint", checkpoint)):
            beside = paths.beside(folder / name)  # a server that slept may write once more
            try:
                beside.write_bytes(content)
                beside.replace(folder / name)
            except OSError as error:
                raise UserError(f"the checkpoint could not be written in {folder} ({error.strerror})") from None
            finally:
                beside.unlink(missing_ok=True)  # half a file would keep a full disk full

    def read(self, run_id: str) -> tuple[dict[str, Any], bytes]:
        """Return order and checkpoint; an unknown id raises ``UserError`` with the choices."""
        if run_id not in self.ids():
            raise UserError(f"no interrupted run '{run_id}': choose from {', '.join(self.ids()) or 'none'}")
        order = self.order(run_id)
        try:
            return order, read_file(self.root / run_id / "checkpoint", MOST_CHECKPOINT_BYTES)
        except (OSError, UserError) as error:
            raise _damaged(run_id, error) from None

    def order(self, run_id: str) -> dict[str, Any]:
        """Return the order of a training, when there is a checkpoint too; ``UserError`` saying what is wrong."""
        folder = self.root / run_id
        try:
            if folder.is_symlink():
                raise UserError("it is a link to another folder")
            order = plain_json(read_file(folder / "order.json", MOST_RECORD_BYTES))
            if not isinstance(order, dict):
                raise UserError("its order is no JSON object")
            if not file_size(folder / "checkpoint"):
                raise UserError("its checkpoint is empty")
        except (OSError, ValueError) as error:
            raise _damaged(run_id, error) from None
        return order

    def remove(self, run_id: str) -> None:
        """Forget a training that is finished."""
        if re.fullmatch(ID_PATTERN, run_id):
            shutil.rmtree(self.root / run_id, ignore_errors=True)


def _damaged(run_id: str, error: Exception) -> UserError:
    why = error if isinstance(error, UserError) else "it cannot be read"
    return UserError(f"interrupted run '{run_id}' is damaged: {why}")


def _has_checkpoint(folder: Path) -> bool:
    try:
        return not folder.is_symlink() and file_size(folder / "checkpoint") >= 0
    except (OSError, UserError):
        return False


def unfinished_runs() -> Unfinished:
    """Return the trainings that were begun here and not finished."""
    return Unfinished(paths.home() / "unfinished")
