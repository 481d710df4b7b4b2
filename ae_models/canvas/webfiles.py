"""What a browser runs, as files: the canvas's modules and style sheets, Plotly, ONNX Runtime, the theme's colours.

The pages serve them one by one; an export packs them into one file. They lie beside the pages' code and are read here
as data, so that packing them needs no Streamlit.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ROOT = Path(__file__).resolve().parent
CANVAS = _ROOT / "browser"
RUNTIME = _ROOT / "onnxruntime"
RUNTIME_MODULE = "ort.wasm.min.mjs"
RUNTIME_GLUE = "ort-wasm-simd-threaded.mjs"
RUNTIME_BINARY = "ort-wasm-simd-threaded.wasm"  # kept as .gz and .br
RUNTIME_VERSION = "1.20.1"  # onnxruntime/README.md says so too

# A module's imports begin a line: "import ... from", or "} from" after names on lines of their own.
_IMPORT = re.compile(r'^((?:(?:import|export)\b[^"\n]*|\} from )")(\.{1,2}/[\w/-]+\.js)(?=")', re.MULTILINE)
_SETTINGS = _ROOT.parents[1] / ".streamlit" / "config.toml"


def plotly_path() -> Path:
    """Return where the JavaScript is that the installed plotly package ships."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the maps are drawn by plotly, which is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def files() -> dict[str, Path]:
    """Return the browser's modules and style sheets by their address in ``browser/``: ``painter/maps.js``."""
    paths = sorted(path for path in CANVAS.rglob("*") if path.suffix in {".js", ".css"})
    return {path.relative_to(CANVAS).as_posix(): path for path in paths}


def imported(source: str, name: str) -> list[str]:
    r"""Return the addresses of the modules that the module ``name`` imports.

    Examples
    --------
    >>> imported('import { a } from "./b.js"\n/** @import {T} from "./t.js" */\nexport { c } from "../c.js"', "e/a.js")
    ['e/b.js', 'c.js']
    """
    return [_address(path, name) for _, path in _IMPORT.findall(source)]


def _address(path: str, importer: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


def modules(entry: str, prefix: str) -> dict[str, str]:
    """Return the canvas's module ``entry`` and all that it needs, by name.

    They name one another ``prefix`` + address, not by relative paths: an import map finds those wherever they lie.
    """
    found: dict[str, str] = {}
    wanted = [entry]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        source = (CANVAS / name).read_text(encoding="utf-8")
        wanted += imported(source, name)
        for path in {path for _, path in _IMPORT.findall(source)}:
            source = source.replace(f'"{path}"', f'"{prefix}{_address(path, name)}"')
        found[name] = source
    return dict(sorted(found.items()))


def texts(*names: str) -> str:
    """Return files of the canvas, one after the other."""
    return "\n".join((CANVAS / name).read_text(encoding="utf-8") for name in names)


@cache
def themes() -> dict[str, dict[str, str]]:
    """Return the colours of both themes under the names that the style sheets use.

    Examples
    --------
    >>> sorted(themes()), themes()["dark"]["--st-text-color"]
    (['dark', 'light'], '#eceef5')
    """
    settings = tomllib.loads(_SETTINGS.read_text(encoding="utf-8"))["theme"]
    return {
        name: {f"--st-{_dashed(key)}": value for key, value in settings[name].items() if isinstance(value, str)}
        for name in ("light", "dark")
    }


def _dashed(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"-{letter.group().lower()}", name)
