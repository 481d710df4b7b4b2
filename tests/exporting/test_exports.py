"""What goes out holds what was in: every form of a shipped run, read by another library where there is one."""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from pyarrow import parquet

from ae_models.base import UserError
from ae_models.base.paths import ROOT
from ae_models.export import notebook, projector, size_of, table, zipped
from ae_models.export.script import script
from ae_models.export.tensorboard import MOST_POINTS, MOST_SPRITE
from ae_models.recipes import codes_of, exports, find_run, heldout_of

RUN = "digits-dense-2d"
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def known() -> tuple[Any, Any, Any]:
    """Held-out images, codes and record of a shipped run."""
    store, record = find_run(RUN)
    images = heldout_of(record)
    return images, codes_of(store, record, images), record


def columns(form: str, content: bytes) -> dict[str, np.ndarray]:
    if form == "npz":
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return dict(arrays)
    if form == "parquet":
        return {name: np.array(column) for name, column in parquet.read_table(io.BytesIO(content)).to_pydict().items()}
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.mark.parametrize("form", ["csv", "npz", "parquet"])
def test_tables_hold_codes_and_maps_with_ids_and_classes(known: Any, form: str) -> None:
    images, codes, record = known
    files = exports.export(RUN, form)
    assert set(files) == {f"codes.{form}", f"maps.{form}"}
    found = columns(form, files[f"codes.{form}"])
    assert list(found) == ["id", "label", "class", "z1", "z2"]
    assert found["id"].astype(int).tolist() == images.ids.tolist()
    assert found["class"].tolist() == [record.class_names[label] for label in images.labels]
    assert np.array_equal(np.stack([found["z1"], found["z2"]], axis=1).astype("f"), codes)
    maps = columns(form, files[f"maps.{form}"])
    assert {"pca_2d_1", "pca_3d_3", "umap_2d_2"} <= set(maps)
    assert len(maps["umap_2d_1"]) == len(images)


def test_text_that_looks_like_markup_or_a_table_comes_back() -> None:
    odd = np.array(['a,b"c"', "<b>x</b>", "two\nlines", "=1+1", "日本"])
    for form in ("csv", "npz", "parquet"):
        found = columns(form, table({"id": np.arange(5), "class": odd}, form))
        assert found["class"].tolist() == odd.tolist(), form


def test_one_table_joins_codes_and_maps(known: Any) -> None:
    images, codes, _ = known
    found = columns("npz", exports.joined(*find_run(RUN), "npz"))
    assert list(found)[:5] == ["id", "label", "class", "z1", "z2"]
    assert {"pca_2d_1", "umap_3d_3", "tsne_2d_2"} <= set(found)
    assert np.array_equal(np.stack([found["z1"], found["z2"]], axis=1), codes)
    assert all(len(values) == len(images) for values in found.values())


def test_files_as_one_zip_are_the_same_each_time() -> None:
    files = {"a.txt": b"one", "b/c.txt": b"two"}
    packed = zipped(files)
    assert packed == zipped(files)
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files
    assert [size_of(n) for n in (0, 999, 999_499, 999_500)] == ["0 bytes", "999 bytes", "999 kB", "1.0 MB"]


def test_the_model_is_served_by_onnx_runtime_alone(known: Any) -> None:
    images, codes, _ = known
    files = exports.export(RUN, "onnx")
    encoder = onnxruntime.InferenceSession(files["encoder.onnx"], providers=["CPUExecutionProvider"])
    found = encoder.run(["mean"], {"image": images.images(slice(0, 10))})[0]
    assert np.allclose(found, codes[:10], atol=1e-5)
    assert json.loads(files["run.json"])["id"] == RUN


