/** How a map's numbers become pixels of its area at this moment, and back. */
import { numbered } from "./figure.js"

/**
 * @typedef {object} Projection
 * @property {(point: ArrayLike<number>) => [number, number] | null} project to pixels of the map's area
 * @property {((x: number, y: number) => [number, number]) | null} unproject from them; only on a flat map
 * @property {((d: number) => [number, number]) | null} turn where an axis points; only in space
 * @property {(columns: Float32Array[], x: number, y: number, reach: number, leave: (row: number) => boolean) => {row: number, distance: number} | null} hit
 */

/**
 * @param {any} figure Plotly's element
 * @param {number} place
 * @param {number} dim
 * @param {{width: number, height: number}} area
 * @returns {Projection | null} null while Plotly has not drawn this map
 */
export function projection(figure, place, dim, area) {
  return dim === 2 ? flat(figure, place, area) : deep(figure, place, area)
}

function flat(figure, place, { width, height }) {
  const full = figure._fullLayout
  const x = full?.[`xaxis${numbered(place)}`]?.range
  const y = full?.[`yaxis${numbered(place)}`]?.range
  if (!x || !y) return null
  const [sx, sy] = [width / (x[1] - x[0]), height / (y[1] - y[0])]
  const unproject = (px, py) => [x[0] + px / sx, y[1] - py / sy]
  return {
    project: ([a, b]) => [(a - x[0]) * sx, (y[1] - b) * sy],
    unproject,
    turn: null,
    scale: [sx, sy],
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

function deep(figure, place, { width, height }) {
  const scene = figure._fullLayout?.[`scene${numbered(place)}`]?._scene
  const camera = scene?.glplot?.cameraParams
  if (!camera) return null
  const whole = multiply(camera.projection, multiply(camera.view, camera.model))
  const [a, b, c] = scene.dataScale
  const see = (x, y, z) => {
    const w = whole[3] * x + whole[7] * y + whole[11] * z + whole[15]
    const px = whole[0] * x + whole[4] * y + whole[8] * z + whole[12]
    const py = whole[1] * x + whole[5] * y + whole[9] * z + whole[13]
    return [(0.5 + (0.5 * px) / w) * width, (0.5 - (0.5 * py) / w) * height, w]
  }
  return {
    project([x, y, z]) {
      const [px, py, w] = see(x * a, y * b, z * c)
      return w > 0 ? [px, py] : null
    },
    unproject: null,
    turn: (d) => [camera.view[4 * d], camera.view[4 * d + 1]],
    // Of the dots under the pointer, the one in front; of those beside it, the nearest.
    hit([xs, ys, zs], px, py, reach, leave) {
      let best = Infinity
      let row = -1
      let distance = 0
      for (let i = 0; i < xs.length; i++) {
        const [x, y, w] = see(xs[i] * a, ys[i] * b, zs[i] * c)
        const far = Math.hypot(x - px, y - py)
        if (w <= 0 || !(far < reach)) continue
        const rank = (far < 3 ? 0 : far) + w * 0.1
        if (rank < best && !leave(i)) [best, row, distance] = [rank, i, far]
      }
      return row < 0 ? null : { row, distance }
    },
  }
}

/** 4 by 4 matrices, column after column. */
function multiply(a, b) {
  const product = new Float64Array(16)
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++)
      for (let i = 0; i < 4; i++) product[4 * column + row] += a[4 * i + row] * b[4 * column + i]
  return product
}
