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
COMPUTE = sorted(path for path in PACKAGE.rglob("*.py") if "ui" not in path.relative_to(PACKAGE).parts)
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
    _passes("-m", "ruff", "check", ".")
    _passes("-m", "ruff", "format", "--check", ".")


@pytest.mark.slow  # a minute the first time
def test_types() -> None:
    _passes("-m", "mypy")


def test_public_names_are_explained_and_files_are_short(subtests: pytest.Subtests) -> None:
    for path in COMPUTE:
        with subtests.test(file=path.relative_to(PACKAGE).as_posix()):
            explained_and_short(path)


def explained_and_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the file does not say what it is"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            is_method_stub = isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Expr)
            is_nested = isinstance(node, ast.FunctionDef) and node not in tree.body
            assert ast.get_docstring(node) or is_method_stub or is_nested, f"{node.name} says nothing"
    assert len(text.splitlines()) <= 420, "a file is one idea, up to about 300 lines"


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