def test_a_folder_for_the_embedding_projector(known: Any) -> None:
    images, codes, record = known
    files = exports.export(RUN, "projector")
    about = json.loads(files["projector_config.json"])["embeddings"][0]
    assert about["tensorShape"] == [len(images), 2]
    assert {about["tensorPath"], about["metadataPath"], about["sprite"]["imagePath"]} <= set(files)
    tensor = np.loadtxt(io.BytesIO(files[about["tensorPath"]]), delimiter="\t")
    assert np.allclose(tensor, codes, rtol=1e-6)
    lines = files[about["metadataPath"]].decode().splitlines()
    assert lines[0].split("\t") == ["id", "class", "error"]
    assert len(lines) == len(images) + 1
    assert lines[1].split("\t")[:2] == [str(images.ids[0]), record.class_names[images.labels[0]]]
    sheet = np.asarray(Image.open(io.BytesIO(files["sprite.png"])))
    side = about["sprite"]["singleImageDim"][0]
    across = sheet.shape[0] // side
    assert sheet.shape == (across * side, across * side)
    assert across**2 >= len(images) > (across - 1) ** 2
    row, column = divmod(57, across)
    shown = sheet[row * side : (row + 1) * side, column * side : (column + 1) * side]
    assert np.array_equal(shown, np.rint(images.images([57])[0, 0] * 255))


