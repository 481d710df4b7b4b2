"""A graph's own functions, put in the place of the steps that call them: counted before, since calls may multiply."""

from __future__ import annotations

from typing import Any

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Limits, size
from ae_models.runs import MOST_NODES

_MOST_FUNCTIONS = 200
_Name = tuple[str, str, str]


def in_place(proto: Any, name: str, limits: Limits) -> Any:
    """Return the model without functions of its own.

    Raises ``UserError`` where they call themselves, or would become more steps, or more bytes, than are read.
    """
    if not proto.functions:
        return proto
    from onnx import inliner

    _check_growth(proto, name, limits)
    try:
        return inliner.inline_local_functions(proto)
    except Exception as error:  # noqa: BLE001 - onnx raises what its C++ raises
        raise UserError(f"{name}: its functions cannot be put in place ({type(error).__name__})") from None


def _check_growth(proto: Any, name: str, limits: Limits) -> None:
    known = {(function.domain, function.name, function.overload): function for function in proto.functions}
    sums: dict[_Name, tuple[int, int]] = {}

    def total(nodes: Any, callers: tuple[_Name, ...]) -> tuple[int, int]:
        """Return how many steps, and bytes, these become."""
        steps = n_bytes = 0
        for node in nodes:
            key = (node.domain, node.op_type, node.overload)
            if key in callers or len(callers) > len(known):
                raise UserError(f"{name}: its functions call themselves")
            if key not in known:
                more = 1, node.ByteSize()
            else:
                if key not in sums:
                    sums[key] = total(known[key].node, (*callers, key))
                more = sums[key]
            steps, n_bytes = steps + more[0], n_bytes + more[1]
        return steps, n_bytes

    if len(known) > _MOST_FUNCTIONS:
        raise UserError(f"{name}: has {len(known):,} functions of its own, where at most {_MOST_FUNCTIONS} are read")
    steps, n_bytes = total(proto.graph.node, ())
    if steps > MOST_NODES:
        raise UserError(f"{name}: its functions become {steps:,} steps: at most {MOST_NODES:,} are served")
    if n_bytes > limits.graph_bytes:
        raise UserError(
            f"{name}: its functions become {size(n_bytes)}, where at most {size(limits.graph_bytes)} are read"
        )
