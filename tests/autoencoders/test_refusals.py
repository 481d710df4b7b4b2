"""Every choice that cannot be trained is refused in one line, with the rule and the value, before torch is needed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ae_models.autoencoders import check
from ae_models.base import Shape, UserError
from ae_models.base.config import MAX_LATENT_DIM, TrainConfig
from ae_models.base.paths import ROOT
from ae_models.recipes import TrainRequest

# model, data set, names of corruption and penalty, settings, what is said
REFUSED: dict[str, tuple[str, str, dict[str, str], dict[str, Any], str]] = {
    "contractive and variational": (
        "variational",
        "digits",
        {"penalty": "contractive"},
        {},
        "penalty 'contractive' does not go with model 'variational', .* choose none or l2",
    ),
    "activity and variational": ("variational", "digits", {"penalty": "activity"}, {}, "choose none or l2"),
    "L1 and variational": ("variational", "digits", {"penalty": "l1"}, {}, "choose none or l2"),
    "k-sparse and variational": ("variational", "digits", {"penalty": "k-sparse"}, {"k": 2}, "choose none or l2"),
    "super-resolution of 8 x 8": ("dense", "digits", {"corruption": "downsample"}, {}, "needs at least 8 x 8"),
    "a factor of 8": ("dense", "mnist", {"corruption": "downsample"}, {"factor": 8}, "factor must divide"),
    "a factor of 7": ("dense", "mnist", {"corruption": "downsample"}, {"factor": 7}, "factor 7 leaves 4 x 4 of 28"),
    "a square of 9 x 9": ("dense", "digits", {"corruption": "occlusion"}, {"size": 9}, "size must be at most 8"),
    "more units than the code": (
        "dense",
        "digits",
        {"penalty": "k-sparse"},
        {"k": 6, "latent_dim": 5},
        r"k must be at most latent_dim \(5\): got 6",
    ),
    "the default k of a short code": ("dense", "digits", {"penalty": "k-sparse"}, {}, r"latent_dim \(2\): got 10"),
    "too few strengths": (
        "linear",
        "digits",
        {"penalty": "l2"},
        {"strength": "1,2", "latent_dim": 3},
        "strength must be one number or one for each of the 3 units: got 2",
    ),
    "too many strengths": ("conv", "digits", {"penalty": "l2"}, {"strength": "1,2,3"}, "each of the 2 units: got 3"),
    "no strength": ("linear", "digits", {"penalty": "l2"}, {"strength": ""}, "strength"),
    "a negative strength": ("linear", "digits", {"penalty": "l2"}, {"strength": "1,-1"}, "strength.*greater than or"),
    "an endless strength": ("dense", "digits", {"penalty": "l1"}, {"strength": "inf"}, "strength"),
    "tied and smaller": ("linear", "mnist", {"corruption": "downsample"}, {"tied": True}, "tied weights need"),
    "tied and coloured": ("linear", "mnist-tinted", {"corruption": "grey-scale"}, {"tied": True}, "tied weights need"),
    "cross-entropy of a linear output": ("linear", "digits", {}, {"loss": "bce"}, r"pixels in \(0, 1\)"),
    "cross-entropy of a linear decoder": ("bent-encoder", "digits", {}, {"loss": "bce"}, r"pixels in \(0, 1\)"),
    "cross-entropy of half a network": (
        "dense",
        "digits",
        {},
        {"loss": "bce", "hidden": "encoder"},
        r"pixels in \(0, 1\)",
    ),
    "a code of nothing": ("dense", "digits", {}, {"latent_dim": 0}, "latent_dim"),
    "a code too large": ("dense", "digits", {}, {"latent_dim": MAX_LATENT_DIM + 1}, "latent_dim .* 1024: got 1025"),
    "a target of 1": ("dense", "digits", {"penalty": "activity"}, {"target": 1}, "target .* less than 1: got 1"),
    "a target of 0": ("dense", "digits", {"penalty": "activity"}, {"target": 0}, "target .* greater than 0: got 0"),
    "more noise than bounds allow": ("dense", "digits", {"corruption": "gaussian-noise"}, {"sigma": 2.1}, "sigma"),
    "more than all pixels": ("dense", "digits", {"corruption": "masking"}, {"share": 1.01}, "share .* 1: got 1.01"),
    "a width too large": ("dense", "digits", {}, {"widths": "8193"}, "widths"),
    "nine layers": ("dense", "digits", {}, {"widths": ",".join("1" * 9)}, "widths"),
    "no colour to lose": ("dense", "mnist", {"corruption": "grey-scale"}, {}, "needs images of 3 channels"),
    "four halvings": ("conv", "mnist", {}, {"channels": "4,4,4,4"}, "channels"),
    "a negative beta": ("variational", "digits", {}, {"beta": -1}, "beta"),
}


@pytest.mark.parametrize(("model", "dataset", "names", "settings", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_choice_is_refused_in_one_line(
    model: str, dataset: str, names: dict[str, str], settings: dict[str, Any], why: str
) -> None:
    with pytest.raises(UserError, match=why) as caught:
        TrainRequest.of(model, dataset, **names, settings=settings)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


SHAPES: list[tuple[Shape, str]] = [
    ((2, 28, 28), "1 or 3 channels: got 2"),
    ((4, 28, 28), "1 or 3 channels: got 4"),
    ((0, 28, 28), "1 or 3 channels: got 0"),
    ((1, 7, 28), "sides of 8 to 64 pixels: got 7 x 28"),
    ((1, 28, 7), "sides of 8 to 64 pixels: got 28 x 7"),
    ((3, 65, 28), "sides of 8 to 64 pixels: got 65 x 28"),
    ((3, 28, 65), "sides of 8 to 64 pixels: got 28 x 65"),
]


@pytest.mark.parametrize(("shape", "why"), SHAPES)
def test_images_it_does_not_suit_are_refused_as_input_and_as_output(design_of: Any, shape: Shape, why: str) -> None:
    good: Shape = (1, 28, 28)
    for pair in ((shape, good), (good, shape)):
        with pytest.raises(UserError, match=why):
            check(design_of("dense"), TrainConfig(), *pair)


@pytest.mark.parametrize("model", ["linear", "dense", "conv", "variational", "bent-encoder", "bent-decoder"])
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 64, 64), (1, 8, 64), (3, 64, 8), (1, 9, 13)], ids=str)
def test_images_in_the_bounds_are_not(design_of: Any, model: str, shape: Shape) -> None:
    check(design_of(model), TrainConfig(), shape, shape)


def test_what_is_at_the_bound_is_allowed(design_of: Any) -> None:
    image: Shape = (1, 28, 28)
    for design in (
        design_of("dense", penalty="k-sparse", k=5, latent_dim=5),
        design_of("linear", penalty="l2", strength="1,2,3", latent_dim=3),
        design_of("linear", penalty="l2", strength="1", latent_dim=3),
        design_of("linear", latent_dim=MAX_LATENT_DIM),
        design_of("linear", tied=True, output="sigmoid"),
        design_of("variational", penalty="l2", strength="1,2"),
    ):
        check(design, TrainConfig(), image, image)
    check(design_of("linear", output="sigmoid"), TrainConfig(loss="bce"), image, image)
    check(design_of("bent-decoder"), TrainConfig(loss="bce"), image, image)


def test_nothing_heavy_is_imported_to_refuse() -> None:
    choices = [(model, dataset, names, settings) for model, dataset, names, settings, _ in REFUSED.values()]
    code = (
        "import sys\n"
        "from ae_models.base import UserError\n"
        "from ae_models.recipes import TrainRequest\n"
        f"for model, dataset, names, settings in {choices!r}:\n"
        "    try:\n"
        "        TrainRequest.of(model, dataset, **names, settings=settings)\n"
        "    except UserError:\n"
        "        pass\n"
        "heavy = ('torch', 'pytorch_lightning', 'sklearn', 'umap', 'onnxruntime', 'streamlit')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
