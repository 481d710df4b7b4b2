"""Public sets by name: where they are published, their checksums and licences, and what is known of their files.

Addresses and checksums are those of torchvision and MedMNIST; each file is taken only with its checksum.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ae_models.base import Shape
from ae_models.datasets.readers.names import words
from ae_models.datasets.readers.raw import Hint

_DIGITS, _UPPER, _LOWER = tuple(string.digits), tuple(string.ascii_uppercase), tuple(string.ascii_lowercase)
_KEPT_LOWER = tuple("abdefghnqrt")  # the small letters that do not look like their capitals

EMNIST: dict[str, tuple[str, ...]] = {
    "byclass": _DIGITS + _UPPER + _LOWER,
    "bymerge": _DIGITS + _UPPER + _KEPT_LOWER,
    "balanced": _DIGITS + _UPPER + _KEPT_LOWER,
    "letters": ("", *_UPPER),
    "digits": _DIGITS,
    "mnist": _DIGITS,
}
"""Names of the classes of each of EMNIST's sets, by their numbers; those of letters start at 1."""


@dataclass(frozen=True)
class PublicSet:
    """One set that can be fetched.

    Parameters
    ----------
    files : tuple of (file name, address, md5)
    settings : dict
        What ``ImportConfig`` need not guess.
    sizes : (int, int)
        Training and test images, as published.
    """

    name: str
    title: str
    licence: str
    noun: str
    files: tuple[tuple[str, str, str], ...]
    sizes: tuple[int, int]
    shape: Shape = (1, 28, 28)
    class_names: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


_EMNIST_SIZES = {
    "balanced": (112_800, 18_800),
    "byclass": (697_932, 116_323),
    "bymerge": (697_932, 116_323),
    "digits": (240_000, 40_000),
    "letters": (124_800, 20_800),
    "mnist": (60_000, 10_000),
}


def _emnist(part: str) -> PublicSet:
    address, md5 = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", "58c8d27c78d21e728a6bc7b3cc06412e"
    names = tuple(name for name in EMNIST[part] if name)
    return PublicSet(
        f"emnist-{part}",
        f"EMNIST {part}",
        "public domain (NIST; Cohen et al. 2017)",
        "character",
        (("emnist-gzip.zip", address, md5),),
        _EMNIST_SIZES[part],
        class_names=names,
        settings={"only": f"emnist-{part}-", "transposed": "yes", "class_names": names},
    )


