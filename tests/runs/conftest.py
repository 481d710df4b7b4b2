"""A run without training: a linear map of 4 x 5 pixels to two numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.runs import RunRecord, RunStore, linear_graphs

SHAPE = (1, 4, 5)


class SmallRuns:
    """Makes small runs in a store."""

    def __init__(self, store: RunStore) -> None:
        self.store = store
        generator = np.random.default_rng(0)
        self.components = np.linalg.qr(generator.normal(size=(20, 2)))[0].T.astype("f")
        self.mean = generator.random(20, np.float32)
        encoder, decoder = linear_graphs(self.mean, self.components, SHAPE)
        self.files = {"encoder.onnx": encoder, "decoder.onnx": decoder, "history.json": b"[]"}

    def record(self, run_id: str) -> dict[str, Any]:
        rows = {"n": 3, "digest": "0" * 64}
        return {
            "id": run_id,
            "title": "A straight map",
            "created": "2026-01-01T00:00:00+00:00",
            "origin": "local",
            "model": {"name": "pca", "config": {"n_components": 2}},
            "dataset": {
                "name": "small",
                "variant": "bundled",
                "fitted_on": {"split": "train", **rows},
                "scored_on": {"split": "heldout", **rows},
            },
            "class_names": ("a", "b"),
            "input_shape": SHAPE,
            "output_shape": SHAPE,
            "latent_dim": 2,
            "test": {"sse": 1.5, "mse": 0.075, "n": 3},
            "seconds": 0.5,
            "a_later_version_says_more": True,
        }

    def write(self, run_id: str) -> RunRecord:
        return self.store.write(self.record(run_id), self.files)


@pytest.fixture
def small(tmp_path: Any) -> SmallRuns:
    """Small runs in an empty store."""
    return SmallRuns(RunStore(tmp_path / "runs"))
