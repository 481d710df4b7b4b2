"""Comparing: the figures are those of the metrics, what was scored is kept, ties and spreads are said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.base import UserError, paths
from ae_models.metrics import METRICS, Value
from ae_models.recipes import Comparison, Scoring, compare, comparing, reading, stored_ranks, ties
from ae_models.recipes.contestants import scored_images
from ae_models.runs import own_runs


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    """The shipped autoencoder of the small digits beside PCA, UMAP and a random map; its home stays for the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AE_MODELS_HOME", str(tmp_path_factory.mktemp("comparing")))
        yield compare("digits", ["digits-dense-2d"], ["pca", "umap", "random"])


def test_who_takes_part_and_on_what(digits: Comparison) -> None:
    assert (digits.dataset, digits.variant, digits.n, digits.k) == ("digits", "bundled", 360, 5)
    assert [row.id for row in digits.rows] == ["digits-dense-2d", "pca-2d", "umap-2d", "random-2d"]
    assert [row.kind for row in digits.rows] == ["run", "projection", "projection", "projection"]
    heldout = datasets.heldout("digits")
    for row in digits.rows:
        assert row.latent_dim == 2
        assert row.scored_on["digest"] == heldout.digest
        assert row.fitted_on["n"] == 1_437
        assert row.version
        assert set(row.values) == set(METRICS)
        assert row.parameters
    assert [row.seed for row in digits.rows] == [0, None, 0, 0]


def test_figures_are_those_that_the_runs_say_of_themselves(digits: Comparison) -> None:
    for row_id, run in (("digits-dense-2d", "digits-dense-2d"), ("pca-2d", "digits-pca-2d")):
        record = recipes.find_run(run)[1]
        assert digits.row(row_id).values["sse"].value == pytest.approx(record.test.sse, abs=1e-4)
        assert digits.row(row_id).values["mse"].value == pytest.approx(record.test.mse, abs=1e-6)


def test_what_cannot_be_had_is_said_and_the_rest_stands(digits: Comparison) -> None:
    umap, dense = digits.row("umap-2d").values, digits.row("digits-dense-2d").values
    assert (umap["sse"].value, umap["sse"].why) == (None, "UMAP cannot draw")
    assert umap["trustworthiness"].value is not None
    assert "not linear" in dense["principal_angle"].why
    assert "1 x 8 x 8" in dense["anomaly_auc"].why
    assert digits.row("pca-2d").values["principal_angle"].value == pytest.approx(0, abs=1e-3)
    assert digits.row("random-2d").values["principal_angle"].value > 45


def test_costs(digits: Comparison) -> None:
    dense, pca, umap, random = (row.costs for row in digits.rows)
    assert dense.n_parameters == recipes.find_run("digits-dense-2d")[1].n_parameters
    assert pca.n_parameters == random.n_parameters == 2 * 64 + 64
    assert umap.n_parameters is None
    assert [cost.decodes for cost in (dense, pca, umap, random)] == [True, True, False, True]
    assert all(cost.new_images and cost.repeatable and cost.repeatable_note for cost in (dense, pca, umap, random))
    assert "only its points are kept" in umap.new_images_note
    assert dense.encode_seconds is not None
    assert 0 < dense.encode_seconds < 600
    assert umap.encode_seconds is None  # the shipped map does not know


def test_json_keeps_its_shape(digits: Comparison) -> None:
    found = json.loads(json.dumps(digits.to_json(), allow_nan=False))
    assert {"dataset", "n", "rows"} <= set(found)
    for row in found["rows"]:
        assert {"method", "latent_dim", "metrics", "costs", "fitted_on", "scored_on", "seed", "version"} <= set(row)
        assert set(row["metrics"]) == set(METRICS)
        assert set(row["why"]) == {name for name, value in row["metrics"].items() if value is None}
        for name, detail in row["details"].items():
            assert detail["n"] > 0, name
    assert found["leaders"]["sse"] == ["digits-dense-2d"]


def test_the_table_marks_the_best(digits: Comparison) -> None:
    head, *lines = digits.to_table()
    assert head[3:] == ["Autoencoder, 2 numbers", "PCA, 2 numbers", "UMAP, 2-D", "Random map, 2-D"]
    assert len(lines) == len(METRICS)
    for name, line in zip(METRICS, lines, strict=True):
        assert sum(cell.endswith("*") for cell in line) == (1 if digits.leaders(name) else 0)
    assert lines[0][3:] == ["1.97 *", "3.45", "–", "4.53"]


def test_ranking_goes_in_the_direction_of_the_metric(digits: Comparison) -> None:
    for name in ("sse", "trustworthiness"):
        values = [row.values[name].value for row in digits.ranking(name)]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=name == "trustworthiness")
    assert len(digits.ranking("sse")) == 3


