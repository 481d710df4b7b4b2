"""Compare, run by Streamlit's own test harness: every view on good data, on awkward data, and where there is nothing.

The autoencoders here are straight ones: PCA's graphs under the name of a linear autoencoder, so nothing is trained.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_models import datasets, recipes
from ae_models.base import ImageDataset, Splits
from ae_models.datasets import kept
from ae_models.runs import own_runs, pca_runs
from tests.ui.visiting import opened

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "ae_models" / "ui" / "compare" / "page.py"
VIEWS = ["Same pictures", "Code size", "Neighbours", "Scores", "PCA itself", "Linear = PCA", "Check the numbers"]
SIDE = 5


@pytest.fixture(autouse=True)
def _fresh_home(bundled_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


def visit(view: str, data: str = "Small digits (8 x 8)", **parameters: str) -> AppTest:
    return opened(SCRIPT, {"view": view, "images": data, **parameters})


def markdown(page: AppTest) -> str:
    parts = [*page.markdown, *page.info, *page.caption, *page.error, *page.warning]
    return "\n".join(str(part.value) for part in parts)


def words(page: AppTest) -> str:
    return markdown(page).replace("\\", "")


def charts(page: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def rows_of(name: str, n: int, kind: str) -> ImageDataset:
    generator = np.random.default_rng(len(name) + n)
    labels = np.arange(n, dtype=np.int32) % (1 if kind == "one class" else 3)
    pixels = generator.integers(0, 90, (n, 1, SIDE, SIDE))
    pixels[np.arange(n), 0, labels] += 150
    if kind == "alike":
        pixels[:] = 77
    if kind == "twins":
        pixels[n // 2 :] = pixels[: n - n // 2]
    known = None if kind == "no labels" else labels
    ids = np.arange(n, dtype=np.int32)
    names = () if known is None else tuple(f"class *{place}*" for place in range(int(labels.max()) + 1))
    return ImageDataset(name, pixels.astype(np.uint8), known, ids, names)


def keep(name: str, kind: str, n: int = 40) -> str:
    """Keep a data set of this kind; return its title."""
    about = {"name": name, "title": f"{kind} <b>", "created": "2024-01-01T00:00:00+00:00"}
    kept.write(about, Splits(rows_of(name, 2 * n, kind), rows_of(name, n, kind), "bundled"))
    return about["title"]


def model(name: str, k: int) -> str:
    """Keep a straight autoencoder of a data set; return its id."""
    splits = datasets.load(name)
    made = recipes.fit_pca(splits, k)
    record = made.model_dump(mode="json") | {"id": f"{name}-straight-{k}", "title": f"Straight, {k}"}
    record |= {"model": {"name": "linear", "config": {}}}
    files = {file: pca_runs().file(made, file) for file in made.files}
    return own_runs().write({key: value for key, value in record.items() if key != "files"}, files).id


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_shows_figures_with_words_and_a_table_to_those_who_just_come(view: str) -> None:
    page = visit(view)
    drawn = charts(page)
    if view == "Check the numbers":
        assert "No published figures of Small digits (8 x 8)" in words(page)
        return
    assert drawn
    assert len(page.dataframe) >= len(drawn)
    for figure in drawn:
        assert figure["layout"]["font"]["size"] >= 15


@pytest.mark.parametrize("view", VIEWS)
def test_where_there_is_no_model_a_page_says_what_to_do(view: str) -> None:
    title = keep("mine", "plain")
    page = visit(view, title)
    said = words(page)
    if view in ("Same pictures", "Code size"):
        assert "There is no autoencoder of plain <b> yet" in said
        assert "ae_models train --model dense --dataset mine" in " ".join(code.value for code in page.code)
    elif view == "PCA itself":
        assert "it is fitted with the first autoencoder" in said
        assert "--dataset mine" in " ".join(code.value for code in page.code)
    elif view == "Check the numbers":
        assert "Choose MNIST digits and Fashion-MNIST above" in said
    else:
        assert charts(page)  # PCA and the linear autoencoder are made on the spot


AWKWARD = ("plain", "no labels", "one class", "alike", "twins")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", AWKWARD)
def test_awkward_images_empty_places_of_a_page_and_break_none(kind: str, view: str) -> None:
    title = keep("mine", kind)
    for k in (1, 2):
        model("mine", k)
    page = visit(view, title)
    assert "<b>" not in markdown(page)
    assert "class *" not in markdown(page)
    if view == "Scores":
        (table,) = [frame.value for frame in page.dataframe if "better" in frame.value.columns]
        straight = table.set_index("metric").filter(like="PCA").iloc[:, 0]
        empty = set(straight.index[straight == "–"])
        assert ("1-NN accuracy" in empty) is (kind in ("no labels", "one class", "alike"))
        assert ("Trustworthiness" in empty) is (kind == "alike")
        assert "Error (SSE)" not in empty
        assert "Why" in " ".join(expander.label for expander in page.expander)


def test_with_fewer_images_than_neighbours_the_rest_of_the_table_stands() -> None:
    title = keep("mine", "plain", 6)
    page = visit("Scores", title)
    (table,) = [frame.value for frame in page.dataframe if "better" in frame.value.columns]
    straight = table.set_index("metric").filter(like="PCA").iloc[:, 0]
    assert straight["Trustworthiness"] == "–"
    assert straight["Error (SSE)"] != "–"
    assert "k = 5 neighbours need more than 10 images: got 6" in words(page)
    assert "no value" in words(visit("Neighbours", title))


def test_codes_of_one_number_are_a_method_like_any_other() -> None:
    title = keep("mine", "plain")
    model("mine", 1)
    page = visit("Neighbours", title)
    next(one for one in page.multiselect if one.label == "Methods").set_value(["mine-straight-1", "pca"]).run()
    assert not page.exception
    page = visit("Same pictures", title)
    assert "PCA with as many" in words(page)


def test_the_winner_is_the_best_row_and_moves_with_the_metric() -> None:
    found = {}
    for by in ("Trustworthiness", "Islands (silhouette)", "Error (SSE)"):
        page = visit("Scores", **{"scores-by": by})
        bars = next(trace for trace in charts(page)[0]["data"] if trace["type"] == "bar")
        found[by] = bars
        assert by in words(page)
    assert "wins" in words(page) or "A tie" in words(page)
    assert len({str(bars["y"]) for bars in found.values()}) > 1


def test_nobody_chosen_and_strange_addresses_are_a_sentence() -> None:
    page = visit("Scores")
    next(one for one in page.multiselect if one.label == "Methods").set_value([]).run()
    assert not page.exception
    assert "Choose at least one method" in words(page)
    for parameters in ({"scores-by": "nothing"}, {"scores-dim": "7"}, {"view": "nothing"}, {"images": "nothing"}):
        page = AppTest.from_file(str(SCRIPT), default_timeout=600)
        for name, value in parameters.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception


def test_published_figures_are_computed_when_asked_and_not_before() -> None:
    page = visit("Check the numbers", "Fashion-MNIST")
    before = [table.value for table in page.table]
    assert all((frame["here"] == "–").all() for frame in before)
    assert "needs the 60,000 training images" in " ".join(str(frame["left out because"].tolist()) for frame in before)
    page.button(key="check-now").click().run()
    assert not page.exception
    after = page.table[0].value
    here = float(after["here"].iloc[0].strip("*"))
    record = recipes.find_run("fashion-mnist-pca-2d")[1]
    assert here == pytest.approx(record.test.mse, rel=2e-4)
    assert "in its band" in after["verdict"].iloc[0]
    assert "figures of Fashion-MNIST computed here" in words(page)
    again = visit("Check the numbers", "Fashion-MNIST")
    assert again.table[0].value["here"].iloc[0] == after["here"].iloc[0]  # kept: the images are the same


def test_wins_are_counted_only_where_all_can_enter() -> None:
    from ae_models.metrics import METRICS
    from ae_models.recipes import compare
    from ae_models.recipes.comparison import Scoring
    from ae_models.ui.compare.scores import changes

    scoring = Scoring(dim=2, metrics=tuple(METRICS), k=5)
    found = compare("mnist", ("mnist-dense-2d",), ("pca", "umap"), scoring)
    out = [
        name
        for name in found.metrics
        if any(row.values.get(name) is None or row.values[name].value is None for row in found.rows)
    ]
    assert {"sse", "mse", "psnr", "ssim", "r_squared", "principal_angle"} <= set(out)  # UMAP does not draw
    says = changes(found)
    assert f"Of the {len(found.metrics) - len(out)} metrics that all can enter" in says
    assert f"{len(out)} are not counted" in says
    assert "5 of those measure one thing" in says
