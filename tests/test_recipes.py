"""The sentences: train, resume, fit a map, decode a point; what they write is what they say."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.base import ImageDataset, UserError, squared_errors
from ae_models.recipes import Destination, Interrupted, TrainRequest, project, resume, train
from ae_models.runs import Graphs, own_runs, pca_runs, shipped_runs, unfinished_runs

pytestmark = pytest.mark.slow

TINY: dict[str, Any] = {"widths": "32", "epochs": 3, "batch_size": 64, "threads": 1}


def order(**more: Any) -> TrainRequest:
    names = {key: more.pop(key) for key in ("corruption", "penalty", "name") if key in more}
    model, dataset = more.pop("model", "dense"), more.pop("dataset", "digits")
    settings = TINY if model == "dense" else {key: value for key, value in TINY.items() if key != "widths"}
    return TrainRequest.of(model, dataset, variant="bundled", **names, settings={**settings, **more})


def test_a_trained_run_is_whole_and_says_what_it_is(tiny_run: tuple[Any, Any]) -> None:
    store, record = tiny_run
    assert store.read(record.id) == record
    whole, damaged = store.list()
    assert record in whole
    assert damaged == []
    assert record.origin == "local"
    assert record.title == "Autoencoder, 2 numbers"
    assert record.model.config["widths"] == [64, 32]
    assert record.training["epochs"] == 30
    assert record.n_parameters == 2 * (64 * 64 + 64 * 32 + 32 * 2) + 64 + 32 + 2 + 32 + 64 + 64
    assert {"encoder.onnx", "decoder.onnx", "weights.safetensors", "history.json", "codes.npz"} <= set(record.files)
    splits = datasets.load("digits")
    assert record.dataset.fitted_on.digest == splits.train.digest
    assert record.dataset.scored_on.digest == splits.heldout.digest
    assert record.seconds > 0
    assert record.images_per_second > 0
    assert record.id not in unfinished_runs().ids()


def test_its_figure_is_that_of_its_graphs_and_of_its_history(tiny_run: tuple[Any, Any]) -> None:
    store, record = tiny_run
    images = recipes.heldout_of(record).images()
    found = squared_errors.sse(images, Graphs(store, record).reconstruct(images))
    assert record.test.sse == pytest.approx(found, abs=1e-4)
    assert record.test.mse == pytest.approx(found / 64, abs=1e-6)
    history = json.loads(store.file(record, "history.json"))
    assert len(history) == 30
    assert history[-1]["heldout_sse"] == pytest.approx(found, rel=1e-4)


def test_its_codes_are_kept(tiny_run: tuple[Any, Any]) -> None:
    store, record = tiny_run
    rows = recipes.heldout_of(record)
    kept = recipes.codes_of(store, record, rows)
    assert np.array_equal(kept, recipes.stored_codes(store, record))
    assert Graphs(store, record).encode(rows.images()) == pytest.approx(kept, abs=1e-4)
    some = rows.take(np.array([5, 3]))
    assert recipes.codes_of(store, record, some) == pytest.approx(kept[[5, 3]], abs=1e-4)


def test_snapshots_go_from_untrained_to_done(tiny_run: tuple[Any, Any]) -> None:
    store, record = tiny_run
    with np.load(io.BytesIO(store.file(record, "snapshots.npz")), allow_pickle=False) as arrays:
        steps, raw, ids = arrays["steps"], arrays["raw"], arrays["ids"]
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert raw.shape == (len(steps), len(ids), 2)
    assert raw[-1] == pytest.approx(recipes.stored_codes(store, record), rel=2e-3, abs=2e-3)
    assert np.abs(raw[0] - raw[-1]).max() > 0.1


def test_a_home_that_cannot_be_written_is_told_before_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "file" / "home"))
    told: list[str] = []
    with pytest.raises(UserError, match="set AE_MODELS_HOME"):
        train(order(epochs=2000), lambda _share, line: told.append(line))
    assert told == []


def test_shipped_runs_carry_no_weights_and_their_graphs_are_half_as_large(home: Path) -> None:
    whole, small = train(order()), train(order(), to=Destination(run_id="small", shipped=True))
    assert "weights.safetensors" not in small.files
    assert small.files["encoder.onnx"].size < 0.8 * whole.files["encoder.onnx"].size
    assert small.test.sse == pytest.approx(whole.test.sse, rel=1e-2)
    images = recipes.heldout_of(small).images()
    assert squared_errors.sse(images, Graphs(own_runs(), small).reconstruct(images)) == pytest.approx(
        small.test.sse, abs=1e-4
    )


def test_progress_is_told_from_the_first_epoch_to_the_end(home: Path) -> None:
    told: list[tuple[float, str]] = []
    train(order(), lambda share, line: told.append((share, line)))
    assert [share for share, _ in told] == pytest.approx([1 / 3, 2 / 3, 1])
    assert "epoch 2 of 3" in told[1][1]


def test_pca_of_the_same_size_is_fitted_beside_an_own_run(home: Path) -> None:
    record = train(order(latent_dim=5, dataset="mnist", epochs=1))
    digest = record.dataset.fitted_on.digest
    for k in (2, 3, 5):
        found = recipes.find_pca("mnist", digest, k)
        assert found is not None
        assert found[1].latent_dim == k
    assert len(pca_runs().ids()) == 3
    assert recipes.find_pca("mnist", digest, 4) is None
    assert recipes.find_pca("mnist", "0" * 64, 2) is None


def test_two_jobs_that_fit_the_same_pca_at_once_both_have_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    splits = datasets.load("digits")
    found = []

    def looked(*arguments: Any) -> Any:
        found.append(arguments)
        if len(found) == 1:  # nothing is there yet; the other job writes it while this one fits
            recipes.fit_pca(splits, 5)
            return None
        return recipes.find_pca(*arguments)

    monkeypatch.setattr("ae_models.recipes.mapping.find_pca", looked)
    assert recipes.fit_pca(splits, 5).id in pca_runs()
    assert len(pca_runs().ids()) == 1


def test_a_pca_that_cannot_be_kept_does_not_fail_the_run_beside_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise UserError("no space left")

    monkeypatch.setattr("ae_models.recipes.training.fit_pca", full)
    assert train(order()).id in own_runs()


def test_pca_as_a_run_is_pca(home: Path) -> None:
    from ae_models.base.config import PCAConfig
    from ae_models.projections.pca import PCA

    splits = datasets.load("digits")
    record = recipes.fit_pca(splits, 7)
    pca = PCA(PCAConfig(n_components=7)).fit(splits.train.images().reshape(-1, 64))
    images = splits.heldout.images()
    points = pca.transform(images.reshape(-1, 64))
    graphs = Graphs(pca_runs(), record)
    assert graphs.encode(images) == pytest.approx(points, abs=1e-5)
    assert graphs.decode(points).reshape(-1, 64) == pytest.approx(pca.inverse_transform(points), abs=1e-5)
    assert recipes.fit_pca(splits, 7) == record


def test_a_stopped_training_goes_on_as_if_it_had_never_stopped(home: Path) -> None:
    unbroken = train(order(seed=5))
    told: list[float] = []
    with pytest.raises(Interrupted) as caught:
        train(order(seed=5), lambda share, _line: told.append(share), should_stop=lambda: len(told) == 2)
    stopped = caught.value
    assert stopped.epochs == 2
    assert stopped.run_id in unfinished_runs().ids()
    assert stopped.run_id not in own_runs()
    record = resume(stopped.run_id)
    assert record.id == stopped.run_id
    assert record.test == unbroken.test
    assert own_runs().file(record, "weights.safetensors") == own_runs().file(unbroken, "weights.safetensors")
    assert record.id not in unfinished_runs().ids()
    with pytest.raises(UserError, match="no interrupted run"):
        resume(stopped.run_id)


@pytest.mark.parametrize("corruption", ["masking", "downsample", "grey-scale"])
def test_a_run_of_corrupted_input_says_so_and_is_used_on_any_split(home: Path, corruption: str) -> None:
    dataset = "mnist-tinted" if corruption == "grey-scale" else "mnist"
    record = train(order(dataset=dataset, corruption=corruption, epochs=1, batch_size=512))
    assert record.test.input == "corrupted"
    assert record.corruption.name == corruption
    splits = datasets.load(dataset, "bundled")
    store = own_runs()
    kept = recipes.codes_of(store, record, splits.heldout)
    some: ImageDataset = splits.heldout.take(np.arange(20))
    assert recipes.codes_of(store, record, some) == pytest.approx(kept[:20], abs=1e-4)
    assert recipes.codes_of(store, record, splits.train.take(np.arange(20))).shape == (20, 2)


def test_a_run_of_other_images_is_not_shown_with_these(tiny_run: tuple[Any, Any]) -> None:
    _, record = tiny_run
    scored = record.dataset.scored_on.model_copy(update={"digest": "0" * 64})
    other = record.model_copy(update={"dataset": record.dataset.model_copy(update={"scored_on": scored})})
    with pytest.raises(UserError, match="scored on other images"):
        recipes.heldout_of(other)


def test_damaged_codes_are_told_as_what_they_are(tiny_run: tuple[Any, Any], tmp_path: Path) -> None:
    import shutil

    from ae_models.runs import RunStore

    store, record = tiny_run
    shutil.copytree(store.root, tmp_path / "runs")
    path = tmp_path / "runs" / record.id / "codes.npz"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"codes\.npz is not the file that was written"):
        recipes.stored_codes(RunStore(tmp_path / "runs"), record)


def test_decode_a_point() -> None:
    record, image = recipes.decode_point("mnist-dense-2d", [0.5, -0.5])
    assert record.id == "mnist-dense-2d"
    assert image.shape == (1, 28, 28)
    again = Graphs(shipped_runs(), record).decode(np.array([[0.5, -0.5]], "f"))[0]
    assert np.array_equal(image, again)


def test_an_unknown_run_lists_the_choices() -> None:
    with pytest.raises(UserError, match=r"unknown run 'nothing': choose from .*mnist-dense-2d"):
        recipes.find_run("nothing")


def test_a_map_that_ships_is_read_and_not_fitted_again(bundled_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ae_models.projections import store, umap

    def refuse(*_arguments: Any) -> Any:
        raise AssertionError("fitted again")

    monkeypatch.setattr(umap.UMAP, "fit", refuse)
    found = project("umap", "digits", 2)
    assert np.array_equal(found.points, store.load(store.shipped_embeddings(), "digits-umap-2d").points)


@pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")
def test_umap_places_held_out_images_and_is_fitted_once(home: Path) -> None:
    from sklearn.manifold import trustworthiness

    told: list[float] = []
    settings = {"n_neighbors": 10, "seed": 1}
    found = project("umap", "digits", 2, settings=settings, progress=lambda share, _line: told.append(share))
    splits = datasets.load("digits")
    assert found.points.shape == (360, 2)
    assert np.array_equal(found.ids, splits.heldout.ids)
    assert found.fitted_on["digest"] == splits.train.digest
    assert found.scored_on["digest"] == splits.heldout.digest
    assert found.config == {"n_components": 2, "n_neighbors": 10, "min_dist": 0.1, "seed": 1}
    assert told[0] == 0
    assert told[-1] == 1
    flat = splits.heldout.images().reshape(360, -1)
    assert trustworthiness(flat, found.points) > 0.9
    again = project("umap", "digits", 2, settings=settings)
    assert np.array_equal(again.points, found.points)
    assert again.seconds == found.seconds  # it was not fitted again


def test_pca_as_a_map(home: Path) -> None:
    found = project("pca", "digits", 3)
    assert found.points.shape == (360, 3)
    as_a_run = recipes.stored_codes(shipped_runs(), shipped_runs().read("digits-pca-3d"))
    assert as_a_run is not None
    assert np.abs(found.points) == pytest.approx(np.abs(as_a_run), abs=1e-3)  # free in its signs


@pytest.mark.parametrize(
    ("method", "dim", "settings", "why"),
    [
        ("tsne9", 2, {}, "unknown projection"),
        ("umap", 0, {}, "n_components"),
        ("umap", 2, {"n_neighbors": 1}, "n_neighbors"),
        ("umap", 2, {"neighbours": 5}, "unknown setting 'neighbours': choose from .*n_neighbors"),
        ("pca", 65, {}, "n_components must be at most 64"),
    ],
)
def test_a_bad_map_is_told(home: Path, method: str, dim: int, settings: dict[str, Any], why: str) -> None:
    with pytest.raises(UserError, match=why):
        project(method, "digits", dim, settings=settings)
