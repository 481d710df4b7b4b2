"""A stranger's graphs: read as they stand, refused in a line, served as the graph contract says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ae_models import datasets
from ae_models.base import UserError
from ae_models.datasets.readers.limits import LIMITS
from ae_models.recipes import card, find_pca, find_run, heldout_of, imported_weights
from ae_models.runs import Graphs, InMemory, check_pair, foreign_graph, own_runs
from ae_models.runs.pairing import pair

from .graphs import FLOAT, SCALES, SHAPE, K, decoder, digits, encoder, model, pca, standardized

Cli = Callable[..., tuple[int, str, str]]


def tried(encoding: bytes, decoding: bytes, scale: str | None = None, **more: Any) -> Any:
    """Send a pair through all checks on the small digits."""
    images = datasets.heldout("digits").images(slice(0, 64))
    factor, shift = standardized()
    graphs = [foreign_graph.load(name, content) for name, content in (("e.onnx", encoding), ("d.onnx", decoding))]
    return pair(graphs[0], graphs[1], images, (-shift / factor, 1 / factor), scale, **more)


def check_served(found: Any, near: float = 1e-3) -> None:
    """The graph contract, and PCA's own answer."""
    check_pair(found.encoder, found.decoder, SHAPE, SHAPE, K)
    served, images = InMemory(found.encoder, found.decoder), datasets.heldout("digits").images(slice(0, 20))
    components, mean = pca()
    codes = (images.reshape(20, -1) - mean) @ components.T
    assert np.allclose(served.encode(images), codes, atol=near)
    assert np.allclose(served.decode(codes).reshape(20, -1), codes @ components + mean, atol=1e-3)


