/** How a map's numbers become pixels of its area, and back: a flat map, and one in space as a camera sees it. */
import { frame, padded } from "./viewport.js"

/** @import {Look, Place, Points, Projection} from "../shared/browsertypes.js" */

const FIELD = Math.PI / 4 // of view, from top to bottom
const BUCKETS = 4096 // of depths, sorted from the rear to the front
const NEAREST = 1e-3

/**
 * @param {Look} look left, right, bottom, top
 * @param {Place} area
 * @returns {Projection}
 */
export function flat([left, right, bottom, top], { width, height }) {
  const [sx, sy] = [width / (right - left), height / (top - bottom)]
  return {
    project: (point) => [(point[0] - left) * sx, (top - point[1]) * sy],
    unproject: (x, y) => [left + x / sx, top - y / sy],
    turn: null,
  }
}

/**
 * A flat look as it fits an area: where both axes count alike, a step is as long across as up, and more is shown.
 * @param {Look} look
 * @param {Place} area
 * @param {boolean} preserve whether the axes count alike
 * @returns {Look}
 */
export function fitted([left, right, bottom, top], { width, height }, preserve) {
  const [x, y] = [(right - left) / width, (top - bottom) / height]
  if (!preserve || !(x > 0 && y > 0) || Math.abs(x - y) <= 1e-9 * x) return [left, right, bottom, top]
  const [across, up] = [(width * Math.max(x, y)) / 2, (height * Math.max(x, y)) / 2]
  const [cx, cy] = [(left + right) / 2, (bottom + top) / 2]
  return x < y ? [cx - across, cx + across, bottom, top] : [left, right, cy - up, cy + up]
}

/**
 * @typedef {object} Camera
 * @property {number[]} middle of the box, in the map's numbers
 * @property {number[]} scale from them to sides of the box
 * @property {number[]} centre what the camera looks at, in sides of the box
 * @property {{right: number[], above: number[], away: number[]}} turn
 * @property {number} far from the camera to its centre
 * @property {number} lens pixels for a step across at a distance of one
 */

/** @param {Look} look of a camera @param {Pick<Points, "ranges">} points @param {{height: number}} area @param {boolean} preserve @returns {Camera} */
export function cameraOf(look, { ranges }, { height }, preserve) {
  const box = ranges.map(padded)
  const sizes = box.map(([low, high]) => high - low || 1)
  const mean = Math.cbrt(sizes[0] * sizes[1] * sizes[2])
  return {
    middle: box.map(([low, high]) => (low + high) / 2),
    scale: sizes.map((size) => 1 / (preserve ? mean : size)),
    centre: look.slice(3, 6),
    turn: frame(look),
    far: Math.hypot(look[0] - look[3], look[1] - look[4], look[2] - look[5]),
    lens: height / 2 / Math.tan(FIELD / 2),
  }
}

/** @param {Camera} camera @param {Place} area @returns {Projection} */
export function inSpace(camera, { width, height }) {
  const { middle, scale, centre, turn, far, lens } = camera
  return {
    project(point) {
      const at = [0, 1, 2].map((d) => (point[d] - middle[d]) * scale[d] - centre[d])
      const along = (/** @type {number[]} */ axis) => axis[0] * at[0] + axis[1] * at[1] + axis[2] * at[2]
      const side = lens / Math.max(far - along(turn.away), NEAREST)
      return far > along(turn.away) ? [width / 2 + side * along(turn.right), height / 2 - side * along(turn.above)] : null
    },
    unproject: null,
    turn: (d) => [turn.right[d], turn.above[d]],
  }
}

/**
 * @typedef {object} Projected where the dots lie in an image
 * @property {Float32Array} x pixels, NaN for what is nowhere
 * @property {Float32Array} y
 * @property {Float32Array} depth in space: how far from the camera
 */

/** @param {number} n @returns {Projected} */
export const projectedOf = (n) => ({ x: new Float32Array(n), y: new Float32Array(n), depth: new Float32Array(n) })

/**
 * @param {Float32Array[]} columns
 * @param {Uint8Array} hidden
 * @param {Look} look
 * @param {{width: number, height: number}} image
 * @param {Projected} into
 */
export function projectFlat([xs, ys], hidden, [left, right, bottom, top], { width, height }, { x, y }) {
  const [sx, sy] = [width / (right - left), height / (top - bottom)]
  for (let row = 0; row < xs.length; row++) {
    x[row] = hidden[row] ? NaN : (xs[row] - left) * sx
    y[row] = (top - ys[row]) * sy
  }
}

/**
 * @param {Float32Array[]} columns
 * @param {Uint8Array} hidden
 * @param {Camera} camera of the whole image, so in its pixels
 * @param {{width: number, height: number}} image
 * @param {Projected} into
 */
export function projectSpace([xs, ys, zs], hidden, camera, { width, height }, { x, y, depth }) {
  const { middle, scale, centre, far, lens } = camera
  const { right, above, away } = camera.turn
  const [mx, my, mz] = middle.map((value, d) => value + centre[d] / scale[d])
  const [a, b, c] = scale
  for (let row = 0; row < xs.length; row++) {
    const [u, v, w] = [(xs[row] - mx) * a, (ys[row] - my) * b, (zs[row] - mz) * c]
    const distance = far - (u * away[0] + v * away[1] + w * away[2])
    const side = lens / distance
    depth[row] = distance
    x[row] = hidden[row] || !(distance > NEAREST) ? NaN : width / 2 + side * (u * right[0] + v * right[1] + w * right[2])
    y[row] = height / 2 - side * (u * above[0] + v * above[1] + w * above[2])
  }
}

/**
 * The rows that lie somewhere, from the rear to the front; equal depths as they come.
 * @param {Projected} projected
 * @param {Uint32Array} order filled from its beginning
 * @returns {{count: number, nearest: number, farthest: number}}
 */
export function sortByDepth({ x, depth }, order) {
  let [nearest, farthest] = [Infinity, -Infinity]
  for (let row = 0; row < x.length; row++) {
    if (x[row] !== x[row]) continue
    if (depth[row] < nearest) nearest = depth[row]
    if (depth[row] > farthest) farthest = depth[row]
  }
  const scale = (BUCKETS - 1) / (farthest - nearest || 1)
  const starts = new Uint32Array(BUCKETS + 1)
  for (let row = 0; row < x.length; row++) if (x[row] === x[row]) starts[(((farthest - depth[row]) * scale) | 0) + 1]++
  for (let i = 0; i < BUCKETS; i++) starts[i + 1] += starts[i]
  const count = starts[BUCKETS]
  for (let row = 0; row < x.length; row++) if (x[row] === x[row]) order[starts[((farthest - depth[row]) * scale) | 0]++] = row
  return { count, nearest, farthest }
}
