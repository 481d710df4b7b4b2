"""A stranger's encoder and decoder tried on real images: how images stand before them, and between which values."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ae_models.base import FloatArray, Shape, UserError
from ae_models.datasets.readers.limits import LIMITS, Limits
from ae_models.datasets.readers.names import shown
from ae_models.runs import (
    FIRST_SECONDS,
    IMPORTED_BATCH,
    SERVING_SECONDS,
    InMemory,
    check_pair,
    check_speed,
    run_within,
    session_of,
    wrapping,
)
from ae_models.runs.foreign_graph import Graph
from ae_models.runs.wrapping import Scale, layouts_for, shape_in

N_TRIED = 64
MOST_CODE = 4_096
_WORDS = {
    "mean": re.compile(r"(^|[^a-z])(z_?)?(mean|mu)([^a-z]|$)", re.IGNORECASE),
    "log_var": re.compile(r"log_?var|log_?variance|log_?sigma", re.IGNORECASE),
}


@dataclass
class Pair:
    """An encoder and a decoder in the form that is served, and what was found out on the way."""

    encoder: bytes
    decoder: bytes
    latent_dim: int
    found: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass(eq=False)
class _Trial:
    """One way to read both graphs, and the SSE of the images that come back."""

    layout_in: str
    scale_in: Scale
    layout_out: str
    scale_out: Scale
    sse: float


def pair(
    encoder: Graph, decoder: Graph, images: FloatArray, statistics: tuple[float, float], scale: str | None = None,
    limits: Limits = LIMITS,
) -> Pair:  # fmt: skip
    """Return the pair in the form that is served, after a round trip of real images.

    Parameters
    ----------
    images : (n, c, h, w) array in [0, 1]
        Real images that are to come back.
    statistics : (float, float)
        Mean and standard deviation of the training pixels, for ``standardized``.
    scale : str, optional
        ``0-1``, ``minus1-1``, ``0-255`` or ``standardized``: the values that the encoder takes. Without it the scale
        under which images come back best is taken.

    Raises
    ------
    UserError
        When the graphs take no such images, do not belong together, take one image only, give other numbers each
        time, or what they give is not finite; or when the scale that was given is plainly wrong.
    """
    shape: Shape = (int(images.shape[1]), int(images.shape[2]), int(images.shape[3]))
    images = images[:N_TRIED]
    known = wrapping.scales(*statistics)
    if scale is not None and scale not in known:
        raise UserError(f"unknown scale '{shown(scale)}': choose from {', '.join(known)}")
    outputs = _outputs(encoder)
    tried, sizes = _trials(encoder, decoder, outputs["mean"], images, shape, list(known.values()), limits)
    mean_image_sse = float(np.square(images - images.mean(axis=0)).sum() / len(images))
    best, warnings = _chosen(tried, scale, mean_image_sse)
    latent_dim = int(np.prod(sizes))
    made = Pair(
        wrapping.encoder(encoder, outputs, best.layout_in, best.scale_in, shape, latent_dim),
        wrapping.decoder(decoder, decoder.outputs[0], list(sizes), best.layout_out, best.scale_out, shape),
        latent_dim,
        warnings=warnings,
    )
    check_pair(made.encoder, made.decoder, shape, shape, latent_dim)
    _steady(made, images)
    made.found = {
        "encoder": {"producer": encoder.producer, "opset": encoder.opset, "layout": best.layout_in},
        "decoder": {"producer": decoder.producer, "opset": decoder.opset, "layout": best.layout_out},
        "scale": best.scale_in.name,
        "output_scale": best.scale_out.name,
        "round_trip_sse": round(best.sse, 4),
        "mean_image_sse": round(mean_image_sse, 4),
    }
    return made


def _outputs(graph: Graph) -> dict[str, str]:
    """Return which of an encoder's outputs is the mean, and which the logarithm of the variance."""
    by_name = {role: next((out for out in graph.outputs if word.search(out)), None) for role, word in _WORDS.items()}
    mean = by_name["mean"] or next(out for out in graph.outputs if out != by_name["log_var"] or len(graph.outputs) == 1)
    log_var = by_name["log_var"]
    return {"mean": mean, **({"log_var": log_var} if log_var and log_var != mean else {})}