DRESSES: dict[str, tuple[Callable[[], bytes], Callable[[], bytes], str, str]] = {
    "as ours": (encoder, decoder, "planes", "0-1"),
    "Keras, minus one to one": (
        lambda: encoder((8, 8, 1), SCALES["minus1-1"]),
        lambda: decoder((8, 8, 1), SCALES["minus1-1"]),
        "pixels",
        "minus1-1",
    ),
    "Keras, bytes in and sigmoid out": (
        lambda: encoder((8, 8, 1), SCALES["0-255"]), lambda: decoder((8, 8, 1)), "pixels", "0-255",
    ),
    "flat": (lambda: encoder((64,)), lambda: decoder((64,)), "flat", "0-1"),
    "flat, standardized": (
        lambda: encoder((64,), standardized()), lambda: decoder((64,), standardized()), "flat", "standardized",
    ),
    "rows of pixels": (lambda: encoder((8, 8)), lambda: decoder((8, 8)), "rows", "0-1"),
    "flat in, image out": (lambda: encoder((64,)), decoder, "flat", "0-1"),
    "real bytes": (lambda: encoder((64,), SCALES["0-255"], TensorProto.UINT8), decoder, "flat", "0-255"),
    "doubles": (lambda: encoder(kind=TensorProto.DOUBLE), decoder, "planes", "0-1"),
    "old PyTorch": (lambda: encoder(flatten="old PyTorch"), decoder, "planes", "0-1"),
    "says one, takes any": (lambda: encoder(batch=1), decoder, "planes", "0-1"),
    "code as an image": (encoder, lambda: decoder(code=(1, 1, K)), "planes", "0-1"),
    "sizes not said": (lambda: encoder(("a", "b", "c")), decoder, "planes", "0-1"),
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
def test_a_pair_is_recognised_and_wrapped(dress: str) -> None:
    make_encoder, make_decoder, layout, scale = DRESSES[dress]
    found = tried(make_encoder(), make_decoder())
    assert found.found["encoder"]["layout"] == layout
    assert found.found["scale"] == scale
    assert found.warnings == []
    assert found.found["round_trip_sse"] < found.found["mean_image_sse"]
    check_served(found, 0.02 if "bytes" in dress else 1e-3)  # a digit's sixteenths are no whole 255ths


@pytest.mark.parametrize("scale", [*SCALES, "standardized"])
def test_a_scale_that_is_said_is_taken(scale: str) -> None:
    line = SCALES.get(scale) or standardized()
    found = tried(encoder(scale=line), decoder(scale=line), scale)
    assert found.found["scale"] == found.found["output_scale"] == scale
    check_served(found)


def test_colour_is_read_in_either_order() -> None:
    generator = np.random.default_rng(0)
    images = np.clip(generator.random((64, 3, 1, 1)) + 0.1 * generator.random((64, 3, 8, 8)), 0, 1).astype("f")
    images *= np.linspace(0.2, 1, 64).reshape(1, 1, 8, 8).astype("f")
    for axes, layout in (((0, 1, 2, 3), "flat"), ((0, 2, 3, 1), "flat pixels")):
        rows = images.transpose(axes).reshape(64, -1)
        fitted = PCA(K).fit(rows)
        constants = {
            "m": fitted.mean_[None].astype("f"),
            "c": fitted.components_.astype("f"),
            "b": fitted.mean_.astype("f"),
        }
        nodes = [helper.make_node("Sub", ["x", "m"], ["s"]), helper.make_node("Gemm", ["s", "c"], ["z"], transB=1)]
        forward = model(nodes, ("x", ["n", 192]), [("z", ["n", K])], constants)
        back = model(
            [helper.make_node("Gemm", ["z", "c", "b"], ["y"])], ("z", ["n", K]), [("y", ["n", 192])], constants
        )
        graphs = [foreign_graph.load(name, content) for name, content in (("e", forward), ("d", back))]
        found = pair(graphs[0], graphs[1], images, (0.5, 0.2))
        assert found.found["encoder"]["layout"] == found.found["decoder"]["layout"] == layout
        served = InMemory(found.encoder, found.decoder)
        assert np.allclose(served.reconstruct(images), images, atol=0.3)


def test_made_by_skl2onnx() -> None:
    skl2onnx = pytest.importorskip("skl2onnx", reason="tests/requirements.txt has it")
    rows = digits()
    scaled = make_pipeline(StandardScaler(), PCA(K)).fit(rows)
    codes = scaled.transform(rows).astype("f")
    back = LinearRegression().fit(codes, rows)
    encoding = skl2onnx.to_onnx(scaled, rows[:1])
    decoding = skl2onnx.to_onnx(back, codes[:1])
    assert "ai.onnx.ml" in [node.domain for node in encoding.graph.node]
    found = tried(encoding.SerializeToString(), decoding.SerializeToString())
    images = datasets.heldout("digits").images(slice(0, 20))
    served = InMemory(found.encoder, found.decoder)
    assert np.allclose(served.encode(images), scaled.transform(images.reshape(20, -1)), atol=1e-3)
    assert np.allclose(served.decode(codes[:20]).reshape(20, -1), back.predict(codes[:20]), atol=1e-3)
    assert "skl2onnx" in found.found["encoder"]["producer"]


def variational() -> bytes:
    """Keras's usual three outputs: mean, logarithm of the variance, and a draw."""
    components, mean = pca()
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Sub", ["flat", "mean"], ["centred"]),
        helper.make_node("Gemm", ["centred", "components"], ["z_mean"], transB=1),
        helper.make_node("Mul", ["z_mean", "less"], ["z_log_var"]),
        helper.make_node("RandomNormalLike", ["z_mean"], ["noise"]),
        helper.make_node("Add", ["z_mean", "noise"], ["z"]),
    ]
    outputs = [(name, ["n", K]) for name in ("z", "z_log_var", "z_mean")]
    constants = {"components": components, "mean": mean[None], "less": np.array(0.1, "f")}
    return model(nodes, ("x", ["n", 8, 8, 1]), outputs, constants)


def test_a_variational_encoder_gives_its_mean_and_its_spread() -> None:
    found = tried(variational(), decoder())
    served, images = InMemory(found.encoder, found.decoder), datasets.heldout("digits").images(slice(0, 5))
    assert served.has_noise
    assert np.allclose(served.spread(images), np.exp(0.05 * served.encode(images)), atol=1e-4)
    check_served(found)


def _one_node(operator: str, domain: str = "", **attributes: Any) -> bytes:
    node = helper.make_node(operator, ["x"], ["z"], domain=domain, **attributes)
    domains = [helper.make_opsetid(domain, 1)] if domain else []
    return model([node], ("x", ["n", 64]), [("z", ["n", 64])], domains=domains)


