"""What is done to the input, the clean image staying the target: NumPy, seeded by image id. One file each.

Training and pages use the same functions, so what a page shows is what a network was trained on. No torch here.
"""

from __future__ import annotations

from ae_models.base.config import Config
from ae_models.base.registry import Entry, Registry
from ae_models.corruptions.corruption import Corruption

_ROOM = "ae_models.corruptions"

CORRUPTIONS = Registry(
    "corruption",
    {
        "none": Entry(
            f"{_ROOM}.clean:Clean",
            "None",
            "the network sees the clean {sample}",
            "ae_models.base.config:NoConfig",
        ),
        "gaussian-noise": Entry(
            f"{_ROOM}.noise:GaussianNoise",
            "Gaussian noise",
            "normal noise on every {part}",
            f"{_ROOM}.noise:GaussianNoiseConfig",
        ),
        "salt-pepper": Entry(
            f"{_ROOM}.noise:SaltPepper",
            "Salt and pepper",
            "some {parts} turn black or white",
            f"{_ROOM}.noise:SaltPepperConfig",
        ),
        "masking": Entry(
            f"{_ROOM}.masks:Masking",
            "Masking",
            "some {parts} are put out",
            f"{_ROOM}.masks:MaskingConfig",
        ),
        "occlusion": Entry(
            f"{_ROOM}.masks:Occlusion", "Occluding square", "a square is put out", f"{_ROOM}.masks:OcclusionConfig"
        ),
        "downsample": Entry(
            f"{_ROOM}.downsample:Downsample",
            "Downsampling",
            "fewer {parts}: super-resolution",
            f"{_ROOM}.downsample:DownsampleConfig",
        ),
        "grey-scale": Entry(
            f"{_ROOM}.colour:GreyScale",
            "Grey-scale",
            "colour {samples} lose their colour: colourising",
            "ae_models.base.config:NoConfig",
        ),
    },
)


def corruption(name: str, config: Config) -> Corruption:
    """Return the corruption called ``name`` with its settings."""
    made: Corruption = CORRUPTIONS.load(name)(config)
    return made


__all__ = ["CORRUPTIONS", "Corruption", "corruption"]
