"""The standing checks of the code itself: rooms, style, types, docstrings, light imports."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ae_models.base.paths import ROOT

PACKAGE = ROOT / "ae_models"
HEAVY = (
    *("torch", "pytorch_lightning", "umap", "numba", "openTSNE", "pacmap"),
    *("sklearn", "scipy", "skimage", "streamlit", "onnxscript", "plotly"),
)


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def _passes(*arguments: str) -> None:
    done = _run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_go_down_only() -> None:
    _passes("-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())")


def test_style() -> None:
    """Ruff's rules, among them: every public module, class, function and method says what it is."""
    _passes("-m", "ruff", "check", ".")
    _passes("-m", "ruff", "format", "--check", ".")


@pytest.mark.slow  # a minute the first time
def test_types() -> None:
    _passes("-m", "mypy")


MOST_LINES, MOST_IN_A_FUNCTION, MOST_PARAMETERS = 300, 40, 8


def test_files_and_functions_are_short(subtests: pytest.Subtests) -> None:
    """A file of at most 300 lines, a function of at most 40 without its docstring, at most 8 parameters."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        with subtests.test(file=name.as_posix()):
            assert too_long(path.read_text(encoding="utf-8")) == []


def too_long(text: str) -> list[str]:
    """Return what is too long in a file, or takes too much."""
    found = [f"{n} lines"] if (n := len(text.splitlines())) > MOST_LINES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first, takes = node.body[0], node.args
            explained = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) and first.end_lineno else 0
            n_lines = (node.end_lineno or 0) - node.lineno + 1 - explained
            n_parameters = len(takes.posonlyargs) + len(takes.args) + len(takes.kwonlyargs)
            n_parameters += (takes.vararg is not None) + (takes.kwarg is not None)
            if n_lines > MOST_IN_A_FUNCTION:
                found.append(f"{node.name} has {n_lines} lines")
            if n_parameters > MOST_PARAMETERS:
                found.append(f"{node.name} takes {n_parameters} parameters")
    return found


def test_what_is_too_long_is_found() -> None:
    body = "".join(f"    x = {line}\n" for line in range(MOST_IN_A_FUNCTION))
    names = ", ".join(f"p{place}" for place in range(MOST_PARAMETERS))
    assert too_long(f"def f({names}):\n" + body[: body.rindex("    x")]) == []
    assert too_long(f'def f({names}):\n    """Lines of\n\n    a docstring."""\n' + body[: body.rindex("    x")]) == []
    assert too_long(f"def f({names}, **more):\n" + body) == ["f has 41 lines", "f takes 9 parameters"]
    assert too_long("x = 1\n" * 301) == ["301 lines"]


LIGHT = ("__main__", "zoo", "recipes", "runs", "datasets", "projections", "latent", "metrics", "figures", "jobs")


@pytest.mark.parametrize("module", [*LIGHT, "analysis", "canvas", "datasets.readers", "export", "kinds"])
def test_a_room_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, ae_models.{module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = _run("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_serving_a_shipped_run_never_imports_torch() -> None:
    code = (
        "import sys; from ae_models.recipes import decode_point; from ae_models import datasets; "
        "image = decode_point('mnist-dense-2d', [0.0, 0.0])[1]; datasets.load('mnist', 'bundled'); "
        f"print(image.shape, [name for name in {HEAVY} if name in sys.modules])"
    )
    done = _run("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "(1, 28, 28) []"


def test_comparing_stored_runs_and_maps_never_imports_what_fits_them(tmp_path: Path) -> None:
    fitting = ("torch", "pytorch_lightning", "umap", "numba", "openTSNE", "streamlit")
    code = (
        "import sys; from ae_models.recipes import compare; "
        "found = compare('digits', ['digits-dense-2d'], ['pca', 'umap']); "
        f"print(len(found.rows), [name for name in {fitting} if name in sys.modules])"
    )
    environment = {**os.environ, "AE_MODELS_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "3 []"
