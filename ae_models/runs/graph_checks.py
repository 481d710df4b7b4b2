"""What is asked of a graph from elsewhere before it is run: it stands alone, and its size and its work are known."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ae_models.base import FloatArray, Shape, UserError
from ae_models.runs.graph_file import check_stands_alone, check_tensors, parsed, tensors_of
from ae_models.runs.graph_sizes import measure
from ae_models.runs.graphs import InMemory, session_of
from ae_models.runs.time_limit import run_within

MOST_NODES = 2_000
_MOST_STEP_BYTES = 16_000_000  # of one step for one image
_COUNTED = 16  # images for which memory is counted: more than are served at once
_MOST_TOGETHER_BYTES = 512_000_000  # of what is held at once for so many
_MOST_CONSTANT_BYTES = 256_000_000  # of all that does not depend on the image: ONNX Runtime keeps it
_MOST_WORK = 500_000_000  # multiplications of one step for one image: a step that runs cannot be stopped, and some
# processors take a hundred times as long for numbers near 1e-39, which it may be made to meet later on
_MOST_SECONDS = 1.0  # for one image, as the median of three
FIRST_SECONDS = 10.0  # for the first, with all that is made of constants
_REFUSED = {"Loop", "Scan", "If", "SequenceMap", "TfIdfVectorizer"}  # graphs within; and one of unbounded work


def check_pair(encoder: bytes, decoder: bytes, input_shape: Shape, output_shape: Shape, latent_dim: int) -> None:
    """Raise ``UserError`` unless two graphs are an encoder and a decoder as the graph contract says.

    Each stands alone, has a known size, takes two images (or codes) to finite codes (or images) of these shapes, and
    takes no more than a second for one.
    """
    check_graph("encoder.onnx", encoder, input_shape)
    check_graph("decoder.onnx", decoder, (latent_dim,))
    images, codes = np.zeros((2, *input_shape), np.float32), np.zeros((2, latent_dim), np.float32)
    try:
        for name, graph, given, output in (
            ("encoder.onnx", encoder, {"image": images[:1]}, "mean"),
            ("decoder.onnx", decoder, {"code": codes[:1]}, "image"),
        ):
            run_within(session_of(graph, name, fold=False), [output], given, name, FIRST_SECONDS)
        graphs = InMemory(encoder, decoder)
        found_codes, found_images = graphs.encode(images), graphs.decode(codes)
        check_speed("encoder.onnx", lambda: graphs.encode(images[:1]))
        check_speed("decoder.onnx", lambda: graphs.decode(codes[:1]))
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - onnxruntime has no common base for its errors
        first = str(error).splitlines()[0][:200]
        raise UserError(f"the graphs do not take these images and codes ({first})") from None
    for what, found, wanted in (("codes", found_codes, (latent_dim,)), ("images", found_images, output_shape)):
        if found.shape != (2, *wanted):
            raise UserError(f"the graphs give {what} of {_text(found.shape[1:])}: they should have {_text(wanted)}")
        if not np.isfinite(found).all():
            raise UserError(f"the graphs give {what} that are not finite")


def check_speed(name: str, once: Callable[[], FloatArray]) -> None:
    """Raise ``UserError`` where a graph takes more than a second for one image: the median of three, after one more."""
    once()
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        once()
        taken.append(time.perf_counter() - start)
    median = statistics.median(taken)
    if median > _MOST_SECONDS:
        raise UserError(f"{name} takes {median:.1f} seconds for one image: at most {_MOST_SECONDS:g} is served")


def check_graph(name: str, graph: bytes, sizes: tuple[int, ...] | None = None) -> None:
    """Raise ``UserError`` where a graph must not be run: nothing of it is run here, and no session made.

    It must stand alone: no other files, no operators of its own, no graphs within (loops, choices), no sparse
    tensors. Every tensor is counted by what it will be in memory, and every step by the work that it is:

    - tensors in the file, 256 MB; what is made of them alone, 256 MB more;
    - one step for one image, 16 MB and 500 million multiplications;
    - all that is held at once for 16 images, 512 MB; it grows no faster than their number.

    Parameters
    ----------
    sizes : tuple of int, optional
        Those of one image, or one code; by default those that the graph itself says.
    """
    proto = parsed(name, graph)
    nodes = proto.graph.node
    if proto.functions or proto.training_info:
        raise UserError(f"{name} brings functions of its own, which are not served")
    if len(nodes) > MOST_NODES:
        raise UserError(f"{name} has {len(nodes):,} steps: at most {MOST_NODES:,} are served")
    check_stands_alone(name, proto.graph)
    for node in nodes:
        if node.op_type in _REFUSED or node.domain not in ("", "ai.onnx"):
            raise UserError(f"{name} has an operator that is not served here: {node.op_type[:40]!r}")
    check_tensors(name, tensors_of(proto.graph))
    _check_sizes(name, proto, sizes)


def _check_sizes(name: str, proto: Any, sizes: tuple[int, ...] | None) -> None:
    one = measure(name, proto, sizes, 1)
    for step in one.steps:
        most = _MOST_STEP_BYTES if step.of_image else _MOST_CONSTANT_BYTES
        if step.n_bytes > most:
            what = "for one image" if step.of_image else "of constants"
            raise UserError(
                f"{name} is too large to be served: '{step.operator}' takes {step.n_bytes:,} bytes {what}, "
                f"where at most {most:,} are served"
            )
        if step.work > _MOST_WORK:
            raise UserError(
                f"{name} is too slow to be served: '{step.operator}' is {step.work:,} multiplications, "
                f"where at most {_MOST_WORK:,} are served"
            )
    if one.constant_bytes > _MOST_CONSTANT_BYTES:
        largest = max((step for step in one.steps if not step.of_image), key=lambda step: step.n_bytes)
        raise UserError(
            f"{name} is too large to be served: what it makes of constants takes {one.constant_bytes:,} bytes, where "
            f"at most {_MOST_CONSTANT_BYTES:,} are served ('{largest.operator}' makes {largest.n_bytes:,})"
        )
    many = measure(name, proto, sizes, _COUNTED)
    for step, step_of_one in zip(many.steps, one.steps, strict=True):
        if step.n_bytes > _COUNTED * max(step_of_one.n_bytes, 1):
            raise UserError(f"{name} has a step that grows faster than the number of images: '{step.operator}'")
    if many.together_bytes > _MOST_TOGETHER_BYTES:
        raise UserError(
            f"{name} is too large to be served: {_COUNTED} images take {many.together_bytes:,} bytes at once, "
            f"where at most {_MOST_TOGETHER_BYTES:,} are served"
        )


def _text(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape) or "no size"
