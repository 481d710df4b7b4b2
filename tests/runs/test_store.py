"""The store: what is written is read, nothing is ever half there, and one bad run hides no other."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from ae_models.base import UserError
from ae_models.runs import RunStore, new_id
from ae_models.runs.record import SCHEMA_VERSION


def test_what_is_written_is_read(small: Any) -> None:
    written = small.write("one")
    read = small.store.read("one")
    assert read == written
    assert read.model_dump()["a_later_version_says_more"] is True
    assert read.latent_dim == 2
    for name, content in small.files.items():
        assert small.store.file(read, name) == content
    assert small.store.ids() == ["one"]
    assert "one" in small.store
    assert "two" not in small.store


def test_run_json_describes_every_other_file(small: Any) -> None:
    small.write("one")
    folder = small.store.root / "one"
    described = json.loads((folder / "run.json").read_bytes())["files"]
    assert sorted([*described, "run.json"]) == sorted(path.name for path in folder.iterdir())
    for name, entry in described.items():
        assert entry["size"] == (folder / name).stat().st_size


def test_run_json_is_written_last_and_nothing_is_seen_before(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    order, seen = [], []
    write_bytes, write_text, rename = Path.write_bytes, Path.write_text, Path.rename

    def noted(write: Any) -> Any:
        def wrapped(path: Path, *arguments: Any, **named: Any) -> Any:
            order.append(path.name)
            seen.append(small.store.list()[0])
            return write(path, *arguments, **named)

        return wrapped

    monkeypatch.setattr(Path, "write_bytes", noted(write_bytes))
    monkeypatch.setattr(Path, "write_text", noted(write_text))
    monkeypatch.setattr(Path, "rename", lambda path, target: (order.append("rename"), rename(path, target))[1])
    small.write("one")
    assert order.index("run.json") == len(order) - 2
    assert order[-1] == "rename"
    assert not any(seen)


@pytest.mark.parametrize("failing", ["encoder.onnx", "decoder.onnx", "history.json", "run.json"])
def test_a_disk_that_is_full_leaves_nothing_behind(small: Any, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    for method in ("write_bytes", "write_text"):
        original = getattr(Path, method)

        def full(path: Path, content: Any, *rest: Any, original: Any = original, **named: Any) -> Any:
            if path.name == failing:
                original(path, content[:10], *rest, **named)
                raise OSError(errno.ENOSPC, "No space left on device")
            return original(path, content, *rest, **named)

        monkeypatch.setattr(Path, method, full)
    with pytest.raises(UserError, match=r"'one' could not be written .*No space left"):
        small.write("one")
    assert list(small.store.root.iterdir()) == []


def test_an_id_that_is_taken_is_refused_and_the_first_run_stays(small: Any) -> None:
    small.write("one")
    with pytest.raises(UserError, match="'one' could not be written"):
        small.store.write({**small.record("one"), "title": "Another"}, small.files)
    assert small.store.read("one").title == "A straight map"
    assert [path.name for path in small.store.root.iterdir()] == ["one"]


def test_names_that_no_run_has_are_refused(small: Any) -> None:
    with pytest.raises(ValueError, match="no file called"):
        small.store.write(small.record("one"), {**small.files, "../../evil.py": b""})
    for bad in ("", "UPPER", "a/b", "..", "a" * 65, "é", "a\n"):
        with pytest.raises(ValueError, match="id"):
            small.store.write(small.record(bad), small.files)
        assert bad not in small.store
    assert small.store.ids() == []


def _edited(**changes: Any) -> Any:
    def edit(folder: Path) -> None:
        record = json.loads((folder / "run.json").read_bytes())
        (folder / "run.json").write_text(json.dumps({**record, **changes}))

    return edit


def _same_size(folder: Path) -> None:
    content = bytearray((folder / "decoder.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "decoder.onnx").write_bytes(content)


def _cut(folder: Path) -> None:
    content = (folder / "encoder.onnx").read_bytes()
    (folder / "encoder.onnx").write_bytes(content[:-1])


def _outside(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_bytes())
    record["files"]["../x"] = {"size": 1, "sha256": "0" * 64}
    (folder.parent / "x").write_text("x")
    (folder / "run.json").write_text(json.dumps(record))


def _without_decoder(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_bytes())
    del record["files"]["decoder.onnx"]
    (folder / "run.json").write_text(json.dumps(record))


def _text(content: str) -> Any:
    return lambda folder: (folder / "run.json").write_text(content)


TEST = {"mse": 0.1, "n": 3}
DAMAGES: dict[str, tuple[Any, str]] = {
    "no run.json": (lambda folder: (folder / "run.json").unlink(), "unfinished"),
    "a file is missing": (lambda folder: (folder / "encoder.onnx").unlink(), "encoder.onnx is missing"),
    "a file is altered": (_same_size, "decoder.onnx is not the file that was written"),
    "a file is cut short": (_cut, "encoder.onnx has"),
    "a newer schema": (_edited(schema_version=SCHEMA_VERSION + 1), "newer Latent Lab"),
    "an older schema": (_edited(schema_version=0), "damaged"),
    "no JSON": (_text("{'id': "), "cannot be read"),
    "not text": (lambda folder: (folder / "run.json").write_bytes(b"\xff\xfe\x00"), "cannot be read"),
    "empty": (_text(""), "cannot be read"),
    "a list": (_text("[]"), "damaged"),
    "a number": (_text("7"), "damaged"),
    "nested beyond the reader": (_text("[" * 100_000), "damaged"),
    "too large": (_text(" " * 1_000_001), "larger than"),
    "another id": (_edited(id="another"), "belongs to 'another'"),
    "files outside of the folder": (_outside, "names the files"),
    "no decoder": (_without_decoder, "names the files"),
    "an error that is no number": (_edited(test={"sse": float("nan"), **TEST}), "damaged"),
    "an endless error": (_edited(test={"sse": float("inf"), **TEST}), "damaged"),
    "a setting that is no number": (_edited(training={"learning_rate": float("nan")}), "damaged"),
    "a negative error": (_edited(test={"sse": -1.0, **TEST}), "test.sse"),
    "no code at all": (_edited(latent_dim=0), "latent_dim"),
    "a shape of two sizes": (_edited(input_shape=[4, 5]), "input_shape"),
}


@pytest.mark.parametrize(("damage", "why"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_run_is_told_by_name_and_hides_no_other(small: Any, damage: Any, why: str) -> None:
    for run_id in ("before", "damaged", "later"):
        small.write(run_id)
    damage(small.store.root / "damaged")
    whole, damaged = small.store.list()
    assert [record.id for record in whole] == ["before", "later"]
    assert [bad.id for bad in damaged] == ["damaged"]
    assert "'damaged'" in damaged[0].why
    assert why in damaged[0].why
    assert "\n" not in damaged[0].why


def test_an_altered_file_is_refused_when_it_is_used(small: Any) -> None:
    record = small.write("one")
    _same_size(small.store.root / "one")
    with pytest.raises(UserError, match="sha256 differs"):
        small.store.file(record, "decoder.onnx")
    with pytest.raises(UserError, match=r"has no weights\.safetensors"):
        small.store.file(record, "weights.safetensors")


def test_an_empty_or_missing_store_and_things_that_are_no_runs(small: Any, tmp_path: Path) -> None:
    assert small.store.list() == ([], [])
    small.write("one")
    (small.store.root / "notes.txt").write_text("a file is no run")
    (small.store.root / ".new-abc").mkdir()
    (small.store.root / "Capital").mkdir()
    assert small.store.ids() == ["one"]
    with pytest.raises(UserError, match=r"no run '../one'"):
        RunStore(tmp_path / "runs" / "one").read("../one")


def test_a_store_that_cannot_be_written_is_told(small: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="AE_MODELS_HOME"):
        RunStore(tmp_path / "file" / "runs").write(small.record("one"), small.files)


ODD_NAMES = [
    "My first run!",
    "",
    "   ",
    "---",
    "a/b/../c",
    "ünïcödé",
    "数字",
    "\n\t\0",
    "x" * 5000,
    "İ" * 60,
    "a-" * 99,
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_name_makes_a_valid_id_that_ends_in_six_hex_digits(small: Any, name: str) -> None:
    made = new_id(name)
    assert len(made) <= 64
    assert set(made[-6:]) <= set("0123456789abcdef")
    assert made[-7] == "-"
    assert small.write(made).id == made
    assert small.store.ids() == [made]


def test_two_ids_of_one_name_differ() -> None:
    assert new_id("same") != new_id("same")
