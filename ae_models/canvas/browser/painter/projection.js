/** How a map's numbers become pixels of its area at this moment, and back. */
import { numbered } from "./figure.js"

/** @import {Place, Projection} from "../shared/browsertypes.js" */

/**
 * @param {any} figure Plotly's element
 * @param {number} place
 * @param {2 | 3} dim
 * @param {Place} area
 * @returns {Projection | null} null while Plotly has not drawn this map
 */
export function projection(figure, place, dim, area) {
  if (dim === 3) return deep(figure, place, area)
  const full = figure._fullLayout
  const x = full?.[`xaxis${numbered(place)}`]?.range
  const y = full?.[`yaxis${numbered(place)}`]?.range
  return x && y ? flat(x, y, area) : null
}

/**
 * @param {[number, number]} x range from left to right
 * @param {[number, number]} y range from bottom to top
 * @param {Place} area
 * @returns {Projection}
 */
export function flat(x, y, { width, height }) {
  const [sx, sy] = [width / (x[1] - x[0]), height / (y[1] - y[0])]
  /** @type {(px: number, py: number) => [number, number]} */
  const unproject = (px, py) => [x[0] + px / sx, y[1] - py / sy]
  return {
    project: (point) => [(point[0] - x[0]) * sx, (y[1] - point[1]) * sy],
    unproject,
    turn: null,
    hit([xs, ys], px, py, reach, leave) {
      const [a, b] = unproject(px, py)
      let best = reach * reach
      let row = -1
      for (let i = 0; i < xs.length; i++) {
        const dx = (xs[i] - a) * sx
        const dy = (ys[i] - b) * sy
        const far = dx * dx + dy * dy
        if (far < best && !leave(i)) [best, row] = [far, i]
      }
      return row < 0 ? null : { row, distance: Math.sqrt(best) }
    },
  }
}

/** @param {any} figure @param {number} place @param {Place} area @returns {Projection | null} */
function deep(figure, place, { width, height }) {
  const scene = figure._fullLayout?.[`scene${numbered(place)}`]?._scene
  const camera = scene?.glplot?.cameraParams
  if (!camera) return null
  const whole = multiply(camera.projection, multiply(camera.view, camera.model))
  const [a, b, c] = scene.dataScale
  /** @type {See} */
  const see = (point) => {
    const [x, y, z] = [point[0] * a, point[1] * b, point[2] * c]
    const w = whole[3] * x + whole[7] * y + whole[11] * z + whole[15]
    const px = whole[0] * x + whole[4] * y + whole[8] * z + whole[12]
    const py = whole[1] * x + whole[5] * y + whole[9] * z + whole[13]
    return [(0.5 + (0.5 * px) / w) * width, (0.5 - (0.5 * py) / w) * height, w]
  }
  return inSpace(see, (d) => [camera.view[4 * d], camera.view[4 * d + 1]])
}

/** @typedef {(point: ArrayLike<number>) => [number, number, number]} See a point as pixels and how far away it is */

/**
 * @param {See} see
 * @param {(d: number) => [number, number]} turn
 * @returns {Projection}
 */
export function inSpace(see, turn) {
  return {
    project(point) {
      const [px, py, w] = see(point)
      return w > 0 ? [px, py] : null
    },
    unproject: null,
    turn,
    // Of the dots under the pointer, the one in front; of those beside it, the nearest.
    hit([xs, ys, zs], px, py, reach, leave) {
      const point = [0, 0, 0]
      let best = Infinity
      let row = -1
      let distance = 0
      for (let i = 0; i < xs.length; i++) {
        point[0] = xs[i]
        point[1] = ys[i]
        point[2] = zs[i]
        const [x, y, w] = see(point)
        const far = Math.hypot(x - px, y - py)
        if (w <= 0 || !(far < reach)) continue
        const rank = (far < 3 ? 0 : far) + w * 0.1
        if (rank < best && !leave(i)) [best, row, distance] = [rank, i, far]
      }
      return row < 0 ? null : { row, distance }
    },
  }
}

/** 4 by 4 matrices, column after column. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function multiply(a, b) {
  const product = new Float64Array(16)
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++)
      for (let i = 0; i < 4; i++) product[4 * column + row] += a[4 * i + row] * b[4 * column + i]
  return product
}
