"""A model from elsewhere becomes a run: ONNX graphs that were tried on real images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ae_models import datasets
from ae_models.base import FloatArray, Progress, Splits, UserError
from ae_models.base.config import Variant
from ae_models.datasets.readers.limits import LIMITS, size
from ae_models.datasets.readers.names import class_name, shown
from ae_models.recipes.mapping import fit_pca
from ae_models.runs import InMemory, RunRecord, RunStore, new_id, own_runs
from ae_models.runs.foreign_graph import load
from ae_models.runs.pairing import N_TRIED, Pair, pair
from ae_models.runs.scoring import about_data, numbers, versions, write_scored

UNKNOWN = "imported: what it was trained on is not known, so held-out images may not be new to it"


@dataclass(frozen=True)
class GraphFile:
    """An ONNX file: its name, its bytes, and the folder where tensors beside it may be read from, if any."""

    name: str
    content: bytes
    folder: Path | None = None


def graph_file(path: Path) -> GraphFile:
    """Return an ONNX file on this computer; ``UserError`` when it cannot be read or is too large."""
    try:
        there = path.stat().st_size
        if there > LIMITS.graph_bytes:
            raise UserError(f"{path}: {size(there)}, where at most {size(LIMITS.graph_bytes)} are read")
        return GraphFile(path.name, path.read_bytes(), path.resolve().parent)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


@dataclass(frozen=True, eq=False)
class Trial:
    """Two graphs that were tried on real images, and not kept yet."""

    names: tuple[str, str]
    splits: Splits
    pair: Pair
    n_parameters: int

    def reconstruct(self, n: int) -> tuple[FloatArray, FloatArray]:
        """Return the first ``n`` held-out images and what comes back of them, each ``(n, c, h, w)``."""
        images = self.splits.heldout.images(slice(0, n))
        return images, InMemory(self.pair.encoder, self.pair.decoder).reconstruct(images)

    def checks(self) -> list[tuple[str, str, bool]]:
        """Return what was looked at, what was found, and whether it is as it should be."""
        found, shape = self.pair.found, " x ".join(map(str, self.splits.heldout.shape))
        sse, floor = found["round_trip_sse"], found["mean_image_sse"]
        halves = [found["encoder"], found["decoder"]]
        opsets = " and ".join(dict.fromkeys(str(half["opset"]) for half in halves))
        producers = ", ".join(dict.fromkeys(shown(str(half["producer"])) for half in halves if half["producer"]))
        return [
            ("Shapes", f"{shape} to {numbers(self.pair.latent_dim)} and back to {shape}", True),
            ("How images stand", f"{_stand(halves[0])} go in, {_stand(halves[1])} come out", True),
            (
                "Operators",
                f"all of them standard, opset {opsets}{f'; written by {producers}' if producers else ''}",
                True,
            ),
            ("Any number of images at once", "yes, and the same images give the same numbers each time", True),
            ("Values", f"takes {_values(found['scale'])}, gives {_values(found['output_scale'])}", True),
            (f"Round trip of {N_TRIED} images", f"error {sse:.2f}; the mean image has {floor:.2f}", sse < floor),
            *(("Take care", warning, False) for warning in self.pair.warnings),
        ]


def _stand(half: dict[str, Any]) -> str:
    words = {"planes": "(n, channels, height, width)", "pixels": "(n, height, width, channels)"}
    return words.get(half["layout"], f"rows ({half['layout']})")


def _values(scale: str) -> str:
    words = {"minus1-1": "-1 to 1", "standardized": "values of mean 0 and deviation 1"}
    return words.get(scale, scale.replace("-", " to "))


def try_onnx(
    encoder: GraphFile,
    decoder: GraphFile,
    dataset: str,
    *,
    scale: str | None = None,
    variant: Variant = "auto",
    progress: Progress | None = None,
) -> Trial:
    """Check two ONNX graphs on real images and put them into the form that is served; nothing is kept.

    Parameters
    ----------
    dataset : str
        Whose images they are for; its held-out images are encoded and scored.
    scale : str, optional
        The values that the encoder takes: ``0-1``, ``minus1-1``, ``0-255`` or ``standardized`` (by mean and deviation
        of the training pixels). Without it, the one under which images come back best.
    """
    say: Progress = progress or (lambda share, line: None)
    say(0.05, "looking at the graphs")
    graphs = [load(file.name, file.content, file.folder) for file in (encoder, decoder)]
    splits = datasets.load(dataset, variant)
    say(0.3, "trying them on real images")
    mean, deviation = _statistics(splits)
    found = pair(graphs[0], graphs[1], splits.heldout.images(slice(0, N_TRIED)), (mean, deviation), scale)
    return Trial((encoder.name, decoder.name), splits, found, sum(graph.n_parameters for graph in graphs))


def keep_onnx(trial: Trial, name: str, *, store: RunStore | None = None, owner: str = "") -> RunRecord:
    """Encode and score the held-out images with graphs that were tried, and write a run called ``name``."""
    check_title(name)
    splits, found = trial.splits, trial.pair
    record = {
        **about_data(splits),
        "id": new_id(name),
        "title": class_name(name, 120),
        "origin": "imported",
        "purpose": UNKNOWN,
        "owner": owner,
        "model": {"name": "imported", "config": {}},
        "latent_dim": found.latent_dim,
        "seconds": 0.0,
        "n_parameters": trial.n_parameters,
        "versions": versions("onnx", "onnxruntime", "numpy"),
        "imported": {**found.found, "files": [shown(file) for file in trial.names], "warnings": found.warnings},
    }
    files = {"encoder.onnx": found.encoder, "decoder.onnx": found.decoder}
    written = write_scored(store or own_runs(), record, files, splits.heldout)
    pca_beside(splits, found.latent_dim)
    return written


def import_onnx(
    encoder: GraphFile,
    decoder: GraphFile,
    dataset: str,
    name: str,
    *,
    scale: str | None = None,
    variant: Variant = "auto",
    progress: Progress | None = None,
    store: RunStore | None = None,
) -> tuple[RunRecord, Pair]:
    """Try two ONNX graphs (``try_onnx``) and keep them (``keep_onnx``).

    Returns
    -------
    RunRecord, Pair
        The run, and how its graphs were read, with warnings.
    """
    check_title(name)
    trial = try_onnx(encoder, decoder, dataset, scale=scale, variant=variant, progress=progress)
    if progress is not None:
        progress(0.5, f"encoding {len(trial.splits.heldout):,} images")
    return keep_onnx(trial, name, store=store), trial.pair


def check_title(name: str) -> None:
    """Raise ``UserError`` where a run cannot be called this."""
    if not name.strip() or len(name) > 120:
        raise UserError(f"name must have 1 to 120 characters: got {len(name)}")


def _statistics(splits: Splits) -> tuple[float, float]:
    """Return mean and standard deviation of the training pixels, from at most 10,000 images."""
    rows = splits.train.images(slice(None, None, max(1, len(splits.train) // 10_000)))
    return float(rows.mean(dtype=np.float64)), max(float(rows.std(dtype=np.float64)), 1e-6)


def pca_beside(splits: Splits, latent_dim: int) -> None:
    """Fit the PCA maps that are shown beside an imported run."""
    for k in sorted({2, 3, latent_dim}):
        if k <= min(len(splits.train), int(np.prod(splits.train.shape))):
            fit_pca(splits, k)
