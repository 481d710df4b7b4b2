"""A zip goes out and comes in the same; whatever a stranger's zip holds, nothing that is not a run is kept."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from ae_models.base import UserError
from ae_models.runs import RunStore, own_runs, pack, packing, pca_runs, shipped_runs, unpack
from ae_models.runs.graph_checks import check_graph, check_pair
from ae_models.runs.serving import find_run

Files = dict[str, bytes]


@pytest.fixture
def there(tmp_path: Path) -> RunStore:
    """The store of another computer."""
    return RunStore(tmp_path / "there")


def _zip(files: Files, folder: str = "one/") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(folder + name, content)
    return buffer.getvalue()


def _files(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}


def _described(files: Files, **changes: Any) -> bytes:
    """Return a zip whose ``run.json`` describes the files as they are, with changes of its fields."""
    record = json.loads(files["run.json"])
    rest = {name: content for name, content in files.items() if name != "run.json"}
    record["files"] = {
        name: {"size": len(content), "sha256": sha256(content).hexdigest()} for name, content in rest.items()
    }
    return _zip({**rest, "run.json": json.dumps({**record, **changes}).encode()})


def test_a_run_goes_out_and_comes_in_the_same(small: Any, there: RunStore) -> None:
    out = small.write("one")
    content = pack(small.store, out)
    assert content == pack(small.store, out)
    came = unpack(content, there)
    assert came == out.model_copy(update={"origin": "imported"})
    assert there.read("one") == came
    for name, whole in small.files.items():
        assert there.file(came, name) == whole


def test_files_may_lie_in_no_folder_at_all(small: Any, there: RunStore) -> None:
    files = _files(pack(small.store, small.write("one")))
    assert unpack(_zip(files, ""), there).id == "one"


def test_an_id_that_is_taken_here_or_ships_gets_a_new_one(small: Any, there: RunStore) -> None:
    content = pack(small.store, small.write("one"))
    first, second = unpack(content, there), unpack(content, there)
    assert first.id == "one"
    assert second.id.startswith("one-")
    assert sorted(there.ids()) == sorted([first.id, second.id])
    assert there.read("one") == first

    shipped = shipped_runs().read("digits-pca-2d")
    assert unpack(pack(shipped_runs(), shipped), there).id.startswith("digits-pca-2d-")


def test_a_shipped_run_comes_in_with_its_arrays(there: RunStore) -> None:
    record = shipped_runs().read("digits-dense-2d")
    came = unpack(pack(shipped_runs(), record), there)
    assert (came.origin, came.title, came.files) == ("imported", record.title, record.files)


def test_an_own_run_goes_to_the_own_runs(small: Any, home: Path) -> None:
    unpack(pack(small.store, small.write("one")))
    assert own_runs().ids() == ["one"]


def _without(name: str) -> Callable[[Files], bytes]:
    return lambda files: _zip({key: content for key, content in files.items() if key != name})


def _with(**more: bytes) -> Callable[[Files], bytes]:
    return lambda files: _zip({**files, **{name.replace("__", "."): content for name, content in more.items()}})


def _twice(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("run.json", b"{}")
    return buffer.getvalue()


def _encrypted(files: Files) -> bytes:
    content = bytearray(_zip(files))
    at = content.index(b"PK\x01\x02")
    while at != -1:  # the flag of each entry, in the directory and before its bytes
        content[at + 8] |= 1
        (local,) = struct.unpack_from("<I", content, at + 42)
        content[local + 6] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def _broken_bytes(files: Files) -> bytes:
    content = bytearray(_zip(files))
    content[60:90] = bytes(30)
    return bytes(content)


def _says_less(files: Files) -> bytes:
    """Return a zip that says its largest entry unpacks to 10 bytes."""
    content = bytearray(_zip({**files, "history.json": b" " * 1_000_000}))
    at = content.index(b"one/history.json", content.index(b"PK\x01\x02")) - 46
    struct.pack_into("<I", content, at + 24, 10)
    return bytes(content)


def _array(header: bytes) -> bytes:
    """Return the bytes of an array file with this header and no content."""
    text = header + b" " * (117 - len(header)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def _codes(array: bytes) -> Callable[[Files], bytes]:
    return lambda files: _described({**files, "codes.npz": _zip({"codes.npy": array}, "")})


def _graph(change: Callable[[onnx.ModelProto], None]) -> Callable[[Files], bytes]:
    def changed(files: Files) -> bytes:
        proto = onnx.load_from_string(files["decoder.onnx"])
        change(proto)
        return _described({**files, "decoder.onnx": proto.SerializeToString()})

    return changed


def _external(proto: onnx.ModelProto) -> None:
    tensor = proto.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"


def _sparse(proto: onnx.ModelProto) -> None:
    values = helper.make_tensor("sparse", TensorProto.FLOAT, [1], [1.0])
    indices = helper.make_tensor("sparse_indices", TensorProto.INT64, [1], [0])
    proto.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [500_000_000]))


def _own_operator(proto: onnx.ModelProto) -> None:
    proto.graph.node[0].domain = "evil"
    proto.opset_import.append(helper.make_opsetid("evil", 1))


HUGE = _array(b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 2)}")
OBJECTS = _array(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}")
REFUSALS: dict[str, tuple[Callable[[Files], bytes], str]] = {
    "no zip": (lambda _: b"not a zip at all", "no zip that can be read"),
    "nothing": (lambda _: b"", "no zip that can be read"),
    "an empty zip": (lambda _: _zip({}), "no run.json"),
    "cut short": (lambda files: _zip(files)[:-40], "no zip that can be read"),
    "broken bytes": (_broken_bytes, "no zip that can be read"),
    "encrypted": (_encrypted, "no zip that can be read"),
    "a size that lies": (_says_less, "no zip that can be read|not the file"),
    "no run.json": (_without("run.json"), "no run.json"),
    "a file is missing": (_without("encoder.onnx"), "encoder.onnx is missing"),
    "a file is altered": (lambda files: _zip({**files, "history.json": b"[1]"}), "history.json is not the file"),
    "a file too many": (_with(snapshots__npz=b"x"), "does not name snapshots.npz"),
    "a strange file": (_with(evil__py=b"x"), "no file called 'evil.py'"),
    "a path upwards": (lambda files: _zip(files, "../"), "must lie in one folder"),
    "a path upwards, deep": (lambda files: _zip(files, "../../a/"), "must lie in one folder"),
    "an absolute path": (lambda files: _zip(files, "/etc/"), "must lie in one folder"),
    "a path with backslashes": (lambda files: _zip(files, "..\\..\\"), "must lie in one folder|no file called"),
    "two folders": (lambda files: _zip({**files, "a/run.json": b"{}"}), "must lie in one folder"),
    "a file twice": (_twice, "has run.json twice"),
    "a record of junk": (lambda files: _zip({**files, "run.json": b"{"}), "run.json cannot be read"),
    "a record that is large": (lambda files: _zip({**files, "run.json": b" " * 1_000_001}), "larger than 1,000,000"),
    "an id that is a path": (lambda files: _described(files, id="../one"), "damaged: run.json, id"),
    "a newer schema": (lambda files: _described(files, schema_version=2), "newer Latent Lab"),
    "figures that are no numbers": (lambda files: _described(files, test={"sse": "NaN"}), "damaged: run.json, test"),
    "another code size, and other settings": (
        lambda files: _described(files, latent_dim=3, model={"name": "pca", "config": {"n_components": 3}}),
        "graphs do not take|graphs give codes of 2",
    ),
    "another code size": (lambda files: _described(files, latent_dim=3), "latent_dim is 3"),
    "another shape": (lambda files: _described(files, input_shape=[1, 5, 5]), "input_shape is .1, 5, 5."),
    "another shape in and out": (
        lambda files: _described(files, input_shape=[1, 5, 4], output_shape=[1, 5, 4]),
        "graphs do not take|graphs give images of 1 x 4 x 5",
    ),
    "another shape out": (
        lambda files: _described(files, output_shape=[1, 5, 4]),
        "images of output_shape come in as .1, 5, 4.",
    ),
    "no graph": (lambda files: _described({**files, "decoder.onnx": b"\xff" * 99}), "decoder.onnx is no"),
    "an empty graph": (lambda files: _described({**files, "decoder.onnx": b""}), "decoder.onnx|the graphs"),
    "a graph that reads a file": (_graph(_external), "decoder.onnx wants to read another file"),
    "a sparse tensor": (_graph(_sparse), "decoder.onnx has a sparse tensor, which is not served"),
    "an operator of its own": (_graph(_own_operator), "operator that is not served here: 'Gemm'"),
    "arrays that lie": (_codes(HUGE), "codes.npz cannot be read"),
    "arrays of objects": (_codes(OBJECTS), "codes.npz cannot be read"),
    "arrays of junk": (lambda files: _described({**files, "codes.npz": b"x"}), "codes.npz cannot be read"),
}


@pytest.mark.parametrize(("made", "why"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_is_no_run_is_refused_in_one_line_and_leaves_nothing(
    small: Any, there: RunStore, made: Callable[[Files], bytes], why: str
) -> None:
    content = made(_files(pack(small.store, small.write("one"))))
    with pytest.raises(UserError, match=why) as caught:
        unpack(content, there)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert not there.root.exists() or list(there.root.iterdir()) == []
    assert [path.name for path in there.root.parent.iterdir() if path.name != "runs"] in ([], ["there"])


def test_a_bomb_is_not_unpacked(small: Any, there: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    files = _files(pack(small.store, small.write("one")))
    monkeypatch.setattr(packing, "MOST_FILE_BYTES", 50_000)
    bomb = _zip({**files, "history.json": b" " * 5_000_000})
    assert len(bomb) < 50_000
    with pytest.raises(UserError, match=r"history.json is larger than 50,000 bytes"):
        unpack(bomb, there)
    monkeypatch.setattr(packing, "MOST_UNPACKED_BYTES", 1_000)
    with pytest.raises(UserError, match="unpacks to more than 1,000 bytes"):
        unpack(_zip(files), there)
    monkeypatch.setattr(packing, "MOST_ZIP_BYTES", 100)
    with pytest.raises(UserError, match="at most 100 bytes"):
        unpack(bomb, there)


def test_arrays_that_unpack_to_too_much_are_refused(
    small: Any, there: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _files(pack(small.store, small.write("one")))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, codes=np.zeros((3, 2), np.float32))
    assert unpack(_described({**files, "codes.npz": buffer.getvalue()}), there)
    monkeypatch.setattr(packing, "MOST_ARRAY_BYTES", 23)
    with pytest.raises(UserError, match=r"codes.npz is larger than 23 bytes when unpacked"):
        unpack(_described({**files, "codes.npz": buffer.getvalue()}), there)


def _model(nodes: list[Any], constants: dict[str, np.ndarray], shape: list[Any]) -> bytes:
    graph = helper.make_graph(
        nodes,
        "odd",
        [helper.make_tensor_value_info("code", TensorProto.FLOAT, ["batch", 2])],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    made: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9
    ).SerializeToString()
    return made


def test_a_small_graph_that_grows_huge_is_refused() -> None:
    huge = _model(
        [helper.make_node("Expand", ["code", "size"], ["image"])],
        {"size": np.array([10_000_000, 1, 2])},
        [10_000_000, "batch", 2],
    )
    with pytest.raises(UserError, match="too large to be served: 'Expand' takes 80,000,000 bytes for one image"):
        check_graph("x.onnx", huge)
    constant = _model(
        [
            helper.make_node("ConstantOfShape", ["size"], ["much"]),
            helper.make_node("ReduceSum", ["much"], ["sum"], keepdims=0),
            helper.make_node("Mul", ["code", "sum"], ["image"]),
        ],
        {"size": np.array([100_000, 100_000])},
        ["batch", 2],
    )
    with pytest.raises(
        UserError, match="too large to be served: 'ConstantOfShape' takes 40,000,000,000 bytes of constants"
    ):
        check_graph("x.onnx", constant)


def test_a_size_that_depends_on_values_is_refused() -> None:
    graph = _model(
        [helper.make_node("NonZero", ["code"], ["where"]), helper.make_node("Cast", ["where"], ["image"], to=1)],
        {},
        [2, "n"],
    )
    unknown = _model(
        [
            helper.make_node("Cast", ["code"], ["size"], to=TensorProto.INT64),
            helper.make_node("Reshape", ["size", "flat"], ["flat_size"]),
            helper.make_node("ConstantOfShape", ["flat_size"], ["image"]),
        ],
        {"flat": np.array([-1])},
        ["a", "b"],
    )
    with pytest.raises(UserError, match="not known beforehand: 'ConstantOfShape'"):
        check_graph("x.onnx", unknown)
    check_graph("x.onnx", graph)  # one free size: as many as there are images


def test_loops_are_refused() -> None:
    body = helper.make_graph([], "body", [], [])
    loop = _model([helper.make_node("Loop", ["", ""], ["image"], body=body)], {}, ["batch", 2])
    with pytest.raises(UserError, match="not served here: 'Loop'"):
        check_graph("x.onnx", loop)


def test_graphs_that_answer_with_no_numbers_are_refused() -> None:
    encoder = helper.make_model(
        helper.make_graph(
            [helper.make_node("Flatten", ["image"], ["flat"]), helper.make_node("Log", ["flat"], ["mean"])],
            "odd",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 1, 2])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["batch", 2])],
        ),
        opset_imports=[helper.make_opsetid("", 20)],
        ir_version=9,
    ).SerializeToString()
    decoder = _model(
        [helper.make_node("Reshape", ["code", "size"], ["image"])],
        {"size": np.array([-1, 1, 1, 2])},
        ["batch", 1, 1, 2],
    )
    with pytest.raises(UserError, match="codes that are not finite"):
        check_pair(encoder, decoder, (1, 1, 2), (1, 1, 2), 2)


@pytest.mark.parametrize("run_id", shipped_runs().ids())
def test_every_shipped_pair_passes(run_id: str) -> None:
    store, record = shipped_runs(), shipped_runs().read(run_id)
    graphs = store.file(record, "encoder.onnx"), store.file(record, "decoder.onnx")
    check_pair(*graphs, record.input_shape, record.output_shape, record.latent_dim)


def test_what_somebody_sent_never_stands_for_a_pca_that_was_fitted_here(home: Path) -> None:
    name = "leaves-pca-2d-0123ab"
    assert unpack(_described(_files(pack(shipped_runs(), shipped_runs().read("digits-dense-2d"))), id=name)).id == name
    assert find_run(name)[0] == own_runs()
    fitted = shipped_runs().read("digits-pca-2d")
    files = {file: shipped_runs().file(fitted, file) for file in fitted.files}
    pca_runs().write({**fitted.model_dump(mode="json", exclude={"files"}), "id": name}, files)
    assert find_run(name)[0] == pca_runs()
