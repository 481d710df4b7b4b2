"""The README: its figures are those of the runs that ship, its commands exist, its picture is there."""

import re

import pytest

from ae_models.__main__ import main
from ae_models.base.paths import ROOT
from ae_models.runs import shipped_runs

README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("code", "run_id", "pca_id", "figure"),
    [
        ("MNIST | 2 numbers", "mnist-dense-2d", "mnist-pca-2d", "mse"),
        ("Fashion-MNIST | 2 numbers", "fashion-dense-2d", "fashion-mnist-pca-2d", "mse"),
        ("MNIST | 30 numbers", "mnist-conv-30d", "mnist-pca-30d", "sse"),
    ],
)
def test_the_figures_are_those_of_the_runs(code, run_id, pca_id, figure):
    row = next(line for line in README.splitlines() if line.startswith(f"| {code} |"))
    said, said_of_pca = re.findall(rf"{figure.upper()} (\d*\.\d+) \(`{run_id}`\) \| (\d*\.\d+) \|", row)[0]
    for text, shipped in ((said, run_id), (said_of_pca, pca_id)):
        digits = len(text.partition(".")[2])
        assert float(text) == round(getattr(shipped_runs().read(shipped).test, figure), digits)


def test_the_two_commands_stand_as_they_are_promised():
    commands = [line for line in README.splitlines() if line.startswith("python -m pip install")]
    assert commands == [
        "python -m pip install -r requirements.txt && python -m streamlit run dashboard.py",
        'python -m pip install -r requirements.txt -r tests/requirements.txt && python -m pytest -m "" -n 2',
    ]


@pytest.mark.parametrize("line", re.findall(r"^python -m ae_models ([a-z]+)", README, re.MULTILINE))
def test_every_command_it_shows_exists(line, capsys):
    with pytest.raises(SystemExit) as ended:
        main([line, "--help"])
    assert ended.value.code == 0
    assert line in capsys.readouterr().out


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#]+)\)", README))
def test_what_it_points_to_is_there(path):
    assert (ROOT / path).is_file()
