"""Published against here: the protocols' pieces, the bands, what is left out, and what the command prints."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ae_models.__main__ import main
from ae_models.base import UserError, squared_errors
from ae_models.recipes import find_run, heldout_of, verify
from ae_models.recipes.published import PUBLISHED, Verified, lessons, verdict
from ae_models.recipes.verifying import basis, why_left_out
from ae_models.runs import Graphs

PCA = ("mnist-pca-2-mse", "mnist-pca-30-sse", "mnist-pca-64-mse", "fashion-pca-2-mse", "fashion-pca-64-mse")


@pytest.fixture(autouse=True)
def _only_bundled_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)


def test_every_figure_has_a_name_of_its_own_and_a_band_that_holds_the_published_value() -> None:
    assert len({figure.id for figure in PUBLISHED}) == len(PUBLISHED)
    for figure in PUBLISHED:
        assert figure.low <= figure.value <= figure.high, figure.id
        assert figure.protocol
        assert figure.source


def test_published_pca_figures_come_out_from_the_bundled_images() -> None:
    for row in verify(only=PCA):
        assert row.passes, row
        assert row.here == pytest.approx(row.published.value, rel=2e-3)


def test_pca_of_a_run_with_fewer_components_gives_the_same_error() -> None:
    store, record = find_run("mnist-pca-30d")
    images = heldout_of(record)
    graphs = Graphs(store, record)
    total = sum(
        squared_errors.sse(images.images(rows), graphs.reconstruct(images.images(rows))) * 1000
        for rows in (slice(start, start + 1000) for start in range(0, 10_000, 1000))
    )
    (row,) = verify(only=["mnist-pca-30-sse"])
    assert row.here == pytest.approx(total / 10_000, rel=1e-5)


def test_a_figure_outside_its_band_does_not_pass() -> None:
    figure = next(figure for figure in PUBLISHED if figure.id == "mnist-pca-2-mse")
    assert Verified(figure, figure.high * 1.01).passes is False
    assert Verified(replace(figure, low=0.0, high=1.0), 0.5).passes is True
    assert Verified(figure, None, left_out="because").passes is None


def test_what_needs_training_images_or_training_is_left_out_and_says_so() -> None:
    rows = {row.published.id: row for row in verify(only=["mnist-pca-1nn", "mnist-umap-1nn"])}
    for row in rows.values():
        assert row.here is None
        assert "training images" in row.left_out


def test_an_unknown_figure_lists_the_choices() -> None:
    with pytest.raises(UserError, match=r"unknown figure 'nothing': choose from .*mnist-pca-2-mse"):
        verify(only=["nothing"])


def test_the_command_prints_what_the_design_promises(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--only", "mnist-pca-2-mse", "mnist-pca-1nn", "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    (row,) = found["rows"]
    assert {"figure", "published", "here", "protocol", "difference", "pass"} <= set(row)
    assert row["pass"] is True
    assert [left["id"] for left in found["left_out"]] == ["mnist-pca-1nn"]


def test_the_linear_angle_is_measured_between_planes_not_axes() -> None:
    from ae_models.recipes.verifying import _directions

    store, record = find_run("mnist-pca-2d")
    plane = _directions(Graphs(store, record), 2)
    assert plane.T @ plane == pytest.approx(np.eye(2), abs=1e-4)


def row(name: str, here: float | None, left_out: str = "") -> Verified:
    return Verified(next(figure for figure in PUBLISHED if figure.id == name), here, left_out=left_out)


def test_what_is_said_of_the_figures_follows_from_them() -> None:
    rows = [
        row("mnist-dense-2d-1nn", 0.8), row("mnist-pca-1nn", 0.4), row("mnist-dense-2d-trust", 0.6),
        row("mnist-pca-trust", 0.7), row("mnist-dense-2d-silhouette", 0.08),
    ]  # fmt: skip
    assert lessons(rows) == [
        "The autoencoder has 2.0 times PCA’s 1-NN accuracy.",
        "It lowers trustworthiness from 0.70 to 0.60.",
    ]
    assert lessons([row("mnist-dense-2d-1nn", None, "why"), row("mnist-pca-1nn", 0.4)]) == []


def test_a_verdict_tells_left_out_from_not_yet_computed() -> None:
    assert verdict(row("mnist-pca-2-mse", 0.0557)) == "in its band"
    assert verdict(row("mnist-pca-2-mse", 0.5)) == "outside"
    assert row("mnist-pca-2-mse", 0.5).verdict == "outside, above"
    assert row("mnist-pca-2-mse", 0.01).verdict == "outside, below"
    assert verdict(row("mnist-pca-2-mse", None)) == "not yet"
    assert verdict(row("mnist-pca-2-mse", None, "because")) == "left out"


def test_figures_stand_on_the_images_of_their_data_set_and_on_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [figure for figure in PUBLISHED if figure.dataset == "mnist"]
    other = [figure for figure in PUBLISHED if figure.dataset == "fashion-mnist"]
    assert len(own) + len(other) == len(PUBLISHED)
    assert all(("MNIST" in figure.figure) and ("Fashion" not in figure.figure) for figure in own)
    assert basis(own) == basis(own[:1])
    before = basis(own)
    assert before != basis(other)
    monkeypatch.setattr("ae_models.recipes.verifying.__version__", "another")
    assert basis(own) != before


def test_without_training_images_those_figures_are_left_out_that_need_them() -> None:
    for figure in PUBLISHED:
        assert bool(why_left_out(figure)) is (figure.needs != "bundled images")


def test_bands_lie_on_both_sides_and_tell_an_autoencoder_from_pca_and_umap() -> None:
    for figure in PUBLISHED:
        if figure.how[0] != "angle":  # 0 by a theorem: nothing lies below
            assert figure.value - figure.low == pytest.approx(figure.high - figure.value)
    named = {figure.id: figure for figure in PUBLISHED}
    for kind in ("1nn", "5nn", "trust", "silhouette"):
        band = named[f"mnist-dense-2d-{kind}"]
        for other in ("pca", "umap"):
            assert not band.low <= named[f"mnist-{other}-{kind}"].value <= band.high
    assert not Verified(named["mnist-published-30d-sse"], 0.1).passes  # too good is a miss as well


def test_each_row_names_what_differs_from_its_source() -> None:
    for figure in PUBLISHED:
        assert figure.difference
        parts = [str(part) for part in figure.how if str(part) != "fashion-mnist"]
        runs = [part for part in parts if part.startswith(("mnist-", "fashion-"))]
        if not runs:
            continue
        record = find_run(runs[0])[1]
        assert record.dataset.fitted_on.n == 60_000
        assert "60,000 training images" in figure.protocol
        if "Sainburg" in figure.source:
            assert "where the source fits 50,000" in figure.difference
            widths = ", ".join(map(str, record.model.config["widths"]))
            assert f"({widths})" in figure.difference
            assert ("squared error" in figure.difference) <= (record.training["loss"] == "sse")
    assert sum(figure.difference == "none" for figure in PUBLISHED) >= 8  # PCA by the source's own protocol


def test_protocol_and_difference_are_printed_of_rows_that_pass_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--only", "mnist-pca-2-mse", "mnist-pca-30-sse"]) == 0
    printed = capsys.readouterr().out
    assert "Fitted on the 60,000 training images, scored on the 10,000 test images" in printed
    (first,) = [line for line in printed.splitlines() if "PCA with 2 numbers" in line]
    assert "pass" in first
    assert first.endswith("60,000 training images where the source fits 50,000")
    (second,) = [line for line in printed.splitlines() if "PCA with 30 numbers" in line]
    assert second.endswith("none")
