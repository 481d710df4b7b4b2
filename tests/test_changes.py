"""What differs from one run to the next: every setting that differs is named, none that does not."""

from __future__ import annotations

from typing import Any

import pytest

from ae_models.autoencoders import ARCHITECTURES
from ae_models.base.config import TrainConfig
from ae_models.recipes import changes, run_before
from ae_models.runs import ModelRecord, Parent, RunRecord, Stop, shipped_runs


@pytest.fixture(scope="module")
def run() -> RunRecord:
    return shipped_runs().read("mnist-dense-2d").model_copy(update={"origin": "local", "created": "2026-01-02"})


def _other(run: RunRecord, **changed: Any) -> RunRecord:
    test = run.test.model_copy(update=changed.pop("test", {}))
    training = {**run.training, **changed.pop("training", {})}
    return run.model_copy(update={"id": "other", "test": test, "training": training, **changed})


def test_a_run_does_not_differ_from_itself(run: RunRecord) -> None:
    found = changes(run, run)
    assert found.settings == ()
    assert found.why_not == ""
    assert [figure.better for figure in found.figures] == [None] * len(found.figures)
    assert all(figure.before == figure.after for figure in found.figures)


def test_settings_that_differ_are_named_in_words(run: RunRecord) -> None:
    config = {**run.model.config, "widths": [64, 32]}
    after = _other(run, model=ModelRecord(name="dense", config=config), training={"epochs": 3, "threads": 7}, seed=9)
    found = changes(run, after)
    before = {setting.name: setting.before for setting in found.settings}
    said = {setting.name: setting.after for setting in found.settings}
    assert said == {"Layer widths": "64-32", "Epochs": "3", "Seed": "9"}
    assert before["Epochs"] == str(run.training["epochs"])
    back = changes(after, run)
    assert {setting.name: (setting.after, setting.before) for setting in back.settings} == {
        setting.name: (setting.before, setting.after) for setting in found.settings
    }


def test_a_training_that_was_stopped_or_begun_with_anothers_weights_says_so(run: RunRecord) -> None:
    after = _other(run, stopped=Stop(epoch=3.5, of=30), parent=Parent(run="first-abc123", epochs=30))
    said = {setting.name: setting.after for setting in changes(run, after).settings}
    assert said == {"Epochs": "3.5 of 30, stopped", "Trained on from": "first-abc123"}


def test_another_model_and_a_penalty(run: RunRecord) -> None:
    after = _other(
        run,
        model=ModelRecord(name="linear", config={"latent_dim": 2, "tied": True, "output": "linear"}),
        penalty=ModelRecord(name="l1", config={"strength": 0.25}),
    )
    said = {setting.name: (setting.before, setting.after) for setting in changes(run, after).settings}
    assert said["Model"] == ("Autoencoder", "Linear autoencoder")
    assert said["Penalty"] == ("None", "L1 on the code")
    assert said["Penalty: strength"] == ("", "0.25")
    assert said["Tied weights"] == ("", "yes")
    assert said["Layer widths"][1] == ""
    assert "Code size" not in said


def test_a_smaller_error_is_better_and_a_larger_network_is_neither(run: RunRecord) -> None:
    after = _other(run, test={"sse": run.test.sse / 2, "mse": run.test.mse * 2}, n_parameters=7, seconds=1.0)
    figures = {figure.name: figure for figure in changes(run, after).figures}
    assert figures["Held-out error (SSE)"].better is True
    assert figures["Held-out error a pixel (MSE)"].better is False
    assert figures["Parameters"].better is None
    assert figures["Time to train"].better is None
    assert (figures["Time to train"].before, figures["Time to train"].after) == (run.seconds, 1.0)


def test_errors_on_other_images_or_inputs_are_not_compared(run: RunRecord) -> None:
    rows = run.dataset.scored_on.model_copy(update={"digest": "1" * 64})
    elsewhere = _other(run, dataset=run.dataset.model_copy(update={"scored_on": rows}), test={"sse": 0.0})
    noisy = _other(run, corruption=ModelRecord(name="gaussian-noise", config={"sigma": 0.5}), test={"sse": 0.0})
    for after, why in ((elsewhere, "other images"), (noisy, "spoilt in another way")):
        found = changes(run, after)
        assert why in found.why_not
        assert [figure.better for figure in found.figures] == [None] * len(found.figures)


def test_the_run_before_is_the_newest_own_one_on_the_same_data(run: RunRecord) -> None:
    older = _other(run, created="2026-01-01").model_copy(update={"id": "older"})
    oldest = _other(run, created="2025-01-01").model_copy(update={"id": "oldest"})
    later = _other(run, created="2026-01-03").model_copy(update={"id": "later"})
    shipped = _other(run, created="2026-01-01", origin="shipped").model_copy(update={"id": "shipped"})
    pca = _other(run, created="2026-01-01", model=ModelRecord(name="pca")).model_copy(update={"id": "pca"})
    fashion = _other(run, dataset=run.dataset.model_copy(update={"name": "fashion-mnist"})).model_copy(
        update={"id": "fashion"}
    )
    assert run_before(run, [oldest, older, run, later, shipped, pca, fashion]) == older
    assert run_before(oldest, [oldest, older, run]) is None


@pytest.mark.parametrize("run_id", shipped_runs().ids())
def test_any_two_runs_can_be_compared(run: RunRecord, run_id: str) -> None:
    record = shipped_runs().read(run_id)
    found = changes(record, run)
    assert all(setting.name and setting.before != setting.after for setting in found.settings)


def test_every_setting_has_a_name_of_its_own() -> None:
    from ae_models.base.config import label_of

    for name in ARCHITECTURES:
        config = ARCHITECTURES.entry(name).config
        assert config is not None
        labels = [label_of(cls, key) for cls in (config, TrainConfig) for key in cls.model_fields]
        assert len(labels) == len(set(labels))
