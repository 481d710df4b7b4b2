"""Linear autoencoders on their way to PCA, trained beforehand: what the lesson shows at once.

Training MNIST takes seconds for each choice, so all courses ship (``zoo build lesson-courses``); the page Compare
trains the same before one's eyes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ae_models.analysis.linear_course import SEEDS, STEPS, linear_path, penalties_for, principal, shipped_images
from ae_models.base import FloatArray, Progress, UserError, shipped_arrays

DATASETS, SIZES = ("digits", "mnist"), (2, 3, 4)
_FILE = "courses"
_KEPT = ("angles", "above", "columns", "singular")


@dataclass(frozen=True, eq=False)
class Course:
    """What ``LinearStory`` says of a training step by step, without its weights."""

    steps: npt.NDArray[np.int64]
    angles: FloatArray
    above: FloatArray
    columns: FloatArray
    singular: FloatArray


@dataclass(frozen=True, eq=False)
class Courses:
    """Three trainings from one start: by what their penalty is called; PCA's own error; how many images."""

    by_penalty: dict[str, Course]
    floor: float
    n: int


def courses(dataset: str, k: int, seed: int) -> Courses:
    """Return the trainings that ship for a code of ``k`` numbers; ``UserError`` where they are not there or damaged."""
    about, kept = shipped_arrays.read(_FILE, "trainings")
    own = about["data"].get(dataset, {})
    names = own.get("penalties", {}).get(str(k), [])
    if not names or f"{dataset}-{k}-{seed}-0-angles" not in kept:
        raise UserError(f"no linear autoencoder of {k} numbers, start {seed}, ships for “{dataset}”")
    made = {}
    for place, name in enumerate(names):
        arrays = {what: kept[f"{dataset}-{k}-{seed}-{place}-{what}"] for what in _KEPT}
        made[name] = Course(kept["steps"], **arrays)
    return Courses(made, float(own["floors"][str(k)]), int(own["n"]))


def is_built() -> bool:
    """Say whether they are there."""
    return shipped_arrays.is_built(_FILE)


def build_courses(progress: Progress | None = None) -> None:
    """Train all of them and write what is kept: a minute or two."""
    say: Progress = progress or (lambda share, line: None)
    kept: dict[str, npt.NDArray[Any]] = {}
    data: dict[str, dict[str, Any]] = {}
    wanted = [(dataset, k) for dataset in DATASETS for k in SIZES]
    for place, (dataset, k) in enumerate(wanted):
        say(place / len(wanted), f"{dataset}, {k} numbers")
        images = shipped_images(dataset)
        known = principal(images)
        penalties = penalties_for(known, k)
        own = data.setdefault(dataset, {"n": known.n, "digest": images.digest, "floors": {}, "penalties": {}})
        own["floors"] |= {str(k): known.floor(k)}
        own["penalties"] |= {str(k): list(penalties)}
        pairs = [(seed, number) for seed in SEEDS for number in range(len(penalties))]
        strengths = tuple(penalties.values())
        found = linear_path(
            known,
            k,
            penalties=[strengths[number] for _, number in pairs],
            seeds=[seed for seed, _ in pairs],
            steps=STEPS,
        )
        for (seed, number), story in zip(pairs, found, strict=True):
            kept["steps"] = story.steps
            for what in _KEPT:
                kept[f"{dataset}-{k}-{seed}-{number}-{what}"] = np.asarray(getattr(story, what), np.float32)
    about = {
        "what": "linear autoencoders trained on all images at once (full-batch Adam): angles to PCA, error above PCA's",
        "steps": STEPS,
        "data": data,
    }
    shipped_arrays.write(_FILE, kept, about)