def _two_inputs() -> bytes:
    proto = onnx.load_from_string(encoder())
    proto.graph.input.append(helper.make_tensor_value_info("epsilon", FLOAT, ["n", K]))
    return proto.SerializeToString()


def _huge() -> bytes:
    nodes = [
        helper.make_node("ConstantOfShape", ["size"], ["much"]),
        helper.make_node("ReduceSum", ["much"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["x", "sum"], ["z"]),
    ]
    return model(nodes, ("x", ["n", 64]), [("z", ["n", 64])], {"size": np.array([10**6, 10**6])})


def _grows_by_itself() -> bytes:
    nodes = [
        helper.make_node("Flatten", ["x"], ["row"]),
        helper.make_node("Expand", ["row", "size"], ["z"]),
    ]
    return model(nodes, ("x", ["n", 64]), [("z", None)], {"size": np.array([10**7, 1, 64])})


def _loop() -> bytes:
    body = helper.make_graph([], "body", [], [])
    return model([helper.make_node("Loop", ["", ""], ["z"], body=body)], ("x", ["n", 64]), [("z", ["n", 64])])


def _noisy() -> bytes:
    components, mean = pca()
    nodes = [
        helper.make_node("RandomNormalLike", ["x"], ["noise"]),
        helper.make_node("Add", ["x", "noise"], ["y"]),
        helper.make_node("Sub", ["y", "mean"], ["centred"]),
        helper.make_node("Gemm", ["centred", "components"], ["z"], transB=1),
    ]
    return model(nodes, ("x", ["n", 64]), [("z", ["n", K])], {"components": components, "mean": mean[None]})


def _in_training() -> bytes:
    """Every image less the mean of those beside it: what normalising by the batch does."""
    components, _ = pca()
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["mean"], axes=[0], keepdims=1),
        helper.make_node("Sub", ["x", "mean"], ["centred"]),
        helper.make_node("Gemm", ["centred", "components"], ["z"], transB=1),
    ]
    return model(nodes, ("x", ["n", 64]), [("z", ["n", K])], {"components": components})


def _endless() -> bytes:
    nodes = [
        helper.make_node("Sub", ["x", "x"], ["nothing"]),
        helper.make_node("Div", ["nothing", "nothing"], ["z"]),
    ]
    return model(nodes, ("x", ["n", 64]), [("z", ["n", 64])])


def _old() -> bytes:
    return model([helper.make_node("Identity", ["x"], ["z"])], ("x", ["n", 64]), [("z", ["n", 64])], opset=3)


def _of_the_future() -> bytes:
    return model([helper.make_node("Identity", ["x"], ["z"])], ("x", ["n", 64]), [("z", ["n", 64])], opset=99)


REFUSED: dict[str, tuple[Callable[[], bytes], Callable[[], bytes], str]] = {
    "text": (lambda: b"hello, I am text", decoder, r"^e\.onnx: is no ONNX file"),
    "nothing": (lambda: b"", decoder, r"^e\.onnx: is no ONNX file"),
    "cut short": (lambda: encoder()[:200], decoder, r"^e\.onnx: is no ONNX file"),
    "a custom operator": (
        lambda: _one_node("Fast", "my.company"),
        decoder,
        r"'Fast' of 'my\.company'.* not part of ONNX",
    ),
    "Microsoft's operators": (lambda: _one_node("Gelu", "com.microsoft"), decoder, r"'Gelu' of 'com\.microsoft'"),
    "an operator that is none": (lambda: _one_node("Magic"), decoder, r"'Magic', which is no operator of ONNX"),
    "two inputs": (_two_inputs, decoder, r"has 2 inputs \(input_1, epsilon\)"),
    "a constant of a million million": (_huge, decoder, r"too large to be served: 'ConstantOfShape'"),
    "a row that becomes ten million": (_grows_by_itself, decoder, r"too large to be served: 'Expand'"),
    "a loop": (_loop, decoder, r"not served here: 'Loop'"),
    "text in": (lambda: encoder(kind=TensorProto.STRING), decoder, r"input_1' holds no float"),
    "too old": (_old, decoder, r"version 3, where 7 to"),
    "too new": (_of_the_future, decoder, r"version 99, where 7 to"),
    "another size of image": (
        lambda: encoder((1, 28, 28)),
        decoder,
        r"takes 1 x 28 x 28 numbers an image, where .*1 x 8 x 8",
    ),
    "one image at a time": (lambda: encoder(flatten="one", batch=1), decoder, r"e\.onnx: takes one at a time only"),
    "another size of code": (
        encoder,
        lambda: decoder(code=(K + 1,)),
        r"d\.onnx: takes codes of 4 numbers, where .* gives 3",
    ),
    "another size drawn": (encoder, lambda: _draws(100), r"d\.onnx: draws 100 for each code"),
    "another code each time": (_noisy, decoder, r"the encoder gives other numbers each time"),
    "normalised by the batch": (_in_training, decoder, r"for images together than alone"),
    "no finite numbers": (_endless, lambda: _one_node("Identity"), r"not finite"),
}


