"""A run's card, and the plain methods that stand on it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ae_models.__main__ import main
from ae_models.analysis.classical_baselines import enlarged, filled, median_filtered, plain_figures
from ae_models.base import squared_errors
from ae_models.recipes import card, find_run, heldout_of
from ae_models.runs import ModelRecord, RunRecord
from ae_models.runs.scoring import seen_and_wanted


def corrupted(run_id: str, name: str, **config: float) -> RunRecord:
    """Return the record of a run as if it had been trained on corrupted input; its graphs are not looked at."""
    record = find_run(run_id)[1]
    return record.model_copy(update={"corruption": ModelRecord(name=name, config=config)})


def test_a_median_filter_takes_single_specks_away_and_leaves_flat_parts() -> None:
    image = np.zeros((1, 1, 9, 9), np.float32)
    image[0, 0, 4, 4] = 1
    assert median_filtered(image).max() == 0
    assert (median_filtered(np.full((1, 1, 9, 9), 0.3, np.float32)) == np.float32(0.3)).all()


def test_filling_in_changes_hidden_pixels_only() -> None:
    seen, mean = np.full((2, 1, 3, 3), 0.2, np.float32), np.full((1, 1, 3, 3), 0.9, np.float32)
    hidden = np.zeros((2, 1, 3, 3), np.float32)
    hidden[1, 0, 1, 1] = 1
    out = filled(seen, hidden, mean)
    assert out[1, 0, 1, 1] == np.float32(0.9)
    assert (np.delete(out.ravel(), 13) == np.float32(0.2)).all()


def test_bicubic_keeps_a_flat_picture_flat_and_a_ramp_a_ramp() -> None:
    flat = enlarged(np.full((1, 2, 4, 4), 0.5, np.float32), (8, 8))
    assert flat.shape == (1, 2, 8, 8)
    assert flat == pytest.approx(0.5)
    ramp = enlarged(np.tile(np.linspace(0, 1, 8, dtype=np.float32), (1, 1, 8, 1)), (16, 16))[0, 0, 8]
    assert (np.diff(ramp)[2:-2] > 0).all()


@pytest.mark.parametrize(
    ("run_id", "name", "config", "methods"),
    [
        ("mnist-dense-2d", "gaussian-noise", {"sigma": 0.5}, ["median filter, 3 x 3", "PCA, 2 numbers"]),
        ("digits-dense-2d", "occlusion", {"size": 3}, ["the mean image in the hole"]),
        ("digits-dense-2d", "masking", {"share": 0.5}, ["the mean image in the hole"]),
    ],
)
def test_plain_methods_beat_doing_nothing(run_id: str, name: str, config: dict[str, float], methods: list[str]) -> None:
    record = corrupted(run_id, name, **config)
    images = heldout_of(record)
    seen, wanted = seen_and_wanted(record.corruption, images, slice(None))
    nothing = squared_errors.sse(wanted, seen)
    found = plain_figures(record)
    assert [figure.method for figure in found] == methods
    assert all(figure.n == len(images) for figure in found)
    assert min(figure.sse for figure in found) < nothing


def test_a_run_on_clean_images_has_no_plain_rival() -> None:
    assert plain_figures(find_run("mnist-dense-2d")[1]) == []


def test_a_card_says_data_recipe_figures_use_and_limits(capsys: pytest.CaptureFixture[str]) -> None:
    record = find_run("mnist-dense-2d")[1]
    shown = card(record)
    assert "60,000" in shown["data"]
    assert "512-256-128" in shown["recipe"]
    assert shown["figures"]["sse"] == record.test.sse
    assert any("mnist only" in line for line in shown["limits"])
    assert main(["runs", "show", "mnist-dense-2d"]) == 0
    words = capsys.readouterr().out
    assert "limits" in words
    assert f"{record.test.sse:.3f}" in words
    assert main(["runs", "show", "mnist-dense-2d", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["card"]["title"] == record.title
