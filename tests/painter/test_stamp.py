"""The painter against a slow reference drawing in NumPy: every pixel, every id, every dot that is picked."""

import json
import subprocess

import numpy as np
import pytest
from playwright._impl._driver import compute_driver_executable

from ae_models.canvas.webfiles import CANVAS

pytestmark = pytest.mark.slow
WIDTH, HEIGHT, PAPER = 61, 47, (250, 248, 251)
COLOURS = [(63, 144, 218), (255, 169, 14), (189, 31, 1)]


def run(code: str, given: object) -> object:
    """Return what JavaScript makes of JSON: modules of the painter, in Node.js."""
    head = "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
    script = f"""{head}
    (async () => {{
      const load = async name => import('data:text/javascript;base64,' + Buffer.from(
        given.sources[name]).toString('base64'))
      {code}
    }})()"""
    sources = {name: (CANVAS / "painter" / f"{name}.js").read_text(encoding="utf-8") for name in ("stamp", "pick")}
    done = subprocess.run(
        [str(compute_driver_executable()[0]), "-e", script],
        input=json.dumps({"sources": sources, "data": given}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


DRAW = """
const { discsOf, rasterOf, stamp } = await load("stamp")
const { pick } = await load("pick")
const { width, height, paper, x, y, tint, radii, level, order, colours, opacity, asked, reach } = given.data
const pixel = ([r, g, b]) => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0
const raster = rasterOf(width, height)
raster.pixels.fill(pixel(paper))
const dots = {
  x: Float32Array.from(x, v => v ?? NaN), y: Float32Array.from(y), tint: Uint16Array.from(tint),
  order: order && Uint32Array.from(order), count: order ? order.length : x.length,
  level: level && Uint8Array.from(level), colours: Uint32Array.from(colours, pixel),
  discs: radii.map(radius => discsOf(radius, opacity, width)),
}
stamp(raster, dots)
const picked = asked.map(([u, v]) => pick(raster, dots, u, v, reach)?.row ?? -1)
console.log(JSON.stringify({ pixels: Array.from(raster.pixels), ids: Array.from(raster.ids), picked }))
"""


def scene(seed: int, deep: bool) -> dict[str, object]:
    random = np.random.default_rng(seed)
    n = 70
    x = random.uniform(-6, WIDTH + 6, n).astype(np.float32)
    y = random.uniform(-6, HEIGHT + 6, n).astype(np.float32)
    radii = [3.2, 1.75] if deep else [1.75]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "paper": PAPER,
        "x": [None if row == 5 else float(v) for row, v in enumerate(x)],
        "y": y.tolist(),
        "tint": random.integers(0, 3, n).tolist(),
        "radii": radii,
        "level": random.integers(0, 2, n).tolist() if deep else None,
        "order": random.permutation([row for row in range(n) if row != 5]).tolist() if deep else None,
        "colours": COLOURS * len(radii),
        "opacity": 0.8,
        "asked": random.uniform(0, [WIDTH, HEIGHT], (60, 2)).tolist(),
        "reach": 6,
    }


def reference(given) -> tuple[np.ndarray, np.ndarray]:
    """Return the image ``(h, w, 3)`` and the ids: each dot covers each pixel by its distance from the dot's middle."""
    image = np.tile(np.array(PAPER), (HEIGHT, WIDTH, 1))
    ids = np.full((HEIGHT, WIDTH), -1)
    down, across = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    for row in given["order"] or range(len(given["x"])):
        if given["x"][row] is None:
            continue
        # A middle lies in one of four by four places of its pixel.
        x, y = (np.floor(4 * np.float64(given[axis][row])) / 4 + 0.125 for axis in ("x", "y"))
        radius = given["radii"][given["level"][row] if given["level"] else 0]
        covered = np.clip(radius + 0.5 - np.hypot(across - x, down - y), 0, 1)
        over = np.floor(256 * covered * given["opacity"] + 0.5).astype(int)[..., None]
        colour = np.array(COLOURS[given["tint"][row]])
        image = (image * (256 - over) + colour * over) // 256
        ids[covered >= 0.5] = row
    return image, ids


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_pixel_and_every_id_is_the_reference_s(seed, deep):
    given = scene(seed, deep)
    made = run(DRAW, given)
    image, ids = reference(given)
    pixels = np.array(made["pixels"], np.uint32).reshape(HEIGHT, WIDTH)
    assert np.unique(pixels >> 24).tolist() == [255]
    assert (np.stack([pixels & 255, pixels >> 8 & 255, pixels >> 16 & 255], axis=-1) == image).all()
    assert (np.array(made["ids"]).reshape(HEIGHT, WIDTH) == ids).all()
    assert (ids >= 0).mean() > 0.1


@pytest.mark.parametrize("seed", [2, 3])
def test_what_is_under_the_pointer_is_picked_and_else_the_nearest_seen_within_six_pixels(seed):
    given = scene(seed, deep=False)
    made = run(DRAW, given)
    _, ids = reference(given)
    seen = np.unique(ids[ids >= 0])
    spots = np.array([[np.nan if given["x"][row] is None else given["x"][row], given["y"][row]] for row in seen])
    kinds = set()
    for (x, y), picked in zip(given["asked"], made["picked"], strict=True):
        under = ids[int(y), int(x)]
        far = np.linalg.norm(spots - [x, y], axis=1)
        expected = under if under >= 0 else seen[far.argmin()] if far.min() < 6 else -1
        assert picked == expected
        kinds.add("under" if under >= 0 else "near" if expected >= 0 else "none")
    assert {"under", "near"} <= kinds