class _Runner:
    """A graph as it came, with the sizes of one input filled in, that can be run."""

    def __init__(self, graph: Graph, sizes: tuple[int, ...], output: str) -> None:
        self.graph, self.sizes, self.output = graph, sizes, output
        self.session = session_of(graph.with_input_sizes(sizes), graph.name, fold=False)
        one = np.zeros((1, *sizes), np.float32)
        try:
            self._run(one, FIRST_SECONDS)
        except UserError:
            raise
        except Exception:  # noqa: BLE001 - what it does not take is told with real values
            return
        check_speed(graph.name, lambda: self._run(one))

    def __call__(self, values: FloatArray) -> FloatArray:
        """Run it; ``UserError`` when it does not take these values, or takes one at a time only."""
        try:
            starts = range(0, len(values), IMPORTED_BATCH)
            return np.concatenate([np.atleast_1d(self._run(values[at : at + IMPORTED_BATCH])) for at in starts])
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 - onnxruntime has no common base for its errors
            if self._takes_one(values[:1]):
                raise UserError(
                    f"{self.graph.name}: takes one at a time only: export it for any number (a dynamic first size)"
                ) from None
            raise UserError(f"{self.graph.name}: does not take these values ({_first(error)})") from None

    def _run(self, values: FloatArray, seconds: float = SERVING_SECONDS) -> FloatArray:
        from onnx import helper

        element = helper.tensor_dtype_to_np_dtype(self.graph.input_type)
        given = np.rint(values) if element == np.uint8 else values
        arranged = given.reshape(len(values), *self.sizes).astype(element)
        found = run_within(self.session, [self.output], {self.graph.input: arranged}, self.graph.name, seconds)
        return np.asarray(found[0], np.float32)

    def _takes_one(self, one: FloatArray) -> bool:
        try:
            self._run(one)
        except Exception:  # noqa: BLE001 - onnxruntime has no common base for its errors
            return False
        return True


