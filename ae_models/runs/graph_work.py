"""What a step costs beside what it gives: multiplications, and memory that it needs while it runs."""

from __future__ import annotations

import math
from typing import Any

Sizes = list[int]

_FLOAT_BYTES = 4
_RECURRENT = ("LSTM", "GRU", "RNN")


def work(node: Any, given: list[Sizes], made: list[Sizes]) -> int:
    """Return about how many numbers a step multiplies, adds or compares.

    Parameters
    ----------
    node : NodeProto
    given, made : list of sizes
        Those of its inputs and of its outputs; an input that is left out has none.
    """
    out = sum(map(math.prod, made))
    read = sum(map(math.prod, given))
    operator, about = node.op_type, _numbers(node)
    first = given[0] if given else []
    if operator in ("MatMul", "MatMulInteger", "QLinearMatMul"):
        return max(out, 1) * (first[-1] if first else 1)
    if operator == "Gemm":
        return max(out, 1) * (first[0 if about.get("transA") else -1] if first else 1)
    if operator in ("Conv", "ConvInteger", "QLinearConv", "DeformConv"):
        return out * math.prod(_kernel(operator, given))
    if operator == "ConvTranspose":
        return math.prod(first) * math.prod(_kernel(operator, given))
    if operator in ("MaxPool", "AveragePool", "LpPool"):
        return out * math.prod(_list(node, "kernel_shape"))
    if operator == "Einsum":
        return _of_letters(node, given)
    if operator in _RECURRENT:
        return math.prod(first[:2]) * sum(math.prod(sizes) for sizes in given[1:3])
    if operator == "Attention":
        return math.prod(first) * (given[1][-2] if len(given) > 1 and len(given[1]) > 1 else 1) * 2
    if operator == "LRN":
        return out * int(about.get("size", 1))
    if operator == "RoiAlign":
        return out * max(int(about.get("sampling_ratio", 0)) ** 2, math.prod(first[2:]))
    if operator in ("MaxRoiPool", "Multinomial", "DFT", "STFT", "Det"):
        return out * max(math.prod(first[1:]), 1) + read
    return out + read


def extra_bytes(node: Any, given: list[Sizes], made: list[Sizes]) -> int:
    """Return the bytes that a step needs while it runs, beside its inputs and outputs.

    ``ConvTranspose`` writes every product before it adds them up, whatever its padding cuts off; so do convolutions
    of integers; ``Einsum`` of three and more goes through all letters at once; attention keeps every score.
    """
    operator = node.op_type
    first = given[0] if given else []
    if operator == "ConvTranspose":
        return math.prod(_kernel(operator, given)) * math.prod(first[2:]) * _FLOAT_BYTES
    if operator in ("ConvInteger", "QLinearConv", "DeformConv") or (operator == "Conv" and len(first) > 5):
        return math.prod(_kernel(operator, given)) * sum(math.prod(sizes[2:]) for sizes in made) * _FLOAT_BYTES
    if operator == "Einsum" and len(given) > 2:
        return _of_letters(node, given) * _FLOAT_BYTES
    if operator in _RECURRENT and len(given) > 2:
        return math.prod(first[:2]) * math.prod(given[2][:2]) * 2 * _FLOAT_BYTES
    if operator == "Attention" and len(given) > 1 and len(given[1]) > 1 and len(first) > 2:
        heads = int(_numbers(node).get("q_num_heads", 1)) if len(first) == 3 else first[1]
        return first[0] * heads * first[-2] * given[1][-2] * 3 * _FLOAT_BYTES
    return 0


def _kernel(operator: str, given: list[Sizes]) -> Sizes:
    """Return the sizes of a convolution's weights behind the first."""
    place = 3 if operator == "QLinearConv" else 1
    return given[place][1:] if len(given) > place else []


def _numbers(node: Any) -> dict[str, int]:
    return {attribute.name: int(attribute.i) for attribute in node.attribute}


def _list(node: Any, name: str) -> Sizes:
    return next((list(attribute.ints) for attribute in node.attribute if attribute.name == name), [])


def _of_letters(node: Any, given: list[Sizes]) -> int:
    """Return the product over all letters of an ``Einsum``, those behind ``...`` included."""
    equation = next((attribute.s.decode("ascii", "replace") for attribute in node.attribute), "")
    sizes: dict[str, int] = {}
    for term, dims in zip(equation.replace(" ", "").split("->")[0].split(","), given, strict=False):
        head, _, tail = term.partition("...")
        behind = len(dims) - len(tail)
        sizes["..."] = max(sizes.get("...", 1), math.prod(dims[len(head) : behind]))
        for letter, size in (*zip(head, dims, strict=False), *zip(tail, dims[behind:], strict=False)):
            sizes[letter] = max(sizes.get(letter, 1), size)
    return math.prod(sizes.values())