def test_what_was_scored_is_read_again(digits: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Value:
        raise AssertionError("computed again")

    monkeypatch.setattr(comparing, "measure", refuse)
    monkeypatch.setattr(comparing, "neighbourhoods", refuse)
    again = compare("digits", ["digits-dense-2d"], ["pca", "umap", "random"])
    assert again.to_json() == digits.to_json()
    for before, after in zip(digits.rows, again.rows, strict=True):
        for name in METRICS:
            one, other = before.values[name].per_point, after.values[name].per_point
            assert (one is None) == (other is None)
            assert one is None or np.allclose(one, other, rtol=1e-3, atol=1e-6, equal_nan=True)
    with pytest.raises(AssertionError):
        compare("digits", ["digits-dense-2d"], scoring=Scoring(seed=1))


def test_a_new_version_of_a_metric_and_damaged_files_are_computed_again(
    digits: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = comparing.measure

    def told(name: str, material: Any) -> Value:
        asked.append(name)
        return real(name, material)

    monkeypatch.setattr(comparing, "measure", told)
    monkeypatch.setitem(METRICS._table, "stress", replace(METRICS.entry("stress"), version=2))  # type: ignore[type-var]
    compare("digits", ["digits-dense-2d"])
    assert asked == ["stress"]
    asked.clear()
    for path in (paths.home() / "cache" / "scores").glob("*.json"):
        path.write_text("{")
    assert (
        compare("digits", ["digits-dense-2d"], scoring=Scoring(metrics=["sse", "spearman"])).rows[0].values["sse"].value
        is not None
    )
    assert asked == ["sse", "spearman"]


def test_a_run_that_is_scored_on_fewer_images_than_it_could_be() -> None:
    found = compare(
        "mnist", ["mnist-dense-2d"], ["pca", "umap"], scoring=Scoring(metrics=["sse", "knn_1"], variant="bundled")
    )
    assert found.n == 2_000
    assert {row.scored_on["n"] for row in found.rows} == {2_000}
    assert {row.fitted_on["n"] for row in found.rows} == {60_000}


def test_auto_scores_on_the_whole_test_file_where_nothing_was_fitted_on_it(bundled_only: Path) -> None:
    found = compare("mnist", ["mnist-dense-2d", "mnist-conv-30d"], ["umap"], scoring=Scoring(metrics=["knn_1"]))
    assert (found.variant, found.n) == ("full", 10_000)
    assert "30 numbers" in found.row("mnist-conv-30d").note
    with pytest.raises(UserError, match="the full MNIST"):
        compare("mnist", ["mnist-dense-2d"], ["random"], scoring=Scoring(metrics=["sse"], variant="full"))
    record = recipes.find_run("mnist-dense-2d")[1]
    # no t-SNE in 3-D of the whole test file is here
    assert scored_images("mnist", [record], ["tsne"], 3, "auto")[1:] == ("bundled", "bundled")


def test_a_run_is_never_scored_on_images_it_saw(bundled_only: Path) -> None:
    record = recipes.find_run("mnist-dense-2d")[1]
    rows = {"digest": datasets.heldout("mnist", "bundled").digest}
    dataset = {"variant": "bundled", "scored_on": record.dataset.scored_on.model_copy(update=rows)}
    own = record.model_copy(update={"dataset": record.dataset.model_copy(update=dataset)})
    assert scored_images("mnist", [record, own], ["umap"], 2, "auto")[1:] == ("bundled", "bundled")
    with pytest.raises(UserError, match="fitted on bundled images"):
        scored_images("mnist", [own], [], 2, "full")


def test_the_same_pca_by_two_names_stands_once(digits: Comparison) -> None:
    found = compare("digits", ["digits-pca-2d", "digits-pca-2d"], ["pca", "pca"], scoring=Scoring(metrics=["sse"]))
    assert [row.id for row in found.rows] == ["digits-pca-2d"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["mnist-dense-2d"], []), "is of mnist"),
        ((["nothing"], []), "unknown run 'nothing'"),
        (([], ["pcaa"]), "did you mean 'pca'"),
        (([], []), "at least one"),
    ],
    ids=str,
)
def test_mistakes(home: Path, arguments: tuple[list[str], list[str]], words: str) -> None:
    with pytest.raises(UserError, match=words):
        compare("digits", *arguments)


def test_more_neighbours_than_images(home: Path) -> None:
    found = (
        compare("digits", ["digits-dense-2d"], scoring=Scoring(metrics=["trustworthiness", "sse"], k=180))
        .rows[0]
        .values
    )
    assert found["trustworthiness"].why == "k = 180 neighbours need more than 360 images: got 360"
    assert found["sse"].value is not None


def test_what_progress_raises_stops_it(home: Path) -> None:
    def stop(share: float, line: str) -> None:
        raise InterruptedError(line)

    with pytest.raises(InterruptedError):
        compare("digits", ["digits-dense-2d"], progress=stop)