def _first(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


def _arranged(images: FloatArray, layout: str, shape: Shape) -> Any:
    """Return images as they stand before a graph."""
    turned = np.moveaxis(images, 1, -1) if layout in ("pixels", "flat pixels") else images
    return np.ascontiguousarray(turned).reshape(len(images), *shape_in(layout, shape))


def _code_sizes(decoder: Graph, encoder: Graph, codes: FloatArray, n: int) -> tuple[int, ...]:
    """Return the sizes of one code as the decoder takes it; ``UserError`` where that is not what the encoder gives."""
    if codes.ndim < 2 or len(codes) != n:
        raise UserError(f"{encoder.name}: gives {codes.shape} for {n} images, where a code for each is expected")
    latent_dim = int(np.prod(codes.shape[1:]))
    if not 1 <= latent_dim <= MOST_CODE:
        raise UserError(f"{encoder.name}: gives codes of {latent_dim:,} numbers, where 1 to {MOST_CODE:,} are served")
    dims = decoder.dims
    if dims is None or sum(dim is None for dim in dims) > 1:
        return (latent_dim,)
    fixed = int(np.prod([dim for dim in dims if dim is not None]))
    sizes = tuple(dim if dim is not None else latent_dim // max(fixed, 1) for dim in dims)
    if int(np.prod(sizes)) != latent_dim:
        wanted = " x ".join("any" if dim is None else str(dim) for dim in dims)
        raise UserError(f"{decoder.name}: takes codes of {wanted} numbers, where the encoder gives {latent_dim}")
    return sizes


def _layouts(graph: Graph, shape: Shape) -> list[str]:
    found = layouts_for(graph.dims, shape)
    if not found:
        wanted = " x ".join("any" if dim is None else str(dim) for dim in graph.dims or ())
        raise UserError(
            f"{graph.name}: takes {wanted} numbers an image, where these data have "
            f"{' x '.join(map(str, shape))} (channels x height x width)"
        )
    return found


def _trials(
    encoder: Graph, decoder: Graph, mean: str, images: FloatArray, shape: Shape, known: list[Scale], limits: Limits
) -> tuple[list[_Trial], tuple[int, ...]]:
    """Send the images through both graphs in every way that fits; return also the sizes of one code."""
    start = time.monotonic()
    tried: list[_Trial] = []
    sizes: tuple[int, ...] = ()
    draw: _Runner | None = None
    for layout_in in _layouts(encoder, shape):
        encode = _Runner(encoder, shape_in(layout_in, shape), mean)
        arranged = _arranged(images, layout_in, shape)
        for scale_in in known:
            codes = encode(np.asarray(scale_in.factor * arranged + scale_in.shift, np.float32))
            if draw is None:
                sizes = _code_sizes(decoder, encoder, codes, len(images))
                draw = _Runner(decoder, sizes, decoder.outputs[0])
            found = draw(codes)
            if time.monotonic() - start > limits.graph_seconds:
                raise UserError(
                    f"{encoder.name}: {len(images)} images take more than {limits.graph_seconds:g} seconds: too slow"
                )
            for layout_out, scale_out in itertools.product(_output_layouts(decoder, found, len(images), shape), known):
                with np.errstate(over="ignore", invalid="ignore"):
                    drawn = (_as_images(found, layout_out, shape) - scale_out.shift) / scale_out.factor
                    sse = float(np.square(drawn - images).sum() / len(images))
                tried.append(_Trial(layout_in, scale_in, layout_out, scale_out, sse if np.isfinite(sse) else np.inf))
    return tried, sizes


def _output_layouts(decoder: Graph, found: FloatArray, n: int, shape: Shape) -> list[str]:
    """Return the layouts that what a decoder drew may stand in."""
    layouts = layouts_for(found.shape[1:], shape) if len(found) == n else []
    if not layouts:
        raise UserError(
            f"{decoder.name}: draws {' x '.join(map(str, found.shape[1:]))} for each code, where these data have "
            f"{' x '.join(map(str, shape))} (channels x height x width)"
        )
    return layouts


def _as_images(found: FloatArray, layout: str, shape: Shape) -> FloatArray:
    c, h, w = shape
    if layout in ("pixels", "flat pixels"):
        return np.moveaxis(found.reshape(len(found), h, w, c), -1, 1)
    return found.reshape(len(found), c, h, w)


def _chosen(tried: list[_Trial], scale: str | None, mean_image_sse: float) -> tuple[_Trial, list[str]]:
    """Return the way under which images come back best, and what to warn of."""
    if not any(np.isfinite(trial.sse) for trial in tried):
        raise UserError("what comes back from encoder and decoder is not finite for real images")
    best = min(tried, key=lambda trial: trial.sse)
    allowed = tried
    if scale is not None:
        allowed = [t for t in tried if t.scale_in.name == scale and t.scale_out.name in (scale, "0-1")]
    elif best.sse >= mean_image_sse:  # nothing tells: as plain as it can be
        allowed = [t for t in tried if t.scale_in.name == "0-1" and t.scale_out.name == "0-1"]
    mine = min(allowed, key=lambda trial: trial.sse)
    if scale is not None and mine.sse >= mean_image_sse and best.sse < 0.7 * mean_image_sse:
        raise UserError(
            f"scale '{scale}': images come back with error {mine.sse:.2f}, no better than the mean image "
            f"({mean_image_sse:.2f}); with '{best.scale_in.name}' it is {best.sse:.2f}"
        )
    if not np.isfinite(mine.sse):
        raise UserError(f"under scale '{mine.scale_in.name}' what comes back is not finite for real images")
    if mine.sse >= mean_image_sse:
        return mine, [
            f"images come back with error {mine.sse:.2f}, no better than the mean image ({mean_image_sse:.2f}): "
            "is it trained, and on these data?"
        ]
    return mine, []


def _steady(made: Pair, images: FloatArray) -> None:
    """Raise ``UserError`` unless numbers come out the same twice, and alone as together."""
    graphs = InMemory(made.encoder, made.decoder, "the imported pair")
    for what, run, values in (
        ("encoder", graphs.encode, images[:5]),
        ("decoder", graphs.decode, graphs.encode(images[:5])),
    ):
        once, again = run(values), run(values)
        alone = np.concatenate([run(values[row : row + 1]) for row in range(len(values))])
        near = 1e-3 * max(1.0, float(np.abs(once).max()))
        if np.abs(once - again).max() > near:
            raise UserError(f"the {what} gives other numbers each time: export it for use, not for training")
        if np.abs(once - alone).max() > near:
            raise UserError(f"the {what} gives other numbers for images together than alone: export it for use")
