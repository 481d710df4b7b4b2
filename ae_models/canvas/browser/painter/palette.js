/** The colours of dots as pixels of an image. */

/** @import {Paint} from "../shared/browsertypes.js" */

const STEPS = 240 // of a scale: a multiple of ten, so that eleven colours (ten classes and none) are met exactly
const HAZE = 0.18 // how much of the paper the farthest dots take on

/**
 * @typedef {object} Palette
 * @property {number} size how many colours a level has
 * @property {Uint32Array} colours those of the first level, nearest to the eye, then those of the second
 * @property {Uint16Array} tint the colour of each row
 * @property {number} paper a pixel where no dot is
 * @property {number} line a pixel of thin lines
 */

/** @param {Paint} paint @param {number} levels @returns {Palette} */
export function palette({ color, colorscale, cmin, cmax, panel, line }, levels) {
  const stops = colorscale.map(([, colour]) => channels(colour))
  const paper = channels(panel)
  const size = STEPS + 1
  const colours = new Uint32Array(levels * size)
  for (let level = 0; level < levels; level++)
    for (let i = 0; i < size; i++) {
      const place = (i / STEPS) * (stops.length - 1)
      const first = Math.min(Math.floor(place), stops.length - 2)
      const own = between(stops[first], stops[first + 1], place - first)
      colours[level * size + i] = pixel(between(own, paper, (HAZE * level) / levels))
    }
  const tint = Uint16Array.from(color, (value) => Math.round(STEPS * (Math.min(1, Math.max(0, (value - cmin) / (cmax - cmin))) || 0)))
  return { size, colours, tint, paper: pixel(paper), line: pixel(channels(line)) }
}

/** @param {number[]} from @param {number[]} to @param {number} share */
const between = (from, to, share) => from.map((value, i) => value + share * (to[i] - value))

/** @param {number[]} channels */
const pixel = ([r, g, b]) => (0xff000000 | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0

/** @type {Map<string, number[]>} */
const known = new Map()

/** Red, green and blue of a colour, read by the browser. @param {string} colour @returns {number[]} */
function channels(colour) {
  const found = known.get(colour)
  if (found) return found
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour)
  const read = hex ? hex.slice(1).map((pair) => parseInt(pair, 16)) : painted(colour)
  known.set(colour, read)
  return read
}

/** @param {string} colour */
function painted(colour) {
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"))
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  return [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)]
}
