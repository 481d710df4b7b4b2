/** An image as a picture: its own pixels. Grey is ink on paper in the light theme, and light on black in the dark one. */

/** @import {Kind} from "../shared/browsertypes.js" */

/** @type {Kind} */
export const IMAGE = {
  name: "image",
  holds: () => true,
  size: ([, height, width]) => ({ width, height }),
  fill,
  isChart: false,
  axis: () => [],
  reading: null,
}

/** @type {Kind["fill"]} */
function fill(pixels, values, start, [channels, height, width], levels, dark) {
  const n = height * width
  const scale = 255 / levels
  const flip = channels < 3 && !dark
  const [green, blue] = channels < 3 ? [0, 0] : [n, 2 * n]
  for (let pixel = 0, at = start; pixel < n; pixel++, at++) {
    const to = 4 * pixel
    const [r, g, b] = [values[at] * scale, values[at + green] * scale, values[at + blue] * scale]
    pixels[to] = flip ? 255 - r : r // a clamped array rounds and clips
    pixels[to + 1] = flip ? 255 - g : g
    pixels[to + 2] = flip ? 255 - b : b
    pixels[to + 3] = 255
  }
}
