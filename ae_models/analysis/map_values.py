"""What a map of codes can show beyond the codes: errors, spreads, what a network sees, how training went."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ae_models.base import ByteArray, FloatArray, ImageDataset, IntArray, UserError
from ae_models.base.squared_errors import squared_errors
from ae_models.projections import PROJECTIONS, store
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.runs.scoring import in_parts


def errors_of(graphs: Graphs, record: RunRecord, images: ImageDataset, codes: FloatArray) -> FloatArray:
    """Return the squared error of each image's reconstruction, summed over pixels, ``(n,)``."""
    found = [
        squared_errors(wanted, graphs.decode(codes[rows])) for rows, _, wanted in in_parts(record.corruption, images)
    ]
    return np.concatenate(found).astype(np.float32)


def noise_of(graphs: Graphs, record: RunRecord, images: ImageDataset) -> FloatArray:
    """Return the standard deviations of the codes of all images ``(n, latent_dim)``, of a variational encoder."""
    return np.concatenate([graphs.spread(seen) for _, seen, _ in in_parts(record.corruption, images)])


def sheet_of(record: RunRecord, images: ImageDataset, half: Literal["seen", "wanted"]) -> ByteArray:
    """Return what a network sees of all images, or what it should answer, as uint8 ``(n, c, h, w)``, 255 for 1."""
    parts = [seen if half == "seen" else wanted for _, seen, wanted in in_parts(record.corruption, images)]
    return np.rint(np.clip(np.concatenate(parts), 0, 1) * 255).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Moments:
    """Codes of fixed images through training.

    ``points`` is ``(moments, n, dims)`` float16, each moment laid on the last by Procrustes; ``dims`` says which
    coordinates of the code they are; ``captions`` says what was known at each moment.
    """

    points: npt.NDArray[np.float16]
    ids: IntArray
    dims: tuple[int, ...]
    steps: tuple[int, ...]
    captions: tuple[str, ...]


def sheets_shown(record: RunRecord, images: ImageDataset) -> list[tuple[ByteArray, int]]:
    """Return what a canvas shows of images, each with the byte that means 1: ``(n, c, h, w)``.

    As they are; or, of a run on corrupted input, what it should answer, and then what it sees.
    """
    clean = record.corruption.name == "none"
    if clean and images.levels <= 255:
        return [(images.pixels.astype(np.uint8), images.levels)]
    kinds: tuple[Literal["wanted", "seen"], ...] = ("wanted",) if clean else ("wanted", "seen")
    return [(sheet_of(record, images, kind), 255) for kind in kinds]


def snapshots_of(store: RunStore, record: RunRecord) -> Moments | None:
    """Return the moments a run kept of its training; None when it kept none."""
    if "snapshots.npz" not in record.files:
        return None
    try:
        with np.load(io.BytesIO(store.file(record, "snapshots.npz")), allow_pickle=False) as arrays:
            points, ids = arrays["aligned"], arrays["ids"].astype(np.int32)
            steps = tuple(int(step) for step in arrays["steps"])
            dims = tuple(int(dim) for dim in arrays["dims"])
        history = json.loads(store.file(record, "history.json")) if "history.json" in record.files else []
    except UserError:
        raise
    except (ValueError, KeyError, OSError) as error:
        raise UserError(
            f"run '{record.id}' is damaged: snapshots.npz cannot be read ({type(error).__name__})"
        ) from None
    if points.shape != (len(steps), len(ids), len(dims)) or not steps:
        raise UserError(f"run '{record.id}' is damaged: its snapshots.npz has shape {points.shape}")
    captions = tuple(_caption(step, steps[-1], history) for step in steps)
    return Moments(points.astype(np.float16), ids, dims, steps, captions)


def _caption(step: int, last: int, history: list[dict[str, float]]) -> str:
    """Return "step 469, epoch 1.0: error 42.1"; the error is that of the last whole epoch.

    Examples
    --------
    >>> rows = [{"heldout_sse": 40.0}, {"heldout_sse": 30.0}]
    >>> _caption(1, 4, rows), _caption(2, 4, rows), _caption(4, 4, rows)
    ('step 1, epoch 0.5: not scored yet', 'step 2, epoch 1.0: error 40.0', 'step 4, epoch 2.0: error 30.0')
    """
    if step == 0:
        return "before training"
    epochs = step * len(history) / last if last else 0.0
    done = int(epochs + 1e-9)
    known = f"error {history[done - 1]['heldout_sse']:.1f}" if done >= 1 else "not scored yet"
    return f"step {step:,}, epoch {epochs:.1f}: {known}"


def neighbour_maps(dataset: str) -> dict[str, str]:
    """Return the methods whose maps cannot draw, and what each is called.

    Parameters
    ----------
    dataset : str

    Returns
    -------
    dict
        Name and title: those of ``PROJECTIONS``, and after them any other of which a map of this data is kept.
    """
    titles = {name: PROJECTIONS.entry(name).title for name in PROJECTIONS if not PROJECTIONS.load(name).decodes}
    kept = {
        str(about["method"]): str(about["config"].get("title") or about["method"])[:120]
        for _, _, about in reversed(store.catalogue())
        if about["dataset"] == dataset
    }
    named = sorted(name for name in kept if re.fullmatch(r"[a-z0-9-]{1,64}", name) and name not in PROJECTIONS)
    return titles | {name: kept[name] for name in named}