def _files(address: str, checksums: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((file, f"{address}{file}", md5) for file, md5 in checksums.items())


_QMNIST = PublicSet(
    "qmnist",
    "QMNIST",
    "BSD-style (Yadav & Bottou 2019)",
    "digit",
    _files(
        "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
        {
            "qmnist-train-images-idx3-ubyte.gz": "ed72d4157d28c017586c42bc6afe6370",
            "qmnist-train-labels-idx2-int.gz": "0058f8dd561b90ffdd0f734c6a30e5e4",
            "qmnist-test-images-idx3-ubyte.gz": "1394631089c404de565df7b7aeaf9412",
            "qmnist-test-labels-idx2-int.gz": "5b5b05890a5e13444e108efe57b788aa",
        },
    ),
    (60_000, 60_000),
    class_names=_DIGITS,
    settings={"class_names": _DIGITS},
)
_USPS = PublicSet(
    "usps",
    "USPS digits",
    "not stated (Hull 1994; LIBSVM data)",
    "digit",
    _files(
        "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/",
        {"usps.bz2": "ec16c51db3855ca6c91edd34d0e9b197", "usps.t.bz2": "8ea070ee2aca1ac39742fdd1ef5ed118"},
    ),
    (7_291, 2_007),
    (1, 16, 16),
    _DIGITS,
    {"class_names": _DIGITS, "range": "minus1-1"},
)


def _medmnist(title: str, what: str, md5: str, sizes: tuple[int, int], classes: str, channels: int = 1) -> PublicSet:
    """Return one of MedMNIST's sets; names of its classes stand between semicolons."""
    name, names = title.lower(), tuple(classes.split("; ")) if classes else ()
    return PublicSet(
        name,
        f"{title} ({what})",
        "CC BY-NC 4.0 (MedMNIST)" if name == "dermamnist" else "CC BY 4.0 (MedMNIST)",
        "medical image",
        ((f"{name}.npz", f"https://zenodo.org/record/6496656/files/{name}.npz?download=1", md5),),
        sizes,
        (channels, 28, 28),
        names,
        {"class_names": names, "inverted": "no"},
    )


_ORGANS = (
    "bladder; femur-left; femur-right; heart; kidney-left; kidney-right; liver; lung-left; lung-right; pancreas; spleen"
)
_MEDMNIST = (
    _medmnist(
        "PathMNIST",
        "tissue under the microscope",
        "a8b06965200029087d5bd730944a56c1",
        (100_000, 7_180),
        "adipose; background; debris; lymphocytes; mucus; smooth muscle; normal colon mucosa; "
        "cancer-associated stroma; colorectal adenocarcinoma epithelium",
        3,
    ),
    _medmnist("ChestMNIST", "chest X-rays", "02c8a6516a18b556561a56cbdd36c4a8", (89_687, 22_433), ""),
    _medmnist(
        "DermaMNIST",
        "skin",
        "0744692d530f8e62ec473284d019b0c7",
        (8_010, 2_005),
        "actinic keratoses and carcinoma; basal cell carcinoma; benign keratosis-like lesions; "
        "dermatofibroma; melanoma; melanocytic nevi; vascular lesions",
        3,
    ),
    _medmnist(
        "OCTMNIST",
        "retina in section",
        "c68d92d5b585d8d81f7112f81e2d0842",
        (108_309, 1_000),
        "choroidal neovascularization; diabetic macular edema; drusen; normal",
    ),
    _medmnist("PneumoniaMNIST", "chest X-rays", "28209eda62fecd6e6a2d98b1501bb15f", (5_232, 624), "normal; pneumonia"),
    _medmnist("RetinaMNIST", "back of the eye", "bd4c0672f1bba3e3a89f0e4e876791e4", (1_200, 400), "0; 1; 2; 3; 4", 3),
    _medmnist(
        "BreastMNIST", "ultrasound", "750601b1f35ba3300ea97c75c52ff8f6", (624, 156), "malignant; normal or benign"
    ),
    _medmnist(
        "BloodMNIST",
        "blood cells",
        "7053d0359d879ad8a5505303e11de1dc",
        (13_671, 3_421),
        "basophil; eosinophil; erythroblast; immature granulocytes; lymphocyte; monocyte; neutrophil; platelet",
        3,
    ),
    _medmnist(
        "TissueMNIST",
        "kidney cells",
        "ebe78ee8b05294063de985d821c1c34b",
        (189_106, 47_280),
        "collecting duct, connecting tubule; distal convoluted tubule; glomerular endothelial cells; "
        "interstitial endothelial cells; leukocytes; podocytes; proximal tubule segments; "
        "thick ascending limb",
    ),
    _medmnist("OrganAMNIST", "organs, axial", "866b832ed4eeba67bfb9edee1d5544e6", (41_072, 17_778), _ORGANS),
    _medmnist("OrganCMNIST", "organs, coronal", "0afa5834fb105f7705a7d93372119a21", (15_392, 8_268), _ORGANS),
    _medmnist("OrganSMNIST", "organs, sagittal", "e5c39f1af030238290b9557d9503af9d", (16_392, 8_829), _ORGANS),
)

_SETS = (*(_emnist(part) for part in EMNIST), _QMNIST, _USPS, *_MEDMNIST)
PUBLIC: dict[str, PublicSet] = {each.name: each for each in _SETS}
"""Sets that can be fetched by name, beside those of ``DATASETS``."""


def hints_of(names: Sequence[str]) -> dict[str, Hint]:
    """Return what the names of files say of their content.

    Examples
    --------
    >>> hints_of(["emnist-letters-train-images-idx3-ubyte.gz"])["transposed"].value
    'yes'
    """
    known = {word for name in names for word in words(name)}
    if "emnist" not in known:
        return {}
    found = {"transposed": Hint("yes", "the files are called EMNIST, which stores images column by column", "likely")}
    for part, classes in EMNIST.items():
        if part in known:
            found["class_names"] = Hint(",".join(classes), f"EMNIST's {part}", "likely")
            break
    return found