def test_progress_only_grows_and_ends_at_one(home: Path) -> None:
    told: list[float] = []
    compare("digits", ["digits-dense-2d"], ["random"], progress=lambda share, _line: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_runs_that_differ_in_their_seed_have_a_spread(home: Path) -> None:
    store, record = recipes.find_run("digits-dense-2d")
    pca_store, pca = recipes.find_run("digits-pca-2d")
    files = {"encoder.onnx": store.file(record, "encoder.onnx"), "decoder.onnx": pca_store.file(pca, "decoder.onnx")}
    fields = record.model_dump(mode="json", exclude={"files"}) | {"origin": "local"}
    own_runs().write(fields | {"id": "again-000001", "seed": 1}, files)
    own_runs().write(fields | {"id": "longer-000002", "training": {**record.training, "epochs": 999}}, files)
    runs, other = ["digits-dense-2d", "again-000001"], "longer-000002"
    found = compare("digits", [*runs, other], scoring=Scoring(metrics=["sse", "knn_1"]))
    one, two, three = found.rows
    assert (one.siblings, two.siblings, three.siblings) == ((two.id,), (one.id,), ())
    values = [row.values["sse"].value for row in (one, two)]
    known = [value for value in values if value is not None]
    assert known[0] != pytest.approx(known[1], rel=0.1)
    assert one.values["sse"].spread == two.values["sse"].spread == (min(known), max(known))
    assert (one.values["sse"].spread_n, three.values["sse"].spread_n) == (2, 1)
    assert ties("sse", one.values["sse"], two.values["sse"]) == "inside the spread of 2 seeds"


def test_a_difference_inside_the_spread_or_the_interval_is_a_tie() -> None:
    seeds = Value(0.80, spread=(0.78, 0.83), spread_n=3, interval=(0.799, 0.801))
    assert ties("knn_1", seeds, Value(0.84)) == "inside the spread of 3 seeds"
    assert ties("knn_1", Value(0.84), seeds) == "inside the spread of 3 seeds"
    assert ties("knn_1", seeds, Value(0.86)) == ""
    wide = Value(0.80, interval=(0.78, 0.82))
    assert ties("knn_1", wide, Value(0.815)) == "inside the 95 % interval"
    assert ties("knn_1", wide, Value(0.825)) == ""
    assert ties("knn_1", Value(0.80001), Value(0.80002)) == "they read the same"
    assert ties("knn_1", Value(None, why="no labels"), wide) == ""


def test_readings_are_computed() -> None:
    recall = Value(0.4, k=5, chance=0.001)
    assert "Of each picture's 5 nearest pictures, 2.0 on average" in reading("neighbour_recall", recall)
    assert reading("sse", Value(None, why="UMAP cannot draw")) == "No figure: UMAP cannot draw."
    low = Value(20.0, chance=80.0)
    assert reading("sse", low, {"PCA": Value(30.0)}).endswith("Best of 2.")
    assert reading("sse", Value(30.0), {"AE": low, "B": Value(25.0)}).endswith("AE is better (20.00), and 1 more.")
    tied = reading("sse", low, {"PCA": Value(20.001)})
    assert tied.endswith("Nothing here is better. A tie with PCA: they read the same.")


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_reading(name: str, digits: Comparison) -> None:
    for row in digits.rows:
        others = {other.title: other.values[name] for other in digits.rows if other is not row}
        text = reading(name, row.values[name], others)
        assert "{" not in text
        assert "None" not in text
        assert text.endswith(".")


def test_ranks_are_kept_and_a_damaged_file_is_not_believed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = (
        compare("digits", ["digits-dense-2d"], threads=2, scoring=Scoring(metrics=["trustworthiness"])).rows[0].values
    )
    files = sorted((home / "cache" / "ranks").iterdir())
    assert [path.suffix for path in files] == [".bin", ".json"]
    assert files[0].stat().st_size == 360 * 360 * 2

    real = stored_ranks.pixel_ranks
    computed: list[int] = []
    monkeypatch.setattr(stored_ranks, "pixel_ranks", lambda pixels: computed.append(len(pixels)) or real(pixels))
    again = compare("digits", ["digits-pca-2d"], scoring=Scoring(metrics=["trustworthiness"]))
    assert computed == []
    assert again.rows[0].values["trustworthiness"].value == pytest.approx(0.8123, abs=1e-4)

    content = bytearray(files[0].read_bytes())
    content[1000] ^= 1
    files[0].write_bytes(content)
    redone = compare("digits", ["digits-dense-2d"], scoring=Scoring(metrics=["trustworthiness"], seed=1)).rows[0].values
    assert redone["trustworthiness"].value == wanted["trustworthiness"].value
    assert not files[1].exists()


def test_a_disk_that_cannot_be_written_keeps_no_ranks(home: Path) -> None:
    (home / "cache").mkdir(parents=True)
    (home / "cache" / "ranks").touch()
    found = compare("digits", ["digits-dense-2d"], scoring=Scoring(metrics=["trustworthiness"]))
    assert found.rows[0].values["trustworthiness"].value is not None