def _draws(n: int) -> bytes:
    weights = np.ones((K, n), "f")
    return model([helper.make_node("MatMul", ["z", "w"], ["y"])], ("z", ["n", K]), [("y", ["n", n])], {"w": weights})


@pytest.mark.parametrize("why", REFUSED)
def test_a_pair_that_cannot_be_served_is_refused_in_one_line(why: str) -> None:
    make_encoder, make_decoder, pattern = REFUSED[why]
    with pytest.raises(UserError, match=pattern) as caught:
        tried(make_encoder(), make_decoder())
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_scale_that_is_plainly_wrong_is_told_with_the_right_one() -> None:
    with pytest.raises(UserError, match=r"scale '0-1': .* with 'minus1-1' it is"):
        tried(encoder(scale=SCALES["minus1-1"]), decoder(scale=SCALES["minus1-1"]), "0-1")
    with pytest.raises(UserError, match="unknown scale '0-2': choose from 0-1"):
        tried(encoder(), decoder(), "0-2")


def test_an_untrained_pair_is_taken_with_a_warning() -> None:
    weights = np.random.default_rng(0).normal(size=(K, 64)).astype("f")
    forward = model(
        [helper.make_node("Gemm", ["x", "w"], ["z"], transB=1)], ("x", ["n", 64]), [("z", ["n", K])], {"w": weights}
    )
    back = model([helper.make_node("MatMul", ["z", "w"], ["y"])], ("z", ["n", K]), [("y", ["n", 64])], {"w": weights})
    found = tried(forward, back)
    assert found.found["scale"] == "0-1"
    assert "no better than the mean image" in found.warnings[0]


def test_bounds_of_graphs() -> None:
    with pytest.raises(UserError, match="at most 100 bytes are read"):
        foreign_graph.load("e.onnx", encoder(), limits=replace(LIMITS, graph_bytes=100))
    with pytest.raises(UserError, match="take more than 0 seconds: too slow"):
        tried(encoder(), decoder(), limits=replace(LIMITS, graph_seconds=0.0))


def beside(location: str, offset: int = 0) -> bytes:
    """An encoder whose matrix lies in another file."""
    proto = onnx.load_from_string(encoder())
    tensor = next(tensor for tensor in proto.graph.initializer if tensor.name == "components")
    content = tensor.raw_data
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", str(offset)), ("length", str(len(content)))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return proto.SerializeToString()


