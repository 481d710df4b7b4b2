"""Points that are kept: found by what they show, refused when they are not what was written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ae_models.base import Embedding, UserError
from ae_models.projections import store

Make = Callable[..., Embedding]


@pytest.fixture
def make() -> Make:
    """Embeddings of a data set that exists nowhere."""

    def made(n: int = 6, dim: int = 2, seed: int = 0, **more: object) -> Embedding:
        points = np.random.default_rng(seed).normal(size=(n, dim)).astype("f")
        rows = {"variant": "full", "split": "heldout", "n": n, "digest": "0" * 64}
        about = {"n_components": dim, "seed": seed}
        embedding = Embedding(
            points, np.arange(n, dtype="i4"), "umap", about, "umap-learn 0", "nowhere", rows, rows, 1.5
        )
        return replace(embedding, **more)  # type: ignore[arg-type]

    return made


def test_what_is_saved_is_loaded(home: Path, make: Make) -> None:
    embedding = make()
    store.save(embedding, store.own_embeddings(), "one")
    loaded = store.load(store.own_embeddings(), "one")
    assert np.array_equal(loaded.points, embedding.points)
    assert np.array_equal(loaded.ids, embedding.ids)
    for field in ("method", "config", "version", "dataset", "fitted_on", "scored_on", "seconds"):
        assert getattr(loaded, field) == getattr(embedding, field)
    assert sorted(path.name for path in store.own_embeddings().iterdir()) == ["one.json", "one.npz"]


def test_saving_again_replaces(home: Path, make: Make) -> None:
    for seed in (0, 1):
        store.save(make(seed=seed), store.own_embeddings(), "one")
    assert store.load(store.own_embeddings(), "one").config["seed"] == 1


def test_a_map_is_found_by_what_it_shows(home: Path, make: Make) -> None:
    embedding = make()
    store.save(embedding, store.own_embeddings(), "one")
    found = store.find("umap", "nowhere", 2, embedding.ids)
    assert found is not None
    assert np.array_equal(found.points, embedding.points)
    for method, dataset, dim in (("tsne", "nowhere", 2), ("umap", "elsewhere", 2), ("umap", "nowhere", 3)):
        assert store.find(method, dataset, dim, embedding.ids) is None


def test_some_images_in_any_order_get_their_own_points(home: Path, make: Make) -> None:
    embedding = make(ids=np.array([40, 10, 30, 50, 20, 0], "i4"))
    store.save(embedding, store.own_embeddings(), "one")
    found = store.find("umap", "nowhere", 2, np.array([10, 0, 40], "i4"))
    assert found is not None
    assert found.ids.tolist() == [10, 0, 40]
    assert np.array_equal(found.points, embedding.points[[1, 5, 0]])


@pytest.mark.parametrize("ids", [[0, 6], [-1], [99], [0, 1, 2, 3, 4, 5, 6]])
def test_an_image_that_is_not_on_the_map_is_not_made_up(home: Path, make: Make, ids: list[int]) -> None:
    store.save(make(), store.own_embeddings(), "one")
    assert store.find("umap", "nowhere", 2, np.array(ids, "i4")) is None


def test_exactly_these_images_come_before_a_larger_map_and_newer_before_older(home: Path, make: Make) -> None:
    folder = store.own_embeddings()
    for place, (name, n, seed) in enumerate([("old", 6, 1), ("new", 6, 2), ("large", 9, 3)]):
        store.save(make(n=n, seed=seed), folder, name)
        os.utime(folder / f"{name}.json", (1_000 + place, 1_000 + place))
    found = store.find("umap", "nowhere", 2, np.arange(6, dtype="i4"))
    assert found is not None
    assert found.config["seed"] == 2
    larger = store.find("umap", "nowhere", 2, np.arange(7, dtype="i4"))
    assert larger is not None
    assert larger.config["seed"] == 3


def _alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "points altered": lambda folder: _alter(folder / "bad.npz"),
    "points cut short": lambda folder: (folder / "bad.npz").write_bytes(b"PK\x03\x04"),
    "points missing": lambda folder: (folder / "bad.npz").unlink(),
    "no JSON": lambda folder: (folder / "bad.json").write_text("{"),
    "a list": lambda folder: (folder / "bad.json").write_text("[1]"),
    "empty": lambda folder: (folder / "bad.json").write_text("{}"),
    "not text": lambda folder: (folder / "bad.json").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_map_is_told_by_name_and_skipped_by_find(
    home: Path, make: Make, damage: Callable[[Path], object]
) -> None:
    folder = store.own_embeddings()
    store.save(make(seed=1), folder, "good")
    os.utime(folder / "good.json", (1_000, 1_000))
    store.save(make(seed=2), folder, "bad")
    damage(folder)
    with pytest.raises(UserError, match="'bad'") as caught:
        store.load(folder, "bad")
    assert "\n" not in str(caught.value)
    found = store.find("umap", "nowhere", 2, np.arange(6, dtype="i4"))
    assert found is not None
    assert found.config["seed"] == 1


@pytest.mark.parametrize("field", ["config", "scored_on"])
def test_a_json_with_the_wrong_things_in_it_does_not_stop_the_others(home: Path, make: Make, field: str) -> None:
    folder = store.own_embeddings()
    store.save(make(seed=1), folder, "good")
    store.save(make(seed=2), folder, "bad")
    about = json.loads((folder / "bad.json").read_bytes())
    (folder / "bad.json").write_text(json.dumps({**about, field: 7}))
    found = store.find("umap", "nowhere", 2, np.arange(6, dtype="i4"))
    assert found is not None
    assert found.config["seed"] == 1


def test_objects_in_an_array_are_not_unpickled(home: Path, make: Make) -> None:
    from hashlib import sha256

    folder = store.own_embeddings()
    store.save(make(), folder, "bad")
    np.savez(folder / "bad.npz", points=np.array([{"a": 1}], object), ids=np.zeros(1, "i4"))
    about = json.loads((folder / "bad.json").read_bytes())
    about["sha256"] = sha256((folder / "bad.npz").read_bytes()).hexdigest()
    (folder / "bad.json").write_text(json.dumps(about))
    with pytest.raises(UserError, match="'bad' is damaged"):
        store.load(folder, "bad")


def test_a_key_names_parameters_and_data() -> None:
    base = ("umap", {"seed": 0, "n": 2}, "a", "b")
    assert store.key(*base) == store.key("umap", {"n": 2, "seed": 0}, "a", "b")
    others = [("umap", {"seed": 1, "n": 2}, "a", "b"), ("umap", base[1], "b", "a"), ("pca", base[1], "a", "b")]
    assert len({store.key(*base), *(store.key(*other) for other in others)}) == 4


def test_a_folder_that_cannot_be_written(tmp_path: Path, make: Make) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="AE_MODELS_HOME"):
        store.save(make(), tmp_path / "file" / "maps", "one")
