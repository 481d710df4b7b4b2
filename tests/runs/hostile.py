"""Hostile graphs, and a script that sends each through both doors in its own process: words, peak, processor time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT, INT, DOUBLE, HALF, TEXT = (
    TensorProto.FLOAT,
    TensorProto.INT64,
    TensorProto.DOUBLE,
    TensorProto.FLOAT16,
    TensorProto.STRING,
)
SHAPE, K = (1, 8, 8), 2
Nodes = list[Any]
Constants = dict[str, Any]
op = helper.make_node


def sizes(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def model(nodes: Nodes, constants: Constants, given: str, made: str, *, opset: int = 20, **more: Any) -> Any:
    """A graph from codes to images, or from images to codes."""
    faces = {"image": ["n", *SHAPE], "code": ["n", K], "mean": ["n", K]}
    named = [numpy_helper.from_array(value, name) for name, value in constants.items() if isinstance(value, np.ndarray)]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(given, FLOAT, faces[given])],
        [helper.make_tensor_value_info(made, FLOAT, faces[made])],
        [*named, *(value for value in constants.values() if not isinstance(value, np.ndarray))],
    )
    domains = more.pop("domains", [])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), *domains], ir_version=9, **more)


def encoder() -> bytes:
    weights = np.random.default_rng(0).normal(size=(64, K)).astype("f") / 8
    nodes = [op("Reshape", ["image", "flat"], ["row"]), op("MatMul", ["row", "w"], ["mean"])]
    made: bytes = model(nodes, {"flat": sizes(-1, 64), "w": weights}, "image", "mean").SerializeToString()
    return made


def decoder(nodes: Nodes = [], constants: Constants | None = None, **more: Any) -> Any:  # noqa: B006 - it is not changed
    """A plain decoder to which ``nodes`` add a number ``p``, or one a code; without nodes it is an honest one."""
    weights = np.random.default_rng(1).normal(size=(K, 64)).astype("f") / 8
    plain = {"w": weights, "to": sizes(-1, *SHAPE)}
    tail = [op("MatMul", ["code", "w"], ["row"])]
    tail.append(op("Add", ["row", "p"], ["moved"]) if nodes else op("Identity", ["row"], ["moved"]))
    tail.append(op("Reshape", ["moved", "to"], ["image"]))
    return model([*nodes, *tail], {**plain, **(constants or {})}, "code", "image", **more)


def summed(*nodes: Any, **constants: Any) -> Any:
    """A decoder that adds the sum of a large value ``big``."""
    return decoder([*nodes, op("ReduceSum", ["big"], ["p"], keepdims=0)], constants)


def of_each(*nodes: Any, **constants: Any) -> Any:
    """A decoder that adds the sum of a large value ``big`` ``(n, ...)`` for each code."""
    flat = [op("Flatten", ["big"], ["flat"]), op("ReduceSum", ["flat", "one"], ["p"], keepdims=1)]
    return decoder([*nodes, *flat], {**constants, "one": sizes(1)})


def _sparse_tensor() -> Any:
    values = helper.make_tensor("big", FLOAT, [1], [1.0])
    return helper.make_sparse_tensor(values, helper.make_tensor("i", INT, [1], [0]), [500_000_000])


def _sparse() -> Any:
    made = summed()
    made.graph.sparse_initializer.append(_sparse_tensor())
    return made


def _sparse_in_a_function() -> Any:
    inner = op("Constant", [], ["y"], sparse_value=_sparse_tensor())
    function = helper.make_function("own", "F", [], ["y"], [inner], [helper.make_opsetid("", 20)])
    calls = [op("F", [], ["big"], domain="own"), op("ReduceSum", ["big"], ["p"], keepdims=0)]
    return decoder(calls, domains=[helper.make_opsetid("own", 1)], functions=[function])


def _doubling() -> Any:
    chain = [op("Concat", ["c0", "c0"], ["c1"], axis=0)]
    chain += [op("Concat", [f"c{place}"] * 2, [f"c{place + 1}"], axis=0) for place in range(1, 40)]
    return summed(*chain, op("Identity", ["c40"], ["big"]), c0=np.ones(4, "f"))


def _doubling_sizes() -> Any:
    """Sizes, not values, that double: what follows sizes must not grow with them."""
    chain = [op("Shape", ["code"], ["s0"])]
    chain += [op("Concat", [f"s{place}"] * 2, [f"s{place + 1}"], axis=0) for place in range(30)]
    return decoder([*chain, op("Cast", ["s30"], ["f"], to=FLOAT), op("ReduceSum", ["f"], ["p"], keepdims=0)])


def _many_sums() -> Any:
    nodes = []
    for place in range(10):
        nodes.append(op("ConstantOfShape", ["size"], [f"m{place}"]))
        nodes.append(op("ReduceSum", [f"m{place}"], [f"r{place}"], keepdims=0))
    nodes.append(op("Sum", [f"r{place}" for place in range(10)], ["p"]))
    return decoder(nodes, {"size": sizes(15_000_000)})


def _within(operator: str, **attributes: Any) -> Callable[[], Any]:
    body = helper.make_graph(
        [op("Identity", ["code"], ["b"])], "b", [], [helper.make_tensor_value_info("b", FLOAT, None)]
    )

    def made() -> Any:
        graphs = {name: body if value is None else value for name, value in attributes.items()}
        return decoder([op(operator, ["yes"], ["p"], **graphs)], {"yes": np.array(True)})

    return made


def _in_a_function(domain: str = "own") -> Any:
    body = helper.make_graph([], "b", [], [helper.make_tensor_value_info("x", FLOAT, None)])
    inner = op("If", ["x"], ["y"], then_branch=body, else_branch=body)
    function = helper.make_function(domain, "F", ["x"], ["y"], [inner], [helper.make_opsetid("", 20)])
    call = op("F", ["code"], ["p"], domain=domain)
    return decoder([call], domains=[helper.make_opsetid(domain, 1)], functions=[function])


def _functions(calls_itself: bool) -> Any:
    """Functions that call the one before twice: 2 to the 30th steps; or one that calls itself."""
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("own", 1)]
    functions = [helper.make_function("own", "F0", ["x"], ["y"], [op("Identity", ["x"], ["y"])], opsets)]
    for place in range(1, 31):
        before = f"F{place}" if calls_itself else f"F{place - 1}"
        nodes = [op(before, ["x"], ["m"], domain="own"), op(before, ["m"], ["y"], domain="own")]
        functions.append(helper.make_function("own", f"F{place}", ["x"], ["y"], nodes, opsets))
    calls = [op("F30", ["one"], ["p"], domain="own")]
    return decoder(calls, {"one": np.ones(1, "f")}, domains=[helper.make_opsetid("own", 1)], functions=functions)


def _promises(*dims: int, kind: int = FLOAT) -> Any:
    return summed(big=TensorProto(name="big", data_type=kind, dims=dims, raw_data=b"1234"))


def _cycle() -> Any:
    return decoder([op("Add", ["b", "code"], ["a"]), op("Identity", ["a"], ["b"]), op("Identity", ["b"], ["p"])])


def _long() -> Any:
    chain = [op("Relu", ["code" if not place else f"c{place}"], [f"c{place + 1}"]) for place in range(5_000)]
    return decoder([*chain, op("ReduceSum", ["c5000"], ["p"], keepdims=0)])


def _external() -> Any:
    tensor = TensorProto(name="big", data_type=FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../../../etc/passwd"
    return summed(big=tensor)


def _text() -> Any:
    tensor = TensorProto(name="text", data_type=TEXT, dims=[1], string_data=[b"a"])
    return decoder([op("Cast", ["text"], ["p"], to=FLOAT)], {"text": tensor})


def _twice() -> Any:
    made = summed(op("Identity", ["b"], ["big"]), b=np.ones(4, "f"))
    made.graph.initializer.append(numpy_helper.from_array(np.ones(400, "f"), "b"))
    return made


def _lies() -> Any:
    """A graph that says of a huge value that it is small."""
    made = summed(op("Expand", ["a", "s"], ["big"]), a=np.ones(1, "f"), s=sizes(100_000, 100_000))
    made.graph.value_info.append(helper.make_tensor_value_info("big", FLOAT, [1]))
    return made


def _two_inputs() -> Any:
    made = decoder()
    made.graph.input.append(helper.make_tensor_value_info("other", FLOAT, [1]))
    return made


def _empty_parts() -> bytes:
    """20 million bytes of empty steps: each becomes an object of over a hundred bytes."""
    nodes = b"\x0a\x00" * 10_000_000
    length = bytes([(len(nodes) >> shift & 0x7F) | (0x80 if shift < 21 else 0) for shift in (0, 7, 14, 21)])
    return encoder() + b"\x3a" + length + nodes


def _dilated(**attributes: Any) -> Any:
    nodes = [op("Reshape", ["code", "four"], ["x"]), op("ConvTranspose", ["x", "k"], ["big"], **attributes)]
    kernel = np.ones((1, 1, 2, 2), "f")
    return of_each(*nodes, four=sizes(-1, 1, 1, 2), k=kernel)


def _cropped() -> Any:
    """A transposed convolution of 64 million products a place, of which its padding leaves one number."""
    nodes = [
        op("Expand", ["a", "wide"], ["k"]),
        op("ReduceMean", ["code", "axes"], ["m"], keepdims=1),
        op("Reshape", ["m", "four"], ["m4"]),
        op("Expand", ["m4", "places"], ["x"]),
        op("ConvTranspose", ["x", "k"], ["big"], pads=[1_000, 1_000, 1_000, 1_000]),
    ]
    numbers = {"wide": sizes(1, 1, 2_001, 2_001), "four": sizes(-1, 1, 1, 1), "places": sizes(1, 1, 30, 30)}
    return of_each(*nodes, a=np.ones(1, "f"), axes=sizes(1), **numbers)


def _endless() -> Any:
    nodes = [
        op("Reshape", ["code", "four"], ["x"]),
        op("Expand", ["x", "wide"], ["m"]),
        op("MaxPool", ["m"], ["big"], kernel_shape=[1_999, 1_999], pads=[999, 999, 999, 999]),
    ]
    return of_each(*nodes, four=sizes(-1, 1, 1, 2), wide=sizes(1, 1, 2_000, 2))


def _expand(kind: int) -> Any:
    made = helper.tensor_dtype_to_np_dtype(kind)
    nodes = [op("Expand", ["a", "s"], ["e"]), op("ReduceSum", ["e"], ["r"], keepdims=0)]
    return decoder([*nodes, op("Cast", ["r"], ["p"], to=FLOAT)], {"a": np.ones(1, made), "s": sizes(10**5, 10**5)})


def _outer(equation: str, n_operands: int, length: int) -> Any:
    nodes = [op("ConstantOfShape", ["s"], ["v"]), op("Einsum", ["v"] * n_operands, ["big"], equation=equation)]
    return summed(*nodes, s=sizes(length))


def _reductions() -> Any:
    nodes, sums = [], []
    for place in range(30):
        nodes += [op("Tile", ["code", "wide"], [f"b{place}"]), op("ReduceSum", [f"b{place}", "one"], [f"r{place}"])]
        nodes[-2].input[0] = "code" if not place else f"r{place - 1}"
        sums.append(f"r{place}")
    return decoder([*nodes, op("Sum", sums, ["p"])], {"wide": sizes(1, 3_000_000), "one": sizes(1)})


def _held() -> Any:
    """Forty steps of 12 MB for each code, all of them needed at the end."""
    made = [op("Tile", ["code", "wide"], [f"b{place}"]) for place in range(40)]
    add = op("Sum", [f"b{place}" for place in range(40)], ["big"])
    return of_each(*made, add, wide=sizes(1, 1_500_000))


def _resize(**given: Any) -> Any:
    names = ["x", "", "scales"] if "scales" in given else ["x", "", "", "goal"]
    nodes = [op("Reshape", ["code", "four"], ["x"]), op("Resize", names, ["big"], mode="nearest")]
    return of_each(*nodes, four=sizes(-1, 1, 1, 2), **given)


def _upsample() -> Any:
    nodes = [op("Reshape", ["code", "four"], ["x"]), op("Upsample", ["x", "s"], ["m"])]
    nodes += [op("Flatten", ["m"], ["f"]), op("ReduceSum", ["f"], ["p"], axes=[1], keepdims=1)]
    return decoder(nodes, {"four": sizes(-1, 1, 1, 2), "s": np.array([1, 1, 1e5, 1e5], "f")}, opset=9)


def _by_itself() -> Any:
    nodes = [op("Transpose", ["code"], ["t"]), op("MatMul", ["code", "t"], ["square"])]
    return decoder([*nodes, op("ReduceSum", ["square", "one"], ["p"], keepdims=1)], {"one": sizes(1)})


def _by_the_batch() -> Any:
    nodes = [
        op("Shape", ["code"], ["s"]),
        op("Gather", ["s", "zero"], ["n"]),
        op("Mul", ["n", "many"], ["nn"]),
        op("Concat", ["nn", "n"], ["wide"], axis=0),
        op("Expand", ["one", "wide"], ["e"]),
        op("ReduceSum", ["e"], ["p"], keepdims=0),
    ]
    return decoder(nodes, {"zero": sizes(0), "many": sizes(1_000), "one": np.ones(1, "f")})


def _unknown() -> Any:
    nodes = [op("Cast", ["code"], ["i"], to=INT), op("ReduceMax", ["i"], ["m"], keepdims=0)]
    more = [op("Range", ["zero", "m", "step"], ["r"]), op("Cast", ["r"], ["big"], to=FLOAT)]
    return summed(*nodes, *more, zero=np.array(0), step=np.array(1))


def _nested() -> bytes:
    """Graphs in the attribute of a step in a graph, 2,000 deep."""
    content = b""
    for place in range(2_001):
        field = (b"\x32", b"\x2a", b"\x0a")[place % 3]  # graph of an attribute of a node of a graph
        length = len(content)
        content = field + bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14]) + content
    return b"\x3a" + bytes([len(content) & 0x7F | 0x80, len(content) >> 7 & 0x7F | 0x80, len(content) >> 14]) + content


LARGE = "too large to be served"
CASES: dict[str, tuple[Callable[[], Any], str]] = {
    "a sparse initializer": (_sparse, "sparse tensor, which is not served"),
    "a sparse constant": (
        lambda: summed(op("Constant", [], ["big"], sparse_value=_sparse_tensor())),
        "sparse tensor, which is not served",
    ),
    "a sparse constant in a function": (_sparse_in_a_function, "functions of its own|sparse tensor"),
    "Expand": (lambda: summed(op("Expand", ["a", "s"], ["big"]), a=np.ones(1, "f"), s=sizes(10**5, 10**5)), LARGE),
    "Expand of each code": (lambda: of_each(op("Tile", ["code", "s"], ["big"]), s=sizes(1, 10**9)), LARGE),
    "Expand of halves": (lambda: _expand(HALF), LARGE),
    "Expand of doubles": (lambda: _expand(DOUBLE), LARGE),
    "Tile": (lambda: summed(op("Tile", ["a", "s"], ["big"]), a=np.ones(9, "f"), s=sizes(10**9)), LARGE),
    "Tile beyond 64 bits": (
        lambda: summed(op("Tile", ["a", "s"], ["big"]), a=np.ones(64, "f"), s=sizes(2**58)),
        "no sound ONNX graph",
    ),
    "ConstantOfShape": (lambda: summed(op("ConstantOfShape", ["s"], ["big"]), s=sizes(10**5, 10**5)), LARGE),
    "ten constants of 60 MB": (_many_sums, LARGE),
    "Resize by scales": (lambda: _resize(scales=np.array([1, 1, 1e4, 1e4], "f")), LARGE),
    "Resize to sizes": (lambda: _resize(goal=sizes(1, 1, 10**5, 10**5)), LARGE),
    "Upsample": (_upsample, LARGE),
    "Range": (
        lambda: summed(
            op("Range", ["a", "b", "c"], ["r"]), op("Cast", ["r"], ["big"], to=FLOAT),
            a=np.array(0), b=np.array(10**9), c=np.array(1),
        ),
        LARGE,
    ),
    "Range of values": (_unknown, "size is not known beforehand: 'Range'"),
    "Pad": (lambda: of_each(op("Pad", ["code", "s"], ["big"]), s=sizes(0, 0, 0, 10**9)), LARGE),
    "OneHot": (
        lambda: summed(
            op("OneHot", ["a", "d", "v"], ["big"]), a=sizes(0, 1), d=np.array(10**9), v=np.array([0, 1], "f")
        ),
        LARGE,
    ),
    "Concat that doubles": (_doubling, LARGE),
    "sizes that double": (_doubling_sizes, LARGE),
    "Gather": (
        lambda: summed(
            op("ConstantOfShape", ["s"], ["t"]), op("ConstantOfShape", ["m"], ["f"]),
            op("Cast", ["f"], ["i"], to=INT), op("Gather", ["t", "i"], ["big"]), s=sizes(1, 10**5), m=sizes(10**5),
        ),
        LARGE,
    ),
    "Einsum, an outer product": (lambda: _outer("i,j->ij", 2, 10**5), LARGE),
    "Einsum, large only inside": (lambda: _outer("i,j,k,i,j,k->", 6, 10**4), LARGE),
    "MatMul, an outer product": (
        lambda: summed(
            op("ConstantOfShape", ["s"], ["a"]), op("ConstantOfShape", ["t"], ["b"]),
            op("MatMul", ["a", "b"], ["big"]), s=sizes(10**5, 1), t=sizes(1, 10**5),
        ),
        LARGE,
    ),
    "ConvTranspose of a huge stride": (lambda: _dilated(strides=[10**9, 10**9]), LARGE),
    "ConvTranspose with a huge padding of its output": (
        lambda: _dilated(strides=[10**5, 1], output_padding=[10**4, 0], dilations=[10**5, 10**5]), LARGE,
    ),
    "ConvTranspose, large only inside": (_cropped, LARGE),
    "a window that takes for ever": (_endless, "too slow to be served: 'MaxPool'"),
    "random numbers": (
        lambda: summed(op("RandomNormal", [], ["big"], shape=[10**5, 10**5])), LARGE,
    ),
    "a window of a thousand million": (lambda: summed(op("HannWindow", ["s"], ["big"]), s=np.array(10**9)), LARGE),
    "a Fourier transform": (
        lambda: summed(
            op("DFT", ["a", "s"], ["big"], axis=1), a=np.ones((1, 8, 1), "f"), s=np.array(10**9)
        ),
        f"{LARGE}|no sound",
    ),
    "Multinomial": (
        lambda: of_each(
            op("Multinomial", ["code"], ["m"], sample_size=10**9), op("Cast", ["m"], ["big"], to=FLOAT)
        ),
        LARGE,
    ),
    "an affine grid": (
        lambda: summed(op("AffineGrid", ["a", "s"], ["big"]), a=np.ones((1, 2, 3), "f"), s=sizes(1, 1, 10**5, 10**5)),
        LARGE,
    ),
    "a chain of large sums": (_reductions, LARGE),
    "forty that are held at once": (_held, f"{LARGE}: 16 images take"),
    "If": (_within("If", then_branch=None, else_branch=None), "not served here: 'If'"),
    "Loop": (_within("Loop", body=None), "not served here: 'Loop'"),
    "Scan": (_within("Scan", body=None, num_scan_inputs=1), "not served here: 'Scan'"),
    "SequenceMap": (_within("SequenceMap", body=None), "not served here: 'SequenceMap'"),
    "any step with a graph within": (_within("Relu", body=None), "not served here: 'Relu'"),
    "a function with a graph within": (_in_a_function, "functions of its own|not served here: 'If'"),
    "a function called as ONNX's own": (lambda: _in_a_function(""), "functions of its own|not served here: 'If'"),
    "functions that multiply": (lambda: _functions(False), "functions of its own|become 1,073,741,"),
    "functions that call themselves": (lambda: _functions(True), "functions of its own|call themselves"),
    "sizes without numbers": (lambda: _promises(10**5, 10**5), "promises 10,000,000,000 numbers and holds 1"),
    "sizes beyond 64 bits": (lambda: _promises(2**32, 2**32), "promises 18,446,744,073,709,551,616 numbers"),
    "a negative size": (lambda: _promises(-1, 4), "negative size"),
    "a type that is none": (lambda: _promises(1, kind=99), "undefined values"),
    "a circle": (_cycle, "no sound ONNX graph"),
    "thousands of steps": (_long, "5,00. steps: at most 2,000"),
    "millions of empty parts": (_empty_parts, "more than 500,000 parts"),
    "graphs 2,000 deep": (_nested, "parts deeper than"),
    "text": (_text, "string values"),
    "text made of numbers": (
        lambda: decoder([op("Cast", ["code"], ["t"], to=TEXT), op("Cast", ["t"], ["p"], to=FLOAT)]), "string values",
    ),
    "another file": (_external, "another file"),
    "an operator of its own": (
        lambda: decoder([op("Fast", ["code"], ["p"], domain="evil")], domains=[helper.make_opsetid("evil", 1)]),
        "not served here: 'Fast'|not part of ONNX",
    ),
    "an operator that is none": (lambda: decoder([op("Magic", ["code"], ["p"])]), "Magic"),
    "every code with every other": (_by_itself, "grows faster than the number of images"),
    "sizes made of the number of codes": (_by_the_batch, "grows faster than the number of images"),
    "numbers of two types": (lambda: decoder([op("Add", ["to", "w"], ["p"])]), "no sound ONNX graph"),
    "an optional value": (lambda: decoder([op("Optional", ["code"], ["p"])]), "not known beforehand"),
    "a sequence": (lambda: decoder([op("SequenceConstruct", ["code"], ["p"])]), "not known beforehand"),
    "a name twice": (_twice, "two tensors called"),
    "two steps that make one value": (
        lambda: decoder([op("Identity", ["code"], ["p"]), op("Relu", ["code"], ["p"])]), "two steps make"
    ),
    "a size that is said wrong": (_lies, LARGE),
    "two inputs": (_two_inputs, "has 2 inputs"),
    "a negative size to expand to": (
        lambda: summed(op("Expand", ["a", "s"], ["big"]), a=np.ones(1, "f"), s=sizes(-7, 4)), "not known|no sound"
    ),
}  # fmt: skip


def told(name: str) -> dict[str, str]:
    """Return what both doors say of a case."""
    from ae_models.base import UserError
    from ae_models.runs import check_pair, foreign_graph
    from ae_models.runs.pairing import pair

    made = CASES[name][0]()
    content = made if isinstance(made, bytes) else made.SerializeToString()
    images = np.random.default_rng(0).random((64, *SHAPE)).astype("f")

    def by_pair() -> None:
        halves = [foreign_graph.load(half, graph) for half, graph in (("e.onnx", encoder()), ("d.onnx", content))]
        pair(halves[0], halves[1], images, (0.5, 0.3))

    found = {}
    doors = {"zip": lambda: check_pair(encoder(), content, SHAPE, SHAPE, K), "pair": by_pair}
    for door, attempt in doors.items():
        try:
            attempt()
            found[door] = "taken"
        except UserError as mistake:
            found[door] = str(mistake)
    return found


def measured(name: str) -> dict[str, Any]:
    """Return what is said of a case, with the peak of memory and the processor seconds of a process of its own."""
    import resource

    read, write = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        said = told(name)
        os.write(write, json.dumps(said).encode())
        os._exit(0)
    os.close(write)
    _, status, usage = os.wait4(child, 0)
    said = json.loads(os.read(read, 65_536) or b"{}")
    os.close(read)
    peak = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return {"said": said, "status": status, "peak_mb": peak, "seconds": usage.ru_utime + usage.ru_stime}


def main(names: Sequence[str]) -> None:
    import resource

    import onnxruntime  # noqa: F401 - what every case needs is loaded before the first

    from ae_models.runs import foreign_graph, pairing  # noqa: F401

    assert onnx.__version__
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    found = {name: measured(name) for name in names or CASES}
    sys.stdout.write(json.dumps({"start_mb": start, "cases": found}))


if __name__ == "__main__":
    main(sys.argv[1:])