def test_tensors_beside_the_file_are_read_and_none_from_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    content = pca()[0].tobytes()
    for path in (folder / "weights.bin", tmp_path / "secret.bin"):
        path.write_bytes(b"12345678" + content)
    graph = foreign_graph.load("e.onnx", beside("weights.bin", 8), folder)
    assert "weights.bin" not in str(graph.proto)
    tensor = next(tensor for tensor in graph.proto.graph.initializer if tensor.name == "components")
    assert np.array_equal(numpy_helper.to_array(tensor), pca()[0])
    for location in ("../secret.bin", str(tmp_path / "secret.bin"), "..\\secret.bin", "C:\\secret.bin", ""):
        with pytest.raises(UserError, match="outside of its folder"):
            foreign_graph.load("e.onnx", beside(location), folder)
    with pytest.raises(UserError, match="save it as one file"):
        foreign_graph.load("e.onnx", beside("weights.bin"))
    with pytest.raises(UserError, match="wants bytes 9,999 to"):
        foreign_graph.load("e.onnx", beside("weights.bin", 9_999), folder)
    with pytest.raises(UserError, match=r"nothing\.bin, which it needs, cannot be read"):
        foreign_graph.load("e.onnx", beside("nothing.bin"), folder)
    try:
        (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    except OSError:
        return
    with pytest.raises(UserError, match="outside of its folder"):
        foreign_graph.load("e.onnx", beside("link.bin"), folder)


def test_it_is_served_like_our_own(cli: Cli, home: Path, tmp_path: Path) -> None:
    for name, content in (("e.onnx", encoder((8, 8, 1), SCALES["minus1-1"])), ("d.onnx", decoder((64,)))):
        (tmp_path / name).write_bytes(content)
    arguments = ("--encoder", str(tmp_path / "e.onnx"), "--decoder", str(tmp_path / "d.onnx"), "--dataset", "digits")
    code, out, err = cli("import", "onnx", *arguments, "--name", "From elsewhere", "--json")
    assert code == 0, err
    found = json.loads(out)
    store, record = find_run(found["run"])
    assert record.origin == "imported"
    assert record.title == "From elsewhere"
    images = heldout_of(record)
    components, mean = pca()
    rows = images.images().reshape(len(images), -1)
    expected = np.square(rows - ((rows - mean) @ components.T @ components + mean)).sum() / len(rows)
    assert record.test.sse == pytest.approx(expected, rel=1e-4)
    assert Graphs(store, record).encode(images.images(slice(0, 2))).shape == (2, K)
    assert {"codes.npz", "encoder.onnx", "decoder.onnx"} == set(record.files)
    assert "what it was fitted on is not known" in card(record)["data"]
    assert "how it was trained is not known" in card(record)["recipe"]
    assert cli("runs", "show", found["run"])[0] == 0
    assert find_pca("digits", record.dataset.fitted_on.digest, K) is not None
    code, out, _ = cli("decode", found["run"], "--at", "0", "0", "0", "--json")
    assert np.allclose(json.loads(out)["pixels"], mean, atol=1e-3)


def test_nothing_stays_of_a_refused_pair(cli: Cli, home: Path, tmp_path: Path) -> None:
    (tmp_path / "e.onnx").write_bytes(_noisy())
    (tmp_path / "d.onnx").write_bytes(decoder())
    arguments = ("--encoder", str(tmp_path / "e.onnx"), "--decoder", str(tmp_path / "d.onnx"))
    for dataset, name, why in (
        ("digits", "x", "each time"),
        ("nothing", "x", "unknown dataset"),
        ("digits", "", "name"),
    ):
        code, out, err = cli("import", "onnx", *arguments, "--dataset", dataset, "--name", name)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert why in err
    assert own_runs().ids() == []


def test_weights_of_our_own(tiny_run: Any, cli: Cli, tmp_path: Path) -> None:
    store, record = tiny_run
    weights = store.file(record, "weights.safetensors")
    (tmp_path / "w.safetensors").write_bytes(weights)
    (tmp_path / "run.json").write_text(record.model_dump_json())
    again = cli(
        "import", "safetensors", str(tmp_path / "w.safetensors"), "--config", str(tmp_path / "run.json"), "--json"
    )
    found = json.loads(again[1])
    assert found["test"]["sse"] == pytest.approx(record.test.sse, rel=1e-5)
    order = {"model": "dense", "dataset": "digits", "settings": {"latent_dim": 2, "widths": [64, 32]}}
    assert imported_weights.order_of(order).design == imported_weights.order_of(record.model_dump(mode="json")).design
    bad = [
        (weights, {**order, "settings": {"latent_dim": 3, "widths": [64, 32]}}, "do not fit dense: '"),
        (weights, {**order, "settings": {"latent_dim": 2}}, "do not fit dense: '"),
        (weights, {**order, "model": "dens"}, "did you mean 'dense'"),
        (weights, {"dataset": "digits"}, "neither a run.json nor an order"),
        (weights, {"model": "dense"}, "names no data set"),
        (weights[:500], order, "no safetensors file"),
        (b"\x80\x02pickle", order, "no safetensors file"),
        (weights[:-4] + np.float32(np.nan).tobytes(), order, "no finite numbers"),
    ]
    for content, config, why in bad:
        with pytest.raises(UserError, match=why):
            imported_weights.import_safetensors(content, config, "bad")
