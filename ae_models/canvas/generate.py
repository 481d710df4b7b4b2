"""``browser/shared/types.js`` from the dataclasses that say what it is given: ``python -m ae_models.canvas.generate``.

A field of a class becomes a property of a JSDoc typedef of the same name, with what the docstring says of it.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ae_models.canvas import types as canvas_types
from ae_models.canvas import walk_types

PATH = Path(__file__).resolve().parent / "browser" / "shared" / "types.js"
CLASSES: tuple[type, ...] = (
    canvas_types.Axis,
    canvas_types.Clusters,
    canvas_types.CodeSpace,
    canvas_types.Fields,
    canvas_types.MapPanel,
    canvas_types.ImageSheet,
    canvas_types.Film,
    canvas_types.CanvasPayload,
    walk_types.Drawer,
    walk_types.Block,
    walk_types.Dot,
    walk_types.SmallMap,
    walk_types.WalkPayload,
    walk_types.Placed,
    walk_types.Reader,
    walk_types.DrawPayload,
)
_HEAD = """\
/**
 * What Python sends: types only, no browser asks for this file.
 * Written by `python -m ae_models.canvas.generate` from the dataclasses in `types.py` and `walk_types.py`.
 */
"""
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}
_ENTRY = re.compile(r"^(\w+(?:, \w+)*)(?: :.*)?$")  # "n, columns : int" in a section of parameters


def text() -> str:
    """Return what ``browser/shared/types.js`` should say."""
    return _HEAD + "\n" + "\n".join(typedef(one) for one in CLASSES) + "\nexport {}\n"


def typedef(one: type) -> str:
    r"""Return the JSDoc typedef of a dataclass.

    Examples
    --------
    >>> print(typedef(walk_types.Dot))
    /**
     * @typedef {object} Dot A marked place on a small map, in the map's numbers.
     * @property {[number, number]} at
     * @property {string} label
     */
    <BLANKLINE>
    """
    summary, said = _docstring(one)
    hints = get_type_hints(one)
    lines = [f"@typedef {{object}} {one.__name__} {summary}"]
    for field in fields(one):
        lines.append(f"@property {{{js_type(hints[field.name])}}} {field.name} {said.get(field.name, '')}".rstrip())
    return "/**\n" + "".join(f" * {line}\n" for line in lines) + " */\n"


def js_type(hint: Any) -> str:
    """Return the type that a browser sees in place of a Python one.

    Examples
    --------
    >>> js_type(tuple[tuple[int, float | None], ...]), js_type(Literal["a", "b"]), js_type(str | None)
    ('[number, number | null][]', '"a" | "b"', 'string | null')
    """
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint in CLASSES:
        return str(hint.__name__)
    arguments = get_args(hint)
    if get_origin(hint) is Mapping:
        return f"Record<{', '.join(js_type(one) for one in arguments)}>"
    if get_origin(hint) is Literal:
        return " | ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in arguments)
    if get_origin(hint) in (Union, types.UnionType):
        return " | ".join(js_type(one) for one in arguments)
    if get_origin(hint) is tuple and arguments[-1] is Ellipsis:
        item = js_type(arguments[0])
        return f"({item})[]" if "|" in item and not item.startswith("[") else f"{item}[]"
    if get_origin(hint) is tuple:
        return f"[{', '.join(js_type(one) for one in arguments)}]"
    raise TypeError(f"a message has no values of type {hint}")


def _docstring(one: type) -> tuple[str, dict[str, str]]:
    """Return the first line of a class's docstring, and what it says of each parameter."""
    summary, *rest = (inspect.getdoc(one) or "").replace("``", "`").splitlines()
    said: dict[str, str] = {}
    names: list[str] = []
    for line in rest:
        if line.startswith(" "):
            said |= {name: f"{said.get(name, '')} {line.strip()}".strip() for name in names}
        else:
            entry = _ENTRY.fullmatch(line)
            names = entry[1].split(", ") if entry else []
    return summary, said


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8", newline="\n")