def test_limits_of_the_projector(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (MOST_POINTS, MOST_SPRITE) == (100_000, 8_192)
    monkeypatch.setattr("ae_models.export.tensorboard.MOST_SPRITE", 200)
    monkeypatch.setattr("ae_models.export.tensorboard.MOST_POINTS", 500)
    n, generator = 400, np.random.default_rng(0)
    images = np.broadcast_to(generator.random((1, 1, 32, 16), np.float32), (n, 1, 32, 16))
    files = projector(np.zeros((n, 2), "f"), {"id": np.arange(n)}, images, "a\tb\nc")
    with Image.open(io.BytesIO(files["sprite.png"])) as sheet:
        assert max(sheet.size) <= 200
        assert sheet.size[0] == sheet.size[1]
    lines = files["metadata.tsv"].decode().splitlines()
    assert lines[0] == "0"  # one column has no line of names
    assert len(lines) == n
    assert json.loads(files["projector_config.json"])["embeddings"][0]["tensorName"] == "a b c"
    odd = projector(np.zeros((2, 1), "f"), {"id": np.arange(2), "class": np.array(["a\tb", "c\nd"])}, images[:2], "x")
    assert odd["metadata.tsv"].decode() == "id\tclass\n0\ta b\n1\tc d\n"
    many = projector(np.zeros((505, 1), "f"), {"id": np.arange(505)}, images[:4], "x")
    assert many["tensors.tsv"].count(b"\n") == many["metadata.tsv"].count(b"\n") == 500


@pytest.mark.slow
def test_a_projector_folder_keeps_within_the_documented_limits() -> None:
    n = 100_007
    about = {"id": np.arange(n), "class": np.full(n, "x")}
    images = np.broadcast_to(np.zeros((1, 1, 99, 99), "f"), (8_000, 1, 99, 99))  # 8,910 pixels a side at full size
    files = projector(np.zeros((n, 2), "f"), about, images, "many")
    config = json.loads(files["projector_config.json"])["embeddings"][0]
    assert config["tensorShape"] == [100_000, 2]
    assert files["tensors.tsv"].count(b"\n") == files["metadata.tsv"].count(b"\n") - 1 == 100_000
    side = config["sprite"]["singleImageDim"]
    assert side[0] == side[1]
    with Image.open(io.BytesIO(files["sprite.png"])) as sheet:
        assert sheet.size[0] == sheet.size[1] == math.ceil(math.sqrt(8_000)) * side[0]
        assert 8_192 - math.ceil(math.sqrt(8_000)) < sheet.size[0] <= 8_192


@pytest.mark.slow
def test_the_script_for_a_view_runs_and_says_the_same(known: Any, tmp_path: Path) -> None:
    _, codes, record = known
    path = tmp_path / "view.py"
    path.write_bytes(exports.export(RUN, "python")["view.py"])
    done = subprocess.run([sys.executable, str(path)], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": ""},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines() if line.startswith("error"))
    assert float(said["error (SSE)"]) == pytest.approx(record.test.sse, abs=1e-3)
    assert f"codes of {len(codes)} images" in done.stdout
    assert "pca 2 points" in done.stdout
    assert "umap 3 points" in done.stdout
    page = (tmp_path / "view.html").read_text()  # all of it drawn: six maps, the image and what is drawn
    for title in ("autoencoder, 2-D", "umap, 3-D", f"image {known[0].ids[0]}", "drawn"):
        assert f'"text":"{title}"' in page, title


def test_a_notebook_holds_the_script_cell_by_cell() -> None:
    text = exports.export(RUN, "python")["view.py"].decode()
    made = json.loads(exports.export(RUN, "notebook")["view.ipynb"])
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert made["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in made["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in made["cells"]:  # what version 4.5 of the format asks of a cell, and nothing else
        code = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | code
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
    cells = ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]
    body = [ast.dump(node) for node in ast.parse(text).body[1:]]  # its first line of thought is text
    assert [ast.dump(node) for node in ast.parse("\n".join(cells)).body[:-1]] == body
    assert cells[-1].endswith("\nfigure")
    evil = notebook(script(RUN, "<img src=x>", [0.0], []))
    assert "".join(json.loads(evil)["cells"][0]["source"]).startswith("&lt;img src=x>")


def test_nothing_in_a_title_becomes_code() -> None:
    text = script('x"""\nimport os\n"""', '"""\nraise SystemExit(7)\n"""', [0.5], [('pca"', 2)])
    compiled = compile(text, "view.py", "exec")
    assert "SystemExit" not in compiled.co_names
    assert "os" not in compiled.co_names


def test_on_the_command_line(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("export", RUN, "--format", "parquet", "--out", str(tmp_path / "new" / "out"), "--json")
    assert code == 0, err
    assert sorted(Path(path).name for path in json.loads(out)["files"]) == ["codes.parquet", "maps.parquet"]
    assert all(Path(path).stat().st_size > 0 for path in json.loads(out)["files"])
    (tmp_path / "file").touch()
    for arguments, why in (
        ((RUN, "--format", "parquet", "--out", str(tmp_path / "file")), "is a file, not a folder"),
        ((RUN, "--format", "pickle", "--out", str(tmp_path)), "invalid choice"),
        (("nothing", "--format", "onnx", "--out", str(tmp_path)), "unknown run"),
        ((RUN, "--format", "safetensors", "--out", str(tmp_path)), "keeps no weights"),
    ):
        code, out, err = cli("export", *arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1), err
        assert why in err
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["file"]


@pytest.mark.parametrize("form", ["csv", "onnx", "python"])
def test_files_that_are_there_are_replaced_only_when_asked(cli: Cli, tmp_path: Path, form: str) -> None:
    export = ("export", RUN, "--format", form, "--out", str(tmp_path))
    assert cli(*export)[0] == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    last = tmp_path / names[-1]
    first = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    last.write_text("mine")
    code, out, err = cli(*export)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "is there already" in err
    assert "--overwrite" in err
    assert any(str(tmp_path / name) in err for name in names)
    assert last.read_text() == "mine"
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir() if path != last] == [
        first[path.name] for path in tmp_path.iterdir() if path != last
    ]
    assert cli(*export, "--overwrite")[0] == 0
    assert last.read_bytes() != b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_a_folder_never_holds_a_part_of_what_was_to_be_written(tmp_path: Path) -> None:
    files: Any = {"a.txt": b"new", "b.txt": b"new", "c.txt": "no bytes"}
    (tmp_path / "a.txt").write_bytes(b"old")
    with pytest.raises(TypeError):
        exports.write(files, tmp_path, overwrite=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"old"}
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(UserError, match=r"b\.txt is a folder"):
        exports.write({"a.txt": b"new", "b.txt": b"new"}, tmp_path, overwrite=True)
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")  # also what leads nowhere is there
    with pytest.raises(UserError, match=r"link\.txt is there already"):
        exports.write({"link.txt": b"new"}, tmp_path)


def test_a_whole_run_as_a_zip_comes_back(cli: Cli, home: Path, tmp_path: Path) -> None:
    assert cli("export", RUN, "--format", "zip", "--out", str(tmp_path))[0] == 0
    code, out, err = cli("import", "run", str(tmp_path / f"{RUN}.zip"), "--json")
    assert code == 0, err
    assert json.loads(out)["run"] != RUN


def test_an_own_run_gives_its_weights_and_a_page(tiny_run: Any) -> None:
    from safetensors.numpy import load

    store, record = tiny_run
    files = exports.export_of(store, record, "safetensors")
    weights = load(files["weights.safetensors"])
    assert sum(array.size for array in weights.values()) == record.n_parameters
    page = exports.export_of(store, record, "html")[f"{record.id}.html"]
    assert len(page) < 15_000_000
    assert record.id.encode() in page
