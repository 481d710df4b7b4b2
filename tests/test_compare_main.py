"""``compare`` and ``metrics`` on the command line: one JSON object, a table in words, mistakes in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ae_models.metrics import METRICS

Cli = Callable[..., tuple[int, str, str]]
COMPARE = ("compare", "--dataset", "digits", "--run", "digits-dense-2d", "--projection", "pca", "--projection", "umap")
FEW = ("--metrics", "sse", "trustworthiness", "spearman", "knn_1")


def test_metrics_as_json(cli: Cli) -> None:
    code, out, _ = cli("metrics", "--json")
    assert code == 0
    rows = {row["name"]: row for row in json.loads(out)["metrics"]}
    assert {"sse", "mse", "psnr", "ssim", "trustworthiness", "continuity", "r_nx_auc", "silhouette"} <= set(rows)
    for row in rows.values():
        assert {"name", "range", "direction", "chance", "reference", "unit", "formula"} <= set(row)
        assert row["direction"] in ("higher", "lower")
        assert all(row[key] for key in ("title", "summary", "chance", "reference", "unit", "formula"))
    assert rows["trustworthiness"]["range"] == [0.0, 1.0]
    assert rows["sse"]["range"] == [0.0, None]


def test_metrics_in_words(cli: Cli) -> None:
    code, out, _ = cli("metrics")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(METRICS)


def test_compare_as_json(cli: Cli, home: Path) -> None:
    code, out, err = cli(*COMPARE, *FEW, "--json")
    assert code == 0, err
    assert out.count("\n") == 1
    found = json.loads(out)
    assert (found["dataset"], found["n"]) == ("digits", 360)
    assert [row["method"] for row in found["rows"]] == ["dense", "pca", "umap"]
    assert list(found["rows"][0]["metrics"]) == ["sse", "trustworthiness", "spearman", "knn_1"]
    assert found["rows"][2]["metrics"]["sse"] is None
    assert found["rows"][2]["why"] == {"sse": "UMAP cannot draw"}


def test_compare_in_words(cli: Cli, home: Path) -> None:
    code, out, _ = cli(*COMPARE, *FEW)
    assert code == 0
    assert "digits: 360 held-out images (bundled), k = 5, seed 0" in out
    assert "1.97 *" in out
    assert "UMAP, 2-D: no sse, for UMAP cannot draw" in out
    assert "64,620 pairs of 360 images, seed 0" in out
    assert "95 %" in out


MISTAKES = {
    "nothing to compare": (("compare", "--dataset", "digits"), "at least one run or one projection"),
    "an unknown metric": ((*COMPARE, "--metrics", "trust"), "unknown metric 'trust'"),
    "an unknown run": (("compare", "--dataset", "digits", "--run", "no"), "unknown run 'no'"),
    "another data set": (("compare", "--dataset", "mnist", "--run", "digits-dense-2d"), "is of digits"),
    "no dimensions": ((*COMPARE, "--dim", "0"), "--dim must be a whole number from 1 to 64: got 0"),
    "no neighbours": ((*COMPARE, "--k", "few"), "--k must be a whole number from 1 to 1000: got few"),
    "a variant that is not there": ((*COMPARE, "--variant", "full"), "bundled"),
    "an extra": (("compare", "--dataset", "digits", "--projection", "pacmap"), "pip install pacmap==0.9.1"),
}


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_line_and_exit_2(cli: Cli, home: Path, arguments: tuple[str, ...], words: str) -> None:
    if words.startswith("pip"):
        from importlib.util import find_spec

        if find_spec("pacmap"):
            pytest.skip("PaCMAP is installed here")
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert words in err
