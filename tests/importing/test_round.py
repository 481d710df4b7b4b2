"""An imported set is used like one that ships: trained on, encoded, mapped, listed, deleted and brought back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets import kept, readers
from ae_models.datasets.readers.items import Problems
from ae_models.recipes import (
    ProjectionRequest,
    TrainRequest,
    codes_of,
    find_pca,
    find_run,
    first_maps,
    fit_map,
    heldout_of,
    import_data,
)

from .conftest import csv_of, npy

Cli = Callable[..., tuple[int, str, str]]
FAST = ("--epochs", "1", "--set", "widths=16", "threads=1", "batch_size=16")


@pytest.fixture
def csv_file(tmp_path: Path, digits: Any) -> Path:
    x, y = digits
    path = tmp_path / "mine.csv"
    path.write_bytes(csv_of(x.reshape(len(x), -1), y))
    return path


def done(cli: Cli, *arguments: str) -> dict[str, Any]:
    code, out, err = cli(*arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_whole_round(cli: Cli, home: Path, csv_file: Path, tmp_path: Path) -> None:
    preview = done(
        cli, "import", "data", str(csv_file), "--name", "My set", "--preview", "--sheet", str(tmp_path / "s.png")
    )
    assert not home.exists()
    assert [row["train"] + row["heldout"] for row in preview["classes"]] == [4] * 10
    assert (tmp_path / "s.png").read_bytes()[:4] == b"\x89PNG"

    found = done(cli, "import", "data", str(csv_file), "--name", "My set", "--licence", "mine")
    assert found["dataset"] == "my-set"
    listed = {row["name"]: row for row in done(cli, "datasets")["datasets"]}
    assert listed["my-set"] == {
        "name": "my-set", "title": "My set", "n_train": 32, "n_test": 8, "shape": [1, 28, 28], "n_classes": 10,
        "available": True, "licence": "mine", "variant": "bundled", "origin": "imported",
    }  # fmt: skip
    assert {row["origin"] for row in listed.values()} == {"shipped", "imported", "public"}

    run = done(cli, "train", "--model", "dense", "--dataset", "my-set", "--latent-dim", "2", *FAST)["run"]
    record = find_run(run)[1]
    assert heldout_of(record).digest == record.dataset.scored_on.digest == kept.card("my-set").digests["heldout"]
    assert record.class_names == tuple("0123456789")
    out = tmp_path / "codes.npz"
    done(cli, "encode", run, "--dataset", "My set", "--out", str(out))
    with np.load(out) as arrays:
        assert arrays["codes"].shape == (8, 2)
        assert arrays["labels"].tolist() == datasets.heldout("my-set").labels.tolist()  # type: ignore[union-attr]
    assert done(cli, "project", "pca", "--dataset", "my-set")["n"] == 8
    assert (home / "data" / "my-set").is_dir()


def test_delete_and_undo(cli: Cli, home: Path, csv_file: Path) -> None:
    done(cli, "import", "data", str(csv_file), "--name", "gone")
    before = datasets.load("gone").train.digest
    assert done(cli, "datasets", "--delete", "gone")["deleted"] == ["gone"]
    assert "gone" not in datasets.DATASETS
    code, _, err = cli("train", "--model", "dense", "--dataset", "gone")
    assert code == 2
    assert "unknown dataset 'gone'" in err
    done(cli, "datasets", "--restore", "gone")
    assert datasets.load("gone").train.digest == before
    assert done(cli, "datasets", "--show", "gone")["digests"]["train"] == before
    for arguments in (("--delete", "nothing"), ("--restore", "nothing"), ("--restore", "../x"), ("--delete", "mnist")):
        code, out, err = cli("datasets", *arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_the_same_name_twice(cli: Cli, home: Path, csv_file: Path) -> None:
    done(cli, "import", "data", str(csv_file), "--name", "once")
    stamp = datasets.stamp("once")
    code, _, err = cli("import", "data", str(csv_file), "--name", "Once")
    assert code == 2
    assert "there is a data set 'once' already" in err
    done(cli, "datasets", "--delete", "once")
    done(cli, "import", "data", str(csv_file), "--name", "once", "--set", "inverted=yes")
    assert datasets.stamp("once") != stamp
    assert datasets.stamp("mnist") == ""


def test_vectors_without_labels_are_trained_on_and_decoded(cli: Cli, home: Path, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    path = tmp_path / "x.npy"
    path.write_bytes(npy(generator.normal(size=(60, 3)) @ generator.normal(size=(3, 20))))
    done(cli, "import", "data", str(path), "--name", "vectors")
    assert datasets.load("vectors").train.labels is None
    arguments = ("--model", "dense", "--dataset", "vectors", "--latent-dim", "3", "--corruption", "masking")
    run = done(cli, "train", *arguments, *FAST)["run"]
    assert find_run(run)[1].output_shape == (1, 1, 20)
    assert len(done(cli, "decode", run, "--at", "0", "0", "0")["pixels"]) == 20
    done(cli, "encode", run, "--dataset", "vectors", "--out", str(tmp_path / "c.npz"))
    with np.load(tmp_path / "c.npz") as arrays:
        assert arrays["codes"].shape == (12, 3)
        assert "labels" not in arrays
    for form in ("html", "projector", "parquet", "notebook"):
        assert done(cli, "export", run, "--format", form, "--out", str(tmp_path / form))["files"]


@pytest.mark.parametrize("model", ["linear", "dense", "published", "bent-decoder", "variational"])
def test_models_that_take_vectors(cli: Cli, home: Path, tmp_path: Path, model: str) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(np.random.default_rng(0).normal(size=(20, 20))))
    done(cli, "import", "data", str(path), "--name", "vectors")
    assert TrainRequest.of(model, "vectors").dataset == "vectors"


BAD_FOR_VECTORS = {
    "convolutions": (("--model", "conv"), "convolutions are for images"),
    "a variational one with convolutions": (("--model", "variational", "--set", "body=conv"), "convolutions"),
    "shifts": (("--model", "dense", "--set", "shift=1"), "shift moves images"),
    "a square": (("--model", "dense", "--corruption", "occlusion", "--set", "size=1"), "masking"),
    "fewer pixels": (("--model", "dense", "--corruption", "downsample"), "factor"),
}


@pytest.mark.parametrize("why", BAD_FOR_VECTORS)
def test_what_vectors_cannot_do_is_told(cli: Cli, home: Path, tmp_path: Path, why: str) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(npy(np.random.default_rng(0).normal(size=(20, 20))))
    done(cli, "import", "data", str(path), "--name", "vectors")
    arguments, words = BAD_FOR_VECTORS[why]
    code, out, err = cli("train", "--dataset", "vectors", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_a_damaged_set_hides_no_other_and_says_why(cli: Cli, home: Path, csv_file: Path) -> None:
    for name in ("whole", "cut", "card", "json"):
        done(cli, "import", "data", str(csv_file), "--name", name)
    rows = home / "data" / "cut" / "rows.npz"
    rows.write_bytes(rows.read_bytes()[:-1])
    card = home / "data" / "card" / "card.json"
    card.write_text(card.read_text().replace('"n_train": 32', '"n_train": 31'))
    (home / "data" / "json" / "card.json").write_text("{")
    listed = done(cli, "datasets")
    assert listed["damaged"] == ["card", "cut", "json"]
    assert "whole" in [row["name"] for row in listed["datasets"]]
    for name, why in (("cut", "another size"), ("card", "counts of train"), ("json", "card.json")):
        with pytest.raises(UserError, match=f"'{name}' is damaged.*{why}"):
            datasets.load(name)


def test_changed_bytes_are_noticed(cli: Cli, home: Path, csv_file: Path) -> None:
    done(cli, "import", "data", str(csv_file), "--name", "bits")
    path = home / "data" / "bits" / "rows.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(UserError, match="'bits' is damaged"):
        datasets.load("bits")


def test_colour_of_64_by_64_has_its_pca_at_once(home: Path) -> None:
    """12,288 values an image: found by iterations, so that nobody waits."""
    noise = np.random.default_rng(0).integers(0, 255, (60, 64, 64, 3), np.uint8)
    import_data.keep(import_data.look([readers.of_bytes("wide.npy", npy(noise))]), "wide")
    found = first_maps("wide")
    assert [record.latent_dim for record in found] == [2, 3]
    assert [find_pca("wide", datasets.load("wide").train.digest, k)[1].id for k in (2, 3)] == [one.id for one in found]  # type: ignore[index]
    assert found[1].test.sse < found[0].test.sse


def test_a_pca_that_was_ordered_as_a_map_draws_too(home: Path, csv_file: Path) -> None:
    import_data.keep(import_data.look(readers.of_paths([csv_file], readers.LIMITS, Problems())), "mine")
    digest = datasets.load("mine").train.digest
    for _ in range(2):  # also where its points were kept before
        embedding, _ = fit_map(ProjectionRequest.of("pca", "mine", 2))
        found = find_pca("mine", digest, 2)
        assert found is not None
        images = heldout_of(found[1])
        assert np.abs(embedding.points - codes_of(*found, images)).max() < 1e-3
        shutil.rmtree(home / "cache" / "pca", ignore_errors=True)
