"""What is broken beside what is whole, in every list of the pages: jobs, checkpoints, maps, the trash, rows of data."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_models import jobs
from ae_models.base import OPERATOR, UserError, Visitor
from ae_models.base.trash import Trash
from ae_models.datasets import ImportedDataset, kept
from ae_models.jobs import Engine, leftovers
from ae_models.projections import store as maps
from ae_models.recipes import imported_maps
from ae_models.runs import deleted, unfinished_runs
from tests.stores import mutations

pytestmark = pytest.mark.slow

STORE = Path(__file__).parent / "f59326a"
APP = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"
ODD = ["link", "pipe", "huge", "text", "list", "nested", "far", "words"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(STORE, home, copy_function=shutil.copyfile)
    monkeypatch.setenv("AE_MODELS_HOME", str(home))
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    return home


def opened(page: str, **parameters: str) -> AppTest:
    visit = AppTest.from_file(str(APP), default_timeout=300)
    visit.query_params["data"] = "my-shapes"
    visit.run()
    visit.query_params.clear()
    for name, value in parameters.items():
        visit.query_params[name] = value
    visit.switch_page(f"{page}/page.py").run()
    assert not visit.exception, visit.exception
    assert not [each.value for each in visit.caption if "cannot be shown" in each.value]
    return visit


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def pressed(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception, page.exception
    return page


def test_broken_jobs_are_rows_and_hide_neither_jobs_nor_badge(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = sorted((STORE / "jobs").glob("*.json"))
    for seed in range(300):
        mutations.job(sources[seed % len(sources)], store / "jobs" / f"mutated-{seed}.json", seed)
    engine = Engine()
    engine._queue.rescan()  # what a server does every few seconds
    waiting = next(job for job in engine.jobs() if job.title == "waits here")
    engine._queue.put(replace(waiting, id="waits-123abc", owner="", state="queued", engine=engine._queue.engine))
    monkeypatch.setattr(jobs, "_engine", engine)
    bad = [each.id for each in engine.damaged()]
    assert len(bad) > 100
    page = opened("train")
    assert {f"forget-{job_id}" for job_id in bad} <= keys(page)
    assert "look-waits-123abc" in keys(page)
    page.toggle(key="jobs-others").set_value(True).run()
    assert not page.exception
    assert sum(key.startswith("look-") for key in keys(page)) == 9  # and eight of others, the most that are shown
    pressed(page, f"forget-{bad[0]}")
    assert bad[0] not in [each.id for each in engine.damaged()]
    assert not (store / "jobs" / f"{bad[0]}.json").exists()
    assert f"forget-{bad[1]}" in keys(page)
    for other in ("models", "explore"):
        assert "Training: waits" in [link.proto.label for link in opened(other).get("page_link")]


@pytest.mark.parametrize(("by", "may"), [(Visitor("ann"), True), (Visitor("bob"), False), (OPERATOR, True)])
def test_a_broken_job_is_its_makers_to_delete(store: Path, by: Visitor, may: bool) -> None:
    values = json.loads(next((STORE / "jobs").glob("done*.json")).read_bytes())
    values |= {"id": "bad-123abc", "owner": "ann", "share": "half"}
    (store / "jobs" / "bad-123abc.json").write_text(json.dumps(values))
    engine = Engine()
    engine._queue.rescan()
    if not may:
        with pytest.raises(UserError, match="another person's"):
            engine.forget_damaged("bad-123abc", by)
    else:
        engine.forget_damaged("bad-123abc", by)
    assert [each.id for each in engine.damaged()] == ([] if may else ["bad-123abc"])


def broken_checkpoints(store: Path) -> list[str]:
    """Interrupted trainings, each with something else wrong, as they lie there a while after."""
    root, source = store / "unfinished", next((STORE / "unfinished").iterdir())
    made = ["no-order", "no-checkpoint", "no-json", "no-object", "no-model", "empty"]
    for name in made:
        shutil.copytree(source, root / name, copy_function=shutil.copyfile)
    (root / "no-order" / "order.json").unlink()
    (root / "no-checkpoint" / "checkpoint").unlink()
    (root / "no-json" / "order.json").write_text("{")
    (root / "no-object" / "order.json").write_text("[]")
    order = json.loads((source / "order.json").read_bytes())
    (root / "no-model" / "order.json").write_text(json.dumps(order | {"model": "unheard-of"}))
    (root / "empty" / "checkpoint").write_bytes(b"")
    for name in made:
        os.utime(root / name, (1e9, 1e9))
    if sys.platform != "win32":
        (root / "a-link").symlink_to(source)
        made.append("a-link")
    return made


def test_broken_checkpoints_are_rows_that_can_be_deleted(store: Path) -> None:
    made = broken_checkpoints(store)
    assert sorted(bad.id for bad in leftovers.damaged()) == sorted(made)
    page = opened("models")
    lines = [warning.value.replace("\\", "") for warning in page.warning]
    for path in (STORE / "unfinished").iterdir():
        assert any(f"train --resume {path.name}" in line for line in lines)
    for name in made:
        assert not any(f"train --resume {name}" in line for line in lines)
        pressed(page, f"unfinished-{name}")
        assert not os.path.lexists(store / "unfinished" / name)
    assert sorted(unfinished_runs().ids()) == sorted(path.name for path in (STORE / "unfinished").iterdir())
    assert all((path / "checkpoint").is_file() for path in (store / "unfinished").iterdir())  # no link was followed


def test_a_broken_checkpoint_is_its_jobs_makers(store: Path) -> None:
    (run_id,) = (path.stem for path in (STORE / "jobs").glob("interrupted*.json"))
    job = store / "jobs" / f"{run_id}.json"
    job.write_text(json.dumps(json.loads(job.read_bytes()) | {"owner": "ann"}))
    with pytest.raises(UserError, match="can be gone on with"):
        leftovers.remove(run_id, OPERATOR)
    (store / "unfinished" / run_id / "order.json").write_text("{")
    os.utime(store / "unfinished" / run_id)
    assert leftovers.damaged() == []  # touched a moment ago: somebody may be writing
    os.utime(store / "unfinished" / run_id, (1e9, 1e9))
    for by in (Visitor("bob"), Visitor()):
        with pytest.raises(UserError, match="another person's"):
            leftovers.remove(run_id, by)
    leftovers.remove(run_id, Visitor("ann"))
    assert leftovers.damaged() == []


def broken_maps(store: Path) -> dict[str, str]:
    """Maps, each with something wrong; the owner of one can be read."""
    folder = store / "cache" / "embeddings"
    name = sorted(path.stem for path in folder.glob("*.json"))[0]
    about, points = json.loads((folder / f"{name}.json").read_bytes()), (folder / f"{name}.npz").read_bytes()
    made = {
        "bad-date": json.dumps(about | {"seconds": "long"}),
        "bad-digest": json.dumps(about | {"sha256": "0" * 64, "owner": "ann"}),
        "no-json": "[",
    }
    for other, text in made.items():
        (folder / f"{other}.json").write_text(text)
        (folder / f"{other}.npz").write_bytes(points)
    (folder / "no-points.json").write_text(json.dumps(about))
    return made | {"no-points": ""}


def test_broken_maps_are_rows_that_can_be_deleted(store: Path) -> None:
    made = broken_maps(store)
    whole = len(maps.catalogue())
    assert sorted(bad.name for bad in maps.damaged()) == sorted(made)
    page = opened("your_data", bring="A map")
    assert {f"bring-map-damaged-{name}" for name in made} <= keys(page)
    for name in made:
        pressed(page, f"bring-map-damaged-{name}")
    assert maps.damaged() == []
    assert len(maps.catalogue()) == whole - 2  # of two the JSON was sound
    assert not list((store / "cache" / "embeddings").glob("bad-*"))


@pytest.mark.parametrize(("by", "may"), [(Visitor("ann"), True), (Visitor("bob"), False), (OPERATOR, True)])
def test_a_broken_map_is_its_makers_to_delete(store: Path, by: Visitor, may: bool) -> None:
    broken_maps(store)
    if may:
        imported_maps.remove_damaged("bad-digest", by)
    else:
        with pytest.raises(UserError, match="map 'bad-digest' is another person's"):
            imported_maps.remove_damaged("bad-digest", by)
    whole = sorted(path.stem for path in (STORE / "cache" / "embeddings").glob("*.json"))[0]
    with pytest.raises(UserError, match="can be read again"):
        imported_maps.remove_damaged(whole, OPERATOR)


@pytest.mark.parametrize("odd", ODD)
def test_what_stands_beside_a_deleted_folder_breaks_nothing(store: Path, odd: str, tmp_path: Path) -> None:
    folder = store / "runs" / "some-run"
    folder.mkdir()
    gone = Trash(store / "trash").put(folder)
    beside = store / "trash" / f"{gone.entry}.json"
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"title": "secret", "owner": "ann", "when": 1}))
    if odd in ("link", "pipe"):
        if sys.platform == "win32":
            pytest.skip("links need a right there, and pipes are no files")
        beside.unlink()
        beside.symlink_to(secret) if odd == "link" else os.mkfifo(beside)
    else:
        good = {"id": "some-run", "title": "Some run", "owner": "", "when": 1.7e9}
        beside.write_text(
            {
                "huge": " " * 200_000 + json.dumps(good),
                "text": "]",
                "list": "[1]",
                "nested": "[" * 100_000,
                "far": json.dumps(good | {"when": 1e300}),
                "words": json.dumps(good | {"when": "then", "title": ["x"], "owner": {}}),
            }[odd]
        )
    (found,) = (each for each in deleted() if each.entry == gone.entry)
    assert (found.owner, found.title) == ("", "Some run" if odd == "far" else "some-run")
    page = opened("models")
    pressed(page, "back-some-run")
    assert folder.is_dir()
    assert not os.path.lexists(beside)


def test_a_data_set_with_a_sound_card_and_bad_rows_says_so_and_can_be_deleted(store: Path) -> None:
    folder = store / "data" / "my-shapes"
    with np.load(folder / "rows.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["train_pixels"] = arrays["train_pixels"][:-1]  # what the card's pictures do not show
    np.savez(folder / "rows.npz", **arrays)
    card = json.loads((folder / "card.json").read_bytes())
    (folder / "card.json").write_text(json.dumps(card | {"size": (folder / "rows.npz").stat().st_size}))
    with pytest.raises(UserError, match="train_pixels has shape"):
        ImportedDataset(kept.card("my-shapes")).check()
    page = opened("your_data")
    assert any("my-shapes" in each.value.replace("\\", "") and "train" in each.value for each in page.warning)
    pressed(page, "bring-delete-my-shapes")
    assert kept.names() == ["my-flowers"]
    assert {gone.id for gone in kept.owned().trash.all()} >= {"my-shapes"}


@pytest.mark.parametrize("page", ["explore", "draw", "walk", "compare"])
def test_pages_that_have_bad_rows_chosen_say_it_in_a_line(store: Path, page: str) -> None:
    path = store / "data" / "my-shapes" / "rows.npz"
    content = bytearray(path.read_bytes())
    at = content.index(b"heldout_pixels.npy") + 300
    content[at : at + 64] = bytes(64 * [0x5A])
    path.write_bytes(bytes(content))
    visit = opened(page, data="my-shapes")
    if page == "compare":
        visit.selectbox(key="images").set_value("my-shapes").run()
        assert not visit.exception, visit.exception
    said = [str(each.value).replace("\\", "") for each in (*visit.error, *visit.warning, *visit.info, *visit.markdown)]
    assert any("data set 'my-shapes' is damaged" in line for line in said)
